"""Uploads: a file's bytes as a table of numeric columns or a text, or one sentence why not."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import PurePath

from lstm_viz.data.reading.archives import ZIP, Archive, broken
from lstm_viz.data.reading.ceilings import MAX_BYTES, check_bytes
from lstm_viz.data.reading.decoding import WEB_PAGE, decode, leading, not_read
from lstm_viz.data.reading.delimited import looks_like_prose, read_delimited, read_text
from lstm_viz.data.reading.excel import WORKBOOK, read_excel
from lstm_viz.data.reading.json_files import read_json
from lstm_viz.data.reading.missing import series_from
from lstm_viz.data.reading.numpy_files import read_npy, read_npz
from lstm_viz.data.reading.parquet import read_parquet
from lstm_viz.data.reading.tables import MISSING, Column, Found, Missing, Source, Table, Text, Told
from lstm_viz.data.reading.telling import table_of
from lstm_viz.errors import DataError, MissingExtraError
from lstm_viz.words import N_, Sentence

__all__ = [
    "FORMATS",
    "MAX_BYTES",
    "MISSING",
    "SUFFIXES",
    "Column",
    "Missing",
    "Table",
    "Text",
    "Told",
    "read",
    "read_table",
    "series_from",
]


@dataclass(frozen=True)
class Format:
    """A way of storing a table; `label` is marked for translation."""

    label: str
    suffixes: tuple[str, ...]
    reader: Callable[[Source], Found] | None
    """None of a text, which is no table."""


FORMATS: Mapping[str, Format] = {
    "csv": Format(N_("a text table (CSV)"), (".csv", ".tsv", ".tab", ".dat"), read_delimited),
    "excel": Format(N_("an Excel workbook"), (".xlsx", ".xlsm"), read_excel),
    "parquet": Format(N_("a Parquet file"), (".parquet", ".pq"), read_parquet),
    "json": Format(N_("a JSON file"), (".json", ".jsonl", ".ndjson"), read_json),
    "npy": Format(N_("a NumPy array"), (".npy",), read_npy),
    "npz": Format(N_("a NumPy archive"), (".npz",), read_npz),
    "text": Format(N_("a text"), (".txt", ".md", ".py", ".tex", ".rst"), None),
}
SUFFIXES = tuple(suffix for form in FORMATS.values() for suffix in form.suffixes)
"""Of all files that can be read, for a file chooser."""
JSON_STARTS = (b"[", b"{")
JSON = re.compile(rb"""\s*+(\{\s*+["}]|\[\s*+[\[{\]"\d.+NItfn-])""")


def read(data: bytes, filename: str, told: Told | None = None) -> Table | Text:
    r"""The table in a file, or the text where it is one: the content decides, not the name.

    Finds the format, the encoding, the delimiter, the decimal mark and the header; what is told
    is taken as it is. Rows come in the order of their dates, if one column holds such. No pickle
    is opened and no formula calculated.

    Raises DataError with one sentence for anything that is neither, or too large.

    >>> table = read("Tag;Höhe\n1.5.2020;1,5\n2.5.2020;2,5\n".encode("latin-1"), "tide.csv")
    >>> table.index_name, table.columns[0].name, table.columns[0].values
    ('Tag', 'Höhe', array([1.5, 2.5]))
    """
    check_bytes(filename, len(data), MAX_BYTES)
    try:
        return _read(data, filename, told or Told())
    except DataError:
        raise
    except ImportError as error:
        raise MissingExtraError(
            N_("Reading '{file}' needs {package}. Install lstm_viz[data]."),
            file=filename,
            package=error.name,
        ) from error
    except Exception as error:  # whatever a library makes of a hostile file is this one mistake
        raise broken(filename) from error


def read_table(data: bytes, filename: str, told: Told | None = None) -> Table:
    """`read` for where only a table will do: a text is refused as well."""
    found = read(data, filename, told)
    if isinstance(found, Text):
        raise DataError(
            N_(
                "'{file}' is a text and holds no table of numbers. Upload a file with at least one "
                "column of plain numbers such as 12.5."
            ),
            file=filename,
        )
    return found


def _read(data: bytes, filename: str, told: Told) -> Table | Text:
    form = _form_of_bytes(data, filename)
    if form is not None:
        return _table(Source(filename, data, told), form)
    utf8, encoding = decode(data, filename, told.encoding)
    source, start = Source(filename, utf8, told, encoding), leading(utf8)
    named = named_format(filename)
    if JSON.match(utf8, start) or (named == "json" and utf8.startswith(JSON_STARTS, start)):
        try:
            return _table(source, "json")
        except DataError:
            if named != "text":
                raise
    if WEB_PAGE.match(utf8, start) and named != "text":
        raise not_read(filename, N_("a web page"))
    if named == "text":
        return _text_or_table(source)
    return _table(source, "csv")


def _text_or_table(source: Source) -> Table | Text:
    """A table of numbers if it is one, whatever is wrong with it; else a text."""
    if WEB_PAGE.match(source.data, leading(source.data)):
        return read_text(source)
    try:
        return _table(source, "csv")
    except DataError:
        if source.data.strip() and not looks_like_prose(source.data):
            raise
        return read_text(source)


def _form_of_bytes(data: bytes, filename: str) -> str | None:
    """The format that the first bytes tell; None of what may be a text."""
    if data.startswith(b"PAR1"):
        return "parquet"
    if data.startswith(b"\x93NUMPY"):
        return "npy"
    if not data.startswith(ZIP):
        return None
    names = Archive(data, filename).names
    if WORKBOOK in names:
        return "excel"
    if names and all(name.endswith(".npy") for name in names):
        return "npz"
    raise not_read(filename, N_("a zip archive"))


def named_format(filename: str) -> str | None:
    """The format that a name's ending promises; None of another ending.

    >>> named_format("Tide.XLSX"), named_format("tide")
    ('excel', None)
    """
    suffix = PurePath(filename).suffix.lower()
    return next((name for name, form in FORMATS.items() if suffix in form.suffixes), None)


def _table(source: Source, form: str) -> Table:
    reader = FORMATS[form].reader
    assert reader is not None  # a text is read by read_text
    table = table_of(reader(source), source.filename, form)
    named = named_format(source.filename)
    if named in (None, form) or (named, form) == ("text", "csv"):
        return table
    words = N_("'{file}' is named like {named} and is {found}; it was read as that.")
    facts = {
        "file": source.filename,
        "named": Sentence(FORMATS[named].label),
        "found": Sentence(FORMATS[form].label),
    }
    return replace(table, facts=(Sentence(words, facts), *table.facts))
