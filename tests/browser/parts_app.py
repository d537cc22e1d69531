"""A page with nothing but what the address says: the parts that are tested apart, in one server."""

import streamlit as st

from tests.browser import cell_app, plain_app, text_app

PARTS = {"cell": cell_app.show, "plain": plain_app.show, "text": text_app.show}

if __name__ == "__main__":
    PARTS[st.query_params["part"]]()
