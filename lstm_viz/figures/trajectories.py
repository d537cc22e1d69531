"""A layer's states as paths in the plane in which they move most, and where they rest."""

from collections.abc import Sequence

import altair as alt
import numpy as np
import numpy.typing as npt
import pandas as pd

from lstm_viz.figures.axes import linear_axis
from lstm_viz.figures.colour import mix
from lstm_viz.figures.palette import BACKGROUND, MUTED, TEXT, Signal, theme
from lstm_viz.figures.vega import Layers, Spec, built_once, colour_of, fed, framed, marks, pickable
from lstm_viz.measures.resting import FIXED, KINDS
from lstm_viz.words import _

Array = npt.NDArray[np.float64]

SHAPES = {
    "stable": "circle",
    "saddle": "cross",
    "line attractor": "diamond",
    "plane attractor": "square",
    "centre": "triangle-up",
    "unstable": "triangle-down",
}


PALEST = 0.25
"""Share of the signal's colour at the first time step."""


def trajectories(
    places: Array,
    sample: int,
    signal: Signal,
    *,
    marked: Sequence[int] = (),
    points: Array | None = None,
    kinds: Sequence[str] = (),
    speeds: Array | None = None,
) -> Spec:
    """(B, T, 2) paths of all examples; that of `sample` with its time steps, which a click picks
    as `t`, and rings at the `marked` ones. `points` (N, 2) are of these `kinds`, hollow where the
    state only lingers by its `speeds`.
    """
    B, T, _two = places.shape
    paths = pd.DataFrame(
        {
            "x": places[..., 0].ravel(),
            "y": places[..., 1].ravel(),
            "t": np.tile(np.arange(T), B),
            "example": np.repeat(np.arange(B), T).astype(str),
        }
    )
    own = paths[paths["example"] == str(sample)]
    tables = {
        "others": paths[paths["example"] != str(sample)],
        "own": own,
        "marked": own[own["t"].isin(list(marked))],
    }
    if points is not None and len(points):
        assert speeds is not None
        tables["points"] = pd.DataFrame(
            {
                "x": points[:, 0],
                "y": points[:, 1],
                "kind": [_(KINDS[kind]) for kind in kinds],
                "shape": [SHAPES[kind] for kind in kinds],
                "rests": np.where(speeds <= FIXED, 1.0, 0.0),
                "speed": speeds,
            }
        )
    look = _look(
        T, signal, bool(len(tables["others"])), len(tables["marked"]) > 0, "points" in tables
    )
    return fed(look, **{name: table for name, table in tables.items() if len(table)})


@built_once
def _look(steps: int, signal: Signal, others: bool, marked: bool, points: bool) -> alt.LayerChart:
    x = alt.X("x:Q", title=_("first principal component"), **linear_axis(6, nice=True))
    y = alt.Y("y:Q", title=_("second principal component"), **linear_axis(6, nice=True))
    ink = MUTED[theme()]
    layers: Layers = []
    if others:
        path = marks("others").mark_line(color=ink, strokeWidth=1, opacity=0.35)
        layers.append(path.encode(x, y, alt.Order("t:Q"), alt.Detail("example:N")))
    line = marks("own").mark_line(color=ink, strokeWidth=1.4)
    layers.append(line.encode(x, y, alt.Order("t:Q")))
    if points:
        layers.append(_points(x, y))
    full = colour_of(signal)
    colour = alt.Color(
        "t:Q",
        title=_("time step t"),
        scale=alt.Scale(
            domain=[0, max(1, steps - 1)], range=[mix(BACKGROUND[theme()], full, PALEST), full]
        ),
        legend=alt.Legend(orient="right", gradientLength=180, format="d"),
    )
    tips = [alt.Tooltip("t:Q", title=_("time step t"), format="d")]
    dots = marks("own").mark_point(filled=True, size=70, opacity=1, cursor="pointer")
    layers.append(pickable(dots.encode(x, y, colour, tooltip=tips), "t"))
    if marked:
        ring = marks("marked").mark_point(color=TEXT[theme()], size=170, strokeWidth=2, opacity=1)
        layers.append(ring.encode(x, y, tooltip=tips))
    return framed(layers, height=380)


def _points(x: alt.X, y: alt.Y) -> alt.Chart:
    ink = TEXT[theme()]
    tips = [
        alt.Tooltip("kind:N", title=_("kind of point")),
        alt.Tooltip("speed:Q", title=_("speed q"), format=".1e"),
    ]
    found: alt.Chart = (
        marks("points")
        .mark_point(stroke=ink, fill=ink, size=120, strokeWidth=1.8)
        .encode(
            x,
            y,
            alt.Shape("shape:N", scale=None),
            alt.FillOpacity("rests:Q", scale=None),
            tooltip=tips,
        )
    )
    return found
