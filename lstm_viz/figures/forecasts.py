"""Charts of what a network makes of a series: one step ahead, running free, and where it fails."""

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt
import numpy as np
import numpy.typing as npt
import pandas as pd

from lstm_viz.data.thinning import thin
from lstm_viz.figures.axes import linear_axis
from lstm_viz.figures.colour import mix
from lstm_viz.figures.drawn_frames import linear_ends
from lstm_viz.figures.packing import Numbers
from lstm_viz.figures.palette import BACKGROUND, Signal, theme
from lstm_viz.figures.timeline import ROWS, TimeAxis, Timeline
from lstm_viz.figures.vega import (
    ABOVE_LABELS,
    DASHED,
    Spec,
    built_once,
    colour_of,
    coloured,
    fed,
    framed,
    lines,
    long_table,
    marks,
    name_of,
    stacked,
    upright,
)
from lstm_viz.words import _

Rows = npt.NDArray[np.integer]
Ends = tuple[float, float]

MAX_POINTS = 2000
"""Points of a line; of a longer one, each stretch keeps its extremes."""
LEGEND: tuple[Signal, ...] = ("series", "truth", "prediction", "naive")
AHEAD: tuple[Signal, ...] = ("series", "prediction", "naive", "seasonal_naive")
PANEL_HEIGHT = 240
BAND = 0.3
"""How much of the forecast's colour its band has."""
DOTTED = 30
"""Steps ahead up to which each is a dot, too."""


def one_step(
    rows: Rows,
    truth: Numbers,
    prediction: Numbers,
    naive: Numbers | None = None,
    y_title: str = "",
    timeline: Timeline = ROWS,
) -> Spec:
    """The forecasts of rows (n,) against the truth, each made one step before, all (n,).

    `naive` is what repeating the last value would have said.
    """
    drawn: dict[Signal, Numbers] = {"truth": truth, "prediction": prediction}
    kept = _kept(truth, prediction)
    if naive is not None:
        drawn = {"naive": naive, **drawn}
    table = _table({each: (rows[kept], values[kept]) for each, values in drawn.items()}, timeline)
    signals = tuple(each for each in LEGEND if each in drawn)
    return fed(_over_rows(signals, y_title, timeline.axis, len(rows) <= 2), forecast=table)


def from_origin(
    history_rows: Rows,
    history: Numbers,
    rows: Rows,
    truth: Numbers | None,
    forecast: Numbers,
    y_title: str = "",
    timeline: Timeline = ROWS,
) -> Spec:
    """Known values, a line where the forecast begins, and from there on forecast and truth.

    `history` (w,) stands at `history_rows`, `forecast` (L,) at `rows`; `truth` is as long as the
    series goes on, at most (L,), None where it ends.
    """
    known = np.zeros(0) if truth is None else truth
    series: dict[Signal, tuple[Rows, Numbers]] = {
        "series": (history_rows, history),
        # The truth goes on from the last known value.
        "truth": (
            np.concatenate([history_rows[-1:], rows[: len(known)]]),
            np.concatenate([history[-1:], known]),
        ),
        "prediction": (rows, forecast),
    }
    if not len(known):
        del series["truth"]
    signals = tuple(each for each in LEGEND if each in series)
    few = len(rows) + len(history_rows) <= 6
    look = _over_rows(signals, y_title, timeline.axis, few, begins=True)
    begins = {"row": timeline.before(int(rows[0])), "label": _("the forecast begins")}
    names: dict[Signal, str] = {"series": _("known")}
    return fed(look, forecast=_table(series, timeline, names), begins=pd.DataFrame(begins))


