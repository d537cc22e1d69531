"""What this session's reader changes in the network: in the session, and in a link."""

import streamlit as st

from lstm_viz.experiments.intervention import Intervention

KEY = "intervene.now"
"""In the session: the intervention, also what of it the network shown has no place for."""


def now() -> Intervention:
    """What the reader changes."""
    found: Intervention = st.session_state.get(KEY, Intervention())
    return found


def reset() -> None:
    """Back to the run as it is."""
    st.session_state[KEY] = Intervention()


def follow(intervention: Intervention) -> None:
    """Change this, and nothing else."""
    st.session_state[KEY] = intervention
