"""Bars of characters: what a text is made of."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from lstm_viz.figures.layers import visible
from lstm_viz.figures.vega import Spec, colour_of, figure, layer, name, quantity
from lstm_viz.words import _

Numbers = npt.NDArray[np.floating]


def frequent_characters(characters: Sequence[str], shares: Numbers) -> Spec:
    """A bar for each character's share of a text, the most frequent at the top; both (K,)."""
    order = np.argsort(-np.asarray(shares), kind="stable")
    shown = [visible(characters[k]) for k in order]
    ordered = np.asarray(shares, np.float64)[order]
    table = pd.DataFrame({"character": shown, "share": ordered})
    table["words"] = [f"{each:.1%}" for each in ordered]
    at = name(
        "character",
        _("character"),
        sort=None,
        axis={"labelFontSize": 15, "labelFont": "monospace"},
    )
    longest = float(np.max(shares, initial=0.0)) * 1.15  # room for the words
    axis = {"scale": {"domain": [0, longest]}, "axis": {"format": "~%", "tickCount": 5}}
    long = quantity("share", _("share of the text"), **axis)
    tips = [name("character", _("character")), quantity("share", _("share"), format=".2%")]
    where = {"x": long, "y": at}
    text = {"align": "left", "dx": 5, "baseline": "middle", "fontSize": 13}
    return figure(
        [
            layer("characters", "bar", {**where, "tooltip": tips}, color=colour_of("series")),
            layer("characters", "text", {**where, "text": name("words")},
                  color=colour_of("truth"), **text),
        ],
        {"characters": table},
        height=60 + 26 * len(shown),
    )  # fmt: skip
