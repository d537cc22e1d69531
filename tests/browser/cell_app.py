"""A page with nothing but a cell, for test_cell.py: its anatomies lie in the home folder."""

from pathlib import Path

import streamlit as st

from lstm_viz.figures.cell.view import cell_view
from lstm_viz.runs import wire
from lstm_viz.ui import components, shell


def show() -> None:
    st.set_page_config(layout="wide")
    shell.style()
    kind = st.query_params.get("kind", "lstm")
    anatomy = wire.unpack((Path.home() / f"{kind}.anatomy").read_bytes())
    state = st.session_state.setdefault("state", {"t": None, "pinned": None})

    def keep(what: str) -> None:
        state[what] = getattr(components.picked("cell"), what)

    components.cell(
        cell_view(anatomy, cursor=2, unit=1),
        key="cell",
        t=lambda: keep("t"),
        pinned=lambda: keep("pinned"),
    )
    st.markdown(f"picked t {state['t']} unit {state['pinned'] and state['pinned'][-1]}")
