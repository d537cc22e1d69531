"""A workbook's XML as a stream of events, so that no member is ever held as a tree.

What makes XML grow in memory is refused as it is met: document types, and with them every
entity; elements nested deeper, of more names, or with longer tags than a workbook has.
"""

from collections.abc import Callable
from typing import Any
from xml.parsers import expat

from lstm_viz.data.reading.archives import Archive, broken
from lstm_viz.data.reading.ceilings import MAX_SHEET_CELLS
from lstm_viz.errors import DataError
from lstm_viz.words import N_

MAX_DEPTH = 100
MAX_NAMES = 10_000
"""Names of elements and attributes, unlike each other."""
MAX_TAG = 2**20
"""Bytes of one tag; expat begins a tag anew with every chunk it gets."""

Attributes = dict[str, str]
Start = Callable[[str, Attributes], None]
End = Callable[[str, str], None]


class _Walker:
    """Counts the tags and their depth, gathers the letters, and hands on local names."""

    def __init__(self, archive: Archive, start: Start, end: End) -> None:
        self.archive, self.start, self.end = archive, start, end
        self.depth = 0
        self.letters: list[str] = []
        self.local: dict[str, str] = {}
        """Name -> the name without its prefix."""

    def open_tag(self, name: str, attributes: Attributes) -> None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise broken(self.archive.filename)
        if name not in self.local:
            self.local[name] = name.rpartition(":")[2]
        if self.letters:
            self.letters.clear()
        self.start(self.local[name], attributes)

    def close_tag(self, name: str) -> None:
        self.depth -= 1
        self.archive.tags_left -= 1
        if self.archive.tags_left < 0:
            raise too_large(self.archive.filename)
        self.end(self.local[name], "".join(self.letters))
        if self.letters:
            self.letters.clear()

    def document_type(self, *_declared: Any) -> None:
        raise DataError(
            N_(
                "'{file}' declares entities in its XML, which no spreadsheet program writes. Save "
                "it anew as .xlsx and upload it again."
            ),
            file=self.archive.filename,
        )


def too_large(filename: str) -> DataError:
    """The refusal of a workbook that takes too long to read."""
    return DataError(
        N_(
            "'{file}' has more than {most:,} cells on its sheets, too many for a workbook. Save "
            "the sheet as CSV and upload that."
        ),
        file=filename,
        most=MAX_SHEET_CELLS,
    )


def walk(archive: Archive, member: str, start: Start, end: End) -> None:
    """Call `start(name, attributes)` and `end(name, letters)` for each element, in order.

    Names come without their prefix; `letters` are those since the last tag. Raises DataError for
    what is no XML, and for XML made to exhaust memory or patience.
    """
    walker = _Walker(archive, start, end)
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = walker.open_tag
    parser.EndElementHandler = walker.close_tag
    parser.CharacterDataHandler = walker.letters.append
    parser.StartDoctypeDeclHandler = walker.document_type
    fed = 0
    try:
        for chunk in archive.chunks(member):
            fed += len(chunk)
            parser.Parse(chunk, False)
            if fed - parser.CurrentByteIndex > MAX_TAG or len(parser.intern) > MAX_NAMES:
                raise broken(archive.filename)
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise broken(archive.filename) from error
