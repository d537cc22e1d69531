"""What changed over the training, drawn above films for all of them together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from lstm_viz.figures.drawn_frames import linear_ends, log_ends
from lstm_viz.figures.packing import Numbers, Scale
from lstm_viz.figures.palette import Signal
from lstm_viz.figures.rows import NO_TITLE, Arrays, Rule, add, heading_of


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


@dataclass(frozen=True)
class History:
    """What changed over the training, for all films together, with a mark at the frame shown."""

    courses: Sequence[Course]
    y: str
    last: float
    """The training step at which the axis ends."""
    scale: Scale = "linear"
    rules: Sequence[Rule] = ()
    title: str = NO_TITLE
    height: int = 120
    high: float | None = None
    """The axis' upper end is around this value; around the largest if not said."""


def describe_history(row: History, arrays: Arrays) -> dict[str, Any]:
    """A history as the browser reads it; what it brings along is added to `arrays`."""
    drawn = [np.asarray(course.values) for course in row.courses]
    everything = np.concatenate([*drawn, [rule.value for rule in row.rules]])
    if row.high is not None:
        everything = np.minimum(everything, row.high)
    low, high = (log_ends if row.scale == "log" else linear_ends)(everything)
    return {
        "kind": "course",
        "lines": [
            {
                "signal": course.signal,
                "steps": add(np.asarray(course.steps, np.float32), arrays),
                "array": add(np.asarray(values, np.float32), arrays),
                "faint": course.faint,
                "broad": course.broad,
                "dash": list(course.dash),
                "colour": dict(course.colour) if course.colour else None,
            }
            for course, values in zip(row.courses, drawn, strict=True)
        ],
        "ends": [low, high],
        "scale": row.scale,
        "last": row.last,
        "rules": [{"value": rule.value, "label": rule.label} for rule in row.rules],
        **heading_of(row),
    }
