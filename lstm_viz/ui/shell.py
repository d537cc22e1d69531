"""The frame around every page: its configuration, the navigation, the session's presence."""

from collections.abc import Sequence
from pathlib import Path

import streamlit as st

from lstm_viz.files import ASSETS
from lstm_viz.ui import address, choices, language
from lstm_viz.ui.say import mistakes_in_words
from lstm_viz.ui.selection import follow_link
from lstm_viz.ui.service import be_present, trainer
from lstm_viz.words import N_, _

TITLES = {
    "start": N_("Start"),
    "presets": N_("Experiments"),
    "data": N_("Data"),
    "train": N_("Train"),
    "forecast": N_("Forecast"),
    "compare": N_("Compare"),
    "cell": N_("Cell"),
    "gates": N_("Gates"),
    "cell_state": N_("Cell state"),
    "gradients": N_("Gradients"),
}
"""File name of a page -> its title; its address is the same with dashes."""


def show(files: Sequence[str]) -> None:
    """Show the page that the browser's address asks for."""
    language.speak()
    st.set_page_config(page_title="lstm_viz", page_icon=str(ASSETS / "icon.svg"), layout="wide")
    address.follow()
    follow_link()
    be_present()
    pages = [_page(path) for path in files]
    style()
    st.logo(str(ASSETS / "logo.svg"), size="medium")
    address.begin()
    with choices.one_rerun():
        with mistakes_in_words():  # such as a run that is gone meanwhile
            st.navigation(pages, position="top").run()
        address.finish()
    trainer().want()


def style() -> None:
    """What the pages' elements look like beyond Streamlit's theme."""
    st.html(ASSETS / "page.css")


def _page(path: str) -> st.Page:
    name = Path(path).stem
    address = name.replace("_", "-")
    return st.Page(path, title=_(TITLES[name]), url_path=address, default=name == "start")
