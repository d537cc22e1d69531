"""What several seeds of each contender show: one seed is not a property of a cell."""

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from lstm_viz.measures.ranking import LEADS, Kind, Ranking, written
from lstm_viz.words import N_, _, listed, ngettext

Numbers = npt.NDArray[np.floating]

FEW_NAMES = 4
"""Contenders up to which a sentence has their numbers."""
FEWEST = 3
"""Seeds below which none leads: of two alike, every fifth pair would lie as far apart."""


class Spread(NamedTuple):
    """The scores of several seeds."""

    median: float
    low: float
    high: float

    @classmethod
    def of(cls, scores: Sequence[float]) -> "Spread":
        """Of at least one seed; NaN where one of them is."""
        return cls(float(np.median(scores)), float(np.min(scores)), float(np.max(scores)))

    @property
    def width(self) -> float:
        return self.high - self.low


def ranking(scores: Mapping[str, Sequence[float]], kind: Kind) -> Ranking:
    """Who leads over seeds: the best median, and all that it does not leave behind.

    A contender is left behind where every seed of it is worse than every one of the leader's, and
    the medians lie further apart than √(n - 1) times the seeds of either, of n contenders; losses
    and errors by their logarithms. Of equal contenders with three seeds each that happens about
    once in 25 times, however many they are. Below `FEWEST` seeds nobody is left behind.

    >>> ranking({"a": [0.2, 0.3, 0.2], "b": [1.0, 0.9, 1.0]}, "accuracy")
    Ranking(leaders=('b',), others=('a',))
    """
    spreads = {name: Spread.of(_better_is_more(each, kind)) for name, each in scores.items()}
    order = sorted(spreads, key=lambda name: -spreads[name].median)
    best = spreads[order[0]]
    enough = min(len(each) for each in scores.values()) >= FEWEST
    behind = [name for name in order[1:] if enough and _apart(best, spreads[name], len(order))]
    return Ranking(tuple(name for name in order if name not in behind), tuple(behind))


def _better_is_more(scores: Sequence[float], kind: Kind) -> Sequence[float]:
    if kind == "accuracy":
        return scores
    tiny = float(np.finfo(np.float64).tiny)
    return [-math.log(max(score, tiny)) for score in scores]


def _apart(best: Spread, other: Spread, contenders: int) -> bool:
    gap, width = best.median - other.median, max(best.width, other.width)
    return best.low > other.high and gap > math.sqrt(contenders - 1) * width


MEDIANS: Mapping[Kind, str] = {
    "accuracy": N_("median accuracy"),
    "loss": N_("median validation loss"),
    "mae": N_("median of the mean absolute error"),
}
SHARED = N_("Best {score}: {best}. No further apart than the seeds: {close}. Behind: {others}.")
EQUAL = N_("No further apart than the seeds in {score}: {all}.")
FEW = N_("Too few seeds to name the best {score}: {all}.")


def said_ranking(scores: Mapping[str, Sequence[float]], kind: Kind) -> str:
    """Who leads by what `kind` of score; of a few, the median and the lowest and highest seed."""
    found = ranking(scores, kind)
    if min(len(each) for each in scores.values()) < FEWEST:
        template = FEW
    elif not found.others:
        template = EQUAL
    else:
        template = LEADS if len(found.leaders) == 1 else SHARED

    def told(names: Sequence[str]) -> str:
        if len(scores) > FEW_NAMES:
            return listed(names)
        words = _("{name} ({scores})")
        return listed(
            [words.format(name=name, scores=said_spread(scores[name], kind)) for name in names]
        )

    best, *close = found.leaders
    return _(template).format(
        score=_(MEDIANS[kind]),
        best=told([best]),
        close=told(close),
        others=told(found.others),
        all=told(found.leaders),
    )


def said_spread(scores: Sequence[float], kind: Kind) -> str:
    """The median of some seeds, and from where to where they go; one seed's score alone.

    >>> said_spread([0.25, 1.0, 0.9], "accuracy"), said_spread([0.012, 0.012], "loss")
    ('90.0%, 25.0% to 100.0%', '0.012')
    """
    median, low, high = (written(value, kind) for value in Spread.of(scores))
    if low == high:
        return median
    return _("{median}, {low} to {high}").format(median=median, low=low, high=high)


def said_seeds(done: int, planned: int, *, going: bool) -> str:
    """On how many seeds a verdict stands; `going`: others of them are still training."""
    if done < planned:
        words = (
            _("So far on {done} of {planned} seeds.")
            if going
            else _("On {done} of {planned} seeds: the others did not train to the end.")
        )
        return words.format(done=done, planned=planned)
    words = ngettext("On {done} seed: another may end differently.", "On {done} seeds.", done)
    return words.format(done=done)


def median_course(steps: Sequence[Numbers], values: Sequence[Numbers]) -> tuple[Numbers, Numbers]:
    """The median of seeds at every step at which one of them was measured.

    Each seed is a line through its points (N,); one that ended early keeps its last value, and what
    is no number is left out of its line.

    >>> median_course([np.array([0, 4]), np.array([0, 2])], [np.array([0, 8]), np.array([0, 0])])
    (array([0, 2, 4]), array([0., 2., 4.]))
    """
    every = np.unique(np.concatenate(steps))
    lines = []
    for at, value in zip(steps, values, strict=True):
        known = np.isfinite(value)
        lines.append(
            np.interp(every, at[known], value[known])
            if known.any()
            else np.full(len(every), np.nan)
        )
    return every, np.asarray(np.median(lines, axis=0))
