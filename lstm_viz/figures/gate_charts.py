"""Charts of a layer's gates: how open they are, how decided, how long they keep.

Gates map a name to (T, H) or (B, T, H) activations.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import numpy.typing as npt
import pandas as pd

from lstm_viz.figures.altair_parts import (
    by_name,
    colour_of,
    diagonal,
    finish,
    legend_above,
    log_axis,
    name_of,
    rule,
)
from lstm_viz.figures.measures import LEFT, RIGHT, distribution
from lstm_viz.figures.measures import saturation as saturated_shares
from lstm_viz.figures.palette import LOOKS, Signal
from lstm_viz.words import _

if TYPE_CHECKING:
    import altair as alt

Numbers = npt.NDArray[np.floating]
BINS = 25


def gate_distribution(gates: Mapping[str, Numbers]) -> "alt.LayerChart":
    """Histogram of each gate's activations over 0..1; the candidate is no gate and left out."""
    import altair as alt

    edges = np.linspace(0, 1, BINS + 1)
    shown = _gates_of(gates)
    table = pd.concat(
        [
            pd.DataFrame(
                {
                    "low": edges[:-1],
                    "high": edges[1:],
                    "share": distribution(gates[signal], BINS),
                    "name": name_of(signal),
                }
            )
            for signal in shown
        ]
    )
    outline = pd.concat([table, table[table["high"] == 1].assign(low=1.0)])
    base = alt.Chart(outline).encode(
        x=alt.X(
            "low:Q",
            title=_("activation (0 closed, 1 open)"),
            scale=alt.Scale(domain=[0, 1]),
            axis=alt.Axis(format="~g"),
        ),
        y=alt.Y("share:Q", title=_("share of units and time steps"), axis=alt.Axis(format="~%")),
        color=by_name({name_of(signal): colour_of(signal) for signal in shown}),
    )
    lines = base.mark_line(interpolate="step-after", strokeWidth=2.2)
    areas = base.mark_area(interpolate="step-after", opacity=0.14).encode(
        y=alt.Y("share:Q").stack(None)
    )
    return finish(areas, lines)


def saturation(gates: Mapping[str, Numbers]) -> "alt.LayerChart":
    """Each unit's share of t with gate < 0.1 against gate > 0.9; no unit lies past the diagonal.

    After Karpathy, Johnson & Fei-Fei 2015, "Visualizing and understanding recurrent networks".
    """
    import altair as alt

    shown = _gates_of(gates)
    parts = []
    for signal in shown:
        left, right = saturated_shares(gates[signal])
        unit = np.arange(len(left))
        parts.append(
            pd.DataFrame({"left": left, "right": right, "unit": unit, "name": name_of(signal)})
        )
    names = {name_of(signal): colour_of(signal) for signal in shown}
    axis: dict[str, Any] = {
        "scale": alt.Scale(domain=[0, 1]),
        "axis": alt.Axis(format="~%", tickCount=5),
    }
    x = alt.X("left:Q", title=_("share of time with gate < {at}").format(at=LEFT), **axis)
    y = alt.Y("right:Q", title=_("share of time with gate > {at}").format(at=RIGHT), **axis)
    points = (
        alt.Chart(pd.concat(parts))
        .mark_point(filled=True, size=70, opacity=0.75)
        .encode(
            x=x,
            y=y,
            color=by_name(names, ""),
            shape=alt.Shape(
                "name:N",
                scale=alt.Scale(domain=list(names), range=["circle", "square", "triangle-up"]),
                legend=legend_above(names, ""),
            ),
            tooltip=[
                alt.Tooltip("name:N", title=_("gate")),
                alt.Tooltip("unit:Q", title=_("unit")),
                alt.Tooltip("left:Q", title=_("closed"), format=".0%"),
                alt.Tooltip("right:Q", title=_("open"), format=".0%"),
            ],
        )
    )
    return finish(diagonal(0.0, 1.0, x, y, falling=True), points)


def time_constants(
    tau: Numbers, window: int, units: Sequence[int] | None = None
) -> "alt.LayerChart":
    """τ of each unit, (H,) in steps, sorted, on a log axis, with the window's length as a rule.

    A unit that never forgets (τ infinite) stands at the top edge with an arrow, one that forgets
    at once (τ = 0) at the bottom edge.
    """
    import altair as alt

    table, ends = _tau_table(tau, window, units)
    base = alt.Chart(table).encode(
        x=alt.X(
            "unit:N",
            sort=table["unit"].tolist(),
            title=_("unit, from the shortest memory to the longest"),
            axis=alt.Axis(labelAngle=0, labelOverlap="greedy"),
        ),
        y=alt.Y(
            "drawn:Q",
            **log_axis(_("time constant τ (time steps)"), *ends),
        ),
        tooltip=[
            alt.Tooltip("unit:N", title=_("unit")),
            alt.Tooltip("said:N", title=_("time constant (steps)")),
        ],
    )
    stems = base.mark_rule(color=colour_of("forget"), strokeWidth=2, opacity=0.35).encode(
        y2=alt.Y2Datum(ends[0])
    )
    dots = base.mark_point(filled=True, size=80, opacity=1, color=colour_of("forget")).encode(
        shape=alt.Shape("shape:N", scale=None)
    )
    named = rule(window, _("window: {window} steps").format(window=window), side="left")
    return finish(stems, dots, named)


def _tau_table(
    tau: Numbers, window: int, units: Sequence[int] | None
) -> tuple[pd.DataFrame, list[float]]:
    order = np.argsort(tau, kind="stable")
    sorted_tau = np.asarray(tau, np.float64)[order]
    names = np.asarray(units if units is not None else np.arange(len(tau)))[order]
    drawable = sorted_tau[np.isfinite(sorted_tau) & (sorted_tau > 0)]
    low = float(10 ** np.floor(np.log10(min(drawable.min(initial=1.0), 1.0))))
    high = float(10 ** np.ceil(np.log10(max(drawable.max(initial=1.0), window) * 1.25)))
    table = pd.DataFrame(
        {
            "unit": names.astype(str),
            "drawn": np.clip(sorted_tau, low, high),
            "said": ["∞" if np.isinf(t) else f"{t:.3g}" for t in sorted_tau],
            "shape": np.where(
                sorted_tau > high,
                "triangle-up",
                np.where(sorted_tau < low, "triangle-down", "circle"),
            ),
        }
    )
    return table, [low, high]


def _gates_of(gates: Mapping[str, Numbers]) -> list[Signal]:
    """The signals among these that lie in 0..1."""
    return [cast("Signal", name) for name in gates if not LOOKS[cast("Signal", name)].signed]
