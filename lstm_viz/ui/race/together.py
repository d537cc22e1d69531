"""More contenders than fit beside each other, or other data: two charts with all of them."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from lstm_viz.figures.flow_chart import FlowLine, flow_chart
from lstm_viz.measures.ranking import Kind, named_score, written
from lstm_viz.runs.run import Run
from lstm_viz.ui import components, curves
from lstm_viz.ui.race.courses import ACCURACY, LOSS, courses, said_lines, topic
from lstm_viz.ui.race.scores import Curve
from lstm_viz.ui.race.seeds import Seeds
from lstm_viz.ui.say import look_for
from lstm_viz.words import _

TITLE_HEIGHT = 44
COURSE_HEIGHT = 240


def over_the_training(seeds: Seeds, curve: Curve) -> None:
    """The accuracy of all, or what else they are compared by."""
    row = _title(_("Over the training"))
    accuracy, loss = _("Accuracy"), _("Loss")
    shown = loss
    if all(runs[0].dataset.problem != "regression" for runs in seeds.values()):
        shown = row.segmented_control(
            _("Score"),
            [accuracy, loss],
            default=accuracy,
            required=True,
            label_visibility="collapsed",
            key="compare.score",
        )
    first = next(iter(seeds.values()))[0]
    level, which = curve.chance, LOSS
    kind: Kind = "mae" if curve.what == "validation_mae" else "loss"
    if shown == accuracy:
        kind = "accuracy"
        level, which = None if curve.chance is None else first.chance.accuracy, ACCURACY
    drawn = courses(seeds, curve, which, COURSE_HEIGHT)
    curves.draw(drawn, topic(seeds, which).text, key="compare.loss")
    said = said_lines(seeds)
    if level is not None:
        at = named_score(written(level, kind), kind)
        words = _("Dotted: the best constant answer ({level}).").format(level=at)
        said = f"{said} {words}".strip()
    if said:
        look_for(said)


def gradients(runs: Mapping[str, Run]) -> None:
    """What arrives of the gradient that enters at one step, before the training and now."""
    untrained = _("Before training")
    when = _title(_("Gradient through time")).segmented_control(
        _("Moment"),
        [untrained, _("Now")],
        default=untrained,
        required=True,
        label_visibility="collapsed",
        key="compare.when",
    )
    place = 0 if when == untrained else -1
    flows = [run.film.frames[place].top_layer.flow() for run in runs.values()]
    lines = [
        FlowLine(flow, name, k) for k, (name, flow) in enumerate(zip(runs, flows, strict=True))
    ]
    components.chart(flow_chart(lines, named=False), key="compare.gradient")
    look_for(
        _("Level: the gradient keeps its size. Dotted: a thousandth."),
        _(
            "What enters the top forward layer at step s (the last at which it does), alone: "
            "$\\|\\partial L_s/\\partial c_t\\|_2$ (with zoneout, and without c: "
            "$\\|\\partial L_s/\\partial "
            "h_t\\|_2$), "
            "relative to step s; median of the examples."
        ),
    )


def _title(words: str) -> Any:
    """A chart's title, in a row with room for a control."""
    row = st.container(
        horizontal=True,
        vertical_alignment="center",
        gap="medium",
        height=TITLE_HEIGHT,
        border=False,
    )
    row.subheader(words, anchor=False, width="content")
    return row
