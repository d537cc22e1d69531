"""The frame around every page: its configuration, the navigation, the session's presence."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import streamlit as st

from lstm_viz.files import ASSETS
from lstm_viz.ui import address, choices, components, language
from lstm_viz.ui.say import mistakes_in_words
from lstm_viz.ui.selection import follow_link
from lstm_viz.ui.service import be_present, trainer
from lstm_viz.words import N_, _

STYLE = """<style>
.stMainBlockContainer { padding: 1rem 2.5rem 4rem; }
.st-key-head { padding-right: 9rem; min-height: 2.5rem; }
.st-key-head h1 { font-size: 1.5rem; padding: 0; }
.st-key-figures .stColumn { min-width: 25rem; }
.st-key-figures [class*="st-key-panels"] .stColumn { min-width: 12rem; }
.st-key-contenders .stColumn { min-width: 11.5rem; max-width: 20rem; }
.st-key-link, .st-key-address { position: absolute; width: auto; }
.st-key-address { visibility: hidden; }
.st-key-link { top: 1rem; right: 2.5rem; z-index: 2; }
[class*="st-key-film-"]:not(.st-key-film-data) { min-height: 24rem; }
[class*="curve-loss"] { min-height: 12rem; }
[class*="progress"] { min-height: 2.5rem; }
.st-key-hold { display: grid; grid-template-columns: 100%; }
.st-key-hold > * { grid-area: 1 / 1; width: 100%; }
[data-testid="stPageLink-NavLink"] p { overflow: hidden; text-overflow: ellipsis; }
.stToastContainer { top: auto !important; bottom: 1rem; }
.stApp:has(.stSidebar[data-collapsed="true"]) {
  --top: 3.75rem;
  .stMainBlockContainer { padding-top: 4rem; }
  .st-key-link { top: 4rem; }
}
@media (max-width: 800px) {
  .st-key-link { position: static; }
  .st-key-head { padding-right: 0; }
}
[data-testid="stCaptionContainer"] { opacity: 1; }
@media (min-width: 900px) { .st-key-whose { flex-wrap: nowrap; } }
[data-testid="stProgress"] * { transition: none !important; }
@media (max-width: 1100px) { .st-key-progress [data-testid="stProgress"] p { min-height: 3.2em; } }
</style>"""
"""A projector has no room to give away; figures too narrow to read go below each other.

Captions say what to see, so they are printed in the ink of the text, not in a paler one.

A film has its room before it is drawn: what is below does not jump.

A bar that glides keeps the browser painting, which cost the training a twentieth of its speed
where the two share cores."""

SECTIONS = {"": "", "lab": N_("Experiment"), "inside": N_("Look inside")}
TITLES: dict[str, tuple[str, str]] = {
    "start": (N_("Start"), ":material/play_circle:"),
    "presets": (N_("Experiments"), ":material/experiment:"),
    "data": (N_("Data"), ":material/show_chart:"),
    "train": (N_("Train"), ":material/model_training:"),
    "forecast": (N_("Forecast"), ":material/query_stats:"),
    "compare": (N_("Compare"), ":material/balance:"),
    "cell": (N_("Cell"), ":material/schema:"),
    "gates": (N_("Gates"), ":material/tune:"),
    "cell_state": (N_("Cell state"), ":material/memory:"),
    "gradients": (N_("Gradients"), ":material/trending_down:"),
}
"""File name of a page -> its title and icon; its address is the same with dashes."""


def show(files: Mapping[str, Sequence[str]]) -> None:
    """Show the page that the browser's address asks for."""
    language.speak()
    st.set_page_config(page_title="lstm_viz", page_icon=str(ASSETS / "icon.svg"), layout="wide")
    address.follow()
    follow_link()
    be_present()
    pages = {_(SECTIONS[name]) if name else "": _pages(paths) for name, paths in files.items()}
    style()
    st.logo(str(ASSETS / "logo.svg"), size="large")
    address.begin()
    with choices.one_rerun():
        components.link(_words_of_link())
        with mistakes_in_words():  # such as a run that is gone meanwhile
            st.navigation(pages).run()
        address.finish()
    trainer().want()


def _words_of_link() -> dict[str, str]:
    """What the button that copies the link of this very view says."""
    uploaded = choices.chosen().asked.group == "upload"
    return {
        "label": _("Copy link"),
        "copied": _("Link copied. The file is not in the link.") if uploaded else _("Link copied."),
        "manual": _("Press Ctrl+C to copy the link. The file is not in it.")
        if uploaded
        else _("Press Ctrl+C to copy the link."),
    }


def style() -> None:
    """What the pages' elements look like beyond Streamlit's theme."""
    st.html(STYLE)


def _pages(paths: Sequence[str]) -> list[st.Page]:
    return [_page(path, Path(path).stem) for path in paths]


def _page(path: str, name: str) -> st.Page:
    title, icon = TITLES[name]
    address = name.replace("_", "-")
    return st.Page(path, title=_(title), icon=icon, url_path=address, default=name == "start")
