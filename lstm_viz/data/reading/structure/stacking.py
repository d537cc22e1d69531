"""Several series in one table, one stacked upon the other: each by itself, and side by side."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from lstm_viz.data.reading import doubts, shape
from lstm_viz.data.reading.found import Found, no_numbers
from lstm_viz.data.reading.how import How
from lstm_viz.data.reading.moments.order import order_of
from lstm_viz.data.reading.naming import unique
from lstm_viz.data.reading.reading import Reading
from lstm_viz.data.reading.structure import turns, whose
from lstm_viz.data.reading.table import Table
from lstm_viz.data.series import Labels
from lstm_viz.errors import DataError
from lstm_viz.words import N_

MOST_BESIDE = 1000
NAMELESS = N_("Rows that are empty in '{column}', which says whose they are, left out: {count:,}.")
OF_THEIR_OWN = N_(
    "Rows that are empty in '{column}', which says whose they are: {count:,}. They are read as a "
    "series of their own, '{name}'."
)
TWICE = N_(
    "Side by side, a date that a series has more than once stands there with its first row only."
)


def entity_of(table: Table, how: How) -> tuple[int, ...]:
    """The columns that say whose a row is: those that are told, or found."""
    if how.entity is not None:
        if not how.entity:
            return ()
        places = [table.names.index(n) for n in how.entity.split(" + ") if n in table.names]
        if not places:
            raise DataError(
                N_("There is no column called '{column}'. Choose another."), column=how.entity
            )
        return tuple(places)
    used = table.when.places if table.when is not None else ()
    words = [p for p, numbers in table.numbers.items() if numbers is None and p not in used]
    whole = [
        p
        for p, values in table.values.items()
        if np.isfinite(values).all() and (values % 1 == 0).all()
    ]
    named = [p for p in whole if whose.NAME_WORDS.search(table.names[p])]
    if len(table.values) < 1:
        return ()
    when = None if table.when is None else table.when.times.values
    counters = {p: table.values[p] for p in whole} if when is None else {}
    several = len(table.values) > 1
    candidates = [*words, *(named if several else ())]
    others = [p for p in table.values if p not in named and several]
    return whose.entity_places(table.frame, table.names, candidates, others, when, counters)


def say_if_several(table: Table) -> None:
    """Say that a column of words may say whose a row is, where no moment proves it: over blocks of
    rows, where the moments run on through all of them if it is called so; or in turn.
    """
    words = [p for p, numbers in table.numbers.items() if numbers is None]
    if table.when is not None:
        words = [p for p in words if whose.NAME_WORDS.search(table.names[p])]
    text = N_(
        "'{column}' is the same over blocks of rows. If it says whose a row is, say so: all rows "
        "are read as one series."
    )
    for place in whose.in_blocks(table.frame, words):
        table.say(text, column=table.names[place])
    if table.when is None:
        return
    used = table.when.places
    words = [p for p, numbers in table.numbers.items() if numbers is None and p not in used]
    values, when = [*table.values.values()], table.when.times.values
    text = N_(
        "'{column}' changes from row to row, as where several series are logged in turn. If it "
        "says whose a row is, say so: all rows are read as one series."
    )
    for place in turns.perhaps_in_turn(table.frame, table.names, values, words, when):
        table.say(text, column=table.names[place])


def stacked(table: Table, found: Found, layout: dict[str, Any]) -> Reading:
    """Several series: each by itself, and beside each other."""
    _name_all(table)
    codes, names = whose.entity_names(table.frame, table.entity)
    rows = []
    for at in whose.blocks(codes):
        by = None if table.when is None else order_of(table.when.times.values[at])
        rows.append(at if by is None else at[by])
    table.keep(np.concatenate(rows))
    codes = np.repeat(np.arange(len(names)), [len(at) for at in rows])
    columns = {table.names[p]: values for p, values in table.values.items()}
    if not columns:
        raise no_numbers(table.filename, len(table.frame))
    rows_of_all = table.framed()
    table.notes += doubts.stacked(layout["entity"], names, rows_of_all, codes)
    if table.when is not None and _twice(table.when.times.values, codes):
        table.say(TWICE)
    wide, of = _beside(rows_of_all, codes, names)
    proposed = shape.proposals(columns)
    told = {name: wide[name].to_numpy() for name, column in of.items() if column in proposed}
    return Reading(
        name=table.filename,
        frame=wide,
        entities=names,
        layout=layout,
        sentences=tuple(table.notes),
        proposed=shape.proposals(told),
        left_out=(*table.words, *found.left_out),
        stacked=rows_of_all,
        codes=codes,
        stacked_proposed=proposed,
    )


def _name_all(table: Table) -> None:
    """Leave out the few rows that do not say whose they are; say of many that they are a series."""
    for place in table.entity:
        empty = table.frame.iloc[:, place].isna().to_numpy(bool)
        if not empty.any():
            continue
        few = empty.mean() <= whose.NAMELESS
        words, column = NAMELESS if few else OF_THEIR_OWN, table.names[place]
        table.say(words, column=column, count=int(empty.sum()), name=whose.EMPTY)
        if few:
            table.keep(~empty)


def _beside(
    stacked: pd.DataFrame, codes: npt.NDArray[np.int64], names: tuple[str, ...]
) -> tuple[pd.DataFrame, dict[str, str]]:
    """Each entity's columns beside those of the others, at all times that any of them has; and of
    which column each is.
    """
    most = max(1, MOST_BESIDE // stacked.shape[1])
    parts, of = {}, {}
    for code, name in enumerate(names[:most]):
        part = stacked[codes == code]
        part = (
            part[~part.index.duplicated()]
            if isinstance(part.index, pd.DatetimeIndex)
            else part.reset_index(drop=True)
        )
        for column in part:
            title = name if stacked.shape[1] == 1 else f"{column} {name}"
            parts[title], of[title] = part[column], str(column)
    made = unique(list(parts))
    wide = pd.DataFrame(dict(zip(made, parts.values(), strict=True)))
    return wide, dict(zip(made, of.values(), strict=True))


def _twice(moments: Labels, codes: npt.NDArray[np.int64]) -> bool:
    """Whether a series, its rows in their order, has a moment more than once."""
    return bool(((np.diff(moments).astype(np.int64) == 0) & (np.diff(codes) == 0)).any())
