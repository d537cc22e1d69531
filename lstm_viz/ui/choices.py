"""Which data the user chose: a task, a series, a text, or a file of their own."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import streamlit as st

from lstm_viz.data.choice import ENTRIES, DataChoice, Group
from lstm_viz.data.dataset import Dataset
from lstm_viz.data.reading.tables import Labelled, Table, Text
from lstm_viz.data.resolved import Resolved
from lstm_viz.experiments.fitting import fits_all_data, fitted
from lstm_viz.experiments.settings import Settings
from lstm_viz.ui.say import plain, say_error
from lstm_viz.ui.service import service, viewer
from lstm_viz.ui.session import MEMO, data_choice
from lstm_viz.ui.uploads import Upload
from lstm_viz.words import N_, _

GROUP_LABELS: dict[Group, str] = {
    "task": N_("Tasks"),
    "series": N_("Generated"),
    "real": N_("Real series"),
    "text": N_("Text"),
    "upload": N_("Your own"),
}
KEPT = "data.resolved"
"""In the session: what came of its upload, as it is chosen now, and of which one."""


def upload() -> Upload | None:
    """What this session brought along."""
    return service().uploads.of(viewer())


def uploaded() -> Table | Text | Labelled | None:
    """The content of what this session brought along."""
    brought = upload()
    return brought.content if brought else None


@contextmanager
def one_rerun() -> Iterator[None]:
    """While a page is drawn, its data is resolved once."""
    st.session_state[MEMO] = None
    try:
        yield
    finally:
        st.session_state.pop(MEMO, None)


def chosen() -> Resolved:
    """The chosen data, and what comes of it; the same object for the same choices and file.

    A chosen file that is not here is missing: nothing else takes its place.
    """
    known: Resolved | None = st.session_state.get(MEMO)
    if known is not None:
        return known
    found = _resolved(data_choice())
    if MEMO in st.session_state:
        st.session_state[MEMO] = found
    return found


def as_trained(settings: Settings) -> Settings:
    """Settings as far as they fit the chosen data."""
    if fits_all_data(settings):  # most do, and no data need be made for it
        return settings
    data = chosen()
    unknown = data.missing or data.problem is not None
    return settings if unknown else fitted(settings, data.dataset)


def _resolved(asked: DataChoice) -> Resolved:
    brought = upload() if asked.group == "upload" else None
    if brought is not None and asked.name not in ("", brought.name):
        brought = None  # a link or a run asks for another file
    if brought is not None:
        stacked, entity = brought.series_of(asked.stacked, asked.entity)
        asked = replace(asked, name=brought.name, stacked=stacked, entity=entity)
    found = Resolved(asked, brought.taken(asked.stacked, asked.entity) if brought else None)
    if brought is None:
        st.session_state.pop(KEPT, None)
        return service().resolved.of(found.columned, found)
    key = (found.columned, brought.id)
    kept: tuple[object, Resolved] = st.session_state.get(KEPT, (None, found))
    if kept[0] != key:
        kept = st.session_state[KEPT] = (key, found)
    return kept[1]


def file_id() -> str:
    """Which file the chosen data is made of, by its content; "" where it is made of none."""
    brought = upload() if chosen().upload is not None else None
    return brought.id if brought else ""


def label_of(choice: DataChoice) -> str:
    """The name of what was chosen, in the reader's language."""
    entry = ENTRIES[choice.group].get(choice.name)
    if entry is not None:
        return _(entry.label)
    return choice.name or _("a file of your own")


def chosen_dataset() -> Dataset:
    """The examples to train on; the same object for the same choices.

    A window that a chosen series is too short for is shortened to fit it.
    Raises DataError where the data cannot be cut at all.
    """
    return chosen().dataset


def say_problem(data: Resolved) -> None:
    """Why there is nothing to train on, and the way to what is missing."""
    if not data.missing:
        say_error(data.problem)
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.info(plain(str(data.problem)), icon=":material/upload_file:")
        st.page_link("pages/lab/data.py", label=_("Go to Data"), icon=":material/show_chart:")


def dataset_card() -> None:
    """What will be trained on, with the way to change it."""
    data = chosen()
    words = _("Data: **{name}**, not here") if data.missing else _("Data: **{name}**")
    st.page_link(
        "pages/lab/data.py",
        label=words.format(name=plain(label_of(data.choice))),
        icon=":material/show_chart:",
        help=_("Choose another, or upload your own."),
    )
