"""Both losses over a training, on a log axis."""

from collections.abc import Sequence

import altair as alt

from lstm_viz.figures.axes import decades, linear_axis, log_axis
from lstm_viz.figures.packing import Numbers
from lstm_viz.figures.palette import Signal
from lstm_viz.figures.vega import (
    Spec,
    built_once,
    colour_of,
    fed,
    framed,
    lines,
    long_table,
    name_of,
)
from lstm_viz.words import _

LOSSES: Sequence[Signal] = ("train_loss", "validation_loss")


def losses(steps: Numbers, train: Numbers, validation: Numbers) -> Spec:
    """(N,) each; what is no positive number is left out."""
    named = dict(zip(map(name_of, LOSSES), (train, validation), strict=True))
    table = long_table({"step": steps}, named, positive=True)
    return fed(_losses(decades(table["value"])), losses=table)


@built_once
def _losses(ends: tuple[float, float]) -> alt.LayerChart:
    x = alt.X("step:Q", title=_("training step"), **linear_axis(6, ",d"))
    y = alt.Y("value:Q", title=_("loss"), **log_axis(*ends))
    tips = [
        alt.Tooltip("name:N", title=_("signal")),
        alt.Tooltip("step:Q", title=_("training step"), format="d"),
        alt.Tooltip("value:Q", title=_("value"), format=".4g"),
    ]
    colours = {name_of(signal): colour_of(signal) for signal in LOSSES}
    return framed(lines("losses", x, y, colours, tips, dots=True))
