"""Which data the user chose: a generated series, a task, one that ships, or an upload."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from lstm_viz.data.dataset import Dataset
from lstm_viz.data.generators import GENERATORS, generate
from lstm_viz.data.parameters import Parameter
from lstm_viz.data.reading import Table, series_from
from lstm_viz.data.series import Series
from lstm_viz.data.shipped import SHIPPED, load
from lstm_viz.data.tasks import TASKS, make_task
from lstm_viz.data.windows import WindowSpec, cut, fitting
from lstm_viz.ui.say import plain
from lstm_viz.ui.service import service, viewer
from lstm_viz.ui.settings import setting
from lstm_viz.words import N_, _

UPLOAD = "upload"
UPLOAD_LABEL = N_("Your own file")
LABELS: dict[str, str] = {
    **{name: task.label for name, task in TASKS.items()},
    **{name: generator.label for name, generator in GENERATORS.items()},
    **{name: shipped.label for name, shipped in SHIPPED.items()},
    UPLOAD: UPLOAD_LABEL,
}
"""Source -> its name in the list."""


def uploaded() -> Table | None:
    """The table this session brought along."""
    upload = service().uploads.get(viewer())
    return upload.table if upload else None


def source() -> str:
    """The chosen source; the default while an upload is chosen that is not there."""
    chosen: str = setting("data.source")
    return "adding" if chosen == UPLOAD and uploaded() is None else chosen


def parameters_of(name: str) -> Mapping[str, Parameter]:
    """What can be set for a source: nothing for a shipped series or an upload."""
    entry = TASKS.get(name) or GENERATORS.get(name)
    return entry.parameters if entry else {}


def parameters(name: str) -> dict[str, Any]:
    """What the user set for a generator or a task."""
    return {
        key: setting(f"data.{name}.{key}", parameter.default)
        for key, parameter in parameters_of(name).items()
    }


def chosen_series() -> tuple[Series, str]:
    """The chosen series and its column. Raises DataError for a column that cannot be used."""
    name = source()
    if name in GENERATORS:
        series = generate(name, parameters(name), setting("data.seed"))
    elif name in SHIPPED:
        series = load(name)
    else:
        table = uploaded()
        assert table is not None
        return upload_series(table)
    return series, series.columns[0]


def upload_series(table: Table) -> tuple[Series, str]:
    """The chosen column of an upload; the first one until another is chosen."""
    names = [column.name for column in table.columns]
    chosen = setting("data.column")
    column = chosen if chosen in names else names[0]
    return series_from(table, column), column


def window_spec() -> WindowSpec:
    """How the user wants a series cut."""
    return WindowSpec(
        window=setting("data.window"),
        horizon=setting("data.horizon"),
        scaling=setting("data.scaling"),
        validation_share=setting("data.validation"),
    )


def chosen_dataset() -> Dataset:
    """The examples to train on; the same object for the same choices.

    A window that a chosen series is too short for is shortened to fit it.
    Raises DataError where the series cannot be cut at all.
    """
    name = source()
    key = (name, _fingerprint(name), window_spec(), setting("data.seed"))
    kept_key, dataset = st.session_state.get("dataset", (None, None))
    if kept_key != key:
        dataset = _make(name)
        st.session_state["dataset"] = (key, dataset)
    made: Dataset = dataset
    return made


def _make(name: str) -> Dataset:
    if name in TASKS:
        share = setting("data.validation")
        return make_task(name, parameters(name), setting("data.seed"), share)
    series, column = chosen_series()
    return cut(series, column, fitting(len(series.values), window_spec()))


def _fingerprint(name: str) -> Any:
    if name in GENERATORS or name in TASKS:
        return tuple(sorted(parameters(name).items()))
    return (id(uploaded()), setting("data.column")) if name == UPLOAD else None


def dataset_card() -> None:
    """What will be trained on, with the way to change it."""
    name = source()
    st.page_link(
        "pages/lab/data.py",
        label=_("Data: **{name}**").format(name=plain(_(LABELS[name]))),
        icon=":material/show_chart:",
        help=_("Choose another series or task, or upload your own file."),
    )
