"""A layer's states as paths in three principal components, for the component that turns them.

It is a component of our own, and not Plotly's 3-D scatter: it follows the stage's time step while
that moves, without a message to the server; it keeps the reader's view where the data change, which
Plotly loses; and Plotly's 4.7 MB would take a first visitor some three seconds.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from lstm_viz.figures.colour import mix
from lstm_viz.figures.palette import BACKGROUND, LOOKS, MUTED, TEXT, THEMES, Signal
from lstm_viz.figures.trajectories import PALEST, SHAPES
from lstm_viz.measures.resting import FIXED, KINDS
from lstm_viz.numerals import numeral
from lstm_viz.words import _

Array = npt.NDArray[np.float64]

DIGITS = 4
"""Of a coordinate: a box is a few hundred pixels wide."""


def space_view(
    places: Array,
    sample: int,
    signal: Signal,
    *,
    marked: Sequence[int] = (),
    points: Array | None = None,
    kinds: Sequence[str] = (),
    speeds: Array | None = None,
    cursor: int | None = None,
    subject: str = "",
) -> dict[str, Any]:
    """What `trajectories` takes, of (B, T, 3) places and (N, 3) points: each axis fits the paths
    and the points. The browser moves to the step `cursor` when it changes; components of one
    `subject` have one selection.
    """
    whole = (
        places.reshape(-1, 3) if points is None else np.concatenate([places.reshape(-1, 3), points])
    )
    low, high = whole.min(axis=0), whole.max(axis=0)
    size = np.where(high > low, high - low, 1.0)

    def inside(values: Array) -> list[Any]:
        found: list[Any] = np.round(2 * (values - low) / size - 1, DIGITS).tolist()
        return found

    paths = inside(places)
    rest = (
        [] if points is None or speeds is None else zip(inside(points), kinds, speeds, strict=True)
    )
    return {
        "own": paths[sample],
        "others": [path for k, path in enumerate(paths) if k != sample],
        "marked": [int(t) for t in marked],
        "points": [
            {
                "at": at,
                "shape": SHAPES[kind],
                "rests": bool(speed <= FIXED),
                "said": _("{kind}, speed q = {speed}").format(
                    kind=_(KINDS[kind]), speed=numeral(speed, 2)
                ),
            }
            for at, kind, speed in rest
        ],
        "axes": [
            {"name": _("PC {number}").format(number=k), "low": _end(a), "high": _end(b)}
            for k, (a, b) in enumerate(zip(low, high, strict=True), 1)
        ],
        "looks": {
            theme: {
                "ink": MUTED[theme],
                "text": TEXT[theme],
                "low": mix(BACKGROUND[theme], LOOKS[signal][theme], PALEST),
                "full": LOOKS[signal][theme],
            }
            for theme in THEMES
        },
        "words": {
            "t": _("time step t"),
            "summary": _(
                "Paths of the state over {count} time steps in three principal components. Arrow "
                "keys turn them, with Shift they move the time step; Home turns them back."
            ).format(count=places.shape[1]),
        },
        "cursor": cursor,
        "subject": subject,
    }


def _end(value: float) -> str:
    """Where an axis ends, with the minus that the film writes."""
    return numeral(value, 2)
