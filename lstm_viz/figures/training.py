"""Charts of trainings: accuracy, learning rate, and several runs beside each other.

A history is the one of `figures.charts`, with "validation_accuracy" and "learning_rate".
"""

from collections.abc import Mapping

import altair as alt

from lstm_viz.figures.charts import (
    Ends,
    History,
    begun,
    constant_answer,
    epochs,
    has_few,
    level_tables,
    over_epochs,
    tips,
)
from lstm_viz.figures.palette import CATEGORIES, DASHES, theme
from lstm_viz.figures.vega import (
    HEIGHT,
    Spec,
    built_once,
    colour_of,
    decades,
    fed,
    framed,
    hover,
    linear_axis,
    lines,
    log_axis,
    marks,
    share_axis,
    stacked,
)
from lstm_viz.words import _

LEGEND_COLUMNS = 2


def accuracy(history: History, chance: float | None = None) -> Spec:
    """Share of right answers to validation examples; `chance` is that of a constant answer."""
    table = over_epochs(history, {_("accuracy"): history["validation_accuracy"]})
    words = _("constant answer: {share:.1%}")
    known = {} if chance is None else {words.format(share=chance): chance}
    look = _accuracy(tuple(known), begun(history), len(table) <= 3)
    return fed(look, accuracy=table, **level_tables(known))


@built_once
def _accuracy(levels: tuple[str, ...], begun: bool, few: bool) -> alt.LayerChart:
    y = alt.Y("value:Q", title=_("accuracy"), **share_axis())
    colours = {_("accuracy"): colour_of("validation_loss")}
    return framed(lines("accuracy", epochs(begun), y, colours, tips(), levels=levels, dots=few))


def learning_rate(history: History) -> Spec:
    """The learning rate over the epochs, on a log axis."""
    series = {_("learning rate"): history["learning_rate"]}
    table = over_epochs(history, series, positive=True)
    return fed(_learning_rate(decades(table["value"]), begun(history), len(table) <= 3), rate=table)


@built_once
def _learning_rate(ends: Ends, begun: bool, few: bool) -> alt.LayerChart:
    y = alt.Y("value:Q", title=_("learning rate"), **log_axis(*ends))
    where = marks("rate").encode(epochs(begun), y, color=alt.value(colour_of("grad_parameters")))
    line = where.mark_line(point=few, strokeWidth=2.2, interpolate="step-after")
    return framed([line, hover(where, tips())], height=210)


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
    parts = [
        over_epochs(history, {run: history[what]}, positive=log)
        for run, history in histories.items()
    ]
    table = stacked(parts, "epoch", "step", "value", "name")
    known = constant_answer(level, log)
    look = _runs_over_epochs(
        tuple(histories),
        y_title,
        decades(table["value"], *known.values()) if log else None,
        tuple(known),
        any(begun(history) for history in histories.values()),
        until,
        all(has_few(history) for history in histories.values()),
    )
    return fed(look, runs=table, **level_tables(known))


@built_once
def _runs_over_epochs(
    names: tuple[str, ...],
    y_title: str,
    ends: Ends | None,
    levels: tuple[str, ...],
    begun: bool,
    until: float | None,
    few: bool,
) -> alt.LayerChart:
    y = alt.Y("value:Q", title=y_title, **(log_axis(*ends) if ends else linear_axis()))
    return _runs("runs", names, epochs(begun, until), y, tips(), levels=levels, dots=few)


def _runs(
    table: str,
    names: tuple[str, ...],
    x: alt.X,
    y: alt.Y,
    read: list[alt.Tooltip],
    *,
    levels: tuple[str, ...] = (),
    dots: bool = False,
) -> alt.LayerChart:
    """A line for each run, in a colour and a dash of its own, in the order given."""
    palette = CATEGORIES[theme()]
    colours = {run: palette[k % len(palette)] for k, run in enumerate(names)}
    dashes = {run: DASHES[k % len(DASHES)] for k, run in enumerate(names)}
    drawn = lines(
        table, x, y, colours, read, dashes=dashes, levels=levels, dots=dots,
        columns=LEGEND_COLUMNS, labelLimit=260,
    )  # fmt: skip
    rows = -(-(len(names) + len(levels)) // LEGEND_COLUMNS)
    # Room for the legend, whose rows would be taken from the chart's.
    return framed(drawn, HEIGHT + 22 * (max(rows, 1) - 1))
