"""`read`: a file of any format as a table of numbers, labelled sequences or a text."""

import os
import re
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path, PurePath
from typing import IO, Any

import numpy as np

from lstm_viz.data.reading.assemble import assemble
from lstm_viz.data.reading.ceilings import MAX_BYTES, check_bytes
from lstm_viz.data.reading.formats.archives_of_series import ARFF, TS, read_arff, read_ts
from lstm_viz.data.reading.formats.arrays import read_mat, read_npy, read_npz
from lstm_viz.data.reading.formats.containers import ZIP, Archive, broken, said_of_others, unpacked
from lstm_viz.data.reading.formats.delimited import read_delimited
from lstm_viz.data.reading.formats.hdf import MATLAB, read_hdf
from lstm_viz.data.reading.formats.json_files import read_json
from lstm_viz.data.reading.formats.line_protocol import is_line_protocol, read_lines
from lstm_viz.data.reading.formats.netcdf import read_netcdf
from lstm_viz.data.reading.formats.parquet import read_arrow, read_parquet
from lstm_viz.data.reading.formats.prose import looks_like_prose, read_text, with_plain_digits
from lstm_viz.data.reading.formats.workbooks import read_workbook
from lstm_viz.data.reading.found import Found, Sequences
from lstm_viz.data.reading.how import How
from lstm_viz.data.reading.process import read_apart
from lstm_viz.data.reading.reading import Reading
from lstm_viz.data.reading.structure.across import turned
from lstm_viz.data.reading.structure.labelled import of_sequences
from lstm_viz.data.reading.texts.decoding import WEB_PAGE, Decoded, decode, not_read
from lstm_viz.errors import DataError, LstmVizError, MissingExtraError
from lstm_viz.words import N_, Sentence


@dataclass(frozen=True)
class Format:
    """A way of storing a table; `label` is marked for translation."""

    label: str
    suffixes: tuple[str, ...]
    reader: Callable[[bytes, str, How], Found | Sequences] | None = None
    """None of what is text."""


