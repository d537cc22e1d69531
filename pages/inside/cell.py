"""The textbook's diagram of the cell, with the numbers of one step of one unit in it."""

import streamlit as st

from lstm_viz.errors import LstmVizError, TrainerError
from lstm_viz.runs.frames import Frame
from lstm_viz.runs.run import Run
from lstm_viz.ui.cell.diagram import cell_frame, draw_cell, notes
from lstm_viz.ui.cell.hand import hand
from lstm_viz.ui.inside import look_inside
from lstm_viz.ui.say import head, look_for, plain, say_error
from lstm_viz.ui.session import remembered, setting
from lstm_viz.words import N_, _

MODES = {"learned": N_("As it learned"), "hand": N_("By hand")}


def draw(run: Run, frame: Frame) -> None:
    try:
        anatomy = draw_cell(run, frame, key="cell.diagram")
    except TrainerError as error:
        say_error(error)
        return
    except LstmVizError as limit:  # a cell without a diagram is nobody's mistake
        st.info(plain(str(limit)), icon=":material/info:")
        return
    for note in notes(run, anatomy):
        st.caption(note)
    look_for(_('Move to a time step and point at an operation. "Backward" shows the gradient.'))


def page() -> None:
    title, lead = _("Cell"), _("One unit at one time step, with every number.")
    if setting("cell.mode", "learned") == "learned":
        look_inside(title, lead, draw, cell_frame, tools=leave)
        return
    with head(title, lead):
        modes()
    hand()


def leave() -> None:
    if modes() == "hand":
        st.rerun()  # another page than the one that is drawn


def modes() -> str:
    """Whether a network has learned the gates, or the reader sets them."""
    mode = st.segmented_control(
        _("Gates"),
        list(MODES),
        format_func=lambda name: _(MODES[name]),
        key=remembered("cell.mode", "learned"),
        required=True,
        persist_state="session",
        label_visibility="collapsed",
    )
    return str(mode)


page()
