"""The textbook's diagram of the cell, with the numbers of one step of one unit in it."""

import streamlit as st

from lstm_viz.figures.gradients import flow_row
from lstm_viz.figures.layer_rows import pinned_gates, pinned_states
from lstm_viz.figures.rows import Row
from lstm_viz.runs.frames import Frame
from lstm_viz.runs.run import Run
from lstm_viz.ui import player, stage
from lstm_viz.ui.cell.hand import hand
from lstm_viz.ui.inside import look_inside
from lstm_viz.ui.say import head
from lstm_viz.ui.segments import one_of
from lstm_viz.ui.session import setting
from lstm_viz.words import N_, _

MODES = {"learned": N_("As it learned"), "hand": N_("By hand")}


def draw(run: Run, frame: Frame) -> None:
    film = player.layer_film(run, frame)
    layer = film.of(frame)
    rows: list[Row] = [
        *film.input_rows(frame),
        pinned_states(layer, newest=True),
        *([pinned_gates(layer, newest=True)] if layer.gates else []),
        flow_row(layer, film.sample),
    ]
    stage.show(film, rows, frame, key="film.alone", large_cell=True)


def page() -> None:
    title, lead = _("Cell"), _("One unit at one time step, with every number.")
    if setting("cell.mode", "learned") == "learned":
        look_inside(title, lead, draw, tools=leave)
        return
    with head(title, lead):
        modes()
    hand()


def leave() -> None:
    if modes() == "hand":
        st.rerun()  # another page than the one that is drawn


def modes() -> str:
    """Whether a network has learned the gates, or the reader sets them."""
    return one_of(_("Gates"), MODES, "cell.mode", "learned")


page()
