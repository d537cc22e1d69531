"""A page that says every hostile name in each kind of place."""

import pandas as pd
import streamlit as st

from lstm_viz.ui.say import plain, say_error
from tests.ui.hostile_names import NAMES


def show() -> None:
    for number, name in enumerate(NAMES):
        said = plain(name)
        with st.container(key=f"name-{number}"):
            st.markdown(said)
            st.markdown(f"Data: **{said}**, not here")
            st.caption(f"Held equal: Data ({said}).")
            st.subheader(said, anchor=False)
            say_error(name)
            st.button(said, key=f"button-{number}", help=said)
            st.page_link("https://example.org", label=said)
            st.progress(0.5, text=said)
            st.table(pd.DataFrame({"contender": [said], "x": [1]}).set_index("contender"))
            with st.expander(said):
                st.write("")
