"""Charts of what a network makes of a series: one step ahead, running free, and where it fails."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from lstm_viz.data.thinning import thin
from lstm_viz.figures.palette import Signal
from lstm_viz.figures.panels import Drawn, Ends, Panels, panel_figure, round_ends
from lstm_viz.figures.timeline import ROWS, Timeline
from lstm_viz.figures.vega import (
    Spec,
    colour_of,
    figure,
    layer,
    linear_axis,
    lines,
    long_table,
    name,
    name_of,
    quantity,
    rule,
    upright,
    upright_in,
)
from lstm_viz.words import _

Numbers = npt.NDArray[np.floating]
Rows = npt.NDArray[np.integer]

MAX_POINTS = 2000
"""Points of a line; of a longer one, each stretch keeps its extremes."""
MAX_BINS = 41
LEGEND: tuple[Signal, ...] = ("series", "truth", "prediction", "naive")
PANEL_HEIGHT = 125


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
    series = {signal: (rows[kept], values[kept]) for signal, values in drawn.items()}
    return _over_rows(series, y_title, timeline, dots=len(rows) <= 2)


def from_origin(
    history_rows: Rows,
    history: Numbers,
    rows: Rows,
    truth: Numbers | None,
    forecast: Numbers,
    y_title: str = "",
    timeline: Timeline = ROWS,
) -> Spec:
    """Known values, a rule where the forecast begins, and from there on forecast and truth.

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
    dots = len(rows) + len(history_rows) <= 6
    chart = _over_rows(series, y_title, timeline, names={"series": _("known")}, dots=dots)
    if len(rows):
        begins = {"row": timeline.before(int(rows[0])), "label": _("the forecast begins")}
        chart["datasets"]["begins"] = pd.DataFrame(begins)
        chart["layer"] += upright_in("begins", timeline.channel("row"))
    return chart