def future(
    history_rows: Rows,
    history: Numbers,
    rows: Rows,
    table: pd.DataFrame,
    band: str,
    y_title: str = "",
    timeline: Timeline = ROWS,
) -> Spec:
    """What comes at `rows` (P,) behind the known `history` (w,): `measures.future`'s table.

    `band` is what the legend calls the band; empty where there is none.
    """
    named: dict[Signal, str] = {
        "seasonal_naive": "seasonal naive", "naive": "naive", "prediction": "forecast"
    }  # fmt: skip
    series: dict[Signal, tuple[Rows, Numbers]] = {
        signal: (rows, table[column].to_numpy(np.float64))
        for signal, column in named.items()
        if column in table
    }
    series = {"series": (history_rows, history), **series}
    signals = tuple(each for each in AHEAD if each in series)
    ends = table[["lower", "upper"]].assign(row=timeline.at(rows), name=band).dropna()
    begins = {"row": timeline.before(int(rows[0])), "label": _("the forecast begins")}
    look = _future(signals, band, y_title, timeline.axis, len(rows))
    known: dict[Signal, str] = {"series": _("known")}
    drawn = _table(series, timeline, known)
    behind = {"band": ends} if band else {}
    return fed(look, forecast=drawn, begins=pd.DataFrame(begins), **behind)


@built_once
def _future(
    signals: tuple[Signal, ...], band: str, y_title: str, axis: TimeAxis, steps: int
) -> alt.LayerChart:
    title, x = y_title or _("value"), axis.x("row")
    y = alt.Y("value:Q", title=title, **linear_axis())
    names = {**{each: name_of(each) for each in signals}, "series": _("known")}
    colours = {names[signal]: colour_of(signal) for signal in signals}
    if band:
        colours[band] = mix(BACKGROUND[theme()], colour_of("prediction"), BAND)
    dashes = {names[each]: DASHED for each in signals if each in ("naive", "seasonal_naive")}
    key: dict[str, Any] = {"offset": ABOVE_LABELS}
    drawn = lines("forecast", x, y, colours, _tips(title, axis), dashes=dashes, **key)
    ahead = marks("forecast").transform_filter(
        alt.FieldOneOfPredicate(field="name", oneOf=[names[each] for each in signals[1:]])
    )
    dots = ahead.mark_point(filled=True, size=40).encode(x, y, coloured(colours, **key))
    where = marks("band").encode(
        x, alt.Y("lower:Q", title=title, **linear_axis()), alt.Y2("upper"), coloured(colours, **key)
    )
    behind = where.mark_area() if steps > 1 else where.mark_rule(strokeWidth=14)
    few = [dots] if steps <= DOTTED else []
    return framed([*([behind] if band else []), *drawn, *few, *upright("begins", x)])


@built_once
def _over_rows(
    signals: tuple[Signal, ...], y_title: str, axis: TimeAxis, few: bool, *, begins: bool = False
) -> alt.LayerChart:
    """Lines over rows of the series."""
    title, x = y_title or _("value"), axis.x("row")
    y = alt.Y("value:Q", title=title, **linear_axis())
    names = {each: name_of(each) for each in signals}
    if begins:
        names["series"] = _("known")
    colours = {names[signal]: colour_of(signal) for signal in signals}
    dashes = {name_of("naive"): DASHED} if "naive" in signals else {}
    read = _tips(title, axis)
    key: dict[str, Any] = {"offset": ABOVE_LABELS} if begins else {}
    drawn = lines("forecast", x, y, colours, read, dashes=dashes, dots=few, **key)
    return framed([*drawn, *(upright("begins", x) if begins else [])])


def small_multiples(
    titles: Sequence[str],
    rows: Rows,
    truth: Numbers,
    forecasts: Numbers,
    y_title: str = "",
    timeline: Timeline = ROWS,
) -> list[Spec]:
    """A chart for each of E titles: a forecast of rows (L,) against the truth.

    `forecasts` is (E, L), `truth` (L,). All have the same axes, which leave room for half as much
    again as the truth needs; what goes beyond is not drawn.
    """
    ends = _room(truth, forecasts)
    kept = _kept(truth, *forecasts)
    charts = []
    for title, forecast in zip(titles, forecasts, strict=True):
        inside = (forecast >= ends[0]) & (forecast <= ends[1])
        drawn: dict[Signal, tuple[Rows, Numbers]] = {
            "truth": (rows[kept], truth[kept]),
            "prediction": (rows[kept], np.where(inside, forecast, np.nan)[kept]),
        }
        look = _panel(title, y_title, ends, timeline.axis)
        charts.append(fed(look, forecast=_table(drawn, timeline, gaps=True)))
    return charts


