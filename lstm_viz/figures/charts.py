"""Answers to examples against what is right."""

import altair as alt
import numpy as np
import pandas as pd

from lstm_viz.figures.axes import linear_axis
from lstm_viz.figures.drawn_frames import linear_ends
from lstm_viz.figures.packing import Numbers
from lstm_viz.figures.vega import (
    Spec,
    built_once,
    colour_of,
    diagonal,
    fed,
    framed,
    marks,
    name_of,
    pickable,
)
from lstm_viz.words import _

Ends = tuple[float, float]


def scatter(truth: Numbers, prediction: Numbers) -> Spec:
    """A point for each example, both (V,); on the diagonal the prediction is right. A click picks
    its place among them, `example`.
    """
    pairs = np.stack([np.ravel(truth), np.ravel(prediction)]).astype(np.float64)
    there = np.flatnonzero(np.isfinite(pairs).all(axis=0))
    pairs = pairs[:, there]
    ends = linear_ends(pairs)
    table = pd.DataFrame(
        {"truth": pairs[0], "prediction": pairs[1], "example": there, "number": there + 1}
    )
    corners = pd.DataFrame({"truth": ends, "prediction": ends})
    return fed(_scatter(ends), examples=table, diagonal=corners)


@built_once
def _scatter(ends: Ends) -> alt.LayerChart:
    axis = linear_axis(domain=list(ends), nice=False)
    x = alt.X("truth:Q", title=_("truth (in the data's unit)"), **axis)
    y = alt.Y("prediction:Q", title=_("prediction (in the data's unit)"), **axis)
    read = [
        alt.Tooltip("number:Q", title=_("example"), format="d"),
        alt.Tooltip("truth:Q", title=name_of("truth"), format=".4g"),
        alt.Tooltip("prediction:Q", title=name_of("prediction"), format=".4g"),
    ]
    dots = marks("examples").mark_point(
        filled=True, size=46, opacity=0.65, color=colour_of("prediction"), cursor="pointer"
    )
    dots = pickable(dots.encode(x, y, tooltip=read), "example")
    return framed([diagonal(x, y), dots], height=360)