def small_multiples(
    titles: Sequence[str], rows: Rows, truth: Numbers, forecasts: Numbers, y_title: str = ""
) -> Spec:
    """A panel for each of E >= 1 titles: a forecast of rows (L,) against the truth.

    `forecasts` is (E, L), `truth` (L,). All panels have the same axes, which leave room for half
    as much again as the truth needs; what goes beyond is not drawn.
    """
    columns = 1 if len(titles) == 1 else 2 if len(titles) in (2, 4) else 3
    ends = _room(truth, forecasts)
    span = (float(rows[0]), float(max(rows[-1], rows[0] + 1))) if len(rows) else (0.0, 1.0)
    panels = Panels(titles, columns, span, [ends] * -(-len(titles) // columns))
    kept = _kept(truth, *forecasts)
    drawn = [
        Drawn(panel, name_of(signal), rows[kept], values[kept])
        for panel, forecast in enumerate(forecasts)
        for signal, values in _pair(truth, forecast)
    ]
    colours = {name_of(signal): colour_of(signal) for signal in ("truth", "prediction")}
    height = 105 + PANEL_HEIGHT * panels.rows
    return panel_figure(panels, drawn, colours, y_title or _("value"), height)


def per_horizon(
    model: Numbers, naive: Numbers, seasonal: Numbers | None = None, y_title: str = ""
) -> Spec:
    """Mean absolute error at each step ahead, (P,), of the network and of the simple rules."""
    drawn: dict[Signal, Numbers] = {"naive": naive, "prediction": model}
    if seasonal is not None:
        drawn = {"seasonal_naive": seasonal, **drawn}
    names = {**{signal: name_of(signal) for signal in drawn}, "prediction": _("the network")}
    table = long_table(
        {"ahead": np.arange(1, len(model) + 1)},
        {names[signal]: values for signal, values in drawn.items()},
    )
    colours = {names[signal]: colour_of(signal) for signal in reversed(drawn)}
    title = _("mean absolute error ({unit})").format(unit=y_title or _("value"))
    tips = [
        name("name", _("what")),
        quantity("ahead", _("steps ahead")),
        quantity("value", title, format=".4g"),
    ]
    axis = {"tickCount": 10, "tickMinStep": 1}
    x = quantity("ahead", _("steps ahead"), scale={"zero": False, "nice": False}, axis=axis)
    y = quantity("value", title, scale={"domainMin": 0}, axis={"tickCount": 6})
    dashed = [names[signal] for signal in drawn if signal != "prediction"]
    layers = lines("horizons", x, y, colours, tips, dashed=dashed, dots=len(model) <= 30)
    return figure(layers, {"horizons": table})


def residuals(
    rows: Rows,
    residual: Numbers,
    limit: float | None = None,
    flagged: npt.NDArray[np.integer] | None = None,
    y_title: str = "",
    timeline: Timeline = ROWS,
) -> Spec:
    """Forecast minus truth at rows (n,); `flagged` places lie beyond ± `limit`. 0 is in sight."""
    title = _("forecast - truth ({unit})").format(unit=y_title or _("value"))
    kept = thin(residual, MAX_POINTS)
    when = timeline.at(rows)
    table = pd.DataFrame({"row": when[kept], "value": residual[kept], "name": name_of("residual")})
    marked = np.zeros(0, np.int64) if flagged is None else np.asarray(flagged)[:MAX_POINTS]
    points = pd.DataFrame(
        {"row": when[marked], "value": residual[marked], "name": name_of("anomaly")}
    )
    where = {"x": timeline.channel("row"), "y": quantity("value", title, **linear_axis(zero=True))}
    tip = {"tooltip": [timeline.tip("row"), quantity("value", title, format=".4g")]}
    hover = {"size": 120, "opacity": 0}
    layers = [
        layer("residuals", "line", where, strokeWidth=1.4, color=colour_of("residual")),
        layer("residuals", "point", {**where, **tip}, **hover),
        layer("flagged", "point", {**where, **tip}, size=60, filled=True, opacity=1,
              color=colour_of("anomaly")),
    ]  # fmt: skip
    if limit is not None and np.isfinite(limit):
        layers += rule(limit, _("threshold"))
        layers += rule(-limit, "")
    return figure(layers, {"residuals": _finite(table), "flagged": _finite(points)})


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
    title = _("forecast - truth ({unit})").format(unit=y_title or _("value"))
    encoding = {
        "x": quantity("low", title, bin={"binned": True}, axis={"tickCount": 6}),
        "x2": {"field": "high"},
        "y": quantity("share", _("share of the rows"), axis={"format": "~%", "tickCount": 5}),
        "tooltip": [
            quantity("low", _("from"), format=".3g"),
            quantity("high", _("to"), format=".3g"),
            quantity("share", _("share"), format=".1%"),
        ],
    }
    bars = layer("bins", "bar", encoding, color=colour_of("residual"), binSpacing=1)
    return figure([bars, *upright(0.0)], {"bins": table})


def _over_rows(
    series: Mapping[Signal, tuple[Rows, Numbers]],
    y_title: str,
    timeline: Timeline,
    names: Mapping[Signal, str] | None = None,
    *,
    dots: bool = False,
) -> Spec:
    """Lines over rows of the series, the first at the bottom."""
    said = {**{signal: name_of(signal) for signal in series}, **(names or {})}
    tables = [
        long_table({"row": timeline.at(rows)}, {said[signal]: values})
        for signal, (rows, values) in series.items()
    ]
    colours = {said[signal]: colour_of(signal) for signal in LEGEND if signal in series}
    title = y_title or _("value")
    tips: list[Any] = [
        name("name", _("what")),
        timeline.tip("row"),
        quantity("value", title, format=".4g"),
    ]
    y = quantity("value", title, **linear_axis())
    layers = lines(
        "forecast", timeline.channel("row"), y, colours, tips, dashed=[name_of("naive")], dots=dots
    )
    return figure(layers, {"forecast": pd.concat(tables, ignore_index=True)})


def _kept(*lines_: Numbers) -> npt.NDArray[np.int64]:
    """The places at which all of these lines keep their looks."""
    points = max(MAX_POINTS // len(lines_), 100)
    return np.unique(np.concatenate([thin(values, points) for values in lines_]))


def _pair(truth: Numbers, forecast: Numbers) -> list[tuple[Signal, Numbers]]:
    return [("truth", truth), ("prediction", forecast)]


def _room(truth: Numbers, forecasts: Numbers) -> Ends:
    """Round ends of an axis for the truth and for what of the forecasts is not far off."""
    low, high = (float(truth.min()), float(truth.max())) if len(truth) else (0.0, 1.0)
    span = ((high - low) or abs(high) or 1.0) / 2
    near = forecasts[np.isfinite(forecasts)]
    low = max(low - span, min(low, float(np.min(near, initial=low))))
    high = min(high + span, max(high, float(np.max(near, initial=high))))
    return round_ends(low, high)


def _finite(table: pd.DataFrame) -> pd.DataFrame:
    kept: pd.DataFrame = table[np.isfinite(table["value"].to_numpy(np.float64))]
    return kept
