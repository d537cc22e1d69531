"""Every gate of a layer, unit x time, under the input."""

import streamlit as st

from lstm_viz.figures import charts
from lstm_viz.figures.layers import (
    gate_rows,
    input_rows,
    open_or_shut,
    pinned_gates,
    state_rows,
)
from lstm_viz.figures.rows import Row
from lstm_viz.runs.frames import Frame, LayerFrame
from lstm_viz.runs.registry import Run
from lstm_viz.ui import components, film
from lstm_viz.ui.inside import look_inside
from lstm_viz.ui.say import look_for
from lstm_viz.ui.selection import layer_of
from lstm_viz.ui.session import remembered
from lstm_viz.words import N_, _

FORMULAS = {
    "lstm": N_(
        "$f_t = \\sigma(W_f x_t + U_f h_{t-1} + b_f)$, likewise $i_t$ and $o_t$; "
        "$g_t = \\tanh(W_g x_t + U_g h_{t-1} + b_g)$; "
        "$c_t = f_t \\odot c_{t-1} + i_t \\odot g_t$; $h_t = o_t \\odot \\tanh(c_t)$"
    ),
    "lstm_variant": N_(
        "With every part switched on: $f_t = \\sigma(W_f x_t + U_f h_{t-1} + b_f)$, likewise "
        "$i_t$ and $o_t$; $g_t = \\tanh(W_g x_t + U_g h_{t-1} + b_g)$; "
        "$c_t = f_t \\odot c_{t-1} + i_t \\odot g_t$; $h_t = o_t \\odot \\tanh(c_t)$. A gate that "
        "is off is 1, an activation that is off is left out; coupled, $i_t = 1 - f_t$; a peephole "
        "adds $p \\odot c$ inside a gate's $\\sigma$."
    ),
    "nested_lstm": N_(
        "Gates as in an LSTM. In the place of $c_t = f_t \\odot c_{t-1} + i_t \\odot g_t$ an inner "
        "LSTM reads $i_t \\odot g_t$ with $f_t \\odot c_{t-1}$ as its hidden state; what it gives "
        "is $c_t$."
    ),
    "gru": N_(
        "$r_t = \\sigma(W_r x_t + U_r h_{t-1} + b_r)$, likewise $z_t$; "
        "$n_t = \\tanh(W_n x_t + b_n + r_t \\odot (U_n h_{t-1} + b_{hn}))$; "
        "$h_t = (1 - z_t) \\odot n_t + z_t \\odot h_{t-1}$ (PyTorch's convention: z near 1 keeps)"
    ),
}
FORMULAS_SWAPPED = N_(
    "$h_t = z_t \\odot n_t + (1 - z_t) \\odot h_{t-1}$ (as in Chung et al. 2014: z near "
    "1 renews; PyTorch's z is 1 minus this)"
)

KEEPING = {
    "forget": N_(
        "A forget gate that stays full keeps its unit's memory, and one that fades erases it."
    ),
    "update": N_("The update gate decides how much of its unit's state is kept, and how much new."),
}
"""Gate -> what it does to the memory."""


OFF = {
    "input": N_("No input gate (i = 1): the whole candidate is added to the cell state."),
    "forget": N_("No forget gate (f = 1): the cell state is never erased."),
    "output": N_("No output gate (o = 1): the hidden state shows the whole cell state."),
}
"""Gate of an LSTM by its parts -> what it means that it is off."""
COUPLED = N_("The input gate is coupled to the forget gate: i = 1 - f.")


def draw(run: Run, frame: Frame) -> None:
    swapped = layer_of(frame).kind == "gru" and _other_convention()
    reel = film.reel_of(run, frame, swapped=swapped)
    layer, inputs = reel.of(frame), run.examples.inputs[reel.sample]
    rows: list[Row] = input_rows(run.dataset, inputs)
    if not layer.gates:
        st.info(
            _(
                "A plain RNN has no gates: all it keeps passes through one tanh or relu each step. "
                "Below is its hidden state. Train an LSTM or a GRU to see gates."
            )
        )
        film.show(reel, [*rows, *state_rows(layer)], key="film.gates")
        return
    off = gates_off(layer, coupled=run.settings.cell.options.get("coupled", False))
    if off:
        st.info(" ".join(off), icon=":material/toggle_off:")
    rows += gate_rows(layer)
    if not open_or_shut(layer):
        rows += state_rows(layer)
    film.show(reel, [*rows, pinned_gates(layer)], key="film.gates")
    look_for(_what_to_see(layer), _(FORMULAS_SWAPPED if swapped else FORMULAS[layer.kind]))
    if open_or_shut(layer):
        _charts(layer)


def gates_off(layer: LayerFrame, *, coupled: bool) -> list[str]:
    """A sentence for each gate that an LSTM by its parts does without."""
    if layer.kind != "lstm_variant":
        return []
    missing = [gate for gate in OFF if gate not in layer.gates]
    return [_(COUPLED if gate == "input" and coupled else OFF[gate]) for gate in missing]


def _what_to_see(layer: LayerFrame) -> str:
    if not open_or_shut(layer):
        return _(
            "Without gates, whatever the candidate adds to the cell state stays there. Look for "
            "steps at which the candidate is far from 0."
        )
    keeping = [_(words) for gate, words in KEEPING.items() if gate in layer.gates]
    change = _("Look for gates that change where the input changes.")
    return " ".join([change, *keeping, _("Click a unit to see its lines.")])


def _charts(layer: LayerFrame) -> None:
    left, right = st.container(key="figures").columns(2, gap="medium")
    with left:
        st.subheader(_("How open the gates are"), anchor=False)
        components.chart(charts.gate_distribution(layer.gates), key="gates.distribution")
        look_for(_("Mass at 0 or 1 means decided gates; mass in the middle, gates that hesitate."))
    with right:
        st.subheader(_("Saturation"), anchor=False)
        components.chart(charts.saturation(layer.gates, list(layer.units)), key="gates.saturation")
        look_for(
            _(
                "Each mark is a unit's gate, a larger one those of several units. Towards the top "
                "left they are nearly always open, towards the bottom right nearly always closed."
            ),
            _("Left-saturated: share of t with gate < 0.1; right-saturated: with gate > 0.9."),
        )


def _other_convention() -> bool:
    """A GRU's update gate in the other convention, if the reader wants it."""
    return st.toggle(
        _("Show 1 - z for the update gate"),
        key=remembered("gates.swapped", False),
        persist_state="session",
        help=_(
            "In PyTorch and Cho et al. 2014, z near 1 keeps the state. Half of the literature "
            "swaps z and 1 - z. The switch changes what the film draws; the two charts, the time "
            "constants and the order of the units stay with PyTorch's z."
        ),
    )


look_inside(
    _("Gates"),
    _("A gate is a number between 0 and 1 that decides, unit by unit, how much passes."),
    draw,
)
