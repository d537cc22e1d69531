"""Which data the user chose: a task, a series, a text, or a file of their own."""

from dataclasses import replace

import streamlit as st

from lstm_viz.data.choice import ENTRIES, DataChoice, Group, dataset_of, series_of, table_of
from lstm_viz.data.dataset import Dataset
from lstm_viz.data.reading.tables import Table, Text
from lstm_viz.data.series import Series
from lstm_viz.ui.say import plain
from lstm_viz.ui.service import service, viewer
from lstm_viz.ui.session import FIRST_DATA, data_choice
from lstm_viz.words import N_, _

GROUP_LABELS: dict[Group, str] = {
    "task": N_("Tasks"),
    "series": N_("Generated"),
    "real": N_("Real series"),
    "text": N_("Text"),
    "upload": N_("Your own"),
}


def uploaded() -> Table | Text | None:
    """What this session brought along."""
    upload = service().uploads.get(viewer())
    return upload.content if upload else None


def upload_id(choice: DataChoice) -> str:
    """Which file the data is made of, by its content; "" where it is made of none."""
    upload = service().uploads.get(viewer())
    return upload.id if upload and choice.group == "upload" else ""


def chosen() -> DataChoice:
    """The chosen data; the first task while an upload is chosen that is not there.

    Columns that the chosen table does not have are forgotten.
    """
    choice = data_choice()
    if choice.group == "upload" and uploaded() is None:
        return FIRST_DATA
    table = table_of(choice, uploaded())
    names = [column.name for column in table.columns] if table else []
    return replace(
        choice,
        targets=tuple(name for name in choice.targets if name in names),
        features=tuple(name for name in choice.features if name in names),
    )


def is_text(choice: DataChoice) -> bool:
    """Whether letters are learned."""
    return choice.group == "text" or (choice.group == "upload" and isinstance(uploaded(), Text))


def label_of(choice: DataChoice) -> str:
    """The name of what was chosen, in the reader's language."""
    entry = ENTRIES[choice.group].get(choice.name)
    if entry is not None:
        return _(entry.label)
    content = uploaded()
    return content.name if content else ""


def chosen_table() -> Table | None:
    """The table that the chosen series is taken from."""
    return table_of(chosen(), uploaded())


def chosen_series() -> Series:
    """The chosen series. Raises DataError for columns that cannot be used."""
    return series_of(chosen(), uploaded())


def chosen_dataset() -> Dataset:
    """The examples to train on; the same object for the same choices.

    A window that a chosen series is too short for is shortened to fit it.
    Raises DataError where the data cannot be cut at all.
    """
    choice = chosen()
    key = (choice, upload_id(choice))
    kept_key, dataset = st.session_state.get("dataset", (None, None))
    if kept_key != key:
        dataset = dataset_of(choice, uploaded())
        st.session_state["dataset"] = (key, dataset)
    made: Dataset = dataset
    return made


def dataset_card() -> None:
    """What will be trained on, with the way to change it."""
    st.page_link(
        "pages/lab/data.py",
        label=_("Data: **{name}**").format(name=plain(label_of(chosen()))),
        icon=":material/show_chart:",
        help=_("Choose another series or task, or upload your own file."),
    )
