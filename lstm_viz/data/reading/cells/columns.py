"""Rows of a file, and what kind the cells of each column are."""

import re
from collections import Counter
from collections.abc import Sequence
from typing import Any, NamedTuple

from lstm_viz.data.reading.cells.kinds import Kind, kind_of

LEAST = 0.4
"""Share of a column's cells from which on it is one of numbers or times; names stand above few."""
COMMENT = re.compile(r"[#%!]|//|--(?!\d)|\*{2,}")

BEHIND = re.compile(r"(?<=\d)(?: ?[*†‡]+| [a-z])$")
"""A mark behind a date, as p of a provisional value."""
RULE = re.compile(r"[-=+|:_ ]*(?:-{3}|={3}|_{3})[-=+|:_ ]*|[#%*]+")
"""What a line is drawn with, and a remark that says nothing."""


class Row(NamedTuple):
    """A row of the file."""

    number: int
    """From 0."""
    cells: Sequence[Any]

    @property
    def filled(self) -> list[int]:
        """The places that hold something."""
        return [place for place, cell in enumerate(self.cells) if kind_of(cell) != "empty"]

    def at(self, place: int) -> Any:
        """The cell at a place, empty beyond the last one."""
        return self.cells[place] if place < len(self.cells) else ""

    @property
    def is_comment(self) -> bool:
        """Whether it begins as a remark."""
        first = self.at(0)
        return isinstance(first, str) and COMMENT.match(first.lstrip(' "')) is not None

    @property
    def is_rule(self) -> bool:
        """Whether it is a line that is drawn between names and data."""
        told = [str(cell) for cell in self.cells if kind_of(cell) != "empty"]
        return all(map(RULE.fullmatch, told))


class Columns:
    """What kind each column is of, from a sample of rows."""

    def __init__(self, rows: Sequence[Row]) -> None:
        counts: dict[int, Counter[Kind]] = {}
        for row in rows:
            for place, cell in enumerate(row.cells):
                counts.setdefault(place, Counter())[kind_of(cell)] += 1
        self.kinds = {place: _majority(each) for place, each in counts.items()}
        self.key = next((p for p, kind in sorted(self.kinds.items()) if kind == "time"), None)
        first = counts.get(0, Counter[Kind]())
        told = sum(first.values()) - first["empty"] - first["missing"]
        if self.key is None and self.kinds.get(0) == "number" and first["number"] > 0.8 * told:
            self.key = 0
        self.always = {p for p, c in counts.items() if c["empty"] <= 0.1 * sum(c.values())}

    def balance(self, row: Row) -> tuple[int, int]:
        """(cells that are of their column's kind, cells that are of another)."""
        good = bad = 0
        for place, cell in enumerate(row.cells):
            wanted = self.kinds.get(place)
            if wanted not in ("number", "time"):
                continue
            kind = kind_of(cell)
            good += kind == wanted
            bad += kind not in (wanted, "empty", "missing")
        return good, bad

    def key_fits(self, row: Row) -> bool:
        """Whether the cell that says which row it is does so."""
        if self.key is None:
            return True
        cell = row.at(self.key)
        kind = kind_of(cell)
        if kind == "text" and self.kinds[self.key] == "time" and isinstance(cell, str):
            kind = kind_of(BEHIND.sub("", cell.strip()))
        return kind in (self.kinds[self.key], "missing") or (
            kind == "empty" and self.key not in self.always
        )

    def conforms(self, row: Row) -> bool:
        good, bad = self.balance(row)
        return good > 0 and bad <= good and not row.is_comment

    def misses(self, row: Row) -> bool:
        """Whether a row is one of data whose numbers are missing."""
        kinds = [
            kind_of(c) for p, c in enumerate(row.cells) if self.kinds.get(p) in ("number", "time")
        ]
        return "missing" in kinds and "text" not in kinds and not row.is_comment

    def lacks_key(self, row: Row) -> bool:
        """Whether a row is one of data but for the moment, which is empty."""
        if self.key is None or self.kinds[self.key] != "time" or row.is_comment:
            return False
        good, bad = self.balance(row)
        return kind_of(row.at(self.key)) == "empty" and good > 0 and not bad

    def is_data(self, row: Row) -> bool:
        """Whether a row is surely one of data."""
        if row.is_comment:
            return False
        good, bad = self.balance(row)
        dated = self.key is not None and kind_of(row.at(self.key)) == self.kinds[self.key] == "time"
        if dated and 2 * bad <= len(row.filled):
            return True
        fits = self.key_fits(row) or (self.kinds.get(self.key or 0) == "number" and good > 2 * bad)
        return good > 0 and 2 * bad <= good and fits


def _majority(counts: Counter[Kind]) -> Kind:
    told = counts["number"] + counts["time"] + counts["text"]
    kinds: tuple[Kind, ...] = ("time", "number")
    for kind in kinds:
        if counts[kind] and counts[kind] >= LEAST * told and counts[kind] >= counts["time"]:
            return kind
    return "text" if told else "empty"
