"""Every gate of a layer, unit x time, under the input."""

import streamlit as st

from lstm_viz.figures import gate_charts
from lstm_viz.figures.clock import place_of
from lstm_viz.figures.layer_rows import (
    gate_rows,
    open_or_shut,
    pinned_gates,
    state_rows,
)
from lstm_viz.figures.rows import Row
from lstm_viz.models.cells import cell_of
from lstm_viz.runs.frames import Frame, LayerFrame
from lstm_viz.runs.run import Run
from lstm_viz.ui import components, player, stage
from lstm_viz.ui.inside import look_inside
from lstm_viz.ui.live import still
from lstm_viz.ui.say import formulas, look_for
from lstm_viz.ui.selection import layer_of, pin
from lstm_viz.ui.session import remembered
from lstm_viz.words import _


def draw(run: Run, frame: Frame) -> None:
    cell = cell_of(layer_of(frame).kind)
    swapped = bool(cell.swaps) and _other_convention()
    film = player.layer_film(run, frame, swapped=swapped)
    layer = film.of(frame)
    rows: list[Row] = film.input_rows(frame, asked=False)
    if not layer.gates:
        stage.show(film, [*rows, *state_rows(layer)], frame, key="film.gates")
        look_for(_("A plain RNN has no gates: this is its hidden state."))
        return
    off = [_(sentence) for sentence in cell.without(layer.options)]
    if off:
        st.info(" ".join(off), icon=":material/toggle_off:")
    rows += gate_rows(layer)
    if not open_or_shut(layer):
        rows += state_rows(layer)
    stage.show(film, [*rows, pinned_gates(layer)], frame, key="film.gates")
    equations = cell.swapped_formulas if swapped else cell.formulas
    look_for(_what_to_see(layer, swapped), formulas(equations(layer.options)))
    if open_or_shut(layer):
        still([run], place_of(frame))
        _charts(layer)


def _what_to_see(layer: LayerFrame, swapped: bool) -> str:
    if not open_or_shut(layer):
        return _("All that the candidate adds stays. Where is it far from 0?")
    cell = cell_of(layer.kind)
    convention = (cell.swapped_convention if swapped else cell.convention)(layer.options)
    return _(convention) if convention else _("Which gates change where the input changes?")


def _charts(layer: LayerFrame) -> None:
    units = list(layer.units)
    left, right = st.container(key="figures").columns(2, gap="medium")
    with left:
        st.subheader(_("Distribution of the gate values"), anchor=False)
        spec = gate_charts.gate_distribution(layer.gates, units)
        components.chart(spec, key="gates.distribution", picked=pin)
    with right:
        st.subheader(_("Saturation"), anchor=False)
        spec = gate_charts.saturation(layer.gates, units)
        components.chart(spec, key="gates.saturation", picked=pin)
        look_for(
            _("Click a bin or a mark to see its units above."),
            _(
                "Left-saturated: share of t with gate < 0.1; right-saturated: > 0.9. Larger "
                "mark: several units."
            ),
        )


def _other_convention() -> bool:
    """A GRU's update gate in the other convention, if the reader wants it."""
    return st.toggle(
        _("Show 1 - z for the update gate"),
        key=remembered("gates.swapped", False),
        persist_state="session",
        help=_("z near 1 keeps the state (PyTorch); others use 1 - z. Only the film changes."),
    )


look_inside(
    _("Gates"),
    _("A gate, from 0 to 1, decides unit by unit how much passes."),
    draw,
)
