"""Charts of trainings: accuracy, learning rate, and several runs beside each other.

A history is the one of `figures.charts`, with "validation_accuracy" and "learning_rate".
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import altair as alt

from lstm_viz.figures.axes import close_ends, decades, log_axis, share_axis
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
from lstm_viz.figures.packing import Numbers
from lstm_viz.figures.palette import CATEGORIES, DASHES, MUTED, theme
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
    hover,
    lines,
    long_table,
    marks,
    stacked,
)
from lstm_viz.words import _


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


@dataclass(frozen=True)
class RunLines:
    """One contender in the chart of all."""

    seeds: Sequence[History]
    """The first is drawn thick, the others thin."""
    median: tuple[Numbers, Numbers] | None = None
    """(epochs, values) of what is typical of the seeds: drawn broad and pale."""


def runs_over_epochs(
    runs: Mapping[str, RunLines],
    what: str,
    y_title: str,
    level: float | None = None,
    *,
    log: bool = True,
    until: float | None = None,
) -> Spec:
    """A loss or another score of runs over the epochs; `level` is that of a constant answer.

    A score that is not on a log axis is a share. `until` is the epoch at which the axis ends from
    the start on; without it, it grows. The page says which stroke is which run.
    """
    known = constant_answer(level, log)
    parts = [
        over_epochs(history, {name: history[what]}, positive=log).assign(seed=seed)
        for name, lines in runs.items()
        for seed, history in enumerate(lines.seeds)
    ]
    table = stacked(parts, "epoch", "step", "value", "name", "seed")
    medians = [
        long_table({"epoch": each.median[0]}, {name: each.median[1]}, positive=log)
        for name, each in runs.items()
        if each.median is not None
    ]
    watched = [lines.seeds[0] for lines in runs.values()]
    tables = {
        "medians": stacked(medians, "epoch", "value", "name"),
        "seeds": table[table["seed"] > 0],
        "runs": table[table["seed"] == 0],
    }
    tables = {name: each for name, each in tables.items() if len(each) or name == "runs"}
    look = _runs_over_epochs(
        tuple(runs),
        y_title,
        close_ends(table["value"], *known.values()) if log else None,
        bool(known),
        tuple(tables),
        any(begun(history) for history in watched),
        until,
        all(has_few(history) for history in watched),
    )
    return fed(look, **tables, **level_tables(known))


@built_once
def _runs_over_epochs(
    names: tuple[str, ...],
    y_title: str,
    ends: Ends | None,
    level: bool,
    tables: tuple[str, ...],
    begun: bool,
    until: float | None,
    few: bool,
) -> alt.LayerChart:
    """Medians at the back, then the further seeds, then the first ones."""
    x = epochs(begun, until)
    y = alt.Y("value:Q", title=y_title, **(log_axis(*ends) if ends else share_axis()))
    palette = CATEGORIES[theme()]
    colour = coloured({name: palette[k % len(palette)] for k, name in enumerate(names)})
    dash = dashed({name: DASHES[k % len(DASHES)] for k, name in enumerate(names)})
    colour["legend"] = dash["legend"] = None
    where = {name: marks(name).encode(x, y, colour) for name in tables}
    drawn = []
    if level:
        rule = marks(LEVELS).mark_rule(strokeWidth=1.6, color=MUTED[theme()], strokeDash=list(DASH))
        drawn.append(rule.encode(y))
    if "medians" in where:
        drawn.append(where["medians"].mark_line(strokeWidth=8, opacity=0.25))
    if "seeds" in where:
        thin = where["seeds"].mark_line(strokeWidth=1.1, opacity=0.55)
        drawn.append(thin.encode(detail="seed:N"))
    drawn.append(where["runs"].mark_line(strokeWidth=2.2, point=few).encode(dash))
    return framed([*drawn, hover(where["runs"], tips())])