FORMATS: Mapping[str, Format] = {
    "csv": Format(N_("a text table (CSV)"), (".csv", ".tsv", ".tab", ".dat", ".asc", ".prn")),
    "excel": Format(N_("a workbook"), (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"), read_workbook),
    "parquet": Format(
        N_("a Parquet file"), (".parquet", ".pq"), lambda data, name, _: read_parquet(data, name)
    ),
    "arrow": Format(
        N_("an Arrow file"), (".feather", ".arrow"), lambda data, name, _: read_arrow(data, name)
    ),
    "json": Format(N_("a JSON file"), (".json", ".jsonl", ".ndjson", ".geojson")),
    "npy": Format(N_("a NumPy array"), (".npy",), lambda data, name, _: read_npy(data, name)),
    "npz": Format(N_("a NumPy archive"), (".npz",), lambda data, name, _: read_npz(data, name)),
    "mat": Format(N_("a MATLAB file"), (".mat",), lambda data, name, _: read_mat(data, name)),
    "netcdf": Format(N_("a NetCDF file"), (".nc",), read_netcdf),
    "hdf": Format(N_("an HDF5 file"), (".h5", ".hdf5", ".he5", ".nc4"), read_hdf),
    "arff": Format(N_("an ARFF file"), (".arff",)),
    "ts": Format(N_("a .ts file of sequences"), (".ts",)),
    "influx": Format(N_("InfluxDB's line protocol"), (".lp", ".line")),
    "packed": Format(N_("a packed file"), (".gz", ".zip", ".bz2", ".xz")),
    "text": Format(N_("a text"), (".txt", ".md", ".py", ".tex", ".rst")),
}
SUFFIXES = tuple(suffix for form in FORMATS.values() for suffix in form.suffixes)
"""Of all files that can be read, for a file chooser."""
HDF = b"\x89HDF\r\n\x1a\n"
STARTS = (
    (b"PAR1", "parquet"), (b"ARROW1", "arrow"), (b"\x93NUMPY", "npy"), (MATLAB, "hdf"),
    (b"MATLAB", "mat"), (HDF, "hdf"), (b"CDF\x01", "netcdf"), (b"CDF\x02", "netcdf"),
    (b"\xd0\xcf\x11\xe0", "excel"),
)  # fmt: skip
"""First bytes -> format."""
APART = ("excel", "parquet", "arrow", "mat", "netcdf", "hdf")
"""Formats whose libraries make room for what a file claims."""
ALIKE = (("text", "csv"), ("text", "influx"), ("netcdf", "hdf"), ("mat", "hdf"))
"""What a name promises, and what is as good."""
WORKBOOKS = ("xl/workbook.xml", "xl/workbook.bin", "content.xml")
JSON = re.compile(r"""\s*+(\{\s*+["}]|\[\s*+[\[{\]"\d.+NItfn-])""")

TOLD_BY_TEXT: tuple[tuple[str, Callable[[str], Any], Callable[[str, str], Any]], ...] = (
    ("arff", ARFF.match, read_arff),
    ("ts", TS.match, read_ts),
    ("influx", is_line_protocol, read_lines),
)
"""Format, how a text in it is known, its reader."""

Source = str | os.PathLike[str] | bytes | IO[bytes] | IO[str]


def read(source: Source, *, name: str | None = None, **how: Any) -> Reading:
    r"""The numbers in a file, and what is doubtful about them: the content decides, not the name.

    Finds the encoding, what separates columns, the decimal mark, names, units, the columns that say
    when, and whose rows they are, of CSV and its like, workbooks, Parquet, JSON, NumPy, MATLAB,
    HDF5, NetCDF, ARFF and .ts files, also packed. No pickle is opened, no formula calculated. What
    is told in `how` is taken instead of found: `encoding`, `delimiter`, `decimal`, `marks` (column
    -> its decimal mark), `header` (rows, from 0), `skip` (rows, or ranges of them), `time`
    (columns), `day_first`, `missing` (words or numbers), `entity` (a column), `sheet` (or table),
    `member` (of an archive); `Reading.layout` says what was found, under the same names.

    What is no text is read in a process of its own that ends with the call, with at most 10
    seconds and 1,280 MB; texts and NumPy's arrays in this one.

    `source` is a path, bytes, or a file open for reading; `name` what it is called, where it
    has no name. Raises DataError with one sentence for what holds no numbers, or too many.

    >>> found = read("Tag;Höhe in m\n1.5.2020;1,5\n2.5.2020;2,5\n".encode("latin-1"))
    >>> found.frame["Höhe in m"].tolist(), str(found.frame.index[0]), found.layout["units"]
    ([1.5, 2.5], '2020-05-01 00:00:00', {'Höhe in m': 'm'})
    """
    data, found_name = _content(source)
    return read_bytes(data, name or found_name, How.of(how), apart=True)


def _content(source: Source) -> tuple[bytes, str]:
    if isinstance(source, bytes | bytearray | memoryview):
        return bytes(source), "data"
    if isinstance(source, str | os.PathLike):
        path = Path(source)
        try:
            check_bytes(path.name, path.stat().st_size, MAX_BYTES)
            return path.read_bytes(), path.name
        except OSError as error:
            raise DataError(
                N_("'{file}' cannot be opened: {reason}. Check the path."),
                file=str(path),
                reason=error.strerror or str(error),
            ) from error
    if not hasattr(source, "read"):
        raise DataError(
            N_("A file is told by its path, as bytes, or opened; {kind} is none of these."),
            kind=type(source).__name__,
        )
    data: Any = source.read()
    name = PurePath(str(getattr(source, "name", "data"))).name
    return data.encode() if isinstance(data, str) else bytes(data), name


def read_bytes(data: bytes, filename: str, how: How, *, apart: bool = False) -> Reading:
    """`read` of bytes; `apart` reads what libraries of its own unpack in a process of its own."""
    check_bytes(filename, len(data), MAX_BYTES)
    try:
        with np.errstate(all="ignore"), warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what a library says of a file is no user's business
            return _read(data, filename, how, apart=apart)
    except LstmVizError:
        raise
    except MemoryError as error:
        raise DataError(
            N_(
                "'{file}' takes more memory than there is to read it. Keep the columns and rows "
                "you need, or save them as CSV."
            ),
            file=filename,
        ) from error
    except ImportError as error:
        raise MissingExtraError(
            N_("Reading '{file}' needs {package}. Install lstm_viz[data]."),
            file=filename,
            package=error.name,
        ) from error
    except Exception as error:  # whatever a library makes of a hostile file is this one mistake
        raise broken(filename) from error


def _read(
    data: bytes, filename: str, how: How, inner: str | None = None, *, apart: bool
) -> Reading:
    """`inner` is what a packed file calls its content."""
    named = inner or filename
    if inner is None and (packed := unpacked(data, filename)) is not None:
        return _read(packed[0], filename, how, packed[1], apart=apart)
    form = _form_of_bytes(data, filename)
    if form == "zip" and inner is None:
        return _of_archive(data, filename, how, apart=apart)
    if form in APART and apart:
        return replace(read_apart(data, named, how), name=filename)
    if form == "zip":
        raise not_read(filename, N_("an archive within an archive"))
    if form is not None:
        reader = FORMATS[form].reader
        assert reader is not None
        return _reading(reader(data, filename, how), filename, named, form, how)
    return _of_text(decode(data, filename, how.encoding), filename, named, how)


def _form_of_bytes(data: bytes, filename: str) -> str | None:
    """The format that the first bytes tell; None of what may be a text."""
    for start, form in STARTS:
        if data.startswith(start):
            return form
    if data.startswith(b"CDF\x05"):
        raise not_read(filename, N_("a NetCDF file of the kind CDF-5"))
    if any(data.startswith(HDF, 512 * 2**k) for k in range(12)):  # behind a block of the user's
        return "hdf"
    if not data.startswith(ZIP):
        return None
    archive = Archive(data, filename)
    if any(name in WORKBOOKS for name in archive.names):
        form = "excel"
    elif archive.names and all(name.endswith(".npy") for name in archive.names):
        form = "npz"
    else:
        return "zip"
    archive.check()
    return form


def _of_archive(data: bytes, filename: str, how: How, *, apart: bool) -> Reading:
    archive = Archive(data, filename)
    member = archive.member(
        how,
        lambda name: named_format(name) not in (None, "packed") or "." not in PurePath(name).name,
    )
    inside = PurePath(member).name
    reading = _read(archive.read(member), filename, how, inside, apart=apart)
    words = N_("'{name}' was read. The archive holds others: {others}.")
    notes = said_of_others(words, member, archive.names)
    layout = {**reading.layout, "member": member, "members": archive.names}
    return replace(reading, layout=layout, sentences=(*notes, *reading.sentences))


def _of_text(decoded: Decoded, filename: str, named: str, how: How) -> Reading:
    text, encoding, notes = decoded
    form = named_format(named)
    table = how.delimiter is not None or how.header is not None or how.time is not None
    if JSON.match(text) or (form == "json" and text.lstrip()[:1] in ("[", "{")):
        try:
            found = replace(read_json(text, filename, how), encoding=encoding)
            return _reading(found, filename, named, "json", how, notes)
        except DataError:
            if form != "text":
                raise
    for name, is_of, reader in TOLD_BY_TEXT:
        if is_of(text):
            return _reading(reader(text, filename), filename, named, name, how, notes)
    if WEB_PAGE.match(text) and form != "text":
        raise not_read(filename, N_("a web page"))
    try:
        if WEB_PAGE.match(text):
            raise DataError(N_("a web page"))
        plain, digits = with_plain_digits(text)
        found = read_delimited(plain, filename, how, encoding)
        return _reading(found, filename, named, "csv", how, (*notes, *digits))
    except DataError:
        if form != "text" or table or not looks_like_prose(text):
            raise
        return read_text(text, filename, encoding, notes)


def named_format(filename: str) -> str | None:
    """The format that a name's ending promises; None of another ending.

    >>> named_format("Tide.XLSX"), named_format("tide")
    ('excel', None)
    """
    suffix = PurePath(filename).suffix.lower()
    return next((name for name, form in FORMATS.items() if suffix in form.suffixes), None)


def _reading(
    found: Found | Sequences,
    filename: str,
    named: str,
    form: str,
    how: How,
    notes: tuple[Sentence, ...] = (),
) -> Reading:
    layout: dict[str, Any] = {"format": form}
    notes = (*_said_of_name(named, filename, form), *notes)
    if isinstance(found, Sequences):
        reading = of_sequences(found, filename, layout)
    else:
        reading = assemble(turned(found), filename, how, layout)
    return replace(reading, sentences=(*notes, *reading.sentences))


def _said_of_name(named: str, filename: str, form: str) -> tuple[Sentence, ...]:
    """That a name promises something else."""
    promised = named_format(named)
    if promised in (None, form, "packed") or (promised, form) in ALIKE:
        return ()
    words = N_("'{file}' is named like {named} and is {found}; it was read as that.")
    facts = {
        "file": filename,
        "named": Sentence(FORMATS[promised].label),
        "found": Sentence(FORMATS[form].label),
    }
    return (Sentence(words, facts),)
