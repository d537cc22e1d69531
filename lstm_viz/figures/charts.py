"""Charts of a run as a whole: losses, forecasts, parameter gradients.

A history maps "epoch", "step", "train_loss", "validation_loss", "grad_norm" and
"clipped_grad_norm" to one number for each frame ever taken.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from lstm_viz.figures.altair_parts import (
    colour_of,
    decades,
    diagonal,
    finish,
    line_chart,
    log_axis,
    long_table,
    name_of,
    number_axis,
    over,
    rule,
)
from lstm_viz.figures.gate_charts import gate_distribution, saturation, time_constants
from lstm_viz.words import _

if TYPE_CHECKING:
    import altair as alt

__all__ = [
    "forecast",
    "gate_distribution",
    "loss",
    "parameter_gradients",
    "saturation",
    "scatter",
    "time_constants",
]

Numbers = npt.NDArray[np.floating]
History = Mapping[str, Sequence[float] | Numbers]


def loss(
    history: History, log: bool = True, chance: float | None = None, y_title: str | None = None
) -> "alt.LayerChart":
    """Training against validation loss over the epochs; `chance` draws what guessing costs."""
    import altair as alt

    series = {name_of(signal): history[signal] for signal in ("train_loss", "validation_loss")}
    colours = {name_of(signal): colour_of(signal) for signal in ("train_loss", "validation_loss")}
    table = long_table(_moments(history), series, positive=log)
    title = y_title if y_title is not None else _("mean squared error (scaled)")
    rules = () if chance is None or not chance > 0 else (chance,)
    axis = log_axis(title, *decades(table["value"], *rules)) if log else number_axis(title)
    chart = line_chart(table, _epochs(history), alt.Y("value:Q", **axis), colours, _tips())
    if chance is not None:
        chart = over(
            chart, rule(chance, _("always guessing the mean: {chance:.3g}").format(chance=chance))
        )
    return finish(chart)


def forecast(
    truth: Numbers, prediction: Numbers, start: int = 0, y_title: str | None = None
) -> "alt.LayerChart":
    """Prediction and truth, both (V,), at time indices start, start + 1, ..."""
    import altair as alt

    series = {name_of("truth"): truth, name_of("prediction"): prediction}
    table = long_table({"t": np.arange(start, start + len(truth))}, series)
    return finish(
        line_chart(
            table,
            alt.X("t:Q", **number_axis(_("time step of the series"))),
            alt.Y("value:Q", **number_axis(y_title if y_title is not None else _("value"))),
            {name_of("truth"): colour_of("truth"), name_of("prediction"): colour_of("prediction")},
            [
                alt.Tooltip("name:N", title=_("what")),
                alt.Tooltip("t:Q", title=_("time step")),
                alt.Tooltip("value:Q", title=_("value"), format=".4g"),
            ],
        )
    )


def scatter(truth: Numbers, prediction: Numbers) -> "alt.LayerChart":
    """A point for each example, both (V,); on the diagonal the prediction is right."""
    import altair as alt

    pairs = np.stack([np.ravel(truth), np.ravel(prediction)]).astype(np.float64)
    pairs = pairs[:, np.isfinite(pairs).all(axis=0)]
    low, high = (float(pairs.min()), float(pairs.max())) if pairs.size else (0.0, 1.0)
    table = pd.DataFrame({"truth": pairs[0], "prediction": pairs[1]})
    margin = (high - low) * 0.04 or 0.5
    axis: dict[str, Any] = {
        "scale": alt.Scale(domain=[low - margin, high + margin], nice=False),
        "axis": alt.Axis(tickCount=6),
    }
    x = alt.X("truth:Q", title=_("truth (in the data's unit)"), **axis)
    y = alt.Y("prediction:Q", title=_("prediction (in the data's unit)"), **axis)
    points = (
        alt.Chart(table)
        .mark_point(filled=True, size=46, opacity=0.65, color=colour_of("prediction"))
        .encode(
            x=x,
            y=y,
            tooltip=[
                alt.Tooltip("truth:Q", title=name_of("truth"), format=".4g"),
                alt.Tooltip("prediction:Q", title=name_of("prediction"), format=".4g"),
            ],
        )
    )
    return finish(diagonal(low - margin, high + margin, x, y), points, height=360)


def parameter_gradients(history: History, clip: float = 0.0) -> "alt.LayerChart":
    """‖dL/dθ‖₂ before and after clipping over the epochs, log axis; `clip` 0 is no clipping."""
    import altair as alt

    colour = colour_of("grad_parameters")
    before, after = _("before clipping"), _("after clipping")
    series = {before: history["grad_norm"]}
    if clip > 0:
        series[after] = history["clipped_grad_norm"]
    table = long_table(_moments(history), series, positive=True)
    ends = decades(table["value"], *([clip] if clip > 0 else []))
    chart = line_chart(
        table,
        _epochs(history),
        alt.Y("value:Q", **log_axis(name_of("grad_parameters"), *ends)),
        dict.fromkeys(series, colour),
        _tips(),
        dashed=[after] if clip > 0 else [],
    )
    if clip > 0:
        chart = over(chart, rule(clip, _("clipped above {clip:g}").format(clip=clip)))
    return finish(chart)


def _moments(history: History) -> dict[str, Sequence[float] | Numbers]:
    return {"epoch": history["epoch"], "step": history["step"]}


def _epochs(history: History) -> "alt.X":
    import altair as alt

    last = max(float(max(history["epoch"], default=1.0)), 1.0)
    return alt.X(
        "epoch:Q",
        title=_("epoch (passes over the training data)"),
        scale=alt.Scale(domain=[0, last], nice=False),
        axis=alt.Axis(tickCount=8),
    )


def _tips() -> list["alt.Tooltip"]:
    import altair as alt

    return [
        alt.Tooltip("name:N", title=_("what")),
        alt.Tooltip("epoch:Q", title=_("epoch"), format=".4~g"),
        alt.Tooltip("step:Q", title=_("step"), format="d"),
        alt.Tooltip("value:Q", title=_("value"), format=".3g"),
    ]
