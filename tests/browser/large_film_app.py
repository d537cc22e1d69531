"""A page with nothing but a film of the promised size, for bench/film.py."""

import numpy as np
import streamlit as st

from lstm_viz.figures.drawn_frames import DrawnFrame, DrawnSignal
from lstm_viz.figures.film_view import DrawnFilm, Playback, film_view
from lstm_viz.figures.rows import Heat
from lstm_viz.ui import components

FRAMES, STEPS, UNITS = 100, 200, 64
SIGNALS = ("forget", "input", "candidate", "output", "cell", "hidden")


def packed() -> bytes:
    """All frames in one message; the numbers are noise, since only their count matters."""
    random = np.random.default_rng(0)
    frames = [
        DrawnFrame(
            step,
            {name: DrawnSignal(random.random((UNITS, STEPS)), 0.0, 1.0) for name in SIGNALS},
        )
        for step in range(FRAMES)
    ]
    film = DrawnFilm(
        [Heat(signal) for signal in SIGNALS],
        id="bench",
        clock=[(step, float(step), None) for step in range(FRAMES)],
        sent=frames,
        units=range(UNITS),
    )
    return film_view([film], time_steps=STEPS, playback=Playback("step {step}"))


if __name__ == "__main__":
    st.set_page_config(layout="wide")
    components.film(st.cache_data(packed)(), key="bench")