@built_once
def _panel(panel: str, y_title: str, ends: Ends, axis: TimeAxis) -> alt.LayerChart:
    title = y_title or _("value")
    y = alt.Y("value:Q", title=title, **linear_axis(4, domain=list(ends), nice=False))
    signals: tuple[Signal, ...] = ("truth", "prediction")
    colours = {name_of(signal): colour_of(signal) for signal in signals}
    narrow: dict[str, Any] = {"symbolSize": 100, "columnPadding": 6, "labelFontSize": 12}
    drawn = lines("forecast", axis.x("row", ticks=4), y, colours, _tips(title, axis), **narrow)
    return framed(drawn, PANEL_HEIGHT, title=panel)


def per_horizon(
    model: Numbers, naive: Numbers, seasonal: Numbers | None = None, y_title: str = ""
) -> Spec:
    """Mean absolute error at each step ahead, (P,), of the network and of the simple rules."""
    drawn: dict[Signal, Numbers] = {"prediction": model, "naive": naive}
    if seasonal is not None:
        drawn["seasonal_naive"] = seasonal
    names = _horizon_names(tuple(drawn))
    ahead = {"ahead": np.arange(1, len(model) + 1)}
    table = long_table(ahead, {names[each]: drawn[each] for each in reversed(drawn)})
    return fed(_per_horizon(tuple(drawn), y_title, len(model) <= 30), horizons=table)


@built_once
def _per_horizon(signals: tuple[Signal, ...], y_title: str, few: bool) -> alt.LayerChart:
    title = _("mean absolute error ({unit})").format(unit=y_title or _("value"))
    axis = alt.Axis(tickCount=10, tickMinStep=1)
    scale = alt.Scale(zero=False, nice=False)
    x = alt.X("ahead:Q", title=_("steps ahead"), scale=scale, axis=axis)
    y = alt.Y("value:Q", title=title, **linear_axis(domainMin=0))
    read = [
        alt.Tooltip("name:N", title=_("what")),
        alt.Tooltip("ahead:Q", title=_("steps ahead")),
        alt.Tooltip("value:Q", title=title, format=".4g"),
    ]
    names = _horizon_names(signals)
    colours = {names[signal]: colour_of(signal) for signal in signals}
    dashes = {names[signal]: DASHED for signal in signals if signal != "prediction"}
    return framed(lines("horizons", x, y, colours, read, dashes=dashes, dots=few))


def _horizon_names(signals: Sequence[Signal]) -> dict[Signal, str]:
    return {**{each: name_of(each) for each in signals}, "prediction": _("the network")}


def _tips(title: str, axis: TimeAxis) -> list[alt.Tooltip]:
    return [
        alt.Tooltip("name:N", title=_("what")),
        axis.tip("row"),
        alt.Tooltip("value:Q", title=title, format=".4g"),
    ]


def _table(
    series: Mapping[Signal, tuple[Rows, Numbers]],
    timeline: Timeline,
    names: Mapping[Signal, str] | None = None,
    *,
    gaps: bool = False,
) -> pd.DataFrame:
    """Lines over rows of the series, the first at the bottom; `gaps` keeps what has no value."""
    said = {**{signal: name_of(signal) for signal in series}, **(names or {})}
    tables = [
        long_table({"row": timeline.at(rows)}, {said[signal]: values}, gaps=gaps)
        for signal, (rows, values) in series.items()
    ]
    return stacked(tables, "row", "value", "name")


def _kept(*lines_: Numbers) -> npt.NDArray[np.int64]:
    """The places at which all of these lines keep their looks."""
    points = max(MAX_POINTS // len(lines_), 100)
    return np.unique(np.concatenate([thin(values, points) for values in lines_]))


def _room(truth: Numbers, forecasts: Numbers) -> Ends:
    """Round ends of an axis for the truth and for what of the forecasts is not far off."""
    low, high = (float(truth.min()), float(truth.max())) if len(truth) else (0.0, 1.0)
    span = ((high - low) or abs(high) or 1.0) / 2
    near = forecasts[np.isfinite(forecasts)]
    low = max(low - span, min(low, float(np.min(near, initial=low))))
    high = min(high + span, max(high, float(np.max(near, initial=high))))
    return linear_ends(np.array([low, high]))
