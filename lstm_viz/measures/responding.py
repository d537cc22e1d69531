"""Which units respond to a stretch of time, and where else the same units are on together.

After Strobelt, Gehrmann, Pfister & Rush 2018, "LSTMVis", section 4: a hypothesis about a layer is
a set of units, found by what they do in one place and tested by where else they do it.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from lstm_viz.measures.spelling import percent
from lstm_viz.words import N_, _

Floats = npt.NDArray[np.floating]
Sides = npt.NDArray[np.int8]
Counts = npt.NDArray[np.int64]
Stretch = tuple[int, int]

SHARES = (0.3, 0.4, 0.5, 0.6, 0.7, 0.8)
"""Of the largest magnitude of a state, as a threshold to begin with."""
MOST_NAMED = 12
"""Units that a sentence names."""


def held(hidden: Floats, cell: Floats | None) -> Floats:
    """What a unit holds, of the same shape: tanh c_t where there is a cell state, else h_t."""
    return hidden if cell is None else np.tanh(cell)


def sides(states: Floats, threshold: float) -> Sides:
    """1 where a state is at least `threshold`, -1 where it is at most -`threshold`: there a unit is
    on; 0 elsewhere, also where it is not a number.

    >>> sides(np.array([0.7, -0.7, 0.1, np.nan]), 0.5)
    array([ 1, -1,  0,  0], dtype=int8)
    """
    return (states >= threshold).astype(np.int8) - (states <= -threshold).astype(np.int8)


def throughout(on: Sides, stretch: Stretch) -> Sides:
    """(U,): the side on which each unit of (T, U) is on at all steps from the first of the stretch
    to the last, both included; 0 of a unit that is not, or changes its side.
    """
    first, last = stretch
    inside = on[first : last + 1]
    return np.where((inside == inside[0]).all(axis=0), inside[0], 0).astype(np.int8)


def responding(on: Sides, stretch: Stretch, *, before: bool = True, after: bool = True) -> Sides:
    """(U,): as `throughout`, of the units alone that are not on, on that side, at the step `before`
    the stretch and at the one `after` it, as far as that is asked and there are such steps.

    >>> responding(np.array([[0, 1, 0], [1, 1, 0], [1, 1, -1], [0, 0, 1]]), (1, 2))
    array([1, 0, 0], dtype=int8)
    """
    first, last = stretch
    found = throughout(on, stretch)
    if before and first:
        found = np.where(on[first - 1] == found, 0, found)
    if after and last + 1 < len(on):
        found = np.where(on[last + 1] == found, 0, found)
    return found.astype(np.int8)


def busiest(states: Floats, marked: Collection[int] = ()) -> tuple[Stretch, float] | None:
    """A stretch and a threshold to begin with: of (T, U) those to which most units respond, among
    the `SHARES` of the largest magnitude; the longest stretch of several.

    What begins at a `marked` step comes first, then what begins after step 0 and ends before the
    last one: what is on from the beginning to the end responds to nothing. None of states that are
    all 0.
    """
    largest = float(np.abs(states).max(initial=0.0))
    if not 0 < largest < np.inf:
        return None
    counted = Counter(
        (run, float(f"{share * largest:.2g}"))
        for share in SHARES
        for unit in sides(states, float(f"{share * largest:.2g}")).T
        for run in _runs(unit)
    )

    def worth(asked: tuple[Stretch, float]) -> tuple[float, ...]:
        (first, last), threshold = asked
        inside = first > 0, last < len(states) - 1
        return first in marked, *inside, counted[asked], last - first, threshold, -first

    return max(counted, key=worth, default=None)


def _runs(on: npt.NDArray[np.integer]) -> list[Stretch]:
    """Where (T,) numbers other than 0 stay the same, as long as they do."""
    edges = [0, *(np.flatnonzero(np.diff(on)) + 1).tolist(), len(on)]
    return [(a, b - 1) for a, b in pairwise(edges) if b > a and on[a]]


def together(states: Floats, wanted: Sides, threshold: float) -> Counts:
    """(..., T): how many of the units with a side in `wanted` (U,) are on, on that side, at each
    step of (..., T, U).
    """
    on = sides(states, threshold)
    return np.asarray(((on == wanted) & (wanted != 0)).sum(axis=-1), np.int64)


@dataclass(frozen=True)
class Window:
    """Where in one example the units are on together."""

    example: int
    """Its row in what was searched."""
    first: int
    last: int
    units: int
    """How many of them are."""


def windows(counts: Counts, length: int, *, most: int, rows: Counts | None = None) -> list[Window]:
    """Where in (N, T) most units are on together: in each example the window of its largest count,
    that whose length is nearest to `length` where there are several; first those of most units,
    and of as many those of the nearest length. At most so many, and none without a unit.

    Examples cut from one series or text overlap: `rows` (N,) says in which of its rows each begins,
    and of windows that share a row the better one counts.
    """
    found = [_best(k, counts[k], length) for k in range(len(counts)) if counts[k].any()]
    found.sort(key=lambda each: (-each.units, abs(each.last - each.first + 1 - length)))
    taken, chosen = list[Stretch](), list[Window]()
    for each in found:
        if rows is not None:
            begin = int(rows[each.example])
            first, last = begin + each.first, begin + each.last
            if any(first <= b and a <= last for a, b in taken):
                continue
            taken.append((first, last))
        chosen.append(each)
        if len(chosen) == most:
            break
    return chosen


def _best(example: int, counts: Counts, length: int) -> Window:
    top = int(counts.max())
    runs = _runs((counts == top).astype(np.int64))
    first, last = min(runs, key=lambda run: abs(run[1] - run[0] + 1 - length))
    return Window(example, first, last, top)


def said_responding(
    units: Sequence[int], through: int, stretch: Stretch, *, before: bool, after: bool, steps: int
) -> str:
    """Which `units` respond, and how many are on `through` the stretch in all."""
    first, last = stretch
    before, after = before and first > 0, after and last + 1 < steps
    if units:
        words = _(_RESPONDS[before, after])
    elif through and (before or after):
        words = _(
            "Units on at t = {steps}: {through}, but also just outside. Choose another stretch."
        )
    else:
        words = _("No unit is on at all of t = {steps}.")
    there = f"{first}" if first == last else f"{first}-{last}"
    return words.format(steps=there, units=_named(units), through=through)


_RESPONDS = {
    (True, True): N_("Units on at t = {steps}, and off just before and after: {units}."),
    (True, False): N_("Units on at t = {steps}, and off just before: {units}."),
    (False, True): N_("Units on at t = {steps}, and off just after: {units}."),
    (False, False): N_("Units on at t = {steps}: {units}."),
}
"""(off just before, off just after) -> the sentence about the units."""


def _named(units: Sequence[int]) -> str:
    more = ", …" if len(units) > MOST_NAMED else ""
    return ", ".join(map(str, units[:MOST_NAMED])) + more


def said_together(units: int, found: Sequence[Window], whole: int, examples: int) -> str:
    """In how many of the `examples` searched all the `units` are on together, `whole` of them; and
    how many at most where they never are.
    """
    if not examples:
        return _("No other validation example to search.")
    most = max((each.units for each in found), default=0)
    words = (
        _(
            "Other validation examples in which they are all on, each on its side: none of "
            "{examples}; at most {most} of {count} are."
        )
        if most and not whole
        else _(
            "Other validation examples in which the same are on, each on its side: {whole} of "
            "{examples}."
        )
    )
    return words.format(count=units, whole=whole, examples=examples, most=most)


def said_marks(begun: int, shown: int, share: float) -> str:
    """How many of the windows `shown` begin at a marked step, beside the `share` of such steps."""
    return _(
        "Windows shown that begin at a marked step: {begun} of {count} (of all steps, {share} are "
        "marked)."
    ).format(begun=begun, count=shown, share=percent(share))
