"""What changed over the training, drawn above films for all of them together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from lstm_viz.figures.drawn_frames import linear_ends, log_ends
from lstm_viz.figures.packing import Numbers, Scale, pack
from lstm_viz.figures.palette import Signal
from lstm_viz.figures.rows import NO_TITLE, Arrays, Rule, add, heading_of
from lstm_viz.words import _

OF_ONE_SIZE = 2.0
"""Values whose largest is less than so many times their smallest need no whole decade."""
FINITE = 300
"""Logarithms up to which their powers are numbers of a double."""


@dataclass(frozen=True)
class Course:
    """One line over the training in a `History`."""

    signal: Signal
    steps: Numbers
    """(N,) training steps."""
    values: Numbers
    """(N,); logarithms on a log scale."""
    faint: bool = False
    """One of many, drawn thin."""
    dash: Sequence[int] = ()
    """Pixels drawn and left out in turn; a whole line if empty."""
    broad: bool = False
    """What is typical of many, drawn broad and pale behind them."""
    colour: Mapping[str, str] | None = None
    name: str = ""
    """What the legend calls it; not in the legend if empty."""
    stepped: bool = False
    """It stays where it is until the next value."""


@dataclass(frozen=True)
class History:
    """What changed over the training, for all films together, with a mark at the frame shown.

    Or lines over another axis, whose `ticks` say what it is.
    """

    courses: Sequence[Course]
    y: str
    last: float
    """The training step at which the axis ends."""
    per_epoch: float = 1.0
    """Training steps of an epoch, in which the axis counts."""
    begin: float = 0.0
    """Where the axis begins."""
    ticks: Sequence[tuple[float, str]] | None = None
    x: str = ""
    """What the axis is, where it is not of epochs."""
    scale: Scale = "linear"
    rules: Sequence[Rule] = ()
    title: str = NO_TITLE
    height: int = 120
    high: float | None = None
    """The axis' upper end is around this value; around the largest if not said."""


def history_message(topic: str, rows: Sequence[History]) -> bytes:
    """What changed over the training, for all who watch a topic of the feed."""
    arrays: list[npt.NDArray[Any]] = []
    described = [describe_history(row, arrays) for row in rows]
    return pack({"topic": topic, "courses": described}, arrays)


def describe_history(row: History, arrays: Arrays) -> dict[str, Any]:
    """A history as the browser reads it; what it brings along is added to `arrays`."""
    drawn = [np.asarray(course.values) for course in row.courses]
    everything = np.concatenate([*drawn, [rule.value for rule in row.rules]])
    if row.high is not None:
        everything = np.minimum(everything, row.high)
    low, high = (close_ends if row.scale == "log" else linear_ends)(everything)
    return {
        "kind": "course",
        "begin": row.begin,
        "perEpoch": row.per_epoch,
        "ticks": [list(tick) for tick in row.ticks] if row.ticks is not None else None,
        "x": row.x or _("epoch"),
        "lines": [
            {
                "signal": course.signal,
                "steps": add(np.asarray(course.steps, np.float32), arrays),
                "array": add(np.asarray(values, np.float32), arrays),
                "faint": course.faint,
                "broad": course.broad,
                "dash": list(course.dash),
                "colour": dict(course.colour) if course.colour else None,
                "name": course.name,
                "stepped": course.stepped,
            }
            for course, values in zip(row.courses, drawn, strict=True)
        ],
        "ends": [low, high],
        "scale": row.scale,
        "last": row.last,
        "rules": [{"value": rule.value, "label": rule.label} for rule in row.rules],
        **heading_of(row),
    }


def close_ends(logs: Numbers) -> tuple[float, float]:
    """Round numbers around values of one size, as logarithms; powers of ten around others.

    >>> [round(10**end, 6) for end in close_ends(np.log10([0.64, 0.69]))]
    [0.6, 0.7]
    >>> close_ends(np.log10([0.03, 2.0]))
    (-2.0, 1.0)
    """
    known = 10.0 ** logs[np.isfinite(logs) & (np.abs(logs) < FINITE)]
    if not len(known) or known.max() >= OF_ONE_SIZE * known.min():
        return log_ends(logs)
    first, last = (int(np.floor(np.log10(each))) for each in (known.min(), known.max()))
    low = int(known.min() / 10.0**first + 1e-9)
    high = max(int(np.ceil(known.max() / 10.0**last - 1e-9)), low + 1 if first == last else 1)
    return float(np.log10(float(f"{low}e{first}"))), float(np.log10(float(f"{high}e{last}")))
