"""The stretch of time that this session's reader has selected: in the session, and in a link."""

import streamlit as st

from lstm_viz.experiments.stretch import Stretch
from lstm_viz.ui.session import choose

OPEN, KEY = "state.responds", "state.stretch"
"""In the session: whether units are looked for, and the stretch as the reader asks for it."""


def asked() -> Stretch | None:
    """The stretch, while it is looked for."""
    found: Stretch | None = st.session_state.get(KEY)
    return found if st.session_state.get(OPEN) else None


def follow(stretch: Stretch) -> None:
    """Look for this one."""
    choose({KEY: stretch, OPEN: True})
