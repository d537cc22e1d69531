"""Charts of a layer's gates: how open they are, how decided, how long they keep.

Gates map a name to (T, H) or (B, T, H) activations.
"""

from collections.abc import Mapping, Sequence
from typing import cast

import numpy as np
import numpy.typing as npt
import pandas as pd

from lstm_viz.figures.palette import LOOKS, Signal, role_of
from lstm_viz.figures.vega import (
    Spec,
    by_name,
    colour_of,
    diagonal,
    figure,
    layer,
    legend,
    log_axis,
    name,
    name_of,
    quantity,
    rule,
    stacked,
)
from lstm_viz.measures.gates import LEFT, RIGHT, distribution
from lstm_viz.measures.gates import saturation as saturated_shares
from lstm_viz.words import _

Numbers = npt.NDArray[np.floating]
BINS = 25
MARK_SIZES = [70, 900]
"""Area of the mark of one unit, and of the most at one place."""
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


def gate_distribution(gates: Mapping[str, Numbers]) -> Spec:
    """Histogram of each gate's activations over 0..1; the candidate is no gate and left out."""
    edges = np.linspace(0, 1, BINS + 1)
    colours, tables = {}, []
    for signal in _gates_of(gates):
        share = distribution(gates[signal], BINS)
        # The last bin's share stands twice, so that its step reaches the axis' end.
        table = pd.DataFrame({"low": edges, "share": [*share, share[-1]]})
        tables.append(table.assign(name=name_of(signal)))
        colours[name_of(signal)] = colour_of(signal)
    axis = {"scale": {"domain": [0, 1]}, "axis": {"tickCount": 10}}
    x = quantity("low", _("activation (0 closed, 1 open)"), **axis)
    y = quantity("share", _("share of units and time steps"), axis={"format": "~%"}, stack=None)
    where = {"x": x, "y": y, "color": by_name(colours)}
    step = {"interpolate": "step-after"}
    return figure(
        [
            layer("shares", "area", where, opacity=0.14, **step),
            layer("shares", "line", where, strokeWidth=2.2, **step),
        ],
        {"shares": stacked(tables, "low", "share", "name")},
    )


def saturation(gates: Mapping[str, Numbers], units: Sequence[int] | None = None) -> Spec:
    """Each unit's share of t with gate < 0.1 against gate > 0.9; no unit lies past the diagonal.

    Units at the same place are one mark that grows with their number. `units` are their numbers,
    0 to H-1 if not given. After Karpathy, Johnson & Fei-Fei 2015, "Visualizing and understanding
    recurrent networks".
    """
    colours, tables = {}, []
    for signal in _gates_of(gates):
        left, right = saturated_shares(gates[signal])
        table = _by_place(left, right, _numbers(units, len(left)))
        tables.append(table.assign(name=name_of(signal)))
        colours[name_of(signal)] = colour_of(signal)
    marks = stacked(tables, "left", "right", "count", "units", "name")
    axis = {"scale": {"domain": [0, 1]}, "axis": {"format": "~%", "tickCount": 5}}
    x = quantity("left", _("share of time with gate < {at}").format(at=LEFT), **axis)
    y = quantity("right", _("share of time with gate > {at}").format(at=RIGHT), **axis)
    shapes = {
        "domain": list(colours),
        "range": [SHAPES[role_of(signal)] for signal in _gates_of(gates)],
    }
    sizes = {"domain": [1, max([2, *marks["count"]])], "range": MARK_SIZES}
    encoding = {
        "x": x,
        "y": y,
        "color": by_name(colours, symbol=""),
        "shape": name("name", scale=shapes, legend=legend(colours, symbol="")),
        "size": quantity("count", scale=sizes, legend=None),
        "tooltip": [
            name("name", _("gate")),
            quantity("count", _("units")),
            name("units", _("unit")),
            quantity("left", _("closed"), format=".0%"),
            quantity("right", _("open"), format=".0%"),
        ],
    }
    # Outlines: what lies on each other stays in sight.
    points = layer("units", "point", encoding, filled=False, strokeWidth=2, opacity=1)
    bound = diagonal(0.0, 1.0, x, y, falling=True)
    return figure([bound, points], {"units": marks})


def _by_place(left: Numbers, right: Numbers, units: npt.NDArray[np.int64]) -> pd.DataFrame:
    """One row for each place, with how many units lie there and which; the fullest first."""
    places: dict[tuple[float, float], list[str]] = {}
    for at, unit in zip(zip(left.tolist(), right.tolist(), strict=True), units, strict=True):
        places.setdefault(at, []).append(str(unit))
    rows = [(*at, len(found), listed(found)) for at, found in places.items()]
    rows.sort(key=lambda row: -row[2])
    return pd.DataFrame(rows, columns=["left", "right", "count", "units"])


def listed(names: Sequence[str]) -> str:
    """Names beside each other; of many, the first ones.

    >>> listed(["1", "4"]), listed([str(k) for k in range(20)])
    ('1, 4', '0, 1, 2, 3, 4, 5, 6, 7, …')
    """
    more = ["…"] if len(names) > NAMED else []
    return ", ".join([*names[:NAMED], *more])


def time_constants(tau: Numbers, window: int, units: Sequence[int] | None = None) -> Spec:
    """τ of each unit, (H,) in steps, sorted, on a log axis, with the window's length as a rule.

    A unit that never forgets (τ infinite) stands at the top edge with an arrow, one that forgets
    at once (τ = 0) at the bottom edge.
    """
    table, (low, high) = _tau_table(tau, window, units)
    colour = colour_of("forget")
    where = {
        "x": name(
            "unit",
            _("unit, from the shortest memory to the longest"),
            sort=None,
            axis={"labelAngle": 0, "labelOverlap": "greedy"},
        ),
        "y": quantity("drawn", _("time constant τ (time steps)"), **log_axis(low, high)),
        "tooltip": [name("unit", _("unit")), name("said", _("time constant (steps)"))],
    }
    stems = {**where, "y2": {"datum": low}}
    dots = {**where, "shape": name("shape", scale=None)}
    return figure(
        [
            layer("units", "rule", stems, color=colour, strokeWidth=2, opacity=0.35),
            layer("units", "point", dots, color=colour, filled=True, size=80, opacity=1),
            *rule(window, _("window: {window} steps").format(window=window), side="left"),
        ],
        {"units": table},
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
            "drawn": np.clip(ordered, low, high),
            "said": ["∞" if np.isinf(t) else f"{t:.3g}" for t in ordered],
            "shape": np.where(ordered > high, "triangle-up", beyond),
        }
    )
    return table, (low, high)


def _numbers(units: Sequence[int] | None, count: int) -> npt.NDArray[np.int64]:
    """The units' numbers; 0, 1, ... if they are not given."""
    return np.arange(count) if units is None else np.asarray(units)


def _gates_of(gates: Mapping[str, Numbers]) -> list[Signal]:
    """The signals among these that lie in 0..1."""
    signals = [cast("Signal", gate) for gate in gates]
    return [signal for signal in signals if not LOOKS[signal].signed]
