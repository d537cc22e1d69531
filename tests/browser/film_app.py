"""The recorded run's film in messages of one frame each, for test_film.py."""

import streamlit as st

from lstm_viz.figures.layer_rows import gate_rows
from lstm_viz.ui import player
from lstm_viz.ui.service import trainer


@st.fragment
def show() -> None:
    run = trainer().runs.recorded[0]
    film = player.layer_film(run, run.film.frames[-1])
    player.show(film, gate_rows(film.of(run.film.frames[-1])), key="film")
    st.caption(f"delivered {len(st.session_state[player.DELIVERED][film.id])}")


if __name__ == "__main__":
    player.CHUNK = 1
    show()
