"""Which rows of a table are what: preamble, names, units, data, and what comes after them."""

from collections import Counter
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Literal

from lstm_viz.data.reading.cells.columns import Columns, Row
from lstm_viz.data.reading.cells.kinds import is_total, kind_of
from lstm_viz.data.reading.how import How, Range
from lstm_viz.data.reading.structure.header import header_of, holds_units, names_of
from lstm_viz.data.reading.structure.sums import only_called_so
from lstm_viz.errors import DataError
from lstm_viz.words import N_

Role = Literal["names", "units", "data", "left out"]
Line = tuple[int, Role, str]
"""A row of the file: its number, what it was taken for, and how it stands there."""
SHORT = 4
"""A row of fewer than the usual number of cells divided by it is none of data, first or last."""
AFTER_START, MOST_SHOWN, SHOWN_LAST, LONGEST = 8, 60, 4, 300


@dataclass(frozen=True)
class Layout:
    """Where the table is in the file, and what its columns are called."""

    header: tuple[int, ...]
    """Rows that hold names or units."""
    start: int
    """The first row of data."""
    stop: int | None
    """The one after the last; None where all that follow are."""
    names: tuple[str, ...]
    """As the file has them; `""` where it has none."""
    units: dict[int, str]
    """Place of a column -> its unit."""
    width: int
    footer: tuple[Row, ...] = ()
    """Rows after the data that hold something and are none."""
    unit_rows: tuple[int, ...] = ()
    """Rows of the header that hold units."""
    sums: tuple[Row, ...] = ()
    """Rows between the names and the data that sum those up."""

    def shown(self, lines: Iterable[tuple[int, str]], skipped: Container[int]) -> tuple[Line, ...]:
        """The first lines, and those around the end of the data, with what each was taken for."""
        last = [] if self.stop is None else [self.stop - 1, *(row.number for row in self.footer)]
        until = min(self.start + AFTER_START, MOST_SHOWN)
        return tuple(
            (number, self._role(number, skipped), text[:LONGEST])
            for number, text in lines
            if number < until or number in last[:SHOWN_LAST]
        )

    def told(self, how: How, lines: Iterable[tuple[int, str]]) -> dict[str, Any]:
        """What of it a `Found` hands on."""
        return {
            "header": self.header,
            "skip": self.skip if how.skip is None else how.skip,
            "footer": self.footer,
            "sums": self.sums,
            "lines": self.shown(lines, how.skipped),
        }

    def _role(self, number: int, skipped: Container[int]) -> Role:
        if number in self.header:
            return "units" if number in self.unit_rows else "names"
        below = self.stop is not None and number >= self.stop
        return "left out" if number < self.start or below or number in skipped else "data"

    @property
    def skip(self) -> tuple[Range, ...]:
        """The rows that are neither header nor data."""
        ranges: list[Range] = []
        for row in range(self.start):
            if row in self.header:
                continue
            again = bool(ranges) and ranges[-1][1] == row
            ranges[-1:] = [(ranges[-1][0], row + 1)] if again else [*ranges[-1:], (row, row + 1)]
        if self.stop is not None and self.footer:
            ranges.append((self.stop, self.footer[-1].number + 1))
        return tuple(ranges)


