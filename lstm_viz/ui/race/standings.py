"""How the contenders of a race stand, and what that shows, in words."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from lstm_viz.measures.reach import reach
from lstm_viz.runs.frames import Frame
from lstm_viz.runs.registry import Run
from lstm_viz.ui.race.equal import listed
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
    loss: float
    """The lowest validation loss so far; NaN where there was none."""
    accuracy: float
    """The largest share of right answers so far; NaN where numbers are asked for."""
    time_steps: int
    """T."""
    untrained: int | None
    """Steps back at which the gradient falls below a thousandth, before training; None: never."""
    now: int | None
    """The same at the newest frame, or at that step."""


def standing(name: str, run: Run, until: int | None = None) -> Standing:
    """How a run stands that has a frame; with `until`, what it had reached at that step."""
    history, frames = run.film.history, run.film.frames
    known = slice(None) if until is None else history["step"] <= until
    seconds = run.seconds_per_epoch
    return Standing(
        name,
        run.parameters,
        math.nan if seconds is None else seconds,
        run.memory,
        _best(history["validation_loss"][known], min),
        _best(history["validation_accuracy"][known], max),
        run.dataset.window,
        reach(through_time(frames[0])),
        reach(through_time(run.film.at(until) or frames[-1])),
    )


def _best(values: Sequence[float] | np.ndarray, best: Callable[[list[float]], float]) -> float:
    finite = [float(value) for value in values if math.isfinite(value)]
    return best(finite) if finite else math.nan


def said_score(
    standings: Sequence[Standing],
    chance: float | None,
    chance_accuracy: float | None,
    *,
    over: bool,
) -> str:
    """Who is best and by how much, and who is no better than guessing; `over`: none trains on.

    By the share of right answers where there is one, else by the validation loss.
    """
    known = [each for each in standings if math.isfinite(each.loss)]
    if len(known) < 2:
        return ""
    if all(math.isfinite(each.accuracy) for each in known):
        return _said_accuracy(known, chance_accuracy, over)
    return _said_loss(known, chance, over)


def _said_accuracy(known: Sequence[Standing], chance: float | None, over: bool) -> str:
    ranked = sorted(known, key=lambda each: -each.accuracy)
    shown = [f"{each.accuracy:.1%}" for each in ranked]
    leaders = [each.name for each, said in zip(ranked, shown, strict=True) if said == shown[0]]
    words = (
        _("Best: {names} with {score} right answers")
        if over
        else _("Best so far: {names} with {score} right answers")
    )
    sentence = words.format(names=listed(leaders), score=shown[0])
    if len(leaders) < len(ranked):
        after = ranked[len(leaders)]
        sentence += _(", {points:.1f} percentage points ahead of {name} with {score}").format(
            points=round(100 * ranked[0].accuracy, 1) - round(100 * after.accuracy, 1),
            name=after.name,
            score=shown[len(leaders)],
        )
    if chance is not None:
        sentence += _("; guessing gets {score:.1%}").format(score=chance)
    return sentence + "."


def _said_loss(known: Sequence[Standing], chance: float | None, over: bool) -> str:
    ranked = sorted(known, key=lambda each: each.loss)
    shown = [f"{each.loss:.3g}" for each in ranked]
    leaders = [each.name for each, said in zip(ranked, shown, strict=True) if said == shown[0]]
    words = (
        _("Best: {names} with a validation loss of {score}")
        if over
        else _("Best so far: {names} with a validation loss of {score}")
    )
    sentence = words.format(names=listed(leaders), score=shown[0])
    if len(leaders) < len(ranked):
        after = ranked[len(leaders)]
        sentence += _("; next comes {name} with {score}").format(
            name=after.name, score=shown[len(leaders)]
        )
        if ranked[0].loss > 0:
            times = after.loss / ranked[0].loss
            sentence += _(", {times} times as much").format(
                times=f"{times:.0f}" if times >= 10 else f"{times:.3g}"
            )
    sentence += "."
    if chance is None:
        return sentence
    guessing = [each.name for each in ranked if each.loss >= chance]
    if not guessing:
        words = _("All do better than guessing, which costs {chance:.3g}.")
        return f"{sentence} {words.format(chance=chance)}"
    words = _("No better than guessing, which costs {chance:.3g}: {names}.")
    return f"{sentence} {words.format(chance=chance, names=listed(guessing))}"


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
