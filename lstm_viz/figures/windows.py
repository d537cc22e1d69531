"""How windows are cut from a series, as a picture."""

import altair as alt
import numpy as np
import pandas as pd

from lstm_viz.figures.axes import linear_axis
from lstm_viz.figures.packing import Numbers
from lstm_viz.figures.palette import Signal
from lstm_viz.figures.vega import (
    Spec,
    below,
    built_once,
    colour_of,
    coloured,
    fed,
    hover,
    layered,
    marks,
    unlabelled,
)
from lstm_viz.words import _

WINDOWS_SHOWN = 4
DOTS = 150
"""Rows up to which each has a dot."""


def windows(values: Numbers, *, window: int, horizon: int, y_title: str) -> Spec:
    """How the first windows are cut: each bar an example, below the rows of its series.

    The window is what the network reads, the horizon what it has to predict; each example
    starts one row after the one before it. `values` is (N,), the target.
    """
    shown = min(WINDOWS_SHOWN, max(len(values) - window - horizon + 1, 1))
    rows = np.arange(min(window + horizon + shown + 1, len(values)))
    series = pd.DataFrame({"row": rows, "value": np.asarray(values, np.float64)[rows]})
    examples = [
        {
            "example": _("example {number}").format(number=k + 1),
            "name": name,
            "row": k + offset - 0.5,
            "stop": k + offset + length - 0.5,
        }
        for k in range(shown)
        for name, offset, length in zip(_names(), (0, window), (window, horizon), strict=True)
    ]
    look = _windows(y_title, len(rows))
    return fed(look, series=series, examples=pd.DataFrame(examples))


@built_once
def _windows(y_title: str, rows: int) -> alt.VConcatChart:
    signals: tuple[Signal, ...] = ("series", "prediction")
    colours = {name: colour_of(each) for name, each in zip(_names(), signals, strict=True)}
    title = _("row of the series")
    x = alt.X("row:Q", title=title, **linear_axis(8, ",d", domain=[-1, rows], nice=False))
    y, colour = alt.Y("value:Q", title=y_title, **linear_axis(4)), alt.value(colour_of("truth"))
    where = marks("series").encode(unlabelled(x), y, color=colour)
    line = where.mark_line(strokeWidth=1.6, point=rows <= DOTS)
    read = [
        alt.Tooltip("row:Q", title=title),
        alt.Tooltip("value:Q", title=y_title, format=".4g"),
    ]
    bars = marks("examples").encode(
        x,
        alt.X2("stop"),
        alt.Y("example:N", title=None, sort=None, scale=alt.Scale(paddingInner=0.4)),
        coloured(colours, symbol="square"),
        tooltip=[
            alt.Tooltip("example:N", title=_("which")),
            alt.Tooltip("name:N", title=_("what")),
        ],
    )
    return below(
        [
            layered([line, hover(where, read)], height=160),
            layered([bars.mark_bar()], height=84),
        ]
    )


def _names() -> tuple[str, str]:
    return _("window: what the network reads"), _("horizon: what it predicts")
