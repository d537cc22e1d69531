"""From a file's bytes to text: its encoding found, and what is no text refused by name."""

import codecs
import re
from collections.abc import Mapping
from typing import NamedTuple

from lstm_viz.data.reading.found import empty
from lstm_viz.data.reading.texts.letters import score, text_of, west_of
from lstm_viz.errors import DataError
from lstm_viz.words import N_, Sentence


class Decoded(NamedTuple):
    """A text file, without its byte order mark, its lines ended by a line feed."""

    text: str
    encoding: str
    """How the file was written, as people call it: `"UTF-8"`, `"Shift-JIS"`."""
    notes: tuple[Sentence, ...] = ()


KINDS: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG", N_("a PNG picture")),
    (b"\xff\xd8\xff", N_("a JPEG picture")),
    (b"GIF8", N_("a GIF picture")),
    (b"%PDF", N_("a PDF document")),
    (b"7z\xbc\xaf", N_("a 7-Zip archive")),
    (b"Rar!", N_("a RAR archive")),
    (b"SQLite format 3", N_("an SQLite database")),
    (b"{\\rtf", N_("a rich-text document")),
)
"""First bytes -> what such a file is."""
WEB_PAGE = re.compile(r"\s*+<(!doctype|html|table|\?xml)", re.IGNORECASE)

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
    "KOI8-R": ("koi8_r",),
    "Windows-1253": ("cp1253",),
    "Windows-1254": ("cp1254",),
    "Windows-1256": ("cp1256",),
    "TIS-620": ("cp874",),
    "Mac Roman": ("mac_roman",),
    "CP850": ("cp850",),
}
"""Those that can be told -> their codecs."""
WITHIN = {
    "ascii": "utf-8-sig",
    "utf-8": "utf-8-sig",
    "shift_jis": "cp932",
    "gbk": "gb18030",
    "gb2312": "gb18030",
    "cp950": "big5",
    "euc_kr": "cp949",
    "tis-620": "cp874",
}
"""Codecs -> those of `ENCODINGS` that read all that they read."""
BYTE_ORDER_MARKS: tuple[tuple[bytes, str, str], ...] = (
    (codecs.BOM_UTF8, "utf-8", "UTF-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le", "UTF-32"),  # begins like UTF-16's, so comes before it
    (codecs.BOM_UTF32_BE, "utf-32-be", "UTF-32"),
    (codecs.BOM_UTF16_LE, "utf-16-le", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16-be", "UTF-16"),
)
NOT_IN_TEXT = bytes(code for code in range(32) if code not in b"\t\n\r\f\x1a") + b"\x7f"
ZEROS = N_(
    "The file holds bytes of zeros, as a logger leaves them that loses its power. They were left "
    "out: {count:,}."
)
SAMPLE = 2**18


def decode(data: bytes, filename: str, told: str | None = None) -> Decoded:
    """The text of a file, its encoding found by byte order mark, then by what it reads as.

    Told one of `ENCODINGS`, it is read as that. Raises DataError for what is known to be
    something else, for bytes that are no text, and for an encoding that does not fit.
    """
    for start, kind in KINDS:
        if data.startswith(start):
            raise not_read(filename, kind)
    found = _decoded(data, filename) if told is None else _as_told(data, filename, told)
    text, zeros = found.text.rstrip("\x1a"), found.text.count("\0")
    if zeros:
        text = text.replace("\0", "")
        found = found._replace(notes=(*found.notes, Sentence(ZEROS, {"count": zeros})))
    if len(text) < 2**16 or found.encoding.startswith("UTF-16"):
        binary = text.encode(errors="replace").translate(None, NOT_IN_TEXT)
        bad = len(binary) < len(text.encode(errors="replace"))
    else:
        bad = len(data.translate(None, NOT_IN_TEXT)) < len(data) - data.count(0)
    if bad:
        raise not_read(filename, N_("not plain text"))
    if not text.strip():
        raise empty(filename)
    return found._replace(text=text.replace("\r\n", "\n").replace("\r", "\n"))


def not_read(filename: str, kind: str) -> DataError:
    """The refusal of a file that is known to be something else; `kind` is marked."""
    return DataError(
        N_(
            "'{file}' is {kind}, which is not read. Save the table as CSV, Excel (.xlsx), Parquet, "
            "JSON or NumPy (.npy, .npz)."
        ),
        file=filename,
        kind=Sentence(kind),
    )


def _as_told(data: bytes, filename: str, told: str) -> Decoded:
    name = _called(told)
    for codec in ENCODINGS.get(name, ()):
        try:
            return Decoded(data.rstrip(b"\x1a").decode(codec), name)
        except UnicodeError:
            continue
    raise DataError(
        N_("'{file}' cannot be read as {encoding} text. Choose one of: {known}."),
        file=filename,
        encoding=told,
        known=", ".join(ENCODINGS),
    )


def _called(told: str) -> str:
    """What one of `ENCODINGS` is called here, by any name that Python knows it or a part of it by.

    >>> _called("utf8"), _called("latin-1"), _called("gbk"), _called("klingon")
    ('UTF-8', 'Latin-1', 'GB18030', 'klingon')
    """
    try:
        codec = codecs.lookup(told).name
    except (LookupError, ValueError):
        return told
    codec = WITHIN.get(codec, codec)
    return next(
        (
            name
            for name, known in ENCODINGS.items()
            if codec in {codecs.lookup(c).name for c in known}
        ),
        told,
    )


def _decoded(data: bytes, filename: str) -> Decoded:
    for mark, codec, name in BYTE_ORDER_MARKS:
        if data.startswith(mark):
            try:
                return Decoded(data[len(mark) :].decode(codec), name)
            except UnicodeError:  # half a character, or half of a surrogate pair
                raise DataError(
                    N_(
                        "'{file}' begins as {encoding} text but does not go on as such. "
                        "Save it anew as CSV in UTF-8."
                    ),
                    file=filename,
                    encoding=name,
                ) from None
    if (wide := _without_mark(data)) is not None:
        return wide
    data = data.rstrip(b"\x1a")
    try:
        return Decoded(data.decode(), "UTF-8")
    except UnicodeDecodeError:
        return _guessed(data)


def _without_mark(data: bytes) -> Decoded | None:
    """UTF-16 without its byte order mark: every other byte of ASCII is 0."""
    sample = data[:4096]
    for codec, first in (("utf-16-le", 1), ("utf-16-be", 0)):
        zeros = sample[first::2].count(0)
        if len(data) % 2 == 0 and zeros > 0.4 * len(sample) and not sample[1 - first :: 2].count(0):
            try:
                return Decoded(data.decode(codec), "UTF-16")
            except UnicodeDecodeError:
                pass
    return None


def _guessed(data: bytes) -> Decoded:
    """What reads best: each encoding's letters are common ones of its language, or are not."""
    lines = [line for line in data[:SAMPLE].split(b"\n")[:-1] if not line.isascii()]
    sample = b"\n".join(lines) or data[:SAMPLE]
    scored = [
        (score(text), name)
        for name, codecs_of in ENCODINGS.items()
        if name in GUESSED and (text := text_of(sample, codecs_of[0])) is not None
    ]
    best, name = max(scored, default=(0.0, ""))
    end = "\r\n" if b"\r\n" in data[:SAMPLE] else "\n" if b"\n" in data else "\r"
    west = west_of(sample, end)
    if best < LEAST_SCORE or (west.whole and west.name != "Latin-1"):
        name = west.name
    other = west.other if west.whole else ""
    for codec in ENCODINGS[name]:
        if (text := text_of(data, codec)) is not None:
            return Decoded(text, name, _doubt(data, text, name, other))
    return Decoded(data.decode("latin-1"), "Latin-1")


GUESSED = (
    "Shift-JIS",
    "EUC-JP",
    "GB18030",
    "Big5",
    "EUC-KR",
    "Windows-1251",
    "KOI8-R",
    "Windows-1250",
    "Windows-1253",
    "Windows-1256",
    "TIS-620",
)
LEAST_SCORE = 0.5


FULL_WIDTH = re.compile("[\u3041-\u30ff\u4e00-\u9fff]")
"""Kana and kanji: kana of half width alone may as well be the letters of another language."""

ODD = re.compile(r"(?<=\w)[¡¢¤¥¦¨©¬®¯´¸‚„ðþýÐÞÝ](?=\w)")
"""Signs within words that Western ones do not have, Icelandic's letters among them: the text may be
Turkish, or of an old Cyrillic or Central European encoding."""


def _doubt(data: bytes, text: str, name: str, other: str) -> tuple[Sentence, ...]:
    """A guess beyond Latin-1 and Shift-JIS, shown as it reads; or two that fit alike."""
    shown = _foreign_line(text)
    facts = {"encoding": name, "sample": shown}
    if other:
        facts |= {"other": other, "again": _foreign_line(data.decode(ENCODINGS[other][0]))}
        words = N_(
            "Both readings fit: '{sample}' ({encoding}), or '{again}' ({other}). Taken: "
            "{encoding}. Choose the other encoding if that does not read well."
        )
        return (Sentence(words, facts),)
    if (name == "Latin-1" and not ODD.search(text[:SAMPLE])) or (
        name == "Shift-JIS" and FULL_WIDTH.search(text)
    ):
        return ()
    words = N_(
        "The text was taken for {encoding}: '{sample}'. Choose another if that does not read well."
    )
    return (Sentence(words, facts),)


def _foreign_line(text: str) -> str:
    """The first line that is not all ASCII, as it can be shown."""
    line = next((line for line in re.split(r"[\r\n]+", text) if not line.isascii()), "")
    return " ".join(line.split())[:60]
