"""The rows above a table that name its columns: names, groups of them, places, units."""

import re
from collections.abc import Sequence
from itertools import zip_longest

from lstm_viz.data.reading.cells.columns import Columns, Row
from lstm_viz.data.reading.cells.kinds import kind_of
from lstm_viz.data.reading.cells.units import day_comes_first, is_unit, unit_of
from lstm_viz.data.reading.how import How
from lstm_viz.data.reading.moments import parts
from lstm_viz.data.reading.naming import one_line

HEADER_ROWS = 6
UNIT_WORDS = re.compile(r"\W*(?:units?|einheit(?:en)?|unités?|unidad(?:es)?|単位|单位)\W*$", re.I)
LOGGER = "TOA5"
"""Begins the line by which Campbell's loggers tell about themselves, with as many cells as any."""


def header_of(
    above: Sequence[Row], data: Sequence[Row], width: int, columns: Columns, how: How
) -> list[Row]:
    """The rows that name the columns, the uppermost first."""
    if how.header is not None:
        return [_uncommented(row, width) for row in above if row.number in how.header]
    width = max(width, *(len(row.cells) for row in data[:50]))
    held = {place for row in data[:50] for place in row.filled}
    taken: list[Row] = []
    named: set[int] = set()
    before = data[0].number
    upward = list(reversed(above))
    for row, upper in zip_longest(upward, upward[1:]):
        plain = _uncommented(row, width)
        if row.is_comment and (named or len(plain.filled) < len(held) or len(plain.cells) > width):
            units = taken and not named and holds_units(taken[-1], columns)
            if units and len(plain.filled) == len(held):
                taken.append(plain)
            break
        if held <= named and len(plain.filled) > max(len(held), len(taken[-1].filled)):
            break  # a sentence
        gap = before - row.number > 1
        if gap and taken and held <= {place for each in taken for place in each.filled}:
            break
        if (
            len(taken) == HEADER_ROWS
            or plain.cells[0] == LOGGER
            or not (_names_some(plain, held, named, gap=gap) or _between(plain, upper, held, named))
        ):
            break
        taken.append(plain)
        before = row.number
        alone = upper is None or (upper.is_comment and not row.is_comment)
        units = holds_units(plain, columns) and not (alone and _is_letters(plain))
        unlike = {str(plain.cells[place]) for place in plain.filled}
        if not units and (len(unlike) > 1 or min(plain.filled) > 1):
            named |= set(plain.filled) & held
    return taken[::-1]


def _is_letters(row: Row) -> bool:
    """Whether names are single letters, as in t, v, of which some are units too."""
    return all(len(str(row.cells[place])) == 1 for place in row.filled)


def _names_some(row: Row, held: set[int], named: set[int], *, gap: bool) -> bool:
    """Whether a row above data, or above a row of names, names columns itself."""
    filled = set(row.filled) & held
    if len(held) == 1:
        return not named and not gap and len(row.filled) == 1
    if not held <= named:  # some columns have no name yet
        if not filled or (gap and len(filled) < 0.5 * len(held)):
            return False
        return bool(len(filled) >= 0.5 * len(held) or not named)
    first = min(held)
    group = first not in filled and len(filled) > 0 and not gap
    return (group and len(held) > 2) or (not gap and len(filled) >= max(2, 0.8 * len(held)))


def _between(row: Row, upper: Row | None, held: set[int], named: set[int]) -> bool:
    """Whether a row that names few columns stands right below one that names nearly all."""
    if upper is None or row.number - upper.number > 1 or upper.is_comment or not named < held:
        return False
    return {*row.filled} <= held and len({*upper.filled} & held) >= max(2, 0.8 * len(held))


def _uncommented(row: Row, width: int) -> Row:
    """A row of names without the mark that begins it, its cells those of the table."""
    if not row.is_comment:
        return row
    first = re.sub(r'^[\s"]*(?:[#%!*]+|//)\s*', "", str(row.cells[0]))
    if not first and len(row.cells) <= width:  # a column that is called "#"
        return row
    return Row(row.number, [first, *row.cells[1:]] if first else row.cells[1:])


