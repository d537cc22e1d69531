"""Charts of a classifier: what it takes for what, how sure it is, and what a threshold costs."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from lstm_viz.figures.colour import contrast
from lstm_viz.figures.palette import CATEGORIES, RAMP_STOPS, TEXT, ramp, theme
from lstm_viz.figures.vega import (
    FONT_SIZE,
    Side,
    Spec,
    by_name,
    colour_of,
    diagonal,
    figure,
    layer,
    legend,
    name,
    quantity,
    upright,
)
from lstm_viz.measures.classification import Roc
from lstm_viz.words import _

Numbers = npt.NDArray[np.floating]

BINS = 25
MAX_POINTS = 1000
LEGIBLE = 3.5
SHARES_SHOWN = 8
"""Classes up to which a cell has room for its share beside its count."""


def roc(curve: Roc, threshold: float) -> Spec:
    """True against false positives; a dot at the threshold, and on the dashed diagonal chance."""
    table = pd.DataFrame(
        {
            "fpr": curve.false_positive_rate,
            "tpr": curve.true_positive_rate,
            # The first, which nothing reaches, is infinite: JSON has no word for it.
            "threshold": np.where(np.isinf(curve.thresholds), np.nan, curve.thresholds),
        }
    )
    kept = np.unique(np.linspace(0, len(table) - 1, min(MAX_POINTS, len(table))).astype(int))
    chosen = int((curve.thresholds >= threshold).sum()) - 1
    axis = {"scale": {"domain": [0, 1]}, "axis": {"format": "~%", "tickCount": 5}}
    x = quantity("fpr", _("false positives (share of the first class)"), **axis)
    y = quantity("tpr", _("true positives (share of the second class)"), **axis)
    tips = [
        quantity("threshold", _("threshold"), format=".3g"),
        quantity("fpr", _("false positives"), format=".1%"),
        quantity("tpr", _("true positives"), format=".1%"),
    ]
    where, tip = {"x": x, "y": y}, {"tooltip": tips}
    colour = colour_of("prediction")
    return figure(
        [
            diagonal(0.0, 1.0, x, y),
            layer("curve", "line", where, color=colour, strokeWidth=2.2, interpolate="linear"),
            layer("curve", "point", {**where, **tip}, size=120, opacity=0),
            layer("chosen", "point", {**where, **tip}, color=colour, filled=True, size=140,
                  opacity=1),
        ],
        {"curve": table.iloc[kept], "chosen": table.iloc[[max(chosen, 0)]]},
        height=340,
    )  # fmt: skip


def confusion(matrix: npt.NDArray[np.integer], class_names: Sequence[str]) -> Spec:
    """(C, C) counts as cells, row the true class, column the answer, shaded by share of the row."""
    table = _cells(np.asarray(matrix), class_names)
    both = len(class_names) <= SHARES_SHOWN
    order = list(class_names)
    axis = {"sort": None, "scale": {"domain": order, "paddingInner": 0.03}}
    where = {
        "x": name("answer", _("answer of the network"), axis={"labelAngle": 0}, **axis),
        "y": name("true", _("true class"), **axis),
    }
    stops = ramp("update", theme())
    shade = quantity("share", scale={"domain": [0, 1], "range": list(stops)}, legend=None)
    tips = [
        name("true", _("true class")),
        name("answer", _("answer")),
        quantity("count", _("examples"), format=",d"),
        quantity("share", _("share of the true class"), format=".1%"),
    ]
    # Chosen by a condition: Streamlit cannot read a colour without a scale.
    light = {"test": "datum.light", "value": TEXT["dark"]}
    ink = {"color": {"condition": light, "value": TEXT["light"]}, "text": name("words")}
    size = FONT_SIZE if len(order) <= SHARES_SHOWN else FONT_SIZE - 3
    return figure(
        [
            layer("cells", "rect", {**where, "color": shade, "tooltip": tips}),
            layer("cells", "text", {**where, **ink}, fontSize=size, lineBreak="\n",
                  baseline="middle", dy=-size / 2 if both else 0),
        ],
        {"cells": table},
        height=min(90 + 52 * len(order), 460),
    )  # fmt: skip


def probabilities(
    truth: Numbers,
    probability: Numbers,
    threshold: float,
    class_names: Sequence[str] | None = None,
) -> Spec:
    """A histogram for each of two classes, (n,) 0 and 1, of the probability given to the second.

    Shares are of each class; from the threshold's rule on the answer is the second.
    """
    names = list(class_names) if class_names is not None else [_("class 0"), _("class 1")]
    table = pd.concat(
        [
            _histogram(probability[truth == code]).assign(name=each)
            for code, each in enumerate(names)
        ],
        ignore_index=True,
    )
    x = quantity(
        "low",
        _("probability of '{name}'").format(name=names[1]),
        scale={"domain": [0, 1]},
        axis={"tickCount": 10},
    )
    y = quantity("share", _("share of the class"), axis={"format": "~%"}, stack=None)
    colours = dict(zip(names, CATEGORIES[theme()], strict=False))
    dash = [[1, 0], [6, 4]]
    where = {"x": x, "y": y, "color": by_name(colours)}
    key = legend(names)
    stroke = {"strokeDash": name("name", scale={"domain": names, "range": dash}, legend=key)}
    step = {"interpolate": "step-after"}
    side: Side = "left" if threshold < 0.6 else "right"
    return figure(
        [
            layer("shares", "area", where, opacity=0.18, **step),
            layer("shares", "line", {**where, **stroke}, strokeWidth=2.2, **step),
            *upright(threshold, _("threshold {at:.2g}").format(at=threshold), side),
        ],
        {"shares": table},
    )


def _cells(counts: npt.NDArray[np.integer], class_names: Sequence[str]) -> pd.DataFrame:
    """A row a cell: its classes, count, share of its row, words, and whether their ink is light."""
    share = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    row, column = np.indices(counts.shape)
    both = len(class_names) <= SHARES_SHOWN
    return pd.DataFrame(
        {
            "true": [class_names[int(k)] for k in row.ravel()],
            "answer": [class_names[int(k)] for k in column.ravel()],
            "count": counts.ravel(),
            "share": share.ravel(),
            "words": [
                f"{count:,}\n{part:.0%}" if both else f"{count:,}"
                for count, part in zip(counts.ravel(), share.ravel(), strict=True)
            ],
            "light": [_is_dark(part) for part in share.ravel()],
        }
    )


def _histogram(probability: Numbers) -> pd.DataFrame:
    """Share of all in each of the bins of 0..1."""
    counts, edges = np.histogram(probability, bins=BINS, range=(0.0, 1.0))
    share = counts / max(counts.sum(), 1)
    # The last bin's share stands twice, so that its step reaches the axis' end.
    return pd.DataFrame({"low": edges, "share": [*share, share[-1]]})


def _is_dark(share: float) -> bool:
    """Whether a cell of this share is read best in the dark theme's light ink.

    The formula for contrast is fond of black: on a middle tone, light ink is easier on the eye.
    """
    under = ramp("update", theme())[round(share * (RAMP_STOPS - 1))]
    return contrast(TEXT["dark"], under) > min(LEGIBLE, contrast(TEXT["light"], under))
