"""Charts of a run as a whole: losses, forecasts against the truth, parameter gradients.

A history maps "epoch", "step", "train_loss", "validation_loss", "grad_norm" and
"clipped_grad_norm" to one number for each frame ever taken.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from lstm_viz.figures.axes import close_ends, decades, linear_axis, log_axis
from lstm_viz.figures.drawn_frames import linear_ends
from lstm_viz.figures.packing import Numbers
from lstm_viz.figures.palette import Signal
from lstm_viz.figures.vega import (
    DASHED,
    LEVELS,
    Spec,
    built_once,
    colour_of,
    diagonal,
    fed,
    framed,
    level_table,
    lines,
    long_table,
    marks,
    name_of,
)
from lstm_viz.words import _

History = Mapping[str, Sequence[float] | Numbers]
Ends = tuple[float, float]


def loss(
    history: History, log: bool = True, chance: float | None = None, y_title: str | None = None
) -> Spec:
    """Training against validation loss over the epochs; `chance` is that of a constant answer."""
    signals: tuple[Signal, ...] = ("train_loss", "validation_loss")
    table = over_epochs(history, {name_of(each): history[each] for each in signals}, positive=log)
    known = constant_answer(chance, log)
    look = _loss(
        y_title if y_title is not None else _("mean squared error (scaled)"),
        close_ends(table["value"], *known.values()) if log else None,
        tuple(known),
        begun(history),
        has_few(history),
    )
    return fed(look, run=table, **level_tables(known))


@built_once
def _loss(
    y_title: str, ends: Ends | None, levels: tuple[str, ...], begun: bool, few: bool
) -> alt.LayerChart:
    y = alt.Y("value:Q", title=y_title, **(log_axis(*ends) if ends else linear_axis()))
    signals: tuple[Signal, ...] = ("train_loss", "validation_loss")
    colours = {name_of(signal): colour_of(signal) for signal in signals}
    # Three names are too wide beside another chart.
    key: dict[str, Any] = {"columns": 2} if levels else {}
    return framed(lines("run", epochs(begun), y, colours, tips(), levels=levels, dots=few, **key))


def constant_answer(loss: float | None, log: bool) -> dict[str, float]:
    """What an answer that is always the same costs, as a level; none where it cannot be drawn."""
    if loss is None or not np.isfinite(loss) or (log and loss <= 0):
        return {}
    return {_("constant answer: {loss:.3g}").format(loss=loss): loss}


def scatter(truth: Numbers, prediction: Numbers) -> Spec:
    """A point for each example, both (V,); on the diagonal the prediction is right."""
    pairs = np.stack([np.ravel(truth), np.ravel(prediction)]).astype(np.float64)
    pairs = pairs[:, np.isfinite(pairs).all(axis=0)]
    ends = linear_ends(pairs)
    table = pd.DataFrame({"truth": pairs[0], "prediction": pairs[1]})
    corners = pd.DataFrame({"truth": ends, "prediction": ends})
    return fed(_scatter(ends), examples=table, diagonal=corners)


@built_once
def _scatter(ends: Ends) -> alt.LayerChart:
    axis = linear_axis(domain=list(ends), nice=False)
    x = alt.X("truth:Q", title=_("truth (in the data's unit)"), **axis)
    y = alt.Y("prediction:Q", title=_("prediction (in the data's unit)"), **axis)
    read = [
        alt.Tooltip("truth:Q", title=name_of("truth"), format=".4g"),
        alt.Tooltip("prediction:Q", title=name_of("prediction"), format=".4g"),
    ]
    dots = marks("examples").mark_point(
        filled=True, size=46, opacity=0.65, color=colour_of("prediction")
    )
    return framed([diagonal(x, y), dots.encode(x, y, tooltip=read)], height=360)


def parameter_gradients(history: History, clip: float = 0.0) -> Spec:
    """‖dL/dθ‖₂ before and after clipping over the epochs, log axis; `clip` 0 is no clipping."""
    series = {_("before clipping"): history["grad_norm"]}
    levels = {}
    if clip > 0:
        series[_("after clipping")] = history["clipped_grad_norm"]
        levels[_("clipped above {clip:g}").format(clip=clip)] = clip
    table = over_epochs(history, series, positive=True)
    look = _parameter_gradients(
        tuple(series),
        tuple(levels),
        decades(table["value"], *levels.values()),
        begun(history),
        has_few(history),
    )
    return fed(look, run=table, **level_tables(levels))


@built_once
def _parameter_gradients(
    names: tuple[str, ...], levels: tuple[str, ...], ends: Ends, begun: bool, few: bool
) -> alt.LayerChart:
    y = alt.Y("value:Q", title=name_of("grad_parameters"), **log_axis(*ends))
    colours = dict.fromkeys(names, colour_of("grad_parameters"))
    dashes = dict.fromkeys(names[1:], DASHED)
    x = epochs(begun)
    return framed(lines("run", x, y, colours, tips(), dashes=dashes, levels=levels, dots=few))


def over_epochs(
    history: History, series: Mapping[str, Sequence[float] | Numbers], *, positive: bool = False
) -> pd.DataFrame:
    """A history's courses as rows of `epoch`, `step`, `value` and `name`."""
    frames = {"epoch": history["epoch"], "step": history["step"]}
    return long_table(frames, series, positive=positive)


def level_tables(levels: Mapping[str, float]) -> dict[str, pd.DataFrame]:
    """The table of levels, where there are some."""
    return {LEVELS: level_table(levels)} if levels else {}


def begun(history: History) -> bool:
    """Whether the first epoch is over."""
    return max(history["epoch"], default=0.0) >= 1


def has_few(history: History) -> bool:
    """Whether a history is too short for its lines to be seen without dots."""
    return len(history["epoch"]) <= 3


def epochs(begun: bool, until: float | None = None) -> alt.X:
    """The axis of a run's epochs: the first one, then as far as it has come, or `until` there."""
    title = _("epoch (passes over the training data)")
    growing = alt.Scale(domainMin=0, nice=False) if begun else alt.Scale(domain=[0, 1])
    scale = growing if until is None else alt.Scale(domain=[0, until], nice=False)
    return alt.X("epoch:Q", title=title, scale=scale, axis=alt.Axis(tickCount=8))


def tips() -> list[alt.Tooltip]:
    """What the pointer reads of a frame of a run."""
    return [
        alt.Tooltip("name:N", title=_("what")),
        alt.Tooltip("epoch:Q", title=_("epoch"), format=".4~g"),
        alt.Tooltip("step:Q", title=_("step"), format="d"),
        alt.Tooltip("value:Q", title=_("value"), format=".3g"),
    ]
