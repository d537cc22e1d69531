"""Vega-Lite specifications as plain dictionaries, and what the charts share.

Built through Altair, one chart of a live run costs a second of processor time on every update:
it copies and validates the whole tree again at every step. As a dictionary it costs nothing, and
its tables travel as data frames of the same name, so that the browser updates the marks in place.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Literal

import numpy as np
import pandas as pd

from lstm_viz.figures.palette import BACKGROUND, LOOKS, MUTED, Signal, theme
from lstm_viz.words import _

Spec = dict[str, Any]
Side = Literal["left", "right"]

FONT_SIZE = 13
HEIGHT = 300
DASH = [2, 4]


def figure(
    layers: Sequence[Spec], tables: Mapping[str, pd.DataFrame], height: int = HEIGHT
) -> Spec:
    """Layers over each other, the first at the bottom, as wide as their container."""
    ink = MUTED[theme()]
    text = {"labelFontSize": FONT_SIZE, "labelColor": ink}
    return {
        "layer": list(layers),
        "datasets": dict(tables),
        "width": "container",
        "height": height,
        "config": {
            "axis": {
                **text,
                "titleFontSize": FONT_SIZE,
                "titleColor": ink,
                "titleFontWeight": "normal",
                "titlePadding": 8,
                "gridOpacity": 0.6,
            },
            "legend": {**text, "symbolStrokeWidth": 3, "symbolSize": 260, "orient": "top"},
            "view": {"strokeWidth": 0},
        },
    }


def layer(table: str, mark: str, encoding: Spec, **look: Any) -> Spec:
    """Marks for the rows of a table."""
    return {"data": {"name": table}, "mark": {"type": mark, **look}, "encoding": encoding}


def quantity(field: str, title: str | None = None, **more: Any) -> Spec:
    """A continuous channel whose axis (or tooltip) says what it is, with its unit."""
    return {"field": field, "type": "quantitative", "title": title, **more}


def name(field: str, title: str | None = None, **more: Any) -> Spec:
    """A channel of names."""
    return {"field": field, "type": "nominal", "title": title, **more}


def linear_axis(**scale: Any) -> Spec:
    """A linear scale that need not reach 0, with few ticks."""
    return {"scale": {"zero": False, **scale}, "axis": {"tickCount": 6}}


def log_axis(low: float, high: float) -> Spec:
    """A log scale from low to high, ticked at powers of ten or 1, 2, 5 times these."""
    exponents = np.arange(np.floor(np.log10(low)), np.ceil(np.log10(high)) + 1)
    multiples = (1, 2, 5) if len(exponents) <= 3 else (1,)
    ticks = [float(m * 10.0**k) for k in exponents[:: 1 + len(exponents) // 12] for m in multiples]
    return {
        "scale": {"type": "log", "domain": [low, high], "nice": False},
        "axis": {"values": [tick for tick in ticks if low <= tick <= high], "format": "~g"},
    }


def decades(values: Any, *others: float) -> tuple[float, float]:
    """The powers of ten that enclose positive values: an axis that rests while training goes on.

    >>> decades([0.03, 2.0])
    (0.01, 10.0)
    """
    exponents = np.log10([*values, *others]) if len(values) or others else np.array([-1.0, 0.0])
    low, high = np.floor(exponents.min()), np.ceil(exponents.max())
    return float(10.0**low), float(10.0 ** max(high, low + 1))


def long_table(
    columns: Mapping[str, Any], series: Mapping[str, Any], *, positive: bool = False
) -> pd.DataFrame:
    """One row a point: the shared columns, `value`, and `name`; without what cannot be drawn."""
    parts = [
        pd.DataFrame({**columns, "value": np.asarray(values, np.float64), "name": name})
        for name, values in series.items()
    ]
    table = pd.concat(parts, ignore_index=True)
    drawable = np.isfinite(table["value"]) & ((table["value"] > 0) | (not positive))
    drawn: pd.DataFrame = table[drawable]
    return drawn


def stacked(tables: Sequence[pd.DataFrame], *columns: str) -> pd.DataFrame:
    """Tables below each other; without any, an empty one with these columns."""
    return pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=list(columns))


def by_name(colours: Mapping[str, str], symbol: str = "stroke") -> Spec:
    """Each name its colour, with the legend above the chart."""
    scale = {"domain": list(colours), "range": list(colours.values())}
    return name("name", scale=scale, legend=legend(colours, symbol))


def legend(names: Collection[str], symbol: str = "stroke") -> Spec | None:
    """The names' legend; none for a single one."""
    if len(names) < 2:
        return None
    return {"title": None, "symbolOpacity": 1, **({"symbolType": symbol} if symbol else {})}


