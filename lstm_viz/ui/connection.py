"""Whether a page's runs come by the feed, or with the page."""

import streamlit as st

from lstm_viz.runs.run import Run
from lstm_viz.ui.selection import selected
from lstm_viz.ui.service import trainer

DOWN = "feed.down"
"""In the session: whether its browser has no way to the feed."""


def is_fed(run: Run) -> bool:
    """Whether the feed has this run: not one that was made for a page alone."""
    return run.id in trainer().runs


def is_answered(run: Run) -> bool:
    """Whether the feed answers what is asked of a run's network."""
    return run.own in trainer().runs


def is_down() -> bool:
    """Whether the reader's browser has no way to the feed, as far as it has said."""
    return bool(st.session_state.get(DOWN))


def note(down: bool | None) -> None:
    """The browser says whether it has no way to the feed."""
    st.session_state[DOWN] = bool(down)


def moves(run: Run) -> bool:
    """Whether what is drawn of a run moves by itself: it trains, and comes by the feed."""
    return run.training and is_fed(run) and not is_down()


def is_followed(run: Run) -> bool:
    """The same at its newest frame: the reader chose none."""
    return moves(run) and selected().step is None
