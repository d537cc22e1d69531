"""What the charts share: each is built with Altair, once, and fed with tables from then on.

Altair takes 4 to 8 ms of processor time to build a chart and as long to write it out. So the look
of a chart is kept as the specification that Altair wrote, and a live chart costs its tables alone:
these have names, and the browser updates the marks in place.
"""

import threading
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import lru_cache, wraps
from typing import Any, ParamSpec

import altair as alt
import numpy as np
import pandas as pd
from altair.utils.schemapi import debug_mode

from lstm_viz.figures.heard import make_heard
from lstm_viz.figures.palette import LOOKS, MUTED, Signal, theme
from lstm_viz.words import _, language

Spec = dict[str, Any]
Layers = list[alt.Chart]
Built = alt.LayerChart | alt.VConcatChart
Look = ParamSpec("Look")

FONT_SIZE = 13
HEIGHT = 300
AROUND = 70
"""What of a chart's height its title, legend and horizontal axis take."""
ABOVE_LABELS = 24
"""A legend's distance from a plot with labels above it."""
KEPT = 256
"""Looks that are remembered; the one that was not asked for longest is built again."""
DASH, DASHED, WHOLE = (2, 4), (6, 4), (1, 0)
LEVELS = "levels"
"""The table of values across a chart: columns `value` and `name`."""
DIAGONAL = "diagonal"
"""The table of two points where truth and answer are the same."""
checked = False
"""Whether charts are checked against Vega-Lite's schema, as the tests have it: it takes as long."""
PICK = "pick"
"""The selection by which a chart says on which of its marks the reader has clicked."""
_writing = threading.RLock()  # what Altair checks is one switch for all threads


def built_once(build: Callable[Look, Built]) -> Callable[Look, Spec]:
    """Keep the specification that a chart's look gives.

    The look is what the arguments say (titles, ends of axes, names of lines), all hashable,
    and the reader's theme and language. It holds no data: `fed` adds it.
    """

    @lru_cache(KEPT)
    def written(_theme: str, _language: str, *args: Any, **kwargs: Any) -> Spec:
        with _writing, debug_mode(checked):
            spec: Spec = build(*args, **kwargs).to_dict(validate=checked)
        make_heard(spec)
        return spec

    @wraps(build)
    def look(*args: Look.args, **kwargs: Look.kwargs) -> Spec:
        asked: Callable[..., Spec] = written
        return asked(theme(), language(), *args, **kwargs)

    return look


def fed(look: Spec, **tables: pd.DataFrame) -> Spec:
    """A chart with its data: each table under the name by which the marks know it."""
    return {**look, "datasets": tables}


def layered(layers: Layers, **properties: Any) -> alt.LayerChart:
    """Layers over each other, the first at the bottom."""
    chart: alt.LayerChart = alt.LayerChart(layer=layers, **properties)
    return chart


def framed(layers: Layers, height: int = HEIGHT, **properties: Any) -> alt.LayerChart:
    """Layers over each other, as wide as their container."""
    return layered(
        layers, width="container", height=height, config=_config(height - AROUND), **properties
    )


def below(charts: Sequence[alt.LayerChart]) -> alt.VConcatChart:
    """Charts below each other on one horizontal axis, as wide as their container."""
    # Of charts in a chart, Streamlit would let the axes stand out at the side.
    fit = alt.AutoSizeParams(type="fit-x", contains="padding")
    return alt.VConcatChart(
        vconcat=list(charts),
        spacing=14,
        autosize=fit,
        config=_config(max(int(chart.height) for chart in charts)),
        resolve=alt.Resolve(scale=alt.ScaleResolveMap(x="shared")),
    )


def unlabelled(x: alt.X) -> alt.X:
    """The axis of a chart that stands above another one, which is labelled."""
    bare: alt.X = x.copy()
    bare["title"] = None
    bare["axis"] = alt.Axis(**{**bare["axis"].to_dict(), "labels": False, "ticks": False})
    return bare


def _config(plot: int) -> alt.Config:
    """The house's fonts and inks; titles, such as a column's name, are as long as the `plot`."""
    ink = MUTED[theme()]
    return alt.Config(
        axisY=alt.AxisConfig(titleLimit=plot),
        axis=alt.AxisConfig(
            labelFontSize=FONT_SIZE,
            labelColor=ink,
            titleFontSize=FONT_SIZE,
            titleColor=ink,
            titleFontWeight="normal",
            titlePadding=8,
            gridOpacity=0.6,
        ),
        legend=alt.LegendConfig(
            labelFontSize=FONT_SIZE,
            labelColor=ink,
            symbolStrokeWidth=3,
            symbolSize=260,
            labelLimit=320,
            offset=8,
            padding=0,
            orient="top",
        ),
        title=alt.TitleConfig(fontSize=FONT_SIZE, color=ink, fontWeight="normal", anchor="start"),
        view=alt.ViewConfig(strokeWidth=0),
    )


def marks(table: str) -> alt.Chart:
    """Marks for the rows of a table."""
    return alt.Chart(alt.NamedData(name=table))


def hover(where: alt.Chart, tips: Sequence[alt.Tooltip], pick: str | None = None) -> alt.Chart:
    """What the pointer reads wherever it comes near one of the points, and with a click picks."""
    points: alt.Chart = where.mark_point(
        size=160, opacity=0, cursor="pointer" if pick else alt.Undefined
    ).encode(tooltip=list(tips))
    return pickable(points, pick) if pick else points


