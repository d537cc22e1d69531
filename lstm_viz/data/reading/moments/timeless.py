"""Rows without a moment, where nearly all have one: remarks, sums, a second table below."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from lstm_viz.data.reading.cells.kinds import kind_of
from lstm_viz.data.reading.cells.magnitudes import measured
from lstm_viz.data.reading.cells.numbers import numbers_in
from lstm_viz.data.reading.table import Table
from lstm_viz.words import N_

LEAST_SECOND = 3
"""Rows of a second table."""
LEAST_ROWS = 0.9
"""Share of the rows that must have a moment, of those that tell any."""
LEAST_DATED = 0.75
"""Share of all rows."""
UNDATED = N_(
    "'{column}' does not say when: in {count:,} of {rows:,} rows it holds no date that can be read."
)


def leave_timeless(table: Table, marks: Mapping[int, str]) -> None:
    """Rows without a moment, where nearly all have one: remarks and sums among the data."""
    if table.when is None:
        return
    known = ~np.isnat(table.when.times.values)
    if known.all():
        return
    cells = table.frame.iloc[:, [*table.when.places]]
    empty = cells.isna().any(axis=1).to_numpy(bool)
    if known[~empty].mean() < LEAST_ROWS or known.mean() < LEAST_DATED:
        name = " + ".join(table.names[p] for p in table.when.places)
        table.say(UNDATED, column=name, count=int((~known).sum()), rows=len(known))
        table.when = None
        return
    if (second := _second_table(table, known)) is not None:
        words = N_("A second table begins below, at '{first}', and was left out.")
        table.say(words, first=_shown(table, second))
        table.keep(np.arange(len(known)) < second)
        for place, each in table.numbers.items():
            if each is not None:
                of = measured(table.names[place])
                again = numbers_in(table.frame.iloc[:, place], marks[place], measured=of)
                table.numbers[place] = again or each
        leave_timeless(table, marks)
        return
    first = _shown(table, int(np.flatnonzero(~known)[0]))
    words = N_(
        "Rows without a date that can be read were left out: {count:,}, the first of them "
        "'{first}'."
    )
    table.say(words, count=int((~known).sum()), first=first)
    table.keep(known)


def _second_table(table: Table, known: npt.NDArray[np.bool_]) -> int | None:
    """The row of names among the data, and so the first of another table; None where none is."""
    assert table.when is not None
    columns, moments = [table.frame.iloc[:, p] for p in table.values], table.when.times.values
    for row in np.flatnonzero(~known):
        cells = [cell for column in columns if kind_of(cell := column.iloc[row]) != "empty"]
        if not cells or not all(kind_of(cell) == "text" for cell in cells):
            continue
        above, below = (moments[part][known[part]] for part in (slice(row), slice(row, None)))
        if len(above) > 1 and len(below) >= LEAST_SECOND:
            run, step = (above[-1] - above[0]).astype(int), (below[0] - above[-1]).astype(int)
            if int(run) * int(step) <= 0 or len(cells) == len(columns) > 1:
                return int(row)
    return None


def _shown(table: Table, row: int) -> str:
    cells = table.frame.iloc[row]
    return " ".join(str(cell) for cell in cells if cell == cell and cell is not None)[:60]
