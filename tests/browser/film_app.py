"""The recorded run's film in messages of one moment each, for test_film.py."""

import streamlit as st

from lstm_viz.figures.layers import gate_rows
from lstm_viz.ui import film
from lstm_viz.ui.service import trainer


@st.fragment
def show() -> None:
    run = trainer().runs.recorded[0]
    reel = film.reel_of(run, run.film.frames[-1])
    film.show(reel, gate_rows(reel.of(run.film.frames[-1])), key="film")
    st.caption(f"delivered {len(st.session_state[film.DELIVERED][reel.id])}")


if __name__ == "__main__":
    film.CHUNK = 1
    show()