def pickable(points: alt.Chart, column: str) -> alt.Chart:
    """Marks that can be clicked; what is picked then is the row's `column`."""
    pick = alt.selection_point(name=PICK, fields=[column], on="click", toggle="false")
    chosen: alt.Chart = points.add_params(pick)
    return chosen


def long_table(
    columns: Mapping[str, Any],
    series: Mapping[str, Any],
    *,
    positive: bool = False,
    gaps: bool = False,
) -> pd.DataFrame:
    """One row a point: the shared columns, `value`, and `name`.

    What cannot be drawn is left out, so that a line goes on behind it; with `gaps` it is missing
    and the line is broken there.
    """
    parts = [
        pd.DataFrame({**columns, "value": np.asarray(values, np.float64), "name": name})
        for name, values in series.items()
    ]
    table = stacked(parts, *columns, "value", "name")
    drawable = np.isfinite(table["value"]) & ((table["value"] > 0) | (not positive))
    if gaps:
        return table.assign(value=table["value"].where(drawable))
    drawn: pd.DataFrame = table[drawable]
    return drawn


def stacked(tables: Sequence[pd.DataFrame], *columns: str) -> pd.DataFrame:
    """Tables below each other; without any, an empty one with these columns."""
    return pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=list(columns))


def step_table(edges: Any, share: Any) -> pd.DataFrame:
    """The bins of a histogram that is drawn as steps: each from `low`, with the `share` that is
    read there. The last `height` stands twice, so that its step reaches the axis' end.
    """
    shares, heights = [*share, np.nan], [*share, share[-1]]
    return pd.DataFrame({"low": edges, "share": shares, "height": heights})


def level_table(levels: Mapping[str, float]) -> pd.DataFrame:
    """The table called `LEVELS`: values that mean something, by name."""
    return pd.DataFrame({"value": list(levels.values()), "name": list(levels)})


def name_of(signal: Signal) -> str:
    """The signal's name in the reader's language."""
    return _(LOOKS[signal].name)


def colour_of(signal: Signal) -> str:
    """The signal's colour in the reader's theme."""
    return LOOKS[signal][theme()]


def legend(
    names: Collection[str], symbol: str = "stroke", *, least: int = 2, **more: Any
) -> alt.Legend | None:
    """The names' legend, above the chart; none for fewer than `least`."""
    if len(names) < least:
        return None
    symbols = {"symbolType": symbol} if symbol else {}
    wrapped = {"columns": 3} if sum(len(name) + 6 for name in names) > 100 else {}  # letters
    return alt.Legend(title=None, **{"symbolOpacity": 1, **symbols, **wrapped, **more})


def coloured(colours: Mapping[str, str], symbol: str = "stroke", **more: Any) -> alt.Color:
    """Each name its colour."""
    scale = alt.Scale(domain=list(colours), range=list(colours.values()))
    return alt.Color("name:N", scale=scale, legend=legend(colours, symbol, **more))


def dashed(dashes: Mapping[str, Sequence[int]], **more: Any) -> alt.StrokeDash:
    """Each name its dash, in the colours' legend."""
    scale = alt.Scale(domain=list(dashes), range=[list(dash) for dash in dashes.values()])
    return alt.StrokeDash("name:N", scale=scale, legend=legend(dashes, **more))


def lines(
    table: str,
    x: alt.X,
    y: alt.Y,
    colours: Mapping[str, str],
    tips: Sequence[alt.Tooltip],
    *,
    dashes: Mapping[str, Sequence[int]] | None = None,
    levels: Collection[str] = (),
    dots: bool = False,
    named: bool = True,
    pick: str | None = None,
    **key: Any,
) -> Layers:
    """A line for each name, over the rows of a table with `value` and `name`.

    `levels` are the names in the table `LEVELS`: values that mean something, dotted across the
    whole width and named in the legend, where no curve runs. `dots` shows the points themselves:
    a line of one point is not seen. `named` is whether there is a legend, `pick` the column that a
    click on a point picks, and `key` what the legend should be beyond its usual look.
    """
    every = {**colours, **dict.fromkeys(levels, MUTED[theme()])}
    pattern = {**dict.fromkeys(colours, WHOLE), **(dashes or {}), **dict.fromkeys(levels, DASH)}
    colour, dash = coloured(every, **key), dashed(pattern, **key)
    if not named:
        colour["legend"] = dash["legend"] = None
    where = marks(table).encode(x, y, colour)
    drawn = [where.mark_line(strokeWidth=2.2, point=dots).encode(dash), hover(where, tips, pick)]
    if not levels:
        return drawn
    return [marks(LEVELS).mark_rule(strokeWidth=1.6).encode(y, colour, dash), *drawn]


def upright(table: str, x: alt.X) -> Layers:
    """A dotted vertical line for each row of a table, with its `label` above the plot."""
    ink = MUTED[theme()]
    where = marks(table).encode(x)
    text = where.mark_text(color=ink, fontSize=FONT_SIZE, baseline="bottom", dy=-4)
    return [
        where.mark_rule(color=ink, strokeDash=list(DASH), strokeWidth=1.6),
        text.encode(y=alt.value(0), text="label:N"),
    ]


def diagonal(x: alt.X, y: alt.Y) -> alt.Chart:
    """A dotted line through the two points of the table called "diagonal"."""
    look = marks(DIAGONAL).mark_line(color=MUTED[theme()], strokeDash=list(DASH), strokeWidth=1.6)
    line: alt.Chart = look.encode(x, y)
    return line
