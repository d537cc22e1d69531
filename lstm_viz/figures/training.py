"""Charts of trainings: accuracy, learning rate, and several runs beside each other.

A history is the one of `figures.charts`, with "validation_accuracy" and "learning_rate".
"""

from collections.abc import Collection, Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

from lstm_viz.figures.charts import History, constant_answer, epochs, tips
from lstm_viz.figures.palette import CATEGORIES, DASHES, MUTED, theme
from lstm_viz.figures.vega import (
    DASH,
    HEIGHT,
    Spec,
    colour_of,
    decades,
    figure,
    layer,
    levels_across,
    linear_axis,
    lines,
    log_axis,
    long_table,
    name,
    quantity,
    stacked,
)
from lstm_viz.words import _

Numbers = npt.NDArray[np.floating]

LEGEND_COLUMNS = 2


def accuracy(history: History, chance: float | None = None) -> Spec:
    """Share of right answers to validation examples; `chance` is that of a constant answer."""
    title = _("accuracy")
    table = _frames(history, "validation_accuracy", title)
    y = quantity("value", title, scale={"domain": [0, 1]}, axis={"format": "~%", "tickCount": 5})
    words = _("constant answer: {share:.1%}")
    known = {} if chance is None else {words.format(share=chance): chance}
    colours = {title: colour_of("validation_loss")}
    layers = lines(
        "accuracy", epochs(history), y, colours, tips(), levels=known, dots=len(table) <= 3
    )
    return figure(layers, {"accuracy": table})


def learning_rate(history: History) -> Spec:
    """The learning rate over the epochs, on a log axis."""
    title = _("learning rate")
    table = _frames(history, "learning_rate", title, positive=True)
    y = quantity("value", title, **log_axis(*decades(table["value"])))
    look = {"strokeWidth": 2.2, "color": colour_of("grad_parameters"), "interpolate": "step-after"}
    return figure(
        _line("rate", epochs(history), y, look, dots=len(table) <= 3), {"rate": table}, height=210
    )


def runs_over_epochs(
    histories: Mapping[str, History],
    what: str,
    y_title: str,
    level: float | None = None,
    log: bool = True,
    until: float | None = None,
) -> Spec:
    """A loss or an error of several runs over the epochs; `level` is that of a constant answer.

    `until` is the epoch at which the axis ends from the start on; without it, it grows.
    """
    parts = [_frames(history, what, run, positive=log) for run, history in histories.items()]
    table = stacked(parts, "value", "name")
    known = constant_answer(level, log)
    axis = log_axis(*decades(table["value"], *known.values())) if log else linear_axis()
    longest = max(histories.values(), key=lambda history: max(history["epoch"], default=0.0))
    y = quantity("value", y_title, **axis)
    few = max((len(part) for part in parts), default=0) <= 3
    x = epochs(longest)
    if until is not None:
        x["scale"] = {"domain": [0, until], "nice": False}
    layers = _runs("runs", x, y, list(histories), tips(), levels=known, dots=few)
    return figure(layers, {"runs": table}, _height(histories))


def _height(runs: Collection[str]) -> int:
    """Room for the legend, whose rows would be taken from the chart's."""
    return HEIGHT + 22 * (-(-len(runs) // LEGEND_COLUMNS) - 1)


def _frames(history: History, what: str, said: str, *, positive: bool = False) -> pd.DataFrame:
    moments = {"epoch": history["epoch"], "step": history["step"]}
    return long_table(moments, {said: history[what]}, positive=positive)


def _line(table: str, x: Spec, y: Spec, look: Spec, *, dots: bool) -> list[Spec]:
    where = {"x": x, "y": y}
    return [
        layer(table, "line", where, point=dots, **look),
        layer(table, "point", {**where, "tooltip": tips()}, size=160, opacity=0),
    ]


def _runs(
    table: str,
    x: Spec,
    y: Spec,
    names: list[str],
    tooltip: list[Spec],
    *,
    levels: Mapping[str, float] | None = None,
    dots: bool = False,
) -> list[Spec]:
    """A line for each run, in a colour and a dash of its own, in the order given."""
    levels = levels or {}
    colours = [CATEGORIES[theme()][k % len(CATEGORIES[theme()])] for k in range(len(names))]
    dashes = [list(DASHES[k % len(DASHES)]) for k in range(len(names))]
    key = {"title": None, "symbolOpacity": 1, "symbolType": "stroke", "columns": LEGEND_COLUMNS}
    legend = {**key, "labelLimit": 260}
    every = [*names, *levels]
    colour = {"domain": every, "range": [*colours, *[MUTED[theme()]] * len(levels)]}
    dash = {"domain": every, "range": [*dashes, *[DASH] * len(levels)]}
    dashed = {"strokeDash": name("name", scale=dash, legend=legend)}
    coloured = {"color": name("name", scale=colour, legend=legend)}
    where = {"x": x, "y": y, **coloured}
    return [
        *levels_across(levels, {**coloured, **dashed}),
        layer(table, "line", {**where, **dashed}, strokeWidth=2.2, point=dots),
        layer(table, "point", {**where, "tooltip": tooltip}, size=160, opacity=0),
    ]