def holds_units(row: Row, columns: Columns) -> bool:
    """Whether a row above columns of numbers says what they are measured in."""
    cells = [row.cells[p] for p in row.filled if columns.kinds.get(p) == "number"]
    key = row.cells[columns.key] if columns.key is not None and columns.key in row.filled else ""
    told = is_unit(str(key)) or str(key)[:1] in "([{" or UNIT_WORDS.match(str(key))
    if not cells or (key and not told):
        return False
    return sum(isinstance(c, str) and is_unit(c) for c in cells) > 0.5 * len(cells)


def names_of(
    header: list[Row], width: int, columns: Columns
) -> tuple[tuple[str, ...], dict[int, str]]:
    """One name for each column, of all that stands above it, and the units."""
    units: dict[int, str] = {}
    lines: list[list[str]] = []
    measures = [row.number for row in header if holds_units(row, columns)][-1:]
    for row in header:
        cells = [_title(cell) for cell in row.cells[:width]]
        dates = width - len(cells) if row.number in measures and any(cells[:1]) else 0
        if dates and lines and len(parts.named(lines[-1][:dates])) == dates:
            cells = [""] * dates + cells  # between spaces: units stand over the last columns
        cells += [""] * (width - len(cells))
        if len(header) > 1 and row.number in measures:
            units |= {p: cell.strip("()[]{} ") for p, cell in enumerate(cells) if cell}
        else:
            lines.append(cells)
    told = _told(lines, columns, width)
    for upper in told[:-1]:
        _spread(upper, told[-1])
    names = []
    for place in range(width):
        words = list(dict.fromkeys(cells[place] for cells in told if cells[place]))
        if place == columns.key and len(words) > 1:
            words = words[-1:]
        names.append(" ".join(words))
    if lines and columns.key is not None and columns.key < width and not names[columns.key]:
        names[columns.key] = next((c[columns.key] for c in lines[::-1] if c[columns.key]), "")
    for place, name in enumerate(names):
        if place not in units and (unit := unit_of(name)):
            units[place] = unit
    times = {p for p, unit in units.items() if columns.kinds.get(p) == "time"}
    return tuple(names), {
        p: unit for p, unit in units.items() if p not in times or day_comes_first(unit) is not None
    }


def _told(lines: list[list[str]], columns: Columns, width: int) -> list[list[str]]:
    """The rows that tell columns apart, and what each holds."""
    told = [cells for cells in lines if not _names_nothing(cells)]
    if not all(any(row[p] for row in told) for p in columns.kinds if 0 < p < width):
        same = [cells for cells in lines if _says_one_thing(cells)]
        told = [cells for cells in lines if cells in told or cells in same[-1:]] or lines
    words = [cells for cells in told if not _only_numbers(cells)]
    if len({*zip(*words, strict=True)}) == width:
        told = words
    return told


def _says_one_thing(cells: list[str]) -> bool:
    """Whether a row has the same word over all columns, as a place or a ticker is told."""
    values = {cell for cell in cells[1:] if cell}
    return len(values) == 1 and sum(map(bool, cells)) > 2


def _names_nothing(cells: list[str]) -> bool:
    """Whether a row among those of names tells a place, the day of an issue, or how many letters a
    cell has, as the USGS writes it: 5s 15s 20d.
    """
    told = [cell for cell in cells[1:] if cell]
    issued = len(told) == 1 and kind_of(told[0]) == "time"
    widths = bool(told) and all(re.fullmatch(r"\d{1,3}[sdn]", cell) for cell in cells)
    return issued or widths or _says_one_thing(cells)


def _only_numbers(cells: list[str]) -> bool:
    return all(kind_of(cell) in ("number", "empty") for cell in cells[1:])


def _spread(upper: list[str], lower: list[str]) -> None:
    """A name that was written over several columns stands over each of them."""
    for place in range(2, len(upper)):
        if not upper[place] and upper[place - 1] and lower[place]:
            upper[place] = upper[place - 1] if place > 1 else ""


def _title(cell: object) -> str:
    if cell is None or cell != cell:
        return ""
    return f"{cell:g}" if isinstance(cell, float) else one_line(str(cell))
