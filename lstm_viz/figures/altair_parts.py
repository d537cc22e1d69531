"""What the Altair charts share: size, type, axes, legends, rules. Altair is loaded on first use."""

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd

from lstm_viz.figures.palette import LOOKS, MUTED, Signal, theme
from lstm_viz.words import _

if TYPE_CHECKING:
    import altair as alt

FONT_SIZE = 13
HEIGHT = 300


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


def number_axis(title: str, *, zero: bool = False) -> dict[str, Any]:
    """Keywords of a linear axis that says its unit."""
    import altair as alt

    return {"title": title, "scale": alt.Scale(zero=zero), "axis": alt.Axis(tickCount=6)}


def log_axis(title: str, low: float, high: float) -> dict[str, Any]:
    """Keywords of a log axis from low to high, ticked at powers of ten or 1, 2, 5 times these."""
    import altair as alt

    exponents = np.arange(np.floor(np.log10(low)), np.ceil(np.log10(high)) + 1)
    multiples = (1, 2, 5) if len(exponents) <= 3 else (1,)
    ticks = [float(m * 10.0**k) for k in exponents[:: 1 + len(exponents) // 12] for m in multiples]
    return {
        "title": title,
        "scale": alt.Scale(type="log", domain=[low, high], nice=False),
        "axis": alt.Axis(values=[tick for tick in ticks if low <= tick <= high], format="~g"),
    }


def decades(values: Any, *others: float) -> tuple[float, float]:
    """The powers of ten that enclose positive values: an axis that rests while training goes on.

    >>> decades([0.03, 2.0])
    (0.01, 10.0)
    """
    exponents = np.log10([*values, *others]) if len(values) or others else np.array([-1.0, 0.0])
    low, high = np.floor(exponents.min()), np.ceil(exponents.max())
    return float(10.0**low), float(10.0 ** max(high, low + 1))


def by_name(colours: Mapping[str, str], symbol: str = "stroke") -> "alt.Color":
    """Each name its colour, with the legend above the chart."""
    import altair as alt

    scale = alt.Scale(domain=list(colours), range=list(colours.values()))
    return alt.Color("name:N", scale=scale, legend=legend_above(colours, symbol))


def legend_above(names: Collection[str], symbol: str = "stroke") -> "alt.Legend | None":
    """The names' legend; none for a single one."""
    import altair as alt

    if len(names) < 2:
        return None
    return alt.Legend(title=None, orient="top", symbolType=symbol, symbolOpacity=1)


def name_of(signal: Signal) -> str:
    """The signal's name in the reader's language."""
    return _(LOOKS[signal].name)


def colour_of(signal: Signal) -> str:
    """The signal's colour in the reader's theme."""
    return LOOKS[signal][theme()]


def line_chart(
    table: pd.DataFrame,
    x: "alt.X",
    y: "alt.Y",
    colours: Mapping[str, str],
    tooltip: Sequence["alt.Tooltip"],
    dashed: Sequence[str] = (),
) -> "alt.LayerChart":
    """Lines with a tooltip wherever the pointer comes near a point."""
    import altair as alt

    base = alt.Chart(table).encode(x=x, y=y, color=by_name(colours))
    dash = alt.StrokeDash(
        "name:N",
        scale=alt.Scale(
            domain=list(colours), range=[[6, 4] if n in dashed else [1, 0] for n in colours]
        ),
        legend=legend_above(colours),
    )
    lines = base.mark_line(strokeWidth=2.2).encode(strokeDash=dash)
    single = base.mark_point(filled=True, size=30) if _short(table) else None
    touch = base.mark_point(size=160, opacity=0).encode(tooltip=list(tooltip))
    return over(*(part for part in (lines, single, touch) if part is not None))


def rule(value: float, label: str, side: Literal["left", "right"] = "right") -> "alt.LayerChart":
    """A dashed horizontal line at a value that means something, labelled at one end."""
    import altair as alt

    base = alt.Chart(pd.DataFrame({"at": [value], "label": [label]})).encode(y=alt.Y("at:Q"))
    line = base.mark_rule(color=MUTED[theme()], strokeDash=[2, 4], strokeWidth=1.6)
    text = base.mark_text(
        align=side, baseline="bottom", dy=-4, dx=4 if side == "left" else -4, fontSize=FONT_SIZE
    ).encode(
        x=alt.value("width") if side == "right" else alt.value(0),
        text="label:N",
        color=alt.value(MUTED[theme()]),
    )
    return over(line, text)


def diagonal(low: float, high: float, x: "alt.X", y: "alt.Y", falling: bool = False) -> "alt.Chart":
    """A dashed diagonal over a square of the plane, on the axes of the points it belongs to."""
    import altair as alt

    ends = [low, high]
    across = {
        str(x.shorthand).split(":")[0]: ends,
        str(y.shorthand).split(":")[0]: ends[:: -1 if falling else 1],
    }
    chart: alt.Chart = (
        alt.Chart(pd.DataFrame(across))
        .mark_line(color=MUTED[theme()], strokeDash=[2, 4], strokeWidth=1.6)
        .encode(x=x, y=y)
    )
    return chart


def over(*parts: Any) -> "alt.LayerChart":
    """Charts drawn over each other, the first at the bottom."""
    import altair as alt

    return alt.LayerChart(layer=list(parts))


def finish(*parts: Any, height: int = HEIGHT) -> "alt.LayerChart":
    """The parts over each other, in the house's type, as wide as their container."""
    text: dict[str, Any] = {
        "labelFontSize": FONT_SIZE,
        "titleFontSize": FONT_SIZE,
        "titleFontWeight": "normal",
        "labelColor": MUTED[theme()],
        "titleColor": MUTED[theme()],
    }
    sized: alt.LayerChart = (
        over(*parts)
        .properties(width="container", height=height)
        .configure_axis(**text, gridOpacity=0.6)
        .configure_legend(
            labelFontSize=FONT_SIZE, labelColor=MUTED[theme()], symbolStrokeWidth=3, symbolSize=260
        )
        .configure_view(strokeWidth=0)
    )
    return sized


def _short(table: pd.DataFrame) -> bool:
    return bool((table.groupby("name").size() < 3).any()) if len(table) else False
