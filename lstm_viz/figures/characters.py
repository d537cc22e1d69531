"""What a network of text expects next."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from lstm_viz.figures.layers import visible
from lstm_viz.figures.vega import Spec, colour_of, figure, layer, name, quantity
from lstm_viz.words import _

Numbers = npt.NDArray[np.floating]


def next_characters(characters: Sequence[str], probabilities: Numbers) -> Spec:
    """A bar for each of the likeliest next characters, the likeliest at the top; both (K,)."""
    order = np.argsort(-np.asarray(probabilities), kind="stable")
    shown = [visible(characters[k]) for k in order]
    likely = np.asarray(probabilities, np.float64)[order]
    table = pd.DataFrame({"character": shown, "probability": likely})
    table["words"] = [f"{each:.1%}" for each in likely]
    at = name(
        "character",
        _("next character"),
        sort=None,
        axis={"labelFontSize": 15, "labelFont": "monospace"},
    )
    axis = {"scale": {"domain": [0, 1]}, "axis": {"format": "~%", "tickCount": 5}}
    long = quantity("probability", _("probability"), **axis)
    tips = [
        name("character", _("next character")),
        quantity("probability", _("probability"), format=".2%"),
    ]
    where = {"x": long, "y": at}
    text = {"align": "left", "dx": 5, "baseline": "middle", "fontSize": 13}
    return figure(
        [
            layer("next", "bar", {**where, "tooltip": tips}, color=colour_of("prediction")),
            layer("next", "text", {**where, "text": name("words")}, color=colour_of("truth"),
                  **text),
        ],
        {"next": table},
        height=60 + 26 * len(shown),
    )  # fmt: skip
