"""The first and the last lines of a text: enough to see how all are written."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

NOTHING = " \t;|,\n\x1a"
"""All that an empty line holds."""
EMPTY = re.compile(r"(?:[ \t;|,]*+\n)*+")
HEAD, TAIL = 120_000, 60_000
"""Letters of the samples; below the 131,072 that the csv module takes for one field."""


@dataclass(frozen=True)
class Sample:
    """The first and the last lines of a text, and where they stand."""

    text: str
    head: str
    tail: str
    tail_number: int
    """The line that the tail begins with, from 0."""
    whole: bool
    """Whether the head is all there is."""
    first: int
    """The line that the head begins with: those before are empty."""
    start: int
    """Where that is in the text."""

    @classmethod
    def of(cls, text: str) -> "Sample":
        filled = EMPTY.match(text)
        start = filled.end() if filled else 0
        first = text.count("\n", 0, start)
        if len(text) - start <= HEAD:
            return cls(text, text[start:], text[start:], first, True, first, start)
        head = text[start : text.rfind("\n", start, start + HEAD) + 1]
        begin = text.find("\n", len(text) - TAIL) + 1
        return cls(text, head, text[begin:], text.count("\n", 0, begin), False, first, start)

    @property
    def lines(self) -> Iterator[tuple[int, str]]:
        """Those of the head, then those of the tail, with their numbers."""
        yield from enumerate(self.head.split("\n"), self.first)
        if not self.whole:
            yield from enumerate(self.tail.split("\n"), self.tail_number)

    def line(self, number: int) -> int:
        """Where a line begins, looked for from the nearer end."""
        if self.whole or number <= self.first + self.head.count("\n"):
            return _place(self.text, number - self.first, self.start)
        return _place(self.text, number - self.tail_number, len(self.text) - len(self.tail))


def _place(text: str, number: int, place: int) -> int:
    for _ in range(number):
        place = text.find("\n", place) + 1
        if not place:
            return len(text)
    return place
