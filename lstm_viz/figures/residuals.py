"""Charts of a forecast's errors: where they are large, and how they are distributed."""

import altair as alt
import numpy as np
import numpy.typing as npt
import pandas as pd

from lstm_viz.data.thinning import thin
from lstm_viz.figures.axes import linear_axis
from lstm_viz.figures.drawn_frames import linear_ends
from lstm_viz.figures.forecasts import MAX_POINTS, Rows
from lstm_viz.figures.packing import Numbers
from lstm_viz.figures.palette import MUTED, Signal, theme
from lstm_viz.figures.timeline import ROWS, TimeAxis, Timeline
from lstm_viz.figures.vega import (
    DASH,
    LEVELS,
    WHOLE,
    Spec,
    built_once,
    colour_of,
    coloured,
    dashed,
    fed,
    framed,
    hover,
    marks,
    name_of,
    upright,
)
from lstm_viz.figures.written import LABEL
from lstm_viz.words import _

MAX_BINS = 41
NARROW = 220
"""Pixels for the title below the histogram, which stands in a narrow column."""
FEW = 2
"""Residuals that are drawn as points, too: a line of one is not seen."""


def residuals(
    rows: Rows,
    residual: Numbers,
    limit: float | None = None,
    flagged: npt.NDArray[np.integer] | None = None,
    y_title: str = "",
    timeline: Timeline = ROWS,
) -> Spec:
    """Forecast minus truth at rows (n,); `flagged` places lie beyond ± `limit`. 0 is in sight."""
    marked = np.zeros(0, np.int64) if flagged is None else np.asarray(flagged)[:MAX_POINTS]
    kept = np.union1d(thin(residual, MAX_POINTS), marked)
    values = np.where(np.isfinite(residual), residual, np.nan)[kept]
    is_marked = np.isin(kept, marked)
    names = np.where(is_marked, name_of("anomaly"), name_of("residual"))
    table = pd.DataFrame(
        {"row": timeline.at(rows)[kept], "value": values, "name": names, "flagged": is_marked}
    )
    threshold = [limit, -limit] if limit is not None and np.isfinite(limit) else []
    reach = linear_ends(np.abs([0.0, *values, *threshold]))[1]
    look = _residuals(y_title, timeline.axis, reach, bool(threshold), len(rows) <= FEW)
    levels = pd.DataFrame({"value": threshold, "name": _("threshold")})
    return fed(look, residuals=table, **({LEVELS: levels} if threshold else {}))


@built_once
def _residuals(
    y_title: str, axis: TimeAxis, reach: float, bounded: bool, few: bool
) -> alt.LayerChart:
    title = _("forecast - truth ({unit})").format(unit=y_title or _("value"))
    x = axis.x("row")
    y = alt.Y("value:Q", title=title, **linear_axis(4, domain=[-reach, reach], nice=False))
    signals: tuple[Signal, ...] = ("residual", "anomaly")
    colours = {name_of(signal): colour_of(signal) for signal in signals}
    if bounded:
        colours[_("threshold")] = MUTED[theme()]
    colour = coloured(colours)
    where = marks("residuals").encode(x, y)
    read = [axis.tip("row"), alt.Tooltip("value:Q", title=title, format=".4g")]
    seen = alt.value(1) if few else alt.condition("datum.flagged", alt.value(1), alt.value(0))
    points = where.mark_point(size=60, filled=True).encode(colour, opacity=seen)
    drawn = [
        where.mark_line(strokeWidth=1.4, color=colour_of("residual")),
        points,
        hover(where, read),
    ]
    if bounded:
        dash = dashed({**dict.fromkeys(colours, WHOLE), _("threshold"): DASH})
        drawn.append(marks(LEVELS).mark_rule(strokeWidth=1.6).encode(y, colour, dash))
    return framed(drawn)


def residual_histogram(residual: Numbers, y_title: str = "") -> Spec:
    """How often a residual (n,) lies where; a forecast without bias lies around 0."""
    finite = np.asarray(residual, np.float64)[np.isfinite(residual)]
    reach = float(np.abs(finite).max(initial=0.0)) or 1.0
    # An odd number of bins around 0, as many as there are residuals for: one of them is "right".
    bins = 2 * int(np.clip(np.sqrt(len(finite)), 2, MAX_BINS // 2)) + 1
    counts, edges = np.histogram(finite, bins=bins, range=(-reach, reach))
    table = pd.DataFrame(
        {"low": edges[:-1], "high": edges[1:], "share": counts / max(counts.sum(), 1)}
    )
    zero = pd.DataFrame({"low": [0.0], "label": [""]})
    return fed(_histogram(y_title), bins=table, zero=zero)


@built_once
def _histogram(y_title: str) -> alt.LayerChart:
    title = _("forecast - truth ({unit})").format(unit=y_title or _("value"))
    below = alt.Axis(tickCount=6, titleLimit=NARROW, labelExpr=LABEL)
    x = alt.X("low:Q", title=title, bin=alt.BinParams(binned=True), axis=below)
    axis = alt.Axis(format="~%", tickCount=5)
    bars = (
        marks("bins")
        .mark_bar(color=colour_of("residual"), binSpacing=1)
        .encode(
            x,
            alt.X2("high"),
            alt.Y("share:Q", title=_("share of the rows"), axis=axis),
            tooltip=[
                alt.Tooltip("low:Q", title=_("from"), format=".3g"),
                alt.Tooltip("high:Q", title=_("to"), format=".3g"),
                alt.Tooltip("share:Q", title=_("share"), format=".1%"),
            ],
        )
    )
    return framed([bars, *upright("zero", alt.X("low:Q", title=title))])
