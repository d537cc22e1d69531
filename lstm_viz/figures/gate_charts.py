"""Charts of a layer's gates: how open they are, how decided, how long they keep.

Gates map a name to (T, H) or (B, T, H) activations.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import cast

import altair as alt
import numpy as np
import numpy.typing as npt
import pandas as pd

from lstm_viz.figures.axes import linear_axis, log_axis
from lstm_viz.figures.by_unit import sized, unit_axis
from lstm_viz.figures.drawn_frames import linear_ends
from lstm_viz.figures.packing import Numbers
from lstm_viz.figures.palette import LOOKS, MUTED, Signal, role_of, theme
from lstm_viz.figures.vega import (
    DASH,
    LEVELS,
    Spec,
    built_once,
    colour_of,
    coloured,
    dashed,
    diagonal,
    fed,
    framed,
    legend,
    level_table,
    marks,
    name_of,
    pickable,
    stacked,
    step_table,
)
from lstm_viz.measures.gates import LEFT, RIGHT, distribution, most_often
from lstm_viz.measures.gates import saturation as saturated_shares
from lstm_viz.numerals import numeral
from lstm_viz.words import _, ngettext

BINS = 25
MARK_SIZES = [70, 900]
"""Area of the mark of one unit, and of the most at one place."""
BESIDE = 0.025
"""From one mark to the next at the same place, as a share of the axis."""
ROOM = 0.06
"""Around the places, for marks at the edges, as a share of the axis."""
NO_UNIT = "–"
"""Most often in a bin in which there is nothing."""
NAMED = 8
"""Units that a tooltip names."""
SHAPES: dict[str, str] = {
    "input": "circle",
    "forget": "square",
    "output": "triangle-up",
    "reset": "circle",
    "update": "square",
    "inner_input": "diamond",
    "inner_forget": "cross",
    "inner_output": "triangle-down",
}


def gate_distribution(gates: Mapping[str, Numbers], units: Sequence[int] | None = None) -> Spec:
    """Histogram of each gate's activations over 0..1; the candidate is no gate and left out.

    `units` are their numbers, 0 to H-1 if not given; a click on a bin picks the `unit` that is
    there most often.
    """
    edges, signals = np.linspace(0, 1, BINS + 1), _gates_of(gates)
    tables = []
    for signal in signals:
        gate = gates[signal]
        names = [*_numbers(units, gate.shape[-1]).astype(str), NO_UNIT]
        there = [names[place] for place in [*most_often(gate, BINS), -1]]
        table = step_table(edges, distribution(gate, BINS)).assign(high=edges + 1 / BINS)
        tables.append(table.assign(name=name_of(signal), unit=there))
    table = stacked(tables, "low", "high", "share", "height", "name", "unit")
    top = linear_ends(np.array([0.0, *table["height"]]))[1]  # an axis that rests
    return fed(_distribution(signals, top), shares=table)


@built_once
def _distribution(signals: tuple[Signal, ...], top: float) -> alt.LayerChart:
    axis = linear_axis(10, domain=[0, 1])
    x = alt.X("low:Q", title=_("activation (0 closed, 1 open)"), **axis)
    percent = linear_axis(6, "~%", domain=[0, top], nice=False)
    height, share = (
        alt.Y(f"{each}:Q", title=_("share of units and time steps"), stack=None, **percent)
        for each in ("height", "share")
    )
    colours = {name_of(signal): colour_of(signal) for signal in signals}
    where = marks("shares").encode(x, coloured(colours))
    steps = where.encode(height)
    read = [
        alt.Tooltip("name:N", title=_("gate")),
        alt.Tooltip("low:Q", title=_("activation from"), format=".2f"),
        alt.Tooltip("share:Q", title=_("share"), format=".1%"),
        alt.Tooltip("unit:N", title=_("unit most often there")),
    ]
    nothing, lowest_last = alt.datum(0), alt.Order("share:Q", sort="descending")
    bins = where.mark_bar(opacity=0, cursor="pointer").encode(
        share, lowest_last, x2="high:Q", y2=nothing, tooltip=read
    )
    return framed(
        [
            steps.mark_area(opacity=0.14, interpolate="step-after"),
            steps.mark_line(strokeWidth=2.2, interpolate="step-after"),
            pickable(bins, "unit"),
        ]
    )


def saturation(gates: Mapping[str, Numbers], units: Sequence[int] | None = None) -> Spec:
    """Each unit's share of t with gate < 0.1 against gate > 0.9; no unit lies past the diagonal.

    Units at the same place are one mark that grows with their number; marks of several gates at
    one place stand beside each other. `units` are their numbers, 0 to H-1 if not given; a click on
    a mark picks its `units`, as `listed`.
    After Karpathy, Johnson & Fei-Fei 2015, "Visualizing and understanding recurrent networks".
    """
    signals, tables = _gates_of(gates), []
    for signal in signals:
        left, right = saturated_shares(gates[signal])
        table = _by_place(left, right, _numbers(units, len(left)))
        tables.append(table.assign(name=name_of(signal)))
    table = _apart(stacked(tables, "left", "right", "count", "units", "name"))
    corners = pd.DataFrame({"at": [0.0, 1.0], "right": [1.0, 0.0]})
    return fed(_saturation(signals, max([2, *table["count"]])), units=table, diagonal=corners)


@built_once
def _saturation(signals: tuple[Signal, ...], most: int) -> alt.LayerChart:
    axis = linear_axis(5, "~%", domain=[-ROOM, 1 + ROOM], nice=False)
    x = alt.X("at:Q", title=_("share of time with gate < {at}").format(at=LEFT), **axis)
    y = alt.Y("right:Q", title=_("share of time with gate > {at}").format(at=RIGHT), **axis)
    colours = {name_of(signal): colour_of(signal) for signal in signals}
    shapes = alt.Scale(domain=list(colours), range=[SHAPES[role_of(signal)] for signal in signals])
    sizes = alt.Scale(domain=[1, most], range=MARK_SIZES)
    # Outlines: what lies on each other stays in sight.
    outlines = marks("units").mark_point(filled=False, strokeWidth=2, opacity=1, cursor="pointer")
    points = outlines.encode(
        x,
        y,
        coloured(colours, symbol=""),
        alt.Shape("name:N", scale=shapes, legend=legend(colours, symbol="")),
        alt.Size("count:Q", scale=sizes, legend=None),
        tooltip=[
            alt.Tooltip("name:N", title=_("gate")),
            alt.Tooltip("count:Q", title=_("units")),
            alt.Tooltip("units:N", title=_("unit")),
            alt.Tooltip("left:Q", title=_("closed"), format=".0%"),
            alt.Tooltip("right:Q", title=_("open"), format=".0%"),
        ],
    )
    return framed([diagonal(x, y), pickable(points, "units")])


def _by_place(left: Numbers, right: Numbers, units: npt.NDArray[np.int64]) -> pd.DataFrame:
    """One row for each place, with how many units lie there and which; the fullest first."""
    places: dict[tuple[float, float], list[str]] = {}
    for at, unit in zip(zip(left.tolist(), right.tolist(), strict=True), units, strict=True):
        places.setdefault(at, []).append(str(unit))
    rows = [(*at, len(found), listed(found)) for at, found in places.items()]
    rows.sort(key=lambda row: -row[2])
    return pd.DataFrame(rows, columns=["left", "right", "count", "units"])


def _apart(table: pd.DataFrame) -> pd.DataFrame:
    """The same with `at`, where a mark is drawn: beside those of other gates at its place."""
    together = table.groupby(["left", "right"])["name"]
    place, count = together.cumcount(), together.transform("size")
    return table.assign(at=table["left"] + BESIDE * (place - (count - 1) / 2))


def listed(names: Sequence[str]) -> str:
    """Names beside each other; of many, the first ones.

    >>> listed(["1", "4"]), listed([str(k) for k in range(20)])
    ('1, 4', '0, 1, 2, 3, 4, 5, 6, 7, …')
    """
    more = ["…"] if len(names) > NAMED else []
    return ", ".join([*names[:NAMED], *more])


def time_constants(
    tau: Numbers,
    window: int,
    units: Sequence[int] | None = None,
    pinned: Collection[int] = (),
) -> Spec:
    """τ of each unit, (H,) in steps, sorted, on a log axis, with the window's length as a level.

    A unit that never forgets (τ infinite) stands at the top edge with an arrow, one that forgets
    at once (τ = 0) at the bottom edge. The marks of `pinned` units are larger, and a click on one
    picks its `unit`.
    """
    table, ends = _tau_table(tau, window, units)
    table = sized(table, pinned)
    words = ngettext("window: {window} step", "window: {window} steps", window)
    name = words.format(window=window)
    return fed(_time_constants(ends, name), units=table, **{LEVELS: level_table({name: window})})


@built_once
def _time_constants(ends: tuple[float, float], window: str) -> alt.LayerChart:
    y = alt.Y("value:Q", title=_("time constant τ (time steps)"), **log_axis(*ends))
    x = unit_axis(_("unit, from the shortest memory to the longest"))
    tips = [
        alt.Tooltip("unit:N", title=_("unit")),
        alt.Tooltip("said:N", title=_("time constant (steps)")),
    ]
    colour = colour_of("forget")
    where = marks("units").encode(x, y, tooltip=tips)
    level = marks(LEVELS).mark_rule(strokeWidth=1.6)
    # in the legend the level alone: the dots are what the axis counts
    shown = coloured({window: MUTED[theme()]}, least=1), dashed({window: DASH}, least=1)
    return framed(
        [
            where.mark_rule(color=colour, strokeWidth=2, opacity=0.35).encode(
                y2=alt.datum(ends[0])
            ),
            level.encode(y, *shown),
            pickable(
                where.mark_point(color=colour, filled=True, opacity=1, cursor="pointer").encode(
                    alt.Shape("shape:N", scale=None), alt.Size("size:Q", scale=None)
                ),
                "unit",
            ),
        ]
    )


def _tau_table(
    tau: Numbers, window: int, units: Sequence[int] | None
) -> tuple[pd.DataFrame, tuple[float, float]]:
    order = np.argsort(tau, kind="stable")
    ordered = np.asarray(tau, np.float64)[order]
    names = _numbers(units, len(tau))[order]
    finite = ordered[np.isfinite(ordered) & (ordered > 0)]
    low = float(10 ** np.floor(np.log10(finite.min(initial=1.0))))
    high = float(10 ** np.ceil(np.log10(finite.max(initial=window) * 1.25)))
    beyond = np.where(ordered < low, "triangle-down", "circle")
    table = pd.DataFrame(
        {
            "unit": names.astype(str),
            "value": np.clip(ordered, low, high),
            "said": [numeral(t) for t in ordered],
            "shape": np.where(ordered > high, "triangle-up", beyond),
        }
    )
    return table, (low, high)


def _numbers(units: Sequence[int] | None, count: int) -> npt.NDArray[np.int64]:
    """The units' numbers; 0, 1, ... if they are not given."""
    return np.arange(count) if units is None else np.asarray(units)


def _gates_of(gates: Mapping[str, Numbers]) -> tuple[Signal, ...]:
    """The signals among these that lie in 0..1."""
    signals = [cast("Signal", gate) for gate in gates]
    return tuple(signal for signal in signals if not LOOKS[signal].signed)
