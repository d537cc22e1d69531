"""The laboratory's figures: who teaches whom, which inputs mattered, Jacobians and exponents."""

import json
from collections.abc import Sequence
from typing import Any

import altair as alt
import numpy as np
import numpy.typing as npt
import pandas as pd

from lstm_viz.figures.axes import linear_axis
from lstm_viz.figures.palette import CATEGORIES, MUTED, TEXT, ramp, theme
from lstm_viz.figures.vega import (
    DASH,
    DASHED,
    FONT_SIZE,
    Spec,
    built_once,
    colour_of,
    coloured,
    dashed,
    fed,
    framed,
    hover,
    long_table,
    marks,
)
from lstm_viz.measures.laboratory import by_step
from lstm_viz.numerals import power_of_ten
from lstm_viz.words import _

Array = npt.NDArray[np.float64]

PLACES = 64
"""Steps of a map on each axis; a longer sequence shows every second, third or further one."""
DEEPEST, SHALLOWEST = -12, -3
"""log10 of the smallest share that has a colour of its own: it lies between these."""
INPUTS = 6
"""Inputs that are told apart, those with the largest attribution."""
SIGNS = 80
"""Characters that are written above their bars."""


ZERO = pd.DataFrame({"value": [0.0]})


def _zero(y: alt.Y, **look: Any) -> alt.Chart:
    """A line at 0, of the table `ZERO`."""
    line: alt.Chart = marks("zero").mark_rule(color=MUTED[theme()], **look).encode(y)
    return line


def teaching_map(shares: Array) -> Spec:
    """(S, T) shares that arrive: step s, where the gradient enters, up; step t across."""
    T = len(shares)
    places = np.unique(np.linspace(0, T - 1, min(T, PLACES)).round().astype(int))
    edges = np.append(places, T)
    s, t = np.meshgrid(places, places, indexing="ij")
    picked = shares[np.ix_(places, places)]
    there = ~np.isnan(picked)
    with np.errstate(divide="ignore"):
        logs = np.log10(picked[there])
    after = dict(zip(places.tolist(), edges[1:].tolist(), strict=True))
    table = pd.DataFrame(
        {
            "s": s[there], "t": t[there], "value": np.maximum(logs, DEEPEST),
            "share": picked[there],
            "s1": s[there] - 0.5, "s2": [after[each] - 0.5 for each in s[there].tolist()],
            "t1": t[there] - 0.5, "t2": [after[each] - 0.5 for each in t[there].tolist()],
        }
    )  # fmt: skip
    alive = logs[np.isfinite(logs)]
    low = int(np.clip(np.floor(alive.min(initial=0.0)), DEEPEST, SHALLOWEST))
    return fed(_teaching(T, low, int(np.ceil(alive.max(initial=0.0)))), map=table)


