"""What the gradient of all weights did over the training."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from lstm_viz.words import _

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


def said_peaks(epochs: Numbers, before: Numbers, after: Numbers) -> str:
    """Whether the gradient has a peak, and what clipping did; nothing for a calm one."""
    sentences, peak = [], largest_peak(before)
    if peak is not None and peak.times >= TIMES:
        sentences.append(
            _("It peaks at epoch {epoch:.1f}, at {times:.0f} times the median around it.").format(
                epoch=epochs[peak.point], times=peak.times
            )
        )
    if clipped := clipped_points(before, after):
        sentences.append(
            _(
                "Clipping lowered it at {clipped} of {points} points, each a mean over steps."
            ).format(clipped=clipped, points=int(np.isfinite(before).sum()))
        )
    return " ".join(sentences)
