"""A page with nothing but a text, for test_text.py."""

import numpy as np
import streamlit as st

from lstm_viz.figures.text import text_view
from lstm_viz.ui import components

TEXT = 'a "b"\n<img src=x onerror=alert(1)>\tc\n' * 12
SYMBOLS = tuple(sorted(set(TEXT)))
T = len(TEXT)


def top() -> tuple[np.ndarray, np.ndarray]:
    """After even t the next character is the likeliest, after odd t it is not among the five."""
    ranked = []
    for t in range(T):
        came = SYMBOLS.index(TEXT[(t + 1) % T])
        others = [code for code in range(len(SYMBOLS)) if code != came]
        ranked.append([came, *others[:4]] if t % 2 == 0 else others[:5])
    return np.array(ranked), np.tile([0.6, 0.2, 0.1, 0.05, 0.0004], (T, 1))


def show() -> None:
    values = np.sin(np.arange(T) / 5)
    values[3] = np.nan
    components.text(
        text_view(
            TEXT,
            values,
            signal="cell",
            low=-1.0,
            high=1.0,
            title="cell state c, unit 7",
            top=top(),
            symbols=SYMBOLS,
            cursor=2,
        ),
        key="text",
        t=lambda: st.session_state.update(t=components.picked("text").t),
    )
    st.markdown(f"picked {st.session_state.get('t')}")
