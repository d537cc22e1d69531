"""Bars of characters: what a network of text expects next, and what a text is made of."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from lstm_viz.figures.layers import visible
from lstm_viz.figures.palette import Signal
from lstm_viz.figures.vega import Spec, colour_of, figure, layer, name, quantity
from lstm_viz.words import _

Numbers = npt.NDArray[np.floating]


def next_characters(characters: Sequence[str], probabilities: Numbers) -> Spec:
    """A bar for each of the likeliest next characters, the likeliest at the top; both (K,)."""
    titles = _("next character"), _("probability")
    return _bars(characters, probabilities, titles, 1.0, "prediction")


def frequent_characters(characters: Sequence[str], shares: Numbers) -> Spec:
    """A bar for each character's share of a text, the most frequent at the top; both (K,)."""
    longest = float(np.max(shares, initial=0.0)) * 1.15
    return _bars(characters, shares, (_("character"), _("share of the text")), longest, "series")


def _bars(
    characters: Sequence[str],
    shares: Numbers,
    titles: tuple[str, str],
    longest: float,
    signal: Signal,
) -> Spec:
    """Horizontal bars, the longest at the top, on an axis that ends at `longest`."""
    order = np.argsort(-np.asarray(shares), kind="stable")
    shown = [visible(characters[k]) for k in order]
    ordered = np.asarray(shares, np.float64)[order]
    table = pd.DataFrame({"character": shown, "probability": ordered})
    table["words"] = [f"{each:.1%}" for each in ordered]
    at = name(
        "character",
        titles[0],
        sort=None,
        axis={"labelFontSize": 15, "labelFont": "monospace"},
    )
    axis = {"scale": {"domain": [0, longest]}, "axis": {"format": "~%", "tickCount": 5}}
    long = quantity("probability", titles[1], **axis)
    tips = [name("character", titles[0]), quantity("probability", titles[1], format=".2%")]
    where = {"x": long, "y": at}
    text = {"align": "left", "dx": 5, "baseline": "middle", "fontSize": 13}
    return figure(
        [
            layer("next", "bar", {**where, "tooltip": tips}, color=colour_of(signal)),
            layer("next", "text", {**where, "text": name("words")}, color=colour_of("truth"),
                  **text),
        ],
        {"next": table},
        height=60 + 26 * len(shown),
    )  # fmt: skip
