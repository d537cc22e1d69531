"""Where the same units of a layer are on together: one strip an example, begun at its window."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field

import altair as alt
import numpy as np
import numpy.typing as npt
import pandas as pd

from lstm_viz.figures.colour import mix
from lstm_viz.figures.palette import BACKGROUND, TEXT, Signal, theme
from lstm_viz.figures.vega import (
    FONT_SIZE,
    Layers,
    Spec,
    built_once,
    colour_of,
    fed,
    framed,
    marks,
    pickable,
)
from lstm_viz.words import _

BEFORE, AFTER, MOST = 12, 12, 64
"""Steps that are drawn before a window and after the first one's end; and all that are."""
HALF, ROW, AROUND = 0.42, 38, 70
"""Half of a strip's height, beside a row's; pixels of a row, and of what is around all of them."""
MOST_COUNTS = 4
"""Numbers of units that the legend shows."""
FULL = 0.5
"""Share of a signal's colour where all units are on: what is read is written over it."""


@dataclass(frozen=True)
class Strip:
    """One example of T steps, and the window of it in which the units are on together."""

    name: str
    answer: str
    first: int
    last: int
    counts: npt.NDArray[np.int64]
    """(T,): how many of the units are on."""
    read: npt.NDArray[np.floating] | Sequence[str]
    """(T,): numbers, or letters."""
    place: int | None = None
    """Where a click on it leads; None for the example shown."""
    marked: Sequence[int] = field(default=())


def strips_of(strips: Sequence[Strip], units: int, signal: Signal, *, picks: bool) -> Spec:
    """Strips below each other, step 0 where their windows begin; coloured by how many of the
    `units` are on, and over that what is read. Where it `picks`, a click picks place and step.
    """
    length = strips[0].last - strips[0].first + 1
    before = min(BEFORE, max(each.first for each in strips))
    after = min(MOST - before, length + AFTER, max(len(e.counts) - e.first for e in strips))
    cells = pd.concat([_cells(k, each, before, after) for k, each in enumerate(strips)])
    numbers = not isinstance(strips[0].read[0], str)
    tables = {
        "cells": cells,
        "read": _lines(cells) if numbers else cells[cells["read"] != ""],
        "boxes": _boxes(strips, after),
        "marked": cells[cells["marked"]],
    }
    look = _look(
        tuple((each.name, each.answer) for each in strips),
        (-before - 0.5, after - 0.5),
        units,
        signal,
        numbers=numbers,
        marked=len(tables["marked"]) > 0,
        picks=picks,
    )
    return fed(look, **{name: table for name, table in tables.items() if len(table)})


def _cells(row: int, strip: Strip, before: int, after: int) -> pd.DataFrame:
    t = np.arange(max(0, strip.first - before), min(len(strip.counts), strip.first + after))
    here = "" if strip.place is None else f"{strip.place}, "
    return pd.DataFrame(
        {
            "name": strip.name,
            "row": row,
            "top": row - HALF,
            "bottom": row + HALF,
            "from": t - strip.first - 0.5,
            "to": t - strip.first + 0.5,
            "step": t - strip.first,
            "t": t,
            "on": strip.counts[t],
            "read": [strip.read[k] for k in t.tolist()],
            "pick": [f"{here}{k}" for k in t],
            "mark": row - 0.7 * HALF,
            "marked": np.isin(t, list(strip.marked)),
        }
    )


def _lines(cells: pd.DataFrame) -> pd.DataFrame:
    """What is read, as heights within the rows."""
    values = cells["read"].to_numpy(np.float64)
    known = np.isfinite(values)
    low, high = (values[known].min(), values[known].max()) if known.any() else (0.0, 1.0)
    share = (values - low) / (high - low or 1.0)
    at: pd.DataFrame = cells.assign(at=cells["row"] + 0.8 * HALF * (1 - 2 * share))[known]
    return at


def _boxes(strips: Sequence[Strip], after: int) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "from": -0.5,
            "to": [min(each.last - each.first + 1, after) - 0.5 for each in strips],
            "top": np.arange(len(strips)) - HALF,
            "bottom": np.arange(len(strips)) + HALF,
        }
    )


@built_once
def _look(
    names: tuple[tuple[str, str], ...],
    ends: tuple[float, float],
    units: int,
    signal: Signal,
    *,
    numbers: bool,
    marked: bool,
    picks: bool,
) -> alt.LayerChart:
    ink, paper, count = TEXT[theme()], BACKGROUND[theme()], len(names)
    full = mix(paper, colour_of(signal), FULL)
    steps = alt.Scale(domain=list(ends), nice=False, zero=False)
    x = alt.X("from:Q", title=_("time steps from where the window begins"), scale=steps)
    middle = alt.X("step:Q", title=x["title"], scale=steps)
    labels = json.dumps([[name, answer] for name, answer in names])
    rows = alt.Axis(
        values=[*range(count)],
        labelExpr=f"{labels}[datum.value]",
        labelLimit=260,
        grid=False,
        ticks=False,
        domain=False,
    )
    scale = alt.Scale(domain=[-0.5, count - 0.5], reverse=True, nice=False, zero=False)
    title = _("example")
    top = alt.Y("top:Q", title=title, scale=scale, axis=rows)
    at = alt.Y("at:Q" if numbers else "row:Q", title=title, scale=scale, axis=rows)
    colour = alt.Color(
        "on:Q",
        title=_("units on"),
        scale=alt.Scale(domain=[0, units], range=[paper, full], interpolate="lab"),
        legend=alt.Legend(
            orient="right",
            type="symbol",
            symbolType="square",
            symbolStrokeWidth=1,
            symbolStrokeColor=ink,
            symbolOpacity=1,
            values=_counted(units),
            format="d",
        ),
    )
    tips = [
        alt.Tooltip("name:N", title=_("example")),
        alt.Tooltip("t:Q", title=_("time step t"), format="d"),
        alt.Tooltip("read:Q", title=_("read"), format=".4~g")
        if numbers
        else alt.Tooltip("read:N", title=_("read")),
        alt.Tooltip("on:Q", title=_("units on"), format="d"),
    ]
    where = {"x2": "to:Q", "y2": "bottom:Q"}
    above = marks("cells").mark_rect(opacity=0, cursor="pointer" if picks else alt.Undefined)
    above = above.encode(x, top, tooltip=tips, **where)
    boxes = marks("boxes").mark_rect(fill=None, stroke=ink, strokeWidth=2)
    layers: Layers = [marks("cells").mark_rect().encode(x, top, colour, **where)]
    layers.append(_read(middle, at, ink, numbers=numbers))
    if marked:
        points = marks("marked").mark_point(shape="triangle-down", filled=True, color=ink)
        layers.append(points.encode(middle, alt.Y("mark:Q", scale=scale, axis=rows, title=title)))
    layers += [boxes.encode(x, top, **where), pickable(above, "pick") if picks else above]
    return framed(layers, height=AROUND + ROW * count)


def _counted(units: int) -> list[int]:
    """The numbers of units in the legend, the largest at the top."""
    return [int(each) for each in np.unique(np.linspace(0, units, MOST_COUNTS).astype(int))[::-1]]


def _read(x: alt.X, y: alt.Y, ink: str, *, numbers: bool) -> alt.Chart:
    where = marks("read").encode(x, y)
    if numbers:
        line: alt.Chart = where.mark_line(color=ink, strokeWidth=1.3).encode(
            alt.Order("t:Q"), alt.Detail("row:Q")
        )
        return line
    font = where.mark_text(font="monospace", fontSize=FONT_SIZE, color=ink)
    letters: alt.Chart = font.encode(text="read:N")
    return letters
