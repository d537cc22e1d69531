"""The loss with each unit silenced in turn, beside that with all of them."""

from collections.abc import Collection, Sequence

import altair as alt
import numpy as np
import numpy.typing as npt
import pandas as pd

from lstm_viz.figures.axes import decades, log_axis
from lstm_viz.figures.by_unit import sized, unit_axis
from lstm_viz.figures.palette import MUTED, theme
from lstm_viz.figures.vega import (
    DASH,
    LEVELS,
    Spec,
    built_once,
    colour_of,
    coloured,
    dashed,
    fed,
    framed,
    level_table,
    marks,
    pickable,
)
from lstm_viz.words import _

Array = npt.NDArray[np.float64]


def silencing(
    whole: float, each: Array, units: Sequence[int], pinned: Collection[int] = ()
) -> Spec:
    """A mark for each of the units, the one whose silence costs most first; a click picks its
    `unit`. Losses are above 0.
    """
    order = np.argsort(-each, kind="stable")
    names = np.asarray(units)[order]
    table = pd.DataFrame({"unit": names.astype(str), "value": each[order], "whole": whole})
    name = _("no unit silenced")
    ends = decades(np.array([*each, whole]), whole, whole)
    return fed(
        _silencing(ends, name), units=sized(table, pinned), **{LEVELS: level_table({name: whole})}
    )


@built_once
def _silencing(ends: tuple[float, float], whole: str) -> alt.LayerChart:
    y = alt.Y("value:Q", title=_("mean loss"), **log_axis(*ends))
    x = unit_axis(_("silenced unit, the one that costs most first"))
    tips = [
        alt.Tooltip("unit:N", title=_("unit")),
        alt.Tooltip("value:Q", title=_("mean loss without it"), format=".3~g"),
    ]
    where, colour = marks("units").encode(x, tooltip=tips), colour_of("hidden")
    shown = coloured({whole: MUTED[theme()]}, least=1), dashed({whole: DASH}, least=1)
    dots = where.mark_point(color=colour, filled=True, opacity=1, cursor="pointer")
    return framed(
        [
            where.mark_rule(color=colour, strokeWidth=2, opacity=0.35).encode(y, y2="whole:Q"),
            marks(LEVELS).mark_rule(strokeWidth=1.6).encode(y, *shown),
            pickable(dots.encode(y, alt.Size("size:Q", scale=None)), "unit"),
        ]
    )
