"""One layer of a trace on one sample: unit by unit over the time steps, and gradients through time.

Arrays are (T, U) and (T,), in the order of the input; NaN is where a sample has ended.
"""

from collections.abc import Mapping, Sequence

import altair as alt
import numpy as np
import pandas as pd

from lstm_viz.data.dataset import evenly
from lstm_viz.figures.axes import decades, linear_axis, log_axis
from lstm_viz.figures.drawn_frames import reach_of
from lstm_viz.figures.gradients import FLOOR_LABEL
from lstm_viz.figures.packing import Numbers
from lstm_viz.figures.palette import LOOKS, Signal, ramp, theme
from lstm_viz.figures.rows import FLOAT32_FLOOR
from lstm_viz.figures.vega import (
    LEVELS,
    Spec,
    below,
    built_once,
    colour_of,
    fed,
    layered,
    level_table,
    lines,
    long_table,
    marks,
    name_of,
    unlabelled,
)
from lstm_viz.words import _

MOST_UNITS = 48
"""Rows of one heat map; evenly spaced ones of a wider layer."""
NAMED_UNITS = 4
"""Of them, how many are named at the axis."""
NORMS = "norms"
FEW = 3
"""Points of a line up to which they are shown themselves."""
MAP_HEIGHT, LINES_HEIGHT = 110, 190
FLOOR, NEAR = 10.0**FLOAT32_FLOOR, 1e-35
"""Where float32 ends, and from where on down that is drawn."""
Look = tuple[Signal, float]
"""A heat map's signal, and the upper end of its scale."""


def over_time(
    maps: Mapping[Signal, Numbers], norms: Mapping[Signal, Numbers], *, height: int = MAP_HEIGHT
) -> Spec:
    """A heat map for each of `maps`, and below them the `norms` on a log axis; all on one time.

    Gates lie on 0..1, what has a sign diverges from 0. A norm of 0 has no place on a log axis and
    is left out.
    """
    first = next(iter({**maps, **norms}.values()))
    units = next((tuple(_units(values)) for values in maps.values()), ())
    looks = tuple((signal, _end(signal, values)) for signal, values in maps.items())
    tables: dict[str, pd.DataFrame] = {name: _cells(values) for name, values in maps.items()}
    ends, levels = None, dict[str, float]()
    if norms:
        named = {name_of(signal): values for signal, values in norms.items()}
        tables[NORMS] = long_table({"t": np.arange(len(first))}, named, positive=True)
        ends = decades(tables[NORMS]["value"])
        levels = {_(FLOOR_LABEL): FLOOR} if ends[0] <= NEAR else {}
        tables[LEVELS] = level_table(levels)
    few = bool(norms) and len(tables[NORMS]) <= FEW * len(norms)
    look = _over_time(looks, units, len(first), tuple(norms), ends, tuple(levels), few, height)
    return fed(look, **tables)


@built_once
def _over_time(
    maps: Sequence[Look],
    units: Sequence[int],
    steps: int,
    norms: Sequence[Signal],
    ends: tuple[float, float] | None,
    levels: Sequence[str],
    few: bool,
    height: int,
) -> alt.VConcatChart:
    time = {
        "title": _("time step t"),
        **linear_axis(6, "d", domain=[-0.5, steps - 0.5], nice=False),
    }
    x, last = alt.X("from:Q", **time), len(maps) - (ends is None)
    charts = [
        _heat(signal, end, units, x if k == last else unlabelled(x), height)
        for k, (signal, end) in enumerate(maps)
    ]
    if ends is not None:
        y = alt.Y("value:Q", title=_("norm"), **log_axis(*ends))
        colours = {name_of(signal): colour_of(signal) for signal in norms}
        tips = [alt.Tooltip("name:N", title=_("signal")), *_read(".3e")]
        drawn = lines(NORMS, alt.X("t:Q", **time), y, colours, tips, levels=levels, dots=few)
        charts.append(layered(drawn, width="container", height=LINES_HEIGHT))
    whole = below(charts)
    # Else the heat maps share one ramp, and the lines have a second legend of their dashes.
    whole.resolve = alt.Resolve(
        scale=alt.ScaleResolveMap(x="shared", color="independent", strokeDash="independent")
    )
    return whole


def _heat(
    signal: Signal, end: float, units: Sequence[int], x: alt.X, height: int
) -> alt.LayerChart:
    colours = ramp(signal, theme())
    low = -end if LOOKS[signal].signed else 0.0
    stops = [float(stop) for stop in np.linspace(low, end, len(colours))]
    scale = alt.Scale(domain=stops, range=list(colours), clamp=True)
    key = alt.Legend(
        title=None, orient="right", gradientLength=height - 20, values=[low, (low + end) / 2, end]
    )
    shown = [units[place] for place in evenly(len(units), NAMED_UNITS)]
    cells = (
        marks(signal)
        .mark_rect()
        .encode(
            x,
            alt.X2("to:Q"),
            alt.Y("unit:O", title=_("unit"), axis=alt.Axis(values=shown)),
            alt.Color("value:Q", scale=scale, legend=key),
            tooltip=[alt.Tooltip("unit:Q", title=_("unit")), *_read(".3f")],
        )
    )
    return layered([cells], width="container", height=height, title=name_of(signal))


def _read(form: str) -> list[alt.Tooltip]:
    value = alt.Tooltip("value:Q", title=_("value"), format=form)
    return [alt.Tooltip("t:Q", title=_("time step t"), format="d"), value]


def _units(values: Numbers) -> list[int]:
    return [int(unit) for unit in evenly(values.shape[1], MOST_UNITS)]


def _cells(values: Numbers) -> pd.DataFrame:
    """A row for each (t, unit) that there is, with the ends of its step on the axis."""
    units = _units(values)
    t, unit = np.meshgrid(np.arange(len(values)), units, indexing="ij")
    table = pd.DataFrame(
        {"t": t.ravel(), "unit": unit.ravel(), "value": values[:, units].ravel().astype(float)}
    )
    drawn: pd.DataFrame = table[np.isfinite(table["value"])]
    return drawn.assign(**{"from": drawn["t"] - 0.5, "to": drawn["t"] + 0.5})


def _end(signal: Signal, values: Numbers) -> float:
    """Of its scale."""
    return reach_of(values) if LOOKS[signal].signed else 1.0
