"""The constant error carousel, drawn: a gradient as measured, and as the gates alone carry it."""

from collections.abc import Mapping
from typing import Any

import altair as alt
import numpy as np
import numpy.typing as npt

from lstm_viz.figures.axes import decades, linear_axis, log_axis
from lstm_viz.figures.palette import CATEGORIES, Signal, theme
from lstm_viz.figures.vega import (
    DASHED,
    LEVELS,
    Spec,
    built_once,
    colour_of,
    fed,
    framed,
    level_table,
    lines,
    long_table,
)
from lstm_viz.measures.carousel import EXACT, Array, Ways
from lstm_viz.words import _

Mask = npt.NDArray[np.bool_]
FEW = 4
"""Points up to which they are seen themselves, besides the line through them."""
WIDEST = (-0.5, 1.5)
"""Parts of a gradient that are drawn: where ways cancel each other, some lie far outside."""


def both_ways(ways: Ways, entered: int, state: str) -> tuple[Spec, Spec]:
    """What `measures.carousel` says of a gradient that enters at step `entered`, in c_t if the
    `state` is `"cell"`: its norms, and the part that rides the state.
    """
    signal: Signal = "grad_cell" if state == "cell" else "grad_hidden"
    return _norms(ways, entered, signal), _parts_alone(ways, entered)


def _norms(ways: Ways, entered: int, signal: Signal) -> Spec:
    """The norms (K,) over the steps back from step `entered`, relative to what enters there."""
    back = np.arange(len(ways.total))
    series = {
        _("as measured"): ways.total,
        _("by the gates alone"): ways.alone,
        _("round through h and its weights"): np.where(
            ways.rest > EXACT * ways.total, ways.rest, np.nan
        ),
    }
    with np.errstate(divide="ignore", invalid="ignore"):
        shares = {name: norms / ways.total[0] for name, norms in series.items()}
    table = long_table({"back": back}, shares, positive=True)
    look = _ways(entered, decades(table["value"], 1.0), _looks(series, signal), len(back))
    return fed(look, ways=table)


def _looks(series: Mapping[str, Any], signal: Signal) -> tuple[tuple[str, str], ...]:
    own = CATEGORIES[theme()]
    return tuple(zip(series, (colour_of(signal), own[1], own[2]), strict=True))


@built_once
def _ways(
    entered: int, ends: tuple[float, float], colours: tuple[tuple[str, str], ...], steps: int
) -> alt.LayerChart:
    y = alt.Y("value:Q", title=_("share of the gradient's norm"), **log_axis(*ends))
    dashes = {colours[1][0]: DASHED}
    tips = _tips(_("way"), _("share"))
    return framed(
        lines("ways", _back(entered, steps), y, dict(colours), tips, dashes=dashes, dots=steps < 4)
    )


def _parts_alone(ways: Ways, entered: int) -> Spec:
    """The part of the gradient that came by the gates alone: in one step, and all the way."""
    back = np.arange(1, len(ways.total))
    series = {
        _("in this one step"): ways.part_once[1:],
        _("all the way"): ways.part_alone[1:],
    }
    inside = {name: np.where(_is_drawn(parts), parts, np.nan) for name, parts in series.items()}
    table = long_table({"back": back}, inside, gaps=True)
    known = table["value"].dropna()
    ends = (float(known.min()), float(known.max())) if len(known) else (0.0, 1.0)
    look = _parts(entered, (min(0.0, ends[0]), max(1.0, ends[1])), tuple(series), len(ways.total))
    return fed(look, parts=table, **{LEVELS: level_table({_("all of it"): 1.0})})


@built_once
def _parts(
    entered: int, ends: tuple[float, float], names: tuple[str, ...], steps: int
) -> alt.LayerChart:
    axis = linear_axis(6, "~%", domain=list(ends))
    y = alt.Y("value:Q", title=_("part that rides the state"), **axis)
    own = CATEGORIES[theme()]
    colours = {names[0]: own[3], names[1]: own[1]}
    tips = _tips(_("how far"), _("part"))
    level = (_("all of it"),)
    return framed(
        lines(
            "parts",
            _back(entered, steps),
            y,
            colours,
            tips,
            dashes={names[1]: DASHED},
            levels=level,
            dots=steps < 4,
        )
    )


def _is_drawn(parts: Array) -> Mask:
    return (parts >= WIDEST[0]) & (parts <= WIDEST[1])


def _back(entered: int, steps: int) -> alt.X:
    title = _("steps back from step {s}, where the gradient enters").format(s=entered)
    return alt.X(
        "back:Q", title=title, **linear_axis(8, "d", domain=[0, max(1, steps - 1)], nice=False)
    )


def _tips(name: str, value: str) -> list[alt.Tooltip]:
    return [
        alt.Tooltip("name:N", title=name),
        alt.Tooltip("back:Q", title=_("steps back"), format="d"),
        alt.Tooltip("value:Q", title=value, format=".3~g"),
    ]
