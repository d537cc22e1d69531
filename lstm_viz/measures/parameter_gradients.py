"""What the gradient of all weights did over the training."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from lstm_viz.measures.spelling import percent, share
from lstm_viz.numerals import numeral
from lstm_viz.words import _, ngettext

Numbers = npt.NDArray[np.floating]

WINDOW = 9
"""Points on each side over which the median runs."""
TIMES = 100.0
"""How far above the median a point is a peak."""


class Peak(NamedTuple):
    """The point that stands out most."""

    point: int
    times: float
    """How many times the median around it."""


def largest_peak(norms: Numbers) -> Peak | None:
    """The point of (N,) that is the most times the median of those around it, without itself.

    None where no point has a finite norm above 0, and another beside it.

    >>> largest_peak(np.array([1.0, 1.0, 300.0, 1.0, 2.0]))
    Peak(point=2, times=300.0)
    """
    found: list[Peak] = []
    for point, norm in enumerate(norms):
        around = np.delete(norms, point)[max(0, point - WINDOW) : point + WINDOW]
        around = around[np.isfinite(around)]
        if around.size and np.isfinite(norm) and (median := float(np.median(around))) > 0:
            found.append(Peak(point, float(norm) / median))
    return max(found, key=lambda peak: peak.times, default=None)


def clipped_points(before: Numbers, after: Numbers) -> int:
    """Points at which clipping lowered the norm (N,)."""
    return int((np.asarray(after) < np.asarray(before) * (1 - 1e-6)).sum())


def said_clipping(
    clipped: int, counted: int, largest: float, after: float, limit: float = 0.0
) -> str:
    """At how many of all updates clipping acted, and what it made of the `largest` norm; `limit` is
    that of the norm, 0 where there is none.
    """
    if not counted:
        return ""
    if not clipped:
        words = (
            _("Clipping never acted: largest norm {largest}, limit {limit}. It changed nothing.")
            if limit
            else _("Clipping never acted: largest norm {largest}. It changed nothing.")
        )
        return words.format(largest=numeral(largest), limit=numeral(limit))
    words = ngettext(
        "Clipping acted at {clipped} of {count} update ({part}); the largest norm, {largest}, "
        "became {after}.",
        "Clipping acted at {clipped} of {count} updates ({part}); the largest norm, {largest}, "
        "became {after}.",
        counted,
    )
    return words.format(
        clipped=clipped,
        count=counted,
        part=percent(clipped / counted),
        largest=share(largest),
        after=share(after),
    )


Course = tuple[Numbers, Numbers]
"""(N,) updates at which a run was measured, and its validation losses there."""


def said_without(
    here: Course, there: Course, *, diverged: int | None, diverged_here: int | None
) -> str:
    """What became of the same training without clipping, `there`, beside one with it; the updates
    at which they diverged, if they did.
    """
    words = {"step": diverged, "own": diverged_here}
    if diverged is not None and diverged_here is not None:
        return _(
            "Without clipping, it diverged at update {step}; with it, at update {own}."
        ).format(**words)
    if diverged is not None and here[0][-1] >= diverged:
        return _("Without clipping, it diverged at update {step}; with it, it did not.").format(
            **words
        )
    common = np.intersect1d(here[0], there[0])
    if not common.size:
        return ""
    with_it, without = (
        float(losses[np.flatnonzero(steps == common[-1])[-1]]) for steps, losses in (here, there)
    )
    words |= {"step": int(common[-1])}
    return _(
        "After update {step} the validation loss is {without} without clipping, {with_it} with "
        "it: on this one seed."
    ).format(**words, without=share(without), with_it=share(with_it))


def said_peaks(epochs: Numbers, norms: Numbers) -> str:
    """Whether the gradient has a peak; nothing for a calm one."""
    peak = largest_peak(norms)
    if peak is None or peak.times < TIMES:
        return ""
    return _("It peaks at epoch {epoch:.1f}, at {times} times the median around it.").format(
        epoch=epochs[peak.point], times=share(peak.times)
    )


def said_clipped_means(before: Numbers, after: Numbers) -> str:
    """At how many points clipping lowered the norm, where means over updates are all there is."""
    clipped = clipped_points(before, after)
    words = _("Clipping lowered {clipped} of {points} norms (means over updates).")
    known = int(np.isfinite(before).sum())
    return words.format(clipped=clipped, points=known) if clipped else ""
