"""Which of several series that are learned together is looked at."""

import streamlit as st

from lstm_viz.data.dataset import Dataset
from lstm_viz.ui.say import plain
from lstm_viz.ui.session import remembered
from lstm_viz.words import _

KEY = "view.entity"


def choose_entity(dataset: Dataset) -> tuple[int, Dataset]:
    """Its place, and it alone; of data that is one series, that."""
    names = dataset.entities
    if not names:
        return 0, dataset
    if st.session_state.get(remembered(KEY, names[0])) not in names:
        st.session_state[KEY] = names[0]
    name = st.selectbox(
        _("Series shown"),
        names,
        key=KEY,
        persist_state="session",
        help=_("All are learned; the figures show this one."),
        width=300,
    )
    place = names.index(name)
    return place, dataset.alone(place)


def said_first(dataset: Dataset) -> str:
    """Of which of several series a figure is that shows the first one; nothing of one series."""
    names = dataset.entities
    return _("Of the series '{name}'.").format(name=plain(names[0])) if names else ""
