"""What would help a gradient that vanishes: measured on untrained networks, on request."""

from functools import partial

import streamlit as st

from lstm_viz.errors import LstmVizError
from lstm_viz.experiments.helping import CHANGES, changed, check_helping
from lstm_viz.measures.helping import said_helping, that_help
from lstm_viz.runs.frames import LayerFrame
from lstm_viz.runs.run import Run
from lstm_viz.ui import controls
from lstm_viz.ui.laboratory.measuring import measured
from lstm_viz.ui.say import mistakes_kept, say_error
from lstm_viz.ui.session import remembered
from lstm_viz.words import _

LOST = ("vanishes", "cut", "zero")
"""Verdicts on a gradient of which hardly anything arrives."""
OPEN = "gradients.helping"
"""Whether it is measured what would help."""


def show(run: Run, layer: str, shown: LayerFrame, sample: int) -> None:
    """Below what arrives, where that vanishes."""
    others = {} if run.module else changed(run.settings)
    if not others or not shown.flow_norms or shown.flow(sample).verdict not in LOST:
        return
    if not st.toggle(
        _("Measure what would help"),
        key=remembered(OPEN, False),
        persist_state="session",
        help=_(
            "The same network, untrained, with other initial weights, or another cell: this "
            "example's gradient on its way back. It promises nothing about learning."
        ),
    ):
        return
    try:
        check_helping(run.settings, run.dataset)
        found = measured(
            run, run.film.frames[0], "helping", layer, sample, several=[*others.values()]
        )
    except LstmVizError as error:
        say_error(error)
        return
    as_it_is, *ratios = found["ratios"]
    arrives = dict(zip(others, ratios, strict=True))
    said = {_(CHANGES[name]): ratio for name, ratio in arrives.items()}
    st.markdown(said_helping(as_it_is, said, found["entered"], found["end"]))
    row = st.container(horizontal=True)
    for name in that_help(as_it_is, arrives):
        row.button(
            _("Train with {change}").format(change=_(CHANGES[name])),
            key=f"helping.{name}",
            on_click=partial(_train, run, name),
        )


def _train(run: Run, name: str) -> None:
    """As a run of the session's own, which is shown then."""
    with mistakes_kept():
        controls.submit([(changed(run.settings)[name], CHANGES[name])], run.dataset, run.data)
