"""What each unit holds through time, and for how long."""

import streamlit as st

from lstm_viz.figures import charts
from lstm_viz.figures.layers import (
    input_rows,
    longest_memory,
    memory,
    pinned_states,
    state_lines,
    state_rows,
)
from lstm_viz.figures.rows import Row
from lstm_viz.models.cells import cell_of
from lstm_viz.runs.frames import Frame
from lstm_viz.runs.registry import Run
from lstm_viz.ui import components, film
from lstm_viz.ui.inside import look_inside
from lstm_viz.ui.say import formulas, look_for
from lstm_viz.words import _


def draw(run: Run, frame: Frame) -> None:
    reel = film.reel_of(run, frame)
    layer, inputs = reel.of(frame), run.examples.inputs[reel.sample]
    rows: list[Row] = [
        *input_rows(run.dataset, inputs),
        *state_rows(layer),
        state_lines(layer),
        pinned_states(layer),
    ]
    film.show(reel, rows, key="film.cell")
    look_for(
        _(
            "Look for units whose colour changes at an event in the input and then stays: they "
            "remember it. Units that flicker with the input only follow it. Click a unit to see it."
        ),
        formulas(cell_of(layer.kind).formulas(layer.options)),
    )
    tau = memory(layer)
    if tau is None:
        st.info(_("This cell has no gate that says how long a unit keeps its state."))
        return
    st.subheader(_("How long each unit keeps what it holds"), anchor=False)
    components.chart(
        charts.time_constants(tau, layer.hidden.shape[1], list(layer.units)), key="cell.tau"
    )
    look_for(
        _(
            "Units above the line keep what they hold for longer than the window; units near 1 "
            "forget within a step. Unit {unit} keeps longest: pick it in the figure above."
        ).format(unit=longest_memory(layer)),
        _(
            "Time constant $\\tau = -1 / \\overline{\\ln f}$ in steps, with the mean of $\\ln f_t$ "
            "over time and examples: after $\\tau$ steps, 37 % is left. For a GRU, z takes f's "
            "place."
        ),
    )


look_inside(
    _("Cell state"),
    _("The cell state c is what an LSTM carries along; the hidden state h is what it shows."),
    draw,
)
