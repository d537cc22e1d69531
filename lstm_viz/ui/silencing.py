"""What silencing each unit costs, on request, below the stage."""

import numpy as np
import streamlit as st

from lstm_viz.errors import LstmVizError
from lstm_viz.figures.layer_film import LayerFilm
from lstm_viz.figures.silencing import silencing
from lstm_viz.measures.silencing import said_silencing
from lstm_viz.runs.frames import Frame
from lstm_viz.ui import components
from lstm_viz.ui.cell.diagram import doubts
from lstm_viz.ui.laboratory.measuring import measured
from lstm_viz.ui.say import look_for, say_error
from lstm_viz.ui.selection import pin, selected
from lstm_viz.ui.session import remembered
from lstm_viz.words import _

SILENCED = "state.silenced"
"""Whether each unit is silenced in turn."""


def show(film: LayerFilm, frame: Frame) -> None:
    """The loss without each unit of the layer, in the moment shown."""
    st.subheader(_("What each unit is worth"), anchor=False)
    if not st.toggle(
        _("Silence each unit in turn"),
        key=remembered(SILENCED, False),
        persist_state="session",
        help=_("h = 0 at every time step, for all that reads it."),
    ):
        return
    try:
        found = measured(film.run, frame, "silencing", film.layer, film.sample)
    except LstmVizError as error:
        say_error(error)
        return
    whole, each, units = found["whole"], found["each"], [int(unit) for unit in found["units"]]
    if np.isfinite(each).all() and whole > 0 and (each > 0).all():
        spec = silencing(whole, each, units, selected().units or ())
        components.chart(spec, key="state.silencing", picked=pin)
    st.markdown(said_silencing(whole, each, units, found["examples"], film.of(frame).hidden_size))
    for doubt in doubts(film.run):
        st.caption(doubt)
    look_for(_("Click a unit to see it above."))
