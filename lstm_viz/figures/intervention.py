"""A layer's gates, states and gradient under an intervention, beside the untouched ones."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import altair as alt
import numpy as np
import numpy.typing as npt
import pandas as pd

from lstm_viz.figures.axes import decades, linear_axis, log_axis
from lstm_viz.figures.drawn_frames import linear_ends
from lstm_viz.figures.gradients import FLOOR_LABEL
from lstm_viz.figures.palette import MUTED, Signal, theme
from lstm_viz.figures.rows import FLOAT32_FLOOR
from lstm_viz.figures.vega import (
    DASH,
    DASHED,
    FONT_SIZE,
    Spec,
    below,
    built_once,
    colour_of,
    fed,
    layered,
    lines,
    long_table,
    marks,
    unlabelled,
)
from lstm_viz.words import _

Array = npt.NDArray[np.floating]

HEIGHT, LEAST_HEIGHT = 350, 46
"""Pixels of all the charts together, without their axis and legend, and of the lowest of them."""
TITLE = 120
"""Pixels of a chart's title, which stands beside it: it is as long as it is, however low that is.
"""
FEW = 3
"""Steps up to which each has a point: a line of one is not seen."""


@dataclass(frozen=True)
class Compared:
    """One signal through time, untouched and with the intervention."""

    signal: Signal
    before: Array
    """(T,)."""
    after: Array | None
    """None while nothing is changed."""
    name: str
    gate: bool = False
    """Whether it lies between 0 and 1."""
    held: bool = False
    """Whether it is held by the intervention."""

    @property
    def is_gradient(self) -> bool:
        return self.signal.startswith("grad_")


def comparison(
    compared: Sequence[Compared],
    marked: Sequence[int] = (),
    steps: tuple[int, int] | None = None,
) -> Spec:
    """A chart for each signal, below each other on one time axis; gradients on a log axis.

    `marked` are the time steps that the task points at, `steps` the first and last at which gates
    are held.
    """
    T = len(compared[0].before)
    stretch = steps if any(each.held for each in compared) else None
    tables: dict[str, pd.DataFrame] = {}
    looks = []
    for k, each in enumerate(compared):
        series = _series(each)
        tables[f"row{k}"] = long_table(
            {"t": np.arange(T)}, series, positive=each.is_gradient, gaps=each.is_gradient
        )
        looks.append((each.signal, each.name, _ends(each), each.held))
    if marked:
        tables["marks"] = pd.DataFrame({"t": list(marked)})
    if stretch is not None:
        tables["held"] = pd.DataFrame({"t": [stretch[0] - 0.5], "t2": [stretch[1] + 0.5]})
    if any(_has_floor(signal, ends) for signal, _name, ends, _held in looks):
        tables["floor"] = pd.DataFrame({"value": [10.0**FLOAT32_FLOOR], "label": [_(FLOOR_LABEL)]})
    changed = compared[0].after is not None
    return fed(_comparison(T, tuple(looks), changed, bool(marked), stretch is not None), **tables)


def _series(each: Compared) -> Mapping[str, Array]:
    if each.after is None:
        return {_untouched(): each.before}
    return {_untouched(): each.before, _changed(): each.after}


def _untouched() -> str:
    return _("untouched")


def _changed() -> str:
    return _("with the intervention")


def _ends(each: Compared) -> tuple[float, float]:
    values = np.concatenate([each.before] if each.after is None else [each.before, each.after])
    finite = values[np.isfinite(values)]
    if each.is_gradient:
        return decades(finite[finite > 0])
    if each.gate:
        return 0.0, 1.0
    low, high = linear_ends(np.append(finite, 0.0))
    return float(low), float(high)


def _has_floor(signal: Signal, ends: tuple[float, float]) -> bool:
    """Whether a gradient's axis goes beyond what float32 can say."""
    return signal.startswith("grad_") and ends[0] < 10.0**FLOAT32_FLOOR < ends[1]


@built_once
def _comparison(
    steps: int,
    looks: tuple[tuple[Signal, str, tuple[float, float], bool], ...],
    changed: bool,
    marked: bool,
    stretch: bool,
) -> alt.VConcatChart:
    axis = linear_axis(10, "d", domain=[-0.5, steps - 0.5], nice=False)
    x = alt.X("t:Q", title=_("time step t"), **axis)
    height = max((HEIGHT - 26 * (len(looks) - 1)) // len(looks), LEAST_HEIGHT)
    charts = []
    for k, (signal, name, ends, held) in enumerate(looks):
        gradient = signal.startswith("grad_")
        scale = log_axis(*ends) if gradient else linear_axis(3, domain=list(ends), nice=False)
        scale["axis"] = alt.Axis(
            **scale["axis"].to_dict(), titleAngle=0, titleAlign="right", titleLimit=TITLE
        )
        y = alt.Y("value:Q", title=name, **scale)
        where = x if k == len(looks) - 1 else unlabelled(x)
        tips = [
            alt.Tooltip("name:N", title=_("which")),
            alt.Tooltip("t:Q", title=_("time step t"), format="d"),
            alt.Tooltip("value:Q", title=name, format=".4~g"),
        ]
        own = colour_of(signal)
        colours = (
            {_untouched(): MUTED[theme()], _changed(): own} if changed else {_untouched(): own}
        )
        drawn = lines(
            f"row{k}", where, y, colours, tips,
            dashes={_untouched(): DASHED} if changed else None,
            dots=steps <= FEW,
            named=changed and k == 0,
        )  # fmt: skip
        behind = _behind(where, held and stretch, marked)
        behind += _floor(y) if _has_floor(signal, ends) else []
        charts.append(layered([*behind, *drawn], height=height))
    whole = below(charts)
    whole.resolve = alt.Resolve(
        scale=alt.ScaleResolveMap(x="shared", color="independent", strokeDash="independent")
    )
    return whole


def _behind(x: alt.X, stretch: bool, marked: bool) -> list[alt.Chart]:
    """The time steps at which a gate is held, and those that the task points at."""
    ink, found = MUTED[theme()], []
    if stretch:
        found.append(marks("held").mark_rect(color=ink, opacity=0.14).encode(x, alt.X2("t2")))
    if marked:
        rule = marks("marks").mark_rule(color=ink, strokeDash=list(DASH), strokeWidth=1.6)
        found.append(rule.encode(x))
    return found


def _floor(y: alt.Y) -> list[alt.Chart]:
    """Where float32 ends."""
    ink, where = MUTED[theme()], marks("floor").encode(y)
    words = where.mark_text(
        color=ink, fontSize=FONT_SIZE, align="left", baseline="bottom", dx=4, dy=-2
    )
    return [
        where.mark_rule(color=ink, strokeDash=list(DASH), strokeWidth=1.6),
        words.encode(x=alt.value(0), text="label:N"),
    ]
