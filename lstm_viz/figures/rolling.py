"""The mean error from each cut point to the next, of the network and of the simple forecasts."""

from collections.abc import Mapping

import altair as alt

from lstm_viz.figures.axes import linear_axis
from lstm_viz.figures.forecasts import Rows
from lstm_viz.figures.packing import Numbers
from lstm_viz.figures.palette import Signal
from lstm_viz.figures.timeline import ROWS, TimeAxis, Timeline
from lstm_viz.figures.vega import (
    DASHED,
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


def rolling(
    rows: Rows, errors: Mapping[Signal, Numbers], y_title: str = "", timeline: Timeline = ROWS
) -> Spec:
    """Mean absolute errors (cuts,) by signal, at the first row of each stretch."""
    names = _names(tuple(errors))
    drawn = {names[each]: errors[each] for each in reversed(tuple(errors))}
    look = _rolling(tuple(errors), y_title, timeline.axis)
    return fed(look, rolling=long_table({"row": timeline.at(rows)}, drawn))


@built_once
def _rolling(signals: tuple[Signal, ...], y_title: str, axis: TimeAxis) -> alt.LayerChart:
    title = _("mean absolute error ({unit})").format(unit=y_title or _("value"))
    y = alt.Y("value:Q", title=title, **linear_axis(domainMin=0))
    names = _names(signals)
    read = [
        alt.Tooltip("name:N", title=_("what")),
        axis.tip("row"),
        alt.Tooltip("value:Q", title=title, format=".4g"),
    ]
    colours = {names[each]: colour_of(each) for each in signals}
    dashes = {names[each]: DASHED for each in signals if each != "prediction"}
    return framed(lines("rolling", axis.x("row"), y, colours, read, dashes=dashes, dots=True))


def _names(signals: tuple[Signal, ...]) -> dict[Signal, str]:
    return {**{each: name_of(each) for each in signals}, "prediction": _("the network")}
