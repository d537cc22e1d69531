"""How the contenders of a race stand, and what that shows, in words."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from lstm_viz.measures.reach import reach
from lstm_viz.runs.frames import Frame
from lstm_viz.runs.registry import Run
from lstm_viz.words import _


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
    time_steps: int
    """T."""
    untrained: int | None
    """Steps back at which the gradient falls below a thousandth, before training; None: never."""
    now: int | None
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
        run.dataset.window,
        reach(through_time(frames[0])),
        reach(through_time(frame)),
    )


def said_reach(standings: Sequence[Standing]) -> str:
    """How far back each gradient reaches before it is a thousandth, before training and now."""
    if not standings:
        return ""
    return _(
        "Steps back until the gradient is a thousandth of its last value, before training: "
        "{untrained}. Now: {now}."
    ).format(
        untrained=_reaches(standings, lambda each: each.untrained),
        now=_reaches(standings, lambda each: each.now),
    )


def _reaches(standings: Sequence[Standing], of: Callable[[Standing], int | None]) -> str:
    """Each contender's, the farthest first."""
    farthest = sorted(standings, key=lambda each: -_far(of(each)))
    return ", ".join(f"{each.name}: {steps_back(of(each), each.time_steps)}" for each in farthest)


def _far(steps: int | None) -> float:
    return math.inf if steps is None else steps


def steps_back(steps: int | None, time_steps: int) -> str:
    """A reach in a table: its number of steps, or that the sequence ends before.

    >>> steps_back(12, 40), steps_back(None, 40)
    ('12', 'more than 39')
    """
    return str(steps) if steps is not None else _("more than {last}").format(last=time_steps - 1)


def through_time(frame: Frame) -> npt.NDArray[np.float64]:
    """(T,) ‖dL/dc_t‖₂, or ‖dL/dh_t‖₂ without a cell state: of the top layer, the geometric mean
    over the probe's examples.
    """
    layer = list(frame.layers.values())[-1]
    norms = layer.grad_hidden_norm if layer.grad_cell_norm is None else layer.grad_cell_norm
    norms = np.maximum(norms, np.finfo(np.float64).tiny)
    return np.asarray(np.exp(np.log(norms).mean(axis=0)))