def name_of(signal: Signal) -> str:
    """The signal's name in the reader's language."""
    return _(LOOKS[signal].name)


def colour_of(signal: Signal) -> str:
    """The signal's colour in the reader's theme."""
    return LOOKS[signal][theme()]


def lines(
    table: str,
    x: Spec,
    y: Spec,
    colours: Mapping[str, str],
    tooltip: Sequence[Spec],
    dashed: Collection[str] = (),
    *,
    levels: Mapping[str, float] | None = None,
    dots: bool = False,
) -> list[Spec]:
    """A line for each name, with a tooltip wherever the pointer comes near one of its points.

    `levels` are values that mean something, name -> value: dashed across the whole width, and
    named in the legend, where no curve runs. `dots` shows the points themselves: a line of one
    point is not seen.
    """
    levels = levels or {}
    every = {**colours, **dict.fromkeys(levels, MUTED[theme()])}
    dashes = [DASH if each in levels else [6, 4] if each in dashed else [1, 0] for each in every]
    dash = name("name", scale={"domain": list(every), "range": dashes}, legend=legend(every))
    where = {"x": x, "y": y, "color": by_name(every)}
    return [
        *levels_across(levels, {"color": by_name(every), "strokeDash": dash}),
        layer(table, "line", {**where, "strokeDash": dash}, strokeWidth=2.2, point=dots),
        layer(table, "point", {**where, "tooltip": list(tooltip)}, size=160, opacity=0),
    ]


def levels_across(levels: Mapping[str, float], look: Spec) -> list[Spec]:
    """Horizontal lines at these values, under their names in the legends of `look`'s channels."""
    if not levels:
        return []
    data = {"values": [{"at": value, "name": named} for named, value in levels.items()]}
    where = {"y": {"field": "at", "type": "quantitative"}, **look}
    return [{"data": data, "mark": {"type": "rule", "strokeWidth": 1.6}, "encoding": where}]


def rule(value: float, label: str, side: Side = "right") -> list[Spec]:
    """A dashed horizontal line at a value that means something, labelled at one end."""
    data = {"values": [{"at": value, "label": label}]}
    y = {"field": "at", "type": "quantitative"}
    at_end = {"value": "width"} if side == "right" else {"value": 0}
    look = {"align": side, "baseline": "bottom", "dx": 4 if side == "left" else -4, "dy": -4}
    return [_dashed(data, {"y": y}), *_label(data, {"x": at_end, "y": y}, look)]


def upright(value: float, label: str = "", side: Side = "left") -> list[Spec]:
    """A dashed vertical rule at a value that means something, labelled at its top.

    `side` is the end of the label that touches the rule.
    """
    data = {"values": [{"at": value, "label": label}]}
    return _upright(data, {"field": "at", "type": "quantitative"}, side)


def upright_in(table: str, x: Spec, side: Side = "left") -> list[Spec]:
    """The same for each row of a table, at its `x`, labelled with its `label`."""
    return _upright({"name": table}, x, side)


def _upright(data: Spec, x: Spec, side: Side) -> list[Spec]:
    look = {"align": side, "baseline": "top", "dx": 5 if side == "left" else -5, "dy": 3}
    return [_dashed(data, {"x": x}), *_label(data, {"x": x, "y": {"value": 0}}, look)]


def _dashed(data: Spec, where: Spec) -> Spec:
    mark = {"type": "rule", "color": MUTED[theme()], "strokeDash": DASH, "strokeWidth": 1.6}
    return {"data": data, "mark": mark, "encoding": where}


def _label(data: Spec, where: Spec, look: Spec) -> list[Spec]:
    """The data's labels, on a rim of the page's colour that keeps lines from striking them out."""
    page = BACKGROUND[theme()]
    text = {"type": "text", **look, "fontSize": FONT_SIZE}
    encoding = {**where, "text": {"field": "label"}}
    rim = {"color": page, "stroke": page, "strokeWidth": 5, "strokeJoin": "round"}
    return [
        {"data": data, "mark": {**text, **rim}, "encoding": encoding},
        {"data": data, "mark": {**text, "color": MUTED[theme()]}, "encoding": encoding},
    ]


def diagonal(low: float, high: float, x: Spec, y: Spec, *, falling: bool = False) -> Spec:
    """A dashed diagonal over a square of the plane, on the axes of the points it belongs to."""
    ends = [low, high]
    values = [
        {x["field"]: across, y["field"]: up}
        for across, up in zip(ends, ends[:: -1 if falling else 1], strict=True)
    ]
    mark = {"type": "line", "color": MUTED[theme()], "strokeDash": DASH, "strokeWidth": 1.6}
    return {"data": {"values": values}, "mark": mark, "encoding": {"x": x, "y": y}}
