"""How the contenders of a race stand: what each costs, scores, and lets through of a gradient."""

import math
from dataclasses import dataclass

from lstm_viz.measures.gradient_flow import GradientFlow
from lstm_viz.runs.run import Run


@dataclass(frozen=True)
class Standing:
    """One contender's row of the table."""

    name: str
    parameters: int
    seconds_per_epoch: float
    """Of its own steps; NaN before the first."""
    memory: int
    """Bytes that one step of training keeps; 0 until measured."""
    score: float
    """What is compared: the validation loss, or the mean absolute error where losses differ."""
    accuracy: float
    """Share of right answers; NaN where numbers are asked for."""
    untrained: GradientFlow
    """What arrives of one step's gradient before training, on the typical example."""
    now: GradientFlow
    """The same at the newest frame, or at that step."""


def standing(name: str, run: Run, until: int | None, what: str) -> Standing:
    """How a run stands that has a frame, at its newest one or at the step `until`."""
    frames = run.film.frames
    frame = run.film.at(until) or frames[-1]
    seconds = run.seconds_per_epoch
    return Standing(
        name,
        run.parameters,
        math.nan if seconds is None else seconds,
        run.memory,
        getattr(frame, what),
        frame.validation_accuracy,
        frames[0].top_layer.flow(),
        frame.top_layer.flow(),
    )