@built_once
def _teaching(steps: int, low: int, high: int) -> alt.LayerChart:
    axis = linear_axis(10, "d", domain=[-0.5, steps - 0.5], nice=False)
    axis["axis"] = alt.Axis(**axis["axis"].to_dict(), grid=False)
    ticks = [*range(low, high + 1, max(1, (high - low) // 6))]
    named = json.dumps([power_of_ten(each) if each else "1" for each in ticks])
    x = alt.X("t1:Q", title=_("step t, at which it arrives"), **axis)
    y = alt.Y("s1:Q", title=_("step s, where it enters"), **axis)
    colour = alt.Color(
        "value:Q",
        title=None,
        scale=alt.Scale(domain=[low, high], range=list(ramp("grad_hidden", theme()))),
        legend=alt.Legend(
            orient="right",
            gradientLength=220,
            padding=8,  # of its labels half a line stands out at the ends
            values=ticks,
            labelExpr=f"{named}[indexof({ticks}, datum.value)]",
        ),
    )
    tips = [
        alt.Tooltip("s:Q", title=_("enters at s"), format="d"),
        alt.Tooltip("t:Q", title=_("arrives at t"), format="d"),
        alt.Tooltip("share:Q", title=_("share"), format=".3~g"),
    ]
    where = marks("map").encode(x, y, x2="t2:Q", y2="s2:Q", tooltip=tips)
    return framed([where.mark_rect().encode(colour)], height=400)


def attribution_bars(
    attributed: Array, names: Sequence[str], signs: Sequence[str] | None = None
) -> Spec:
    """(T, D) attributions as bars over t, the inputs in their own colours; `signs` (T) are the
    characters that were read.
    """
    T, D = attributed.shape
    largest = np.argsort(-by_step(attributed.T), kind="stable")[: min(D, INPUTS)]
    kept = sorted(largest.tolist())
    parts = [
        pd.DataFrame({"t": np.arange(T), "value": attributed[:, d], "name": names[d]}) for d in kept
    ]
    table = pd.concat(parts, ignore_index=True)
    table["sign"] = [signs[t] if signs else "" for t in table["t"]]
    look = _bars(T, tuple(names[d] for d in kept), bool(signs))
    return fed(look, bars=table, zero=ZERO)


@built_once
def _bars(steps: int, names: tuple[str, ...], text: bool) -> alt.LayerChart:
    x = alt.X("t:Q", title=_("step t"), **linear_axis(10, "d", domain=[-0.5, steps - 0.5]))
    y = alt.Y("value:Q", title=_("attribution"), **linear_axis(6, zero=True))
    colours = dict(zip(names, CATEGORIES[theme()], strict=False))
    tips = [
        alt.Tooltip("t:Q", title=_("step"), format="d"),
        *([alt.Tooltip("sign:N", title=_("character"))] if text else []),
        alt.Tooltip("name:N", title=_("input")),
        alt.Tooltip("value:Q", title=_("attribution"), format=".3~g"),
    ]
    width = max(1.5, min(14.0, 560 / steps))
    where = marks("bars").encode(x, y)
    bars = where.mark_bar(size=width, opacity=0.85).encode(
        coloured(colours, "square"), tooltip=tips
    )
    drawn = [_zero(y, strokeWidth=1), bars]
    if text and steps <= SIGNS:
        letters = where.mark_text(
            color=TEXT[theme()], fontSize=FONT_SIZE - 1, font="monospace", baseline="bottom", dy=-3
        )
        drawn.append(letters.encode(text="sign:N", y=alt.value(0)))
    return framed(drawn)


def singular_fan(back: npt.NDArray[np.int64], singular: Array, bound: float | None) -> Spec:
    """log10 of singular values (K, S) of the product of `back` (K,) Jacobians: the largest, that at
    a quarter and at half of their number, and the smallest; and `bound` a step, where there is one.
    """
    series = _ranked(singular)
    if bound is not None:
        series[_("Pascanu's bound")] = np.asarray(bound * back, np.float64)
    table = long_table({"across": back}, series)
    x, y = _("steps back from the last one"), _("log₁₀ singular value of ∂s_T/∂s_t")
    return fed(_fan(tuple(series), x, y, "d"), fan=table)


def _ranked(values: Array) -> dict[str, Array]:
    """Of (K, S), in descending order, the (K,) that are told apart, where there are any."""
    S = values.shape[1]
    ranks = {_("largest"): 0, _("quartile"): S // 4, _("median"): S // 2, _("smallest"): S - 1}
    names = [*ranks] if S >= 4 else [*ranks][:: 3 if S > 1 else 4]
    drawn = [n for n in names if n == names[0] or np.isfinite(values[:, ranks[n]]).any()]
    return {name: values[:, ranks[name]] for name in drawn}


def over_training(
    epochs: Sequence[float], exponents: Array, singular: Array, bound: Array | None
) -> tuple[Spec, Spec]:
    """Lyapunov exponents and log10 singular values of the whole product, (N, S) both, at N epochs;
    `bound` (N,) of the latter a step, as logarithm of base 10.
    """
    rates, products = _ranked(exponents), _ranked(singular)
    if len(rates) > 2:  # beside the smallest one, the others would lie on each other
        rates.pop(_("smallest"), None)
    if bound is not None:
        rates[_("Pascanu's bound")] = bound * np.log(10)
    titles = _("Lyapunov exponent (per step)"), _("log₁₀ singular value of ∂s_T/∂s_0")
    first, second = (
        fed(
            _fan(tuple(series), _("epoch"), title, None),
            fan=long_table({"across": np.asarray(epochs, np.float64)}, series),
        )
        for series, title in zip((rates, products), titles, strict=True)
    )
    return first, second


@built_once
def _fan(names: tuple[str, ...], across: str, up: str, whole: str | None) -> alt.LayerChart:
    limit = _("Pascanu's bound")
    x = alt.X("across:Q", title=across, **linear_axis(8, whole))
    y = alt.Y("value:Q", title=up, **linear_axis(7))
    own = [*CATEGORIES[theme()]]
    colours = {name: MUTED[theme()] if name == limit else own[k] for k, name in enumerate(names)}
    where = marks("fan").encode(x, y, coloured(colours))
    lines = where.mark_line(strokeWidth=2.2).encode(
        dashed({name: DASHED if name == limit else (1, 0) for name in names})
    )
    tips = [
        alt.Tooltip("name:N", title=_("which")),
        alt.Tooltip("across:Q", title=across, format=".4~g"),
        alt.Tooltip("value:Q", title=up, format=".4~g"),
    ]
    return framed([lines, hover(where, tips)])


def spectrum(exponents: Array) -> Spec:
    """Lyapunov exponents (S,) in descending order; those that are -inf have no place."""
    alive = exponents[np.isfinite(exponents)]
    table = pd.DataFrame({"rank": np.arange(1, len(alive) + 1), "value": alive})
    return fed(_spectrum(), spectrum=table, zero=ZERO)


@built_once
def _spectrum() -> alt.LayerChart:
    x = alt.X("rank:Q", title=_("rank"), **linear_axis(8, "d"))
    y = alt.Y("value:Q", title=_("Lyapunov exponent (per step)"), **linear_axis(7, zero=True))
    tips = [
        alt.Tooltip("rank:Q", title=_("rank"), format="d"),
        alt.Tooltip("value:Q", title=_("exponent"), format=".4~g"),
    ]
    where = marks("spectrum").encode(x, y, tooltip=tips)
    points = where.mark_point(color=colour_of("grad_hidden"), filled=True, size=40, opacity=1)
    return framed([_zero(y, strokeDash=list(DASH), strokeWidth=1.6), points])
