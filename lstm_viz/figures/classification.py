"""Charts of a classifier: what it takes for what, how sure it is, and what a threshold costs."""

from collections.abc import Sequence

import altair as alt
import numpy as np
import numpy.typing as npt
import pandas as pd

from lstm_viz.figures.axes import linear_axis, share_axis
from lstm_viz.figures.colour import contrast
from lstm_viz.figures.packing import Numbers
from lstm_viz.figures.palette import CATEGORIES, RAMP_STOPS, TEXT, ramp, theme
from lstm_viz.figures.vega import (
    ABOVE_LABELS,
    DASHED,
    FONT_SIZE,
    WHOLE,
    Spec,
    built_once,
    colour_of,
    coloured,
    dashed,
    diagonal,
    fed,
    framed,
    hover,
    marks,
    pickable,
    step_table,
    upright,
)
from lstm_viz.measures.classification import Roc
from lstm_viz.measures.spelling import percent
from lstm_viz.numerals import numeral
from lstm_viz.words import _

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
            # The first, which nothing reaches, is infinite.
            "threshold": [
                _("above all answers") if np.isinf(at) else numeral(at) for at in curve.thresholds
            ],
        }
    )
    kept = np.unique(np.linspace(0, len(table) - 1, min(MAX_POINTS, len(table))).astype(int))
    chosen = max(int((curve.thresholds >= threshold).sum()) - 1, 0)
    return fed(
        _roc(),
        curve=table.iloc[kept],
        chosen=table.iloc[[chosen]],
        diagonal=pd.DataFrame({"fpr": [0.0, 1.0], "tpr": [0.0, 1.0]}),
    )


@built_once
def _roc() -> alt.LayerChart:
    x = alt.X("fpr:Q", title=_("false positives (share of the first class)"), **share_axis())
    y = alt.Y("tpr:Q", title=_("true positives (share of the second class)"), **share_axis())
    read = [
        alt.Tooltip("threshold:N", title=_("threshold")),
        alt.Tooltip("fpr:Q", title=_("false positives"), format=".1%"),
        alt.Tooltip("tpr:Q", title=_("true positives"), format=".1%"),
    ]
    where, chosen = marks("curve").encode(x, y), marks("chosen").encode(x, y, tooltip=read)
    colour = colour_of("prediction")
    return framed(
        [
            diagonal(x, y),
            where.mark_line(color=colour, strokeWidth=2.2, interpolate="linear"),
            hover(where, read),
            chosen.mark_point(color=colour, filled=True, size=140, opacity=1),
        ],
        height=340,
    )


def confusion(matrix: npt.NDArray[np.integer], class_names: Sequence[str]) -> Spec:
    """(C, C) counts as cells, row the true class, column the answer, shaded by share of the row. A
    click picks both, as `cell`.
    """
    return fed(_confusion(tuple(class_names)), cells=_cells(np.asarray(matrix), class_names))


@built_once
def _confusion(names: tuple[str, ...]) -> alt.LayerChart:
    scale, few = alt.Scale(domain=list(names), paddingInner=0.03), len(names) <= SHARES_SHOWN
    level = alt.Axis(labelAngle=0)
    x = alt.X("answer:N", title=_("answer of the network"), sort=None, scale=scale, axis=level)
    y = alt.Y("true:N", title=_("true class"), sort=None, scale=scale)
    stops = list(ramp("update", theme()))
    shade = alt.Color("share:Q", scale=alt.Scale(domain=[0, 1], range=stops), legend=None)
    tips = [
        alt.Tooltip("true:N", title=_("true class")),
        alt.Tooltip("answer:N", title=_("answer")),
        alt.Tooltip("count:Q", title=_("examples"), format=",d"),
        alt.Tooltip("share:Q", title=_("share of the true class"), format=".1%"),
    ]
    # Chosen by a condition: Streamlit cannot read a colour without a scale.
    ink = alt.condition("datum.light", alt.value(TEXT["dark"]), alt.value(TEXT["light"]))
    size = FONT_SIZE if few else FONT_SIZE - 3
    where = marks("cells").encode(x, y)
    words = where.mark_text(
        fontSize=size, lineBreak="\n", baseline="middle", dy=-size / 2 if few else 0
    )
    over = where.mark_rect(fillOpacity=0, cursor="pointer")
    return framed(
        [
            where.mark_rect().encode(shade),
            words.encode(color=ink, text="words:N"),
            pickable(over.encode(tooltip=tips), "cell"),
        ],
        height=min(90 + 52 * len(names), 460),
    )


def probabilities(
    truth: Numbers,
    probability: Numbers,
    threshold: float,
    class_names: Sequence[str] | None = None,
) -> Spec:
    """A histogram for each of two classes, (n,) 0 and 1, of the probability given to the second.

    Shares are of each class; from the threshold's line on the answer is the second.
    """
    names = list(class_names) if class_names is not None else [_("class 0"), _("class 1")]
    parts = [_histogram(probability[truth == code]) for code in range(len(names))]
    table = pd.concat(
        [part.assign(name=name) for part, name in zip(parts, names, strict=True)],
        ignore_index=True,
    )
    label = _("threshold {at}").format(at=numeral(threshold, 2))
    chosen = pd.DataFrame({"low": [threshold], "label": [label]})
    return fed(_probabilities(tuple(names)), shares=table, threshold=chosen)


@built_once
def _probabilities(names: tuple[str, ...]) -> alt.LayerChart:
    axis = linear_axis(10, domain=[0, 1])
    x = alt.X("low:Q", title=_("probability of '{name}'").format(name=names[1]), **axis)
    in_percent = alt.Axis(format="~%")
    height, share = (
        alt.Y(f"{each}:Q", title=_("share of the class"), axis=in_percent, stack=None)
        for each in ("height", "share")
    )
    colours = dict(zip(names, CATEGORIES[theme()], strict=False))
    where = marks("shares").encode(x, coloured(colours, offset=ABOVE_LABELS))
    steps = where.encode(height)
    outline = steps.mark_line(strokeWidth=2.2, interpolate="step-after")
    dashes = dict(zip(names, (WHOLE, DASHED), strict=False))
    read = [
        alt.Tooltip("name:N", title=_("class")),
        alt.Tooltip("low:Q", title=_("probability from"), format=".2f"),
        alt.Tooltip("share:Q", title=_("share of the class"), format=".1%"),
    ]
    return framed(
        [
            steps.mark_area(opacity=0.18, interpolate="step-after"),
            outline.encode(dashed(dashes, offset=ABOVE_LABELS)),
            hover(where.encode(share), read),
            *upright("threshold", x),
        ]
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
                f"{count:,}\n{percent(part)}" if both else f"{count:,}"
                for count, part in zip(counts.ravel(), share.ravel(), strict=True)
            ],
            "light": [_is_dark(part) for part in share.ravel()],
            "cell": [f"{k}, {j}" for k, j in zip(row.ravel(), column.ravel(), strict=True)],
        }
    )


def _histogram(probability: Numbers) -> pd.DataFrame:
    """Share of all in each of the bins of 0..1."""
    counts, edges = np.histogram(probability, bins=BINS, range=(0.0, 1.0))
    share = counts / max(counts.sum(), 1)
    return step_table(edges, share)


def _is_dark(share: float) -> bool:
    """Whether a cell of this share is read best in the dark theme's light ink.

    The formula for contrast is fond of black: on a middle tone, light ink is easier on the eye.
    """
    under = ramp("update", theme())[round(share * (RAMP_STOPS - 1))]
    return contrast(TEXT["dark"], under) > min(LEGIBLE, contrast(TEXT["light"], under))