def find(head: Sequence[Row], tail: Sequence[Row], how: How, *, whole: bool) -> Layout | None:
    """Where the table is; None of rows that hold none.

    `head` are the first rows, `tail` the last ones, `whole` says whether head holds all.
    """
    skipped = how.skipped
    every = [row for row in head if row.number not in skipped and row.filled]
    head = [row for row in every if not row.is_rule]
    if not head:
        return None
    body = _body(head)
    columns = Columns(body[1:] if len(body) == 2 else body)  # dates may be names above numbers
    start = _start(head, columns, how)
    if start is None and how.header and max(how.header) > head[-1].number:
        told = ", ".join(map(str, how.header))
        raise DataError(
            N_("No row header={rows} stands above data. Rows are counted from 0: choose others."),
            rows=f"[{told}]",
        )
    if start is None:
        return None
    cells = sorted(len(row.cells) for row in body)[len(body) // 2]
    above = [row for row in head[:start] if not _sums_up(row, columns)]
    sums = [row for row in head[:start] if _sums_up(row, columns)] if above else []
    above = above or head[:start]
    while start + 1 < len(head) and _is_none_of(head[start], columns, cells, bool(above)):
        sums += [head[start]] if _sums_up(head[start], columns) else []
        start += 1
    data = [row for row in head[start:] if columns.conforms(row)] or list(head[start:])
    data = [head[start], *(row for row in data if row is not head[start])]
    lengths = sorted(row.filled[-1] + 1 for row in data)
    header = header_of(above, data, lengths[-1], columns, how)
    width = lengths[-1]
    if header:  # what few rows have beyond the names is a mistake in these rows
        named = max((row.filled[-1] + 1 for row in header), default=0)
        width = max(named, lengths[(len(lengths) - 1) * 4 // 5])
    names, units = names_of(header, width, columns)
    stop: int | None = None
    footer: tuple[Row, ...] = ()
    if how.skip is None:
        begin = head[start].number
        rest = [row for row in (every if whole else tail) if row.filled and row.number >= begin]
        stop, footer = _stop(rest, columns, cells, whole=whole)
    unit_rows = [row.number for row in header if holds_units(row, columns)][-1:]
    return Layout(
        header=tuple(row.number for row in header),
        start=head[start].number,
        stop=stop,
        names=names,
        units=units,
        width=width,
        footer=footer,
        unit_rows=tuple(unit_rows) if len(header) > 1 else (),
        sums=tuple(sums),
    )


def _is_none_of(row: Row, columns: Columns, cells: int, named: bool) -> bool:
    """Whether the first row of data, below names, is none: too short, or a sum of the others."""
    return SHORT * len(row.cells) < cells or (named and _sums_up(row, columns))


def _body(rows: Sequence[Row]) -> Sequence[Row]:
    """The rows that have as many cells as most have, or nearly so."""
    rows = [row for row in rows if not row.is_comment] or rows
    filled = Counter(len(row.filled) for row in rows[len(rows) // 4 :] or rows)
    usual = max(filled, key=lambda count: (filled[count], count))
    return [row for row in rows if 2 * len(row.filled) >= usual] or rows


def _start(head: Sequence[Row], columns: Columns, how: How) -> int | None:
    if how.header:
        after = max(how.header)
        return next((at for at, row in enumerate(head) if row.number > after), None)
    flags = [columns.is_data(row) for row in head]
    if not any(flags):
        flags = [columns.conforms(row) for row in head]
    runs: list[tuple[int, int]] = []
    for at, flag in enumerate(flags):
        if flag and (at == 0 or not flags[at - 1]):
            runs.append((at, 0))
        if flag:
            runs[-1] = (runs[-1][0], runs[-1][1] + 1)
    if not runs:
        return None
    runs = _joined(runs, head, columns)
    longest = max(length for _, length in runs)
    start = next(at for at, length in runs if 3 * length >= longest)
    while start and columns.misses(head[start - 1]):
        start -= 1
    start = _below_names(start, head, columns)
    return start + (how.header is None and start == 0 and _counts_or_years(head))


def _below_names(start: int, head: Sequence[Row], columns: Columns) -> int:
    """Where rows that lack their date alone stand between the first row of data and names of all
    columns, unlike each other, the first of those.
    """
    first = start
    while first > 1 and columns.lacks_key(head[first - 1]):
        first -= 1
    names = head[first - 1].cells if first else ()
    told = [str(names[place]) for place in head[start].filled if place < len(names)]
    unlike = len(set(told)) == len(head[start].filled)
    return first if unlike and all(kind_of(cell) == "text" for cell in told) else start


def _joined(
    runs: list[tuple[int, int]], head: Sequence[Row], columns: Columns
) -> list[tuple[int, int]]:
    """Runs of data between which few rows stand that are no names: words among numbers, or numbers
    without their date.
    """
    made = runs[:1]
    for start, length in runs[1:]:
        begin, held = made[-1]
        between = head[begin + held - 1 : start + 1]
        undated = all(map(columns.lacks_key, between[1:-1]))
        if undated or (len(between) <= 4 and _hangs_together(between, len(head[start].filled))):
            made[-1] = (begin, start + length - begin)
        else:
            made.append((start, length))
    return made


def _hangs_together(rows: Sequence[Row], usual: int) -> bool:
    """Whether rows follow upon each other, no blank one between, and are filled alike."""
    follow = all(b.number - a.number == 1 for a, b in pairwise(rows))
    return follow and all(len(row.filled) == usual for row in rows)


def _counts_or_years(head: Sequence[Row]) -> bool:
    """Whether a first row of numbers holds names: pandas' counts, or years or numbers that run on
    beside a word, and before others.
    """
    first = [str(cell).strip() for cell in head[0].cells]
    while len(first) > 1 and kind_of(first[0]) == kind_of(first[-1]) == "text":
        first.pop()
    rest = [cell.removesuffix(".0") for cell in first[1:]]
    if len(head) < 2 or len(rest) < 1 or not all(cell.isdigit() for cell in rest):
        return False
    numbers = list(map(int, rest))
    if first[0] in ("0", "1") and len(numbers) > 1:
        begin = int(first[0])
        counted = [begin, *numbers] == list(range(begin, begin + len(first)))
        return counted and any("." in str(cell) or "," in str(cell) for cell in head[1].cells)
    if not first[0] and numbers == list(range(numbers[0], numbers[0] + len(numbers))):
        return numbers[0] in (0, 1) or len(numbers) > 1
    below = kind_of(head[1].cells[0]) if head[1].cells else "empty"
    runs = len(numbers) > 1 and numbers == list(range(numbers[0], numbers[0] + len(numbers)))
    if runs and kind_of(first[0]) == "text" and below in ("number", "time"):
        return True
    step = numbers[1] - numbers[0] if len(numbers) > 2 else 0
    years = min(numbers) >= 1500 and max(numbers) <= 2200 and step > 0
    even = years and numbers == list(range(numbers[0], numbers[-1] + 1, step))
    return even and kind_of(first[0]) == "text"


def _stop(
    rows: Sequence[Row], columns: Columns, cells: int, *, whole: bool
) -> tuple[int | None, tuple[Row, ...]]:
    """(the row after the data, what comes then), walking up from the last one; rows usually have so
    many `cells`.
    """
    for at in range(len(rows) - 1, -1, -1):
        row = rows[at]
        if SHORT * len(row.cells) < cells:
            continue
        good, bad = columns.balance(row)
        fits = good and bad <= good and columns.key_fits(row)
        called = _sums_up(row, columns) and not (whole and only_called_so(row, rows[:at]))
        if fits and not called and not row.is_comment:
            after = rows[at + 1 :]
            return (row.number + 1, tuple(after)) if after else (None, ())
    return None, ()


def _sums_up(row: Row, columns: Columns) -> bool:
    """Whether a row of numbers begins with a word for a total, and tells no moment beside it."""
    place = next((p for p, cell in enumerate(row.cells[:2]) if is_total(cell)), None)
    if place is None or (place and columns.kinds.get(place) == "number"):
        return False
    good, bad = columns.balance(row)
    told = columns.key not in (None, place) and columns.key in row.filled and columns.key_fits(row)
    return good > 0 and bad <= (columns.kinds.get(place) in ("number", "time")) and not told
