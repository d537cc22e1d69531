"""Reports: days that are written on the first row of each block only, sums below each block."""

import numpy as np

from lstm_viz.data.reading.cells.columns import BEHIND
from lstm_viz.data.reading.cells.kinds import is_total, kind_of
from lstm_viz.data.reading.cells.numbers import Numbers
from lstm_viz.data.reading.moments import parts
from lstm_viz.data.reading.moments.times import times_in
from lstm_viz.data.reading.table import Table
from lstm_viz.data.series import Rows
from lstm_viz.words import N_

LEAST_EMPTY = 0.25
"""Share of the cells below first ones."""
FIRST_COLUMNS, FIRST_LOOK = 5, 1000


def leave_sums(table: Table) -> None:
    """Leave out rows that are called a sum in a column of dates."""
    for place in range(min(2, len(table.names))):
        column = table.frame.iloc[:, place]
        some = column.iloc[:: max(1, len(column) // FIRST_LOOK)]
        if not any(map(is_total, some)):
            continue
        sums = column.map(is_total).to_numpy(bool)
        times = times_in(column[~sums])
        if times is not None and not np.isnat(times.values).any():
            first = " ".join(map(str, table.frame.iloc[int(sums.argmax())].dropna()))[:60]
            words = N_("Rows that sum up others were left out: {count:,}, the first '{first}'.")
            table.say(words, count=int(sums.sum()), first=first)
            table.keep(~sums)


def leave_marks(table: Table) -> None:
    """Take dates without the marks that stand behind some, as p of what is provisional."""
    for place in range(min(2, len(table.names))):
        column = table.frame.iloc[:, place]
        if table.numbers[place] is not None or column.dtype.kind in "biufmMc":
            continue
        words = column.astype("str")
        marked = column.notna().to_numpy(bool) & words.str.contains(BEHIND).to_numpy(bool)
        if not marked.any() or any(kind_of(cell) == "time" for cell in words[marked]):
            continue
        plain = words.str.replace(BEHIND, "", regex=True)
        if not all(kind_of(cell) == "time" for cell in plain[marked]):
            continue
        table.replace(place, column.mask(marked, plain))
        said = N_("Marks behind dates of '{column}' were left out: {count:,}, the first '{first}'.")
        first = str(words[marked].iloc[0])
        table.say(said, column=table.names[place], count=int(marked.sum()), first=first)


def fill_down(table: Table) -> None:
    """Fill the cells below a day, a year or a name with it, where a clock, hour or month beside
    them, or beside a name a date, shows by running back that a block begins.
    """
    named = {place: part for part, place in parts.named(table.names).items()}
    first = table.numbers[0]
    if first is not None and table.names[0] == "column 1":  # a year and its months, without names
        years = first.values[np.isfinite(first.values)]
        named |= {0: "year", 1: "month"} if ((years > 1699) & (years < 2201)).all() else {}
    for place in reversed(range(min(FIRST_COLUMNS, len(table.names) - 1))):
        column = table.frame.iloc[:, place]
        filled = column.notna().to_numpy(bool)
        if not filled[0] or filled.mean() > 1 - LEAST_EMPTY:
            continue
        if named.get(place) not in ("year", "month", "day"):
            times = times_in(column)
            name = times is None and table.numbers[place] is None
            if not name and (times is None or times.clock or times.unit == "clock"):
                continue
        else:
            name = False
        beside = _numbers(table, place + 1, named.get(place + 1, ""), dates=name)
        if beside is None or not np.isfinite(beside).all():
            continue
        back = np.flatnonzero(np.diff(beside) < 0) + 1
        if not filled[back].all() or 2 * len(back) < filled.sum() - 1:
            continue
        rows = np.maximum.accumulate(np.where(filled, np.arange(len(filled)), 0))
        table.replace(place, column.to_numpy()[rows])
        if (numbers := table.numbers[place]) is not None:
            table.numbers[place] = Numbers(numbers.values[rows])
        words = N_(
            "'{column}' is written on the first row of each block only: the empty cells below, "
            "{count:,}, were read as the same."
        )
        table.say(words, column=table.names[place], count=int((~filled).sum()))


def _numbers(table: Table, place: int, part: str, *, dates: bool) -> Rows | None:
    """(N,) a clock, or a part of a date, as numbers; a date only if that is asked for."""
    numbers = table.numbers[place]
    if numbers is not None:
        return numbers.values if part else None
    column = table.frame.iloc[:, place]
    if (told := parts.in_words(part, column)) is not None:
        return told
    times = times_in(column)
    if times is None or (times.unit != "clock" and not dates) or np.isnat(times.values).any():
        return None
    return times.values.astype(np.int64).astype(np.float64)
