"""What each unit holds through time, and for how long."""

import streamlit as st

from lstm_viz.data.marks import marks_of
from lstm_viz.figures import gate_charts
from lstm_viz.figures.clock import place_of
from lstm_viz.figures.layer_rows import (
    memory,
    pinned_states,
    state_lines,
    state_rows,
)
from lstm_viz.figures.rows import Row
from lstm_viz.measures.gates import said_time_constants, said_unkept
from lstm_viz.models.cells import cell_of
from lstm_viz.runs.frames import Frame, LayerFrame
from lstm_viz.runs.run import Run
from lstm_viz.ui import components, player, stage, trajectories
from lstm_viz.ui.inside import look_inside
from lstm_viz.ui.live import still
from lstm_viz.ui.responding import shown as responding
from lstm_viz.ui.say import formulas, look_for
from lstm_viz.ui.selection import pin, selected
from lstm_viz.ui.session import remembered, setting
from lstm_viz.words import _

EACH = "state.each"
"""Whether the maps show what each unit holds, rather than which units hold most."""


def draw(run: Run, frame: Frame) -> None:
    film = player.layer_film(run, frame)
    layer, inputs = film.of(frame), run.examples.inputs[film.sample]
    rows: list[Row] = [
        *film.input_rows(frame, asked=False),
        *state_rows(layer, each=setting(EACH, True)),
        state_lines(layer),
        pinned_states(layer),
    ]
    stretch = responding.stretch_of(film, frame)
    steps = stretch.steps if stretch else None
    stage.show(film, rows, frame, key="film.cell", sort="memory", stretch=steps)
    st.toggle(
        _("Each unit on its own scale"),
        key=remembered(EACH, True),
        persist_state="session",
        help=_("Off: one scale for all units and frames."),
    )
    look_for(
        _("Which units change at a marked step and then stay?")
        if marks_of(run.dataset, inputs)
        else _("Which units change with the input?"),
        formulas(cell_of(layer.kind).formulas(layer.options)),
    )
    still([run], place_of(frame))
    trajectories.show(film, frame)
    responding.show(film, frame)
    _time_constants(layer)


def _time_constants(layer: LayerFrame) -> None:
    tau = memory(layer)
    if tau is None:
        st.info(said_unkept(layer.cell is not None))
        return
    steps, units = layer.hidden.shape[1], [int(unit) for unit in layer.units]
    st.subheader(_("Time constants"), anchor=False)
    spec = gate_charts.time_constants(tau, steps, units, selected().units or ())
    components.chart(spec, key="cell.tau", picked=pin)
    look_for(
        said_time_constants(tau, units, steps, layer.hidden_size),
        _(
            "Time constant $\\tau = -1 / \\overline{\\ln k}$: after $\\tau$ steps, 37% is left. "
            "$k_t$: the share of its state that a unit keeps at step t; mean over time and "
            "examples."
        ),
    )


look_inside(
    _("Cell state"),
    _("What each unit holds, time step by time step."),
    draw,
)
