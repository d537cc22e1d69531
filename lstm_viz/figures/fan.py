"""Forecasts of several steps from one origin after the other, over what came: a fan."""

import altair as alt
import numpy as np
import pandas as pd

from lstm_viz.figures.axes import linear_axis
from lstm_viz.figures.forecasts import Rows
from lstm_viz.figures.packing import Numbers
from lstm_viz.figures.palette import Signal
from lstm_viz.figures.timeline import ROWS, TimeAxis, Timeline
from lstm_viz.figures.vega import (
    Spec,
    built_once,
    colour_of,
    coloured,
    fed,
    framed,
    hover,
    marks,
    name_of,
)
from lstm_viz.words import _

SIGNALS: tuple[Signal, ...] = ("truth", "prediction")


def fan(
    rows: Rows,
    truth: Numbers,
    origins: Rows,
    forecasts: Numbers,
    y_title: str = "",
    timeline: Timeline = ROWS,
) -> Spec:
    """Each of n forecasts (n, P) as a line from its origin (n,) on; `truth` (w,) at `rows`."""
    ahead = origins[:, None] + np.arange(forecasts.shape[1])
    drawn = pd.DataFrame(
        {
            "row": timeline.at(ahead.ravel()),
            "value": np.where(np.isfinite(forecasts), forecasts, np.nan).ravel(),
            "name": name_of("prediction"),
            "line": np.repeat(origins, forecasts.shape[1]),
        }
    )
    known = pd.DataFrame(
        {"row": timeline.at(rows), "value": truth, "name": name_of("truth"), "line": -1}
    )
    look = _fan(y_title, timeline.axis)
    return fed(look, fan=pd.concat([known, drawn], ignore_index=True))


@built_once
def _fan(y_title: str, axis: TimeAxis) -> alt.LayerChart:
    title, x = y_title or _("value"), axis.x("row")
    y = alt.Y("value:Q", title=title, **linear_axis())
    where = marks("fan").encode(
        x, y, coloured({name_of(each): colour_of(each) for each in SIGNALS}), detail="line:N"
    )
    read = [
        alt.Tooltip("name:N", title=_("what")),
        axis.tip("row"),
        alt.Tooltip("value:Q", title=title, format=".4g"),
    ]
    truth, forecast = (
        where.transform_filter(alt.FieldEqualPredicate(field="name", equal=name_of(each)))
        for each in SIGNALS
    )
    # What came lies below: where all forecasts are right, they are what is seen.
    return framed(
        [
            truth.mark_line(strokeWidth=2.2),
            forecast.mark_line(strokeWidth=1.6, opacity=0.9),
            hover(where, read),
        ]
    )
