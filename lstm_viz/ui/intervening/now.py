"""What this session's reader changes in the network: in the session, and in a link."""

from dataclasses import replace
from typing import Any

import streamlit as st

from lstm_viz.experiments.intervention import Intervention

KEY = "intervene.now"
"""In the session: the intervention, also what of it the network shown has no place for."""


def now() -> Intervention:
    """What the reader changes."""
    found: Intervention = st.session_state.get(KEY, Intervention())
    return found


def change(**changes: Any) -> None:
    """Change more of it, or something of it back."""
    st.session_state[KEY] = replace(now(), **changes)


def reset() -> None:
    """Back to the run as it is."""
    st.session_state[KEY] = Intervention()


def follow(intervention: Intervention) -> None:
    """Change what a link says."""
    st.session_state[KEY] = intervention
