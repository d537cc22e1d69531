"""Bars of characters: what a text is made of."""

from collections.abc import Sequence

import altair as alt
import numpy as np
import pandas as pd

from lstm_viz.figures.axes import linear_axis
from lstm_viz.figures.layer_rows import visible
from lstm_viz.figures.packing import Numbers
from lstm_viz.figures.vega import FONT_SIZE, Spec, built_once, colour_of, fed, framed, marks
from lstm_viz.measures.spelling import percent
from lstm_viz.words import _


def frequent_characters(characters: Sequence[str], shares: Numbers) -> Spec:
    """A bar for each character's share of a text, the most frequent at the top; both (K,)."""
    order = np.argsort(-np.asarray(shares), kind="stable")
    ordered = np.asarray(shares, np.float64)[order]
    table = pd.DataFrame({"character": [visible(characters[k]) for k in order], "share": ordered})
    table["words"] = [percent(each, 1) for each in ordered]
    longest = float(ordered.max(initial=0.0)) * 1.15  # room for the words
    return fed(_frequent_characters(longest, len(table)), characters=table)


@built_once
def _frequent_characters(longest: float, count: int) -> alt.LayerChart:
    font = alt.Axis(labelFontSize=15, labelFont="monospace")
    x = alt.X("share:Q", title=_("share of the text"), **linear_axis(5, "~%", domain=[0, longest]))
    y = alt.Y("character:N", title=_("character"), sort=None, axis=font)
    tips = [
        alt.Tooltip("character:N", title=_("character")),
        alt.Tooltip("share:Q", title=_("share"), format=".2%"),
    ]
    where = marks("characters").encode(x, y)
    words = where.mark_text(color=colour_of("truth"), fontSize=FONT_SIZE, align="left", dx=5)
    return framed(
        [
            where.mark_bar(color=colour_of("series")).encode(tooltip=tips),
            words.encode(text="words:N"),
        ],
        60 + 26 * count,
    )
