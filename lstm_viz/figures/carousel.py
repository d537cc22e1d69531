"""The constant error carousel, drawn: a gradient as measured, and as the gates alone carry it."""

from collections.abc import Mapping
from typing import Any

import altair as alt
import numpy as np
import numpy.typing as npt
import pandas as pd

from lstm_viz.figures.axes import decades, linear_axis, log_axis
from lstm_viz.figures.palette import CATEGORIES, MUTED, Signal, theme
from lstm_viz.figures.vega import (
    DASHED,
    FONT_SIZE,
    LEVELS,
    Spec,
    built_once,
    colour_of,
    coloured,
    fed,
    framed,
    level_table,
    lines,
    long_table,
    marks,
)
from lstm_viz.measures.carousel import EXACT, Array, Ways
from lstm_viz.measures.spelling import share
from lstm_viz.words import _

FEW = 4
"""Points up to which they are seen themselves, besides the line through them."""
WIDEST = (-0.5, 1.5)
"""Between these parts of a gradient lies the chart: where ways cancel each other, some lie far
outside, and it is said at the edge where their line leaves."""

LATE = 0.8
"""Part of the width from which on what is said of a point stands left of it."""


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
    known = np.concatenate([each[np.isfinite(each)] for each in series.values()])
    low, high = np.clip([known.min(initial=0.0), known.max(initial=1.0)], *WIDEST).tolist()
    look = _parts(entered, (low, high), tuple(series), len(ways.total))
    return fed(
        look,
        parts=long_table({"back": back}, series, gaps=True),
        beyond=_beyond(back, series),
        **{LEVELS: level_table({_("all of it"): 1.0})},
    )


def _beyond(back: npt.NDArray[np.int64], series: Mapping[str, Array]) -> pd.DataFrame:
    """Where each line first leaves the chart at an edge, and with which part."""
    rows = []
    for row, (name, parts) in enumerate(series.items()):
        for edge, sign in zip(WIDEST, (-1, 1), strict=True):
            with np.errstate(invalid="ignore"):
                out = np.flatnonzero(np.isfinite(parts) & (sign * parts > sign * edge))
            if out.size:
                k, late = int(out[0]), int(out[0]) >= LATE * len(back)
                label = [" ▲▼"[sign], _in_percent(float(parts[k]))][:: -1 if late else 1]
                rows.append((int(back[k]), edge, name, " ".join(label), late, -sign * (row + 0.6)))
    return pd.DataFrame(rows, columns=["back", "value", "name", "label", "late", "line"])


def _in_percent(part: float) -> str:
    return f"{'−' if part < 0 else ''}{share(100 * abs(part))}%"


@built_once
def _parts(
    entered: int, ends: tuple[float, float], names: tuple[str, ...], steps: int
) -> alt.LayerChart:
    axis = linear_axis(6, "~%", domain=list(ends), nice=False)
    x = _back(entered, steps)
    y = alt.Y("value:Q", title=_("part that rides the state"), **axis)
    own = CATEGORIES[theme()]
    colours = {names[0]: own[3], names[1]: own[1]}
    tips = _tips(_("how far"), _("part"))
    level = (_("all of it"),)
    dashes = {names[1]: DASHED}
    drawn = lines("parts", x, y, colours, tips, dashes=dashes, levels=level, dots=steps < 4)
    for each in drawn:
        each.mark["clip"] = True
    words = marks("beyond").mark_text(
        fontSize=FONT_SIZE,
        align=alt.ExprRef("datum.late ? 'right' : 'left'"),
        dx=alt.ExprRef("datum.late ? -12 : 4"),
        dy=alt.ExprRef(f"-{FONT_SIZE + 3} * datum.line"),
    )
    colour = coloured({**colours, level[0]: MUTED[theme()]})
    return framed([*drawn, words.encode(x, y, colour, text="label:N")])


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
