"""The axes of charts: where they begin, end and are ticked."""

import json
from typing import Any

import altair as alt
import numpy as np

from lstm_viz.figures.written import LABEL
from lstm_viz.numerals import numeral, power_of_ten

MOST_NUMBERS, MOST_TICKS = 4, 8
"""Decades up to which a log axis is ticked in numbers; ticks of a longer one."""


def linear_axis(ticks: int = 6, format: str | None = None, **scale: Any) -> dict[str, Any]:  # noqa: A002
    """A linear scale that need not reach 0, with few ticks: numbers, where no `format` is given;
    of "d", whole ones have no others between them.
    """
    how: dict[str, Any] = {"labelExpr": LABEL} if format is None else {"format": format}
    if format == "d":
        how["labelExpr"] = "datum.value % 1 ? '' : datum.label"
    axis = alt.Axis(tickCount=ticks, **how)
    return {"scale": alt.Scale(**{"zero": False, **scale}), "axis": axis}


def share_axis(ticks: int = 5) -> dict[str, Any]:
    """From 0 to 1, in percent."""
    return linear_axis(ticks, "~%", domain=[0, 1])


def log_axis(low: float, high: float) -> dict[str, Any]:
    """A log scale from low to high: few decades ticked in numbers, many in powers of ten."""
    first, last = int(np.floor(np.log10(low))), int(np.ceil(np.log10(high)))
    scale = alt.Scale(type="log", domain=[low, high], nice=False)
    if last - first > MOST_NUMBERS:
        every = -(-(last - first) // MOST_TICKS)
        exponents = [k for k in range(first, last + 1) if k % every == 0]
        at = [10.0**k for k in exponents]
        named = [power_of_ten(k) if k else "1" for k in exponents]
    else:
        multiples = (1, 2, 5) if last - first <= 2 else (1,)
        ticks = [float(f"{m}e{k}") for k in range(first, last + 1) for m in multiples]
        at = [tick for tick in ticks if low <= tick <= high]
        named = [numeral(tick) for tick in at]
    words = json.dumps(named, ensure_ascii=False)
    expression = f"{words}[indexof({json.dumps(at)}, datum.value)]"
    return {"scale": scale, "axis": alt.Axis(values=at, labelExpr=expression)}


def decades(values: Any, *others: float) -> tuple[float, float]:
    """The powers of ten that enclose positive values: an axis that rests while training goes on.

    >>> decades([0.03, 2.0])
    (0.01, 10.0)
    """
    exponents = np.log10([*values, *others]) if len(values) or others else np.array([-1.0, 0.0])
    low, high = np.floor(exponents.min()), np.ceil(exponents.max())
    return float(10.0**low), float(10.0 ** max(high, low + 1))
