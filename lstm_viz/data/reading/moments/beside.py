"""Tables that stand side by side, each with dates of its own."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

import numpy as np

from lstm_viz.data.reading.moments.index import When
from lstm_viz.data.reading.moments.times import Times
from lstm_viz.data.series import Labels
from lstm_viz.words import N_, Sentence

SHOWN = 5


def other_dates(
    when: When | None, others: Mapping[int, Times], numbers: Iterable[int], names: Sequence[str]
) -> list[Sentence]:
    """That columns of numbers stand behind other dates than those that the rows are put on.

    `others` are columns of dates, `numbers` the places of those of numbers.
    """
    if when is None:
        return []
    text = N_(
        "'{other}' and '{column}' hold different dates in {count:,} rows, and all numbers are put "
        "on those of '{column}'. If two tables stand side by side, the dates of {columns} are "
        "those of '{other}': read the file once more with '{other}' as its time for them."
    )
    known = sorted(place for place in numbers if place not in others)
    said = []
    for place, end in pairwise([*sorted(others), len(names)]):
        behind = [names[each] for each in known if place < each < end]
        between = any(when.places[0] < each < place for each in known)
        times = others[place]
        if not (behind and between) or times.unit != when.times.unit or not _runs(times.values):
            continue
        taken = when.times.values if times.clock else when.times.values.astype("datetime64[D]")
        known_both = ~(np.isnat(times.values) | np.isnat(taken))
        count = np.count_nonzero(known_both & (times.values != taken))
        if count:
            listed = ", ".join(f"'{name}'" for name in behind[:SHOWN])
            column = " + ".join(names[each] for each in when.places)
            facts = {"other": names[place], "column": column, "count": count, "columns": listed}
            said.append(Sentence(text, facts))
    return said[:SHOWN]


def _runs(dates: Labels) -> bool:
    """Whether dates grow, or fall, throughout."""
    steps = np.diff(dates[~np.isnat(dates)]).astype(np.int64)
    return bool((steps >= 0).all() or (steps <= 0).all())
