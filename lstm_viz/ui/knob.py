"""Turn the knob: what decides, before any training, how far a gradient travels."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from lstm_viz.experiments.knobs import turned
from lstm_viz.figures.knob import knob_view
from lstm_viz.ui import components
from lstm_viz.ui.say import look_for
from lstm_viz.words import _

KEY, NAMED, COMPONENT = "laboratory.knobs", "laboratory.named", "laboratory.knob"
"""In the session: the knobs that were turned, and whether a link named some."""


def knobs() -> dict[str, Any]:
    """Those that are not where they start."""
    found: dict[str, Any] = st.session_state.get(KEY, {})
    return found


def turn(values: Mapping[str, Any]) -> None:
    """Set the knobs; what there is not is left out."""
    st.session_state[KEY] = turned(values)


def follow(values: Mapping[str, Any]) -> None:
    """Set the knobs that a link names, and have its reader brought there."""
    turn(values)
    st.session_state[NAMED] = bool(values)


def show() -> None:
    """The knobs and the gradients of three untrained networks; the browser computes them."""
    with st.container(key="figure-knob"):
        st.subheader(_("Gradient flow before training"), anchor=False)
        components.knob(
            knob_view(knobs(), named=st.session_state.get(NAMED, False)),
            key=COMPONENT,
            turned=_turned,
        )
        look_for(
            _("Three untrained networks, 32 units each."),
            _(
                "$\\|\\partial L_T/\\partial h_t\\|_2$ of a gradient of length 1 that enters at "
                "the "
                "last step alone; of the LSTM $\\|\\partial L_T/\\partial (h_t, c_t)\\|_2$. Same "
                "random input, float64. The weight scale multiplies what no other knob sets; the "
                "spectral radius is that of each gate's block of $W_{hh}$. Identity sets the "
                "candidate's block, chrono the gates' biases; an RNN has none."
            ),
        )


def _turned() -> None:

    said = (st.session_state.get(COMPONENT) or {}).get("knobs")
    turn(said if isinstance(said, Mapping) else {})
