"""How much of the gradient that enters at one step arrives at each step before it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from lstm_viz.figures.axes import decades, linear_axis, log_axis
from lstm_viz.figures.palette import CATEGORIES, DASHES, MUTED, Signal, theme
from lstm_viz.figures.vega import (
    DASHED,
    FONT_SIZE,
    LEVELS,
    Spec,
    built_once,
    colour_of,
    fed,
    framed,
    level_table,
    lines,
    marks,
    stacked,
)
from lstm_viz.measures.gradient_flow import THOUSANDTH, GradientFlow
from lstm_viz.words import _

STAND_IN = 0xE000
"""The first of the letters that stand for no letter: Unicode leaves them to private use."""


@dataclass(frozen=True)
class FlowLine:
    """One network in one frame, in the chart of what arrives."""

    flow: GradientFlow
    name: str
    network: int | None = None
    """The networks' own colours are told apart by this number; None where there is one alone."""
    untrained: bool = False
    """Drawn dashed."""


def flow_chart(
    drawn: Sequence[FlowLine], height: int = 290, *, named: bool = True, picks: bool = False
) -> Spec:
    """The share of a gradient that arrives k steps back from where it entered, on a log axis.

    Where it is exactly 0, which a log axis has no place for, words at the bottom say so. Without a
    legend, not `named`, networks have dashes of their own, too. Where it `picks`, a click on
    a point picks its `t`.
    """
    table = stacked([_flow_table(each) for each in drawn], "back", "t", "value", "name")
    alive = table[np.isfinite(table["value"]) & (table["value"] > 0)]
    ends = decades(alive["value"], THOUSANDTH, 1.0)
    zeros = table[table["value"] == 0].groupby("name", sort=False).first().reset_index()
    levels = level_table({_("a thousandth"): THOUSANDTH})
    tables = {"flow": alive, LEVELS: levels}
    if len(zeros):
        tables["zeros"] = zeros.assign(value=ends[0], label=_("exactly 0 from here on"))
    colours, dashes = _colours(drawn), _dashes(drawn, named=named)
    names = _stand_ins(colours)
    look = _flow(
        _steps_title(drawn),
        ends,
        tuple((names[name], colour) for name, colour in colours.items()),
        tuple((names[name], dash) for name, dash in dashes.items()),
        len(table) <= 3 * len(drawn),
        len(zeros) > 0,
        height,
        named,
        picks,
    )
    return fed(_renamed(look, {own: name for name, own in names.items()}), **tables)


@built_once
def _flow(
    x_title: str,
    ends: tuple[float, float],
    colours: tuple[tuple[str, str], ...],
    dashes: tuple[tuple[str, tuple[int, ...]], ...],
    few: bool,
    ends_in_zero: bool,
    height: int,
    named: bool,
    picks: bool,
) -> alt.LayerChart:
    x = alt.X("back:Q", title=x_title, **linear_axis(6, "d", nice=False))
    y = alt.Y("value:Q", title=_("share that arrives"), **log_axis(*ends))
    read = [
        alt.Tooltip("name:N", title=_("network")),
        alt.Tooltip("back:Q", title=_("steps back"), format="d"),
        alt.Tooltip("t:Q", title=_("time step t"), format="d"),
        alt.Tooltip("value:Q", title=_("share"), format=".3~g"),
    ]
    level = (_("a thousandth"),)
    drawn = lines(
        "flow",
        x,
        y,
        dict(colours),
        read,
        dashes=dict(dashes),
        levels=level,
        dots=few,
        named=named,
        pick="t" if picks else None,
    )
    if ends_in_zero:
        ink = MUTED[theme()]
        where = marks("zeros").encode(x, y)
        words = where.mark_text(
            color=ink, fontSize=FONT_SIZE, align="left", baseline="bottom", dx=4, dy=-3
        )
        point = where.mark_point(
            color=ink, shape="triangle-down", filled=True, size=70, opacity=1, yOffset=-5
        )
        drawn += [point, words.encode(text="label:N")]
    return framed(drawn, height)


def _flow_table(line: FlowLine) -> pd.DataFrame:
    shares = line.flow.shares
    back = np.arange(len(shares))
    columns = {"back": back, "t": line.flow.place(back), "value": shares}
    return pd.DataFrame(columns).assign(name=line.name)


def _steps_title(drawn: Sequence[FlowLine]) -> str:
    entered = {each.flow.entered for each in drawn}
    if len(entered) > 1:
        return _("steps back from where the gradient enters")
    return _("steps back from step {s}, where the gradient enters").format(s=entered.pop())


def _dashes(drawn: Sequence[FlowLine], *, named: bool) -> Mapping[str, tuple[int, ...]]:
    own = {} if named else {each.name: DASHES[(each.network or 0) % len(DASHES)] for each in drawn}
    return own | {each.name: DASHED for each in drawn if each.untrained}


def _colours(drawn: Sequence[FlowLine]) -> Mapping[str, str]:
    own: Signal = "grad_hidden" if drawn[0].flow.state == "hidden" else "grad_cell"
    return {
        each.name: colour_of(own) if each.network is None else CATEGORIES[theme()][each.network]
        for each in drawn
    }


def _stand_ins(names: Iterable[str]) -> dict[str, str]:
    """For each name another one of its length, the same for all names that change as time goes on:
    with these a look is built once.
    """
    return {name: chr(STAND_IN + k) * len(name) for k, name in enumerate(dict.fromkeys(names))}


def _renamed(look: Any, names: Mapping[str, str]) -> Any:
    """A look with these names in the place of its own, wherever a whole text is one.

    >>> _renamed({"domain": ["a", "b"], "title": "a b"}, {"a": "epoch 1.0"})
    {'domain': ['epoch 1.0', 'b'], 'title': 'a b'}
    """
    if isinstance(look, dict):
        return {key: _renamed(value, names) for key, value in look.items()}
    if isinstance(look, list):
        return [_renamed(value, names) for value in look]
    return names.get(look, look) if isinstance(look, str) else look
