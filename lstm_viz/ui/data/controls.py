"""The controls of the Data page: what to learn from, and how it is cut into examples."""

import contextlib
from collections.abc import Sequence
from typing import Any

import streamlit as st

from lstm_viz.data.choice import ENTRIES, GROUPS, DataChoice, Group
from lstm_viz.data.parameters import MAX_SEED
from lstm_viz.data.reading.tables import MISSING, Table
from lstm_viz.data.resolved import Resolved
from lstm_viz.data.windows import LIMITS, SCALINGS, bounds
from lstm_viz.errors import LstmVizError
from lstm_viz.ui import choices
from lstm_viz.ui.data.preparing import steps_of
from lstm_viz.ui.data.upload import bring
from lstm_viz.ui.session import KEPT_COLUMNS, remembered, setting
from lstm_viz.ui.terms import DATA_TERMS
from lstm_viz.words import _


def choose_source() -> None:
    """A group, and an entry of it."""
    group: Group = (
        st.pills(
            _("Kind of data"),
            GROUPS,
            format_func=lambda each: _(choices.GROUP_LABELS[each]),
            key=remembered("data.group"),
            on_change=_columns_again,
            required=True,
            persist_state="session",
        )
        or "task"
    )
    if group == "upload":
        bring()
        return
    entries = ENTRIES[group]
    st.selectbox(
        {"task": _("Task"), "text": _("Text")}.get(group, _("Series")),
        list(entries),
        format_func=lambda name: _(entries[name].label),
        key=remembered(f"data.{group}"),
        on_change=_columns_again,
        persist_state="session",
    )
    if group != "real":  # a table says where it is from beside its figure
        entry = entries[setting(f"data.{group}")]
        st.caption(_(getattr(entry, "help", "") or getattr(entry, "note", "")))


def _columns_again() -> None:
    """After another entry was chosen: the columns and steps that were last chosen of it."""
    group = setting("data.group")
    kept = st.session_state.get(KEPT_COLUMNS, {})
    targets, features = kept.get((group, setting(f"data.{group}")), ((), ()))
    st.session_state.update({"data.targets": list(targets), "data.features": list(features)})
    st.session_state["data.preparation"] = steps_of(group, setting(f"data.{group}"))


def choose_settings() -> None:
    """All that can be set for the chosen entry."""
    data = choices.chosen()
    if data.missing:
        return
    choice = data.choice
    _choose_parameters(choice)
    if data.table is not None:
        _choose_columns(data, data.table)
    if data.is_text:
        low, high = (int(limit) for limit in LIMITS["window"])
        tip = _("Characters read at once; each next one is predicted.")
        _choose_length("window", choice, low, high, tip)
    elif data.is_series:
        # What is wrong is said once, beside the figure; what may mend it is still offered here.
        with contextlib.suppress(LstmVizError):
            _choose_windows(len(data.series.values), choice)
        _choose_one("scaling", SCALINGS)
    for name in ("validation_share", "test_share"):
        _choose_share(name)
    if choice.group in ("task", "series"):
        st.number_input(min_value=0, max_value=MAX_SEED, **_widget("seed"))


def _widget(name: str) -> dict[str, Any]:
    """What every widget of the data's fields takes: its name, its help, its place."""
    term = DATA_TERMS[name]
    return {
        "label": _(term.label),
        "help": _(term.help),
        "key": remembered(f"data.{name}"),
        "persist_state": "session",
    }


def _choose_one(name: str, among: Sequence[str], **words: str) -> None:
    said = DATA_TERMS[name].said
    st.selectbox(options=among, format_func=said, **{**_widget(name), **words})


def _choose_parameters(choice: DataChoice) -> None:
    for key, parameter in choice.parameters_of().items():
        st.slider(
            _(parameter.label),
            parameter.low,
            parameter.high,
            step=parameter.step,
            key=remembered(f"data.{choice.name}.{key}", parameter.default),
            persist_state="session",
            help=_(parameter.help),
        )


def _choose_columns(data: Resolved, table: Table) -> None:
    names = [column.name for column in table.columns]
    if len(names) > 1:
        _choose_among(data, names)
    missing = data.prepared.missing  # of gaps that a step made as well
    if missing:
        words = _("Missing values ({count:,})").format(count=missing)
        _choose_one("missing", MISSING, label=words)


def _choose_among(data: Resolved, names: list[str]) -> None:
    st.session_state["data.targets"] = list(data.targets)
    st.session_state["data.features"] = list(data.features)
    targets = st.multiselect(options=names, format_func=_, **_widget("targets"))
    others = [name for name in names if name not in targets]
    features = st.multiselect(options=others, format_func=_, **_widget("features"))
    kept = st.session_state.setdefault(KEPT_COLUMNS, {})
    kept[data.choice.group, data.choice.name] = (tuple(targets), tuple(features))


def _choose_windows(rows: int, choice: DataChoice) -> None:
    """Raises DataError for a series too short for any window."""
    fits = bounds(rows, choice.spec)
    for name in ("window", "horizon"):
        low, high = fits[name]
        tip = _("{meaning} Here at most {high:,}.").format(
            meaning=_(DATA_TERMS[name].help), high=high
        )
        _choose_length(name, choice, low, high, tip)


def _choose_length(name: str, choice: DataChoice, low: int, high: int, tip: str) -> None:
    """A number of rows, shortened, and said so, where another series allowed a longer one."""
    key = remembered(f"data.{name}")
    wanted, fits = st.session_state[key], getattr(choice.spec, name)
    st.session_state[key] = min(max(fits, low), high)
    st.number_input(min_value=low, max_value=high, **{**_widget(name), "help": tip})
    if wanted > high:
        st.caption(_("Shortened from {wanted:,} to fit this series.").format(wanted=wanted))


def _choose_share(name: str) -> None:
    low, high = LIMITS[name]
    st.slider(min_value=low, max_value=high, step=0.05, format="percent", **_widget(name))
