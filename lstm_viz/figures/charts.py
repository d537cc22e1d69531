"""Charts of a run as a whole, as Vega-Lite: losses, forecasts, parameter gradients.

A history maps "epoch", "step", "train_loss", "validation_loss", "grad_norm" and
"clipped_grad_norm" to one number for each frame ever taken.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from lstm_viz.figures.gate_charts import gate_distribution, saturation, time_constants
from lstm_viz.figures.palette import Signal
from lstm_viz.figures.vega import (
    Spec,
    colour_of,
    decades,
    diagonal,
    figure,
    layer,
    linear_axis,
    lines,
    log_axis,
    long_table,
    name,
    name_of,
    quantity,
    rule,
)
from lstm_viz.words import _

__all__ = [
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
) -> Spec:
    """Training against validation loss over the epochs; `chance` is that of a constant answer."""
    signals: tuple[Signal, ...] = ("train_loss", "validation_loss")
    table = long_table(
        _moments(history), {name_of(signal): history[signal] for signal in signals}, positive=log
    )
    known = constant_answer(chance, log)
    axis = log_axis(*decades(table["value"], *known.values())) if log else linear_axis()
    title = y_title if y_title is not None else _("mean squared error (scaled)")
    colours = {name_of(signal): colour_of(signal) for signal in signals}
    y = quantity("value", title, **axis)
    layers = lines(
        "run", epochs(history), y, colours, tips(), levels=known, dots=_has_begun(history)
    )
    return figure(layers, {"run": table})


def constant_answer(loss: float | None, log: bool) -> dict[str, float]:
    """What an answer that is always the same costs, as a level; none where it cannot be drawn."""
    if loss is None or not np.isfinite(loss) or (log and loss <= 0):
        return {}
    return {_("constant answer: {loss:.3g}").format(loss=loss): loss}


def scatter(truth: Numbers, prediction: Numbers) -> Spec:
    """A point for each example, both (V,); on the diagonal the prediction is right."""
    pairs = np.stack([np.ravel(truth), np.ravel(prediction)]).astype(np.float64)
    pairs = pairs[:, np.isfinite(pairs).all(axis=0)]
    low, high = (float(pairs.min()), float(pairs.max())) if pairs.size else (0.0, 1.0)
    margin = (high - low) * 0.04 or 0.5
    low, high = low - margin, high + margin
    axis = linear_axis(domain=[low, high], nice=False)
    x = quantity("truth", _("truth (in the data's unit)"), **axis)
    y = quantity("prediction", _("prediction (in the data's unit)"), **axis)
    tips = [
        quantity("truth", name_of("truth"), format=".4g"),
        quantity("prediction", name_of("prediction"), format=".4g"),
    ]
    look = {"filled": True, "size": 46, "opacity": 0.65, "color": colour_of("prediction")}
    points = layer("examples", "point", {"x": x, "y": y, "tooltip": tips}, **look)
    table = pd.DataFrame({"truth": pairs[0], "prediction": pairs[1]})
    return figure([diagonal(low, high, x, y), points], {"examples": table}, height=360)


def parameter_gradients(history: History, clip: float = 0.0) -> Spec:
    """‖dL/dθ‖₂ before and after clipping over the epochs, log axis; `clip` 0 is no clipping."""
    before, after = _("before clipping"), _("after clipping")
    series = {before: history["grad_norm"]}
    if clip > 0:
        series[after] = history["clipped_grad_norm"]
    table = long_table(_moments(history), series, positive=True)
    ends = decades(table["value"], *([clip] if clip > 0 else []))
    y = quantity("value", name_of("grad_parameters"), **log_axis(*ends))
    colours = dict.fromkeys(series, colour_of("grad_parameters"))
    layers = lines(
        "run", epochs(history), y, colours, tips(), dashed=[after], dots=_has_begun(history)
    )
    if clip > 0:
        layers += rule(clip, _("clipped above {clip:g}").format(clip=clip))
    return figure(layers, {"run": table})


def _moments(history: History) -> dict[str, Sequence[float] | Numbers]:
    return {"epoch": history["epoch"], "step": history["step"]}


def _has_begun(history: History) -> bool:
    return len(history["epoch"]) <= 3


def epochs(history: History) -> Spec:
    """The axis of a run's epochs."""
    # Of a run that has just begun, the first epoch; then as far as it has come.
    begun = max(history["epoch"], default=0.0) >= 1
    scale = {"domainMin": 0, "nice": False} if begun else {"domain": [0, 1]}
    return quantity(
        "epoch", _("epoch (passes over the training data)"), scale=scale, axis={"tickCount": 8}
    )


def tips() -> list[Spec]:
    """What the pointer reads of a moment of a run."""
    return [
        name("name", _("what")),
        quantity("epoch", _("epoch"), format=".4~g"),
        quantity("step", _("step"), format="d"),
        quantity("value", _("value"), format=".3g"),
    ]
