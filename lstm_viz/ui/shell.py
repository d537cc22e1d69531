"""The frame around every page: its configuration, the navigation, the session's presence."""

import json
from collections.abc import Sequence
from pathlib import Path

import streamlit as st

from lstm_viz.files import ASSETS
from lstm_viz.ui import address, choices, language, live
from lstm_viz.ui.say import mistakes_in_words
from lstm_viz.ui.selection import follow_link, own_runs
from lstm_viz.ui.service import be_present, trainer
from lstm_viz.ui.session import forget_strangers
from lstm_viz.words import N_, _

TITLES = {
    "start": N_("Start"),
    "experiments": N_("Experiments"),
    "data": N_("Data"),
    "train": N_("Train"),
    "forecast": N_("Forecast"),
    "compare": N_("Compare"),
    "cell": N_("Cell"),
    "gates": N_("Gates"),
    "cell_state": N_("Cell state"),
    "gradients": N_("Gradients"),
    "intervene": N_("Intervene"),
}
"""File name of a page -> its title; its address is the same with dashes."""


def show(files: Sequence[str]) -> None:
    """Show the page that the browser's address asks for."""
    forget_strangers()
    language.speak()
    st.set_page_config(
        page_title="lstm_viz",
        page_icon=str(ASSETS / "icon.svg"),
        layout="wide",
        menu_items={
            "About": _("lstm_viz shows what happens inside a recurrent network while it learns.")
        },
    )
    address.follow()
    follow_link()
    be_present()
    live.begin()
    pages = [_page(path) for path in files]
    style()
    st.logo(str(ASSETS / "logo.svg"), size="medium")
    address.begin()
    with choices.one_rerun():
        with mistakes_in_words():  # such as a run that is gone meanwhile
            page = st.navigation(pages, position="top")
            _fold(page)
            page.run()
        address.finish()
    trainer().want()


def _fold(page: st.Page) -> None:
    """The settings give way to a run that is shown, until the reader opens them: Streamlit keeps
    to what a reader did with the side bar.
    """
    shown = own_runs() and page.title != _(TITLES["data"])
    st.set_page_config(initial_sidebar_state="collapsed" if shown else "auto")


def style() -> None:
    """What the pages' elements look like beyond Streamlit's theme."""
    st.html(ASSETS / "page.css")
    words = json.dumps(_("Settings"))
    st.html(f"<style>.stApp {{ --settings: {words}; }}</style>")


def _page(path: str) -> st.Page:
    name = Path(path).stem
    address = name.replace("_", "-")
    return st.Page(path, title=_(TITLES[name]), url_path=address, default=name == "start")
