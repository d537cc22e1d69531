"""What is in a file: its format by its first bytes, then that format's reader."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import Any

from lstm_viz.data.reading.assemble import assemble
from lstm_viz.data.reading.formats.archives_of_series import ARFF, TS, read_arff, read_ts
from lstm_viz.data.reading.formats.arrays import read_mat, read_npy, read_npz
from lstm_viz.data.reading.formats.containers import ZIP, Archive, said_of_others, unpacked
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
from lstm_viz.errors import DataError
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


def content(
    data: bytes, filename: str, how: How, inner: str | None = None, *, apart: bool
) -> Reading:
    """A file's reading, with whatever libraries raise; `inner` is what a packed file calls it."""
    named = inner or filename
    if inner is None and (packed := unpacked(data, filename)) is not None:
        return content(packed[0], filename, how, packed[1], apart=apart)
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
    reading = content(archive.read(member), filename, how, inside, apart=apart)
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
        raise not_read(filename, N_("a web page or XML"))
    try:
        if WEB_PAGE.match(text):
            raise DataError(N_("a web page or XML"))
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
