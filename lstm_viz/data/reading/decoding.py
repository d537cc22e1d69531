"""From a file's bytes to text: its encoding found, and what is no text refused by name."""

import codecs
import re
from collections.abc import Mapping
from itertools import islice
from typing import NamedTuple

from lstm_viz.errors import DataError
from lstm_viz.words import N_, Sentence


class Decoded(NamedTuple):
    """A text file, without its byte order mark."""

    utf8: bytes
    encoding: str
    """How the file was written, as people call it: `"UTF-8"`, `"Shift-JIS"`."""


KINDS: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG", N_("a PNG picture")),
    (b"\xff\xd8\xff", N_("a JPEG picture")),
    (b"GIF8", N_("a GIF picture")),
    (b"%PDF", N_("a PDF document")),
    (b"\xd0\xcf\x11\xe0", N_("an old or password-protected Excel or Word document")),
    (b"\x1f\x8b", N_("a gzip archive")),
    (b"BZh", N_("a bzip2 archive")),
    (b"\xfd7zXZ", N_("an xz archive")),
    (b"7z\xbc\xaf", N_("a 7-Zip archive")),
    (b"Rar!", N_("a RAR archive")),
    (b"\x89HDF", N_("an HDF5 file")),
    (b"MATLAB 5.0", N_("a MATLAB file")),
    (b"ARROW1", N_("a Feather file")),
    (b"SQLite format 3", N_("an SQLite database")),
    (b"{\\rtf", N_("a rich-text document")),
)
"""First bytes -> what such a file is."""
WEB_PAGE = re.compile(rb"\s*+<(!doctype|html|\?xml)", re.IGNORECASE)

ENCODINGS: Mapping[str, tuple[str, ...]] = {
    "UTF-8": ("utf-8-sig",),
    "UTF-16": ("utf-16",),
    "UTF-32": ("utf-32",),
    "Latin-1": ("cp1252", "latin-1"),  # Windows' extension leaves five bytes undefined
    "Shift-JIS": ("cp932",),
    "EUC-JP": ("euc_jp",),
    "GB18030": ("gb18030",),
    "Big5": ("big5",),
    "EUC-KR": ("cp949",),
    "Windows-1250": ("cp1250",),
    "Windows-1251": ("cp1251",),
    "Mac Roman": ("mac_roman",),
}
"""Those that can be told -> their codecs; the first five are found."""
BYTE_ORDER_MARKS: tuple[tuple[bytes, str, str], ...] = (
    (codecs.BOM_UTF8, "utf-8", "UTF-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le", "UTF-32"),  # begins like UTF-16's, so comes before it
    (codecs.BOM_UTF32_BE, "utf-32-be", "UTF-32"),
    (codecs.BOM_UTF16_LE, "utf-16-le", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16-be", "UTF-16"),
)
NOT_IN_TEXT = bytes(code for code in range(32) if code not in b"\t\n\r\f\x1a") + b"\x7f"
DOS_END = b"\x1a"
BLOCK = 2**16
"""Bytes that are looked at in one go: meanwhile nothing else happens in this process."""
FOREIGN = re.compile(r"[^\x00-\x7f]{1,1000}")
FOREIGN_RUNS = 1000
"""Stretches beyond ASCII that decide whether a text is Japanese."""


def decode(data: bytes, filename: str, told: str | None = None) -> Decoded:
    """The text of a file, found by byte order mark, then as UTF-8, Shift-JIS or Latin-1.

    Told one of `ENCODINGS`, it is read as that. Raises DataError for what is known to be
    something else, for bytes that are no text, and for an encoding that does not fit.
    """
    for start, kind in KINDS:
        if data.startswith(start):
            raise not_read(filename, kind)
    text = _decoded(data, filename) if told is None else _as_told(data, filename, told)
    if len(text.utf8.translate(None, NOT_IN_TEXT)) < len(text.utf8):
        raise not_read(filename, N_("not plain text"))
    return text


def leading(text: bytes, those: bytes | None = None) -> int:
    r"""How many of the first bytes are among those; white space for None.

    >>> leading(b"\n  [1]"), leading(b",;1", b",;")
    (3, 2)
    """
    start = 0
    while start < len(text) and not text[start : start + BLOCK].strip(those):
        start += BLOCK
    block = text[start : start + BLOCK]
    return min(start, len(text)) + len(block) - len(block.lstrip(those))


def not_read(filename: str, kind: str) -> DataError:
    """The refusal of a file that is known to be something else; `kind` is marked."""
    return DataError(
        N_(
            "'{file}' is {kind}, which is not read. Save the table as CSV, Excel (.xlsx), Parquet, "
            "JSON or NumPy (.npy, .npz) and upload that."
        ),
        file=filename,
        kind=Sentence(kind),
    )


def _as_told(data: bytes, filename: str, told: str) -> Decoded:
    for codec in ENCODINGS.get(told, ()):
        try:
            return Decoded(data.rstrip(DOS_END).decode(codec).encode(), told)
        except UnicodeError:
            continue
    raise DataError(
        N_("'{file}' cannot be read as {encoding} text. Choose one of: {known}."),
        file=filename,
        encoding=told,
        known=", ".join(ENCODINGS),
    )


def _decoded(data: bytes, filename: str) -> Decoded:
    for mark, codec, name in BYTE_ORDER_MARKS:
        if data.startswith(mark):
            try:
                return Decoded(data[len(mark) :].decode(codec).encode(), name)
            except UnicodeError:  # half a character, or half of a surrogate pair
                raise DataError(
                    N_(
                        "'{file}' begins as {encoding} text but does not go on as such. "
                        "Save it anew as CSV in UTF-8."
                    ),
                    file=filename,
                    encoding=name,
                ) from None
    data = data.rstrip(DOS_END)
    try:
        data.decode()
    except UnicodeDecodeError:
        pass
    else:
        return Decoded(data, "UTF-8")
    try:
        japanese = data.decode("cp932")
    except UnicodeDecodeError:
        japanese = ""
    if _reads_as_japanese(japanese):
        return Decoded(japanese.encode(), "Shift-JIS")
    # Windows calls its extension Latin-1 too; it leaves five bytes undefined.
    try:
        return Decoded(data.decode("cp1252").encode(), "Latin-1")
    except UnicodeDecodeError:
        return Decoded(data.decode("latin-1").encode(), "Latin-1")


def _reads_as_japanese(text: str) -> bool:
    """Whether text decoded as Shift-JIS is, rather than accented letters read in pairs.

    Kana, punctuation and the common kanji begin with a byte below 0xA0. An accented Latin-1
    letter is above, and becomes a rare kanji with its neighbour or a lone half-width kana.
    """
    foreign = " ".join(found[0] for found in islice(FOREIGN.finditer(text), FOREIGN_RUNS))
    half_width = "".join(re.findall("[｡-ﾟ]{3,}", foreign))
    full = [character.encode("cp932")[0] for character in foreign if not "｡" <= character <= "ﾟ"]
    common = sum(0x81 <= first < 0xA0 for first in full) + len(half_width)
    return common > sum(character != " " for character in foreign) / 2
