"""The controls of the Data page: what to learn from, and how it is cut into examples."""

import contextlib

import streamlit as st

from lstm_viz.data.choice import ENTRIES, GROUPS, DataChoice, Group
from lstm_viz.data.dataset import Scaling
from lstm_viz.data.parameters import MAX_SEED
from lstm_viz.data.reading.tables import MISSING, Table
from lstm_viz.data.windows import SCALINGS, bounds
from lstm_viz.errors import LstmVizError
from lstm_viz.ui import choices
from lstm_viz.ui.data.upload import bring
from lstm_viz.ui.session import data_choice, remembered, setting
from lstm_viz.words import N_, _

SCALING_NAMES: dict[Scaling, str] = {
    "standard": N_("Standard (mean 0, deviation 1)"),
    "minmax": N_("From 0 to 1"),
    "robust": N_("Robust (median 0, quartiles 1 apart)"),
    "none": N_("As it is"),
}
MISSING_NAMES = {
    "interpolate": N_("fill: a line between neighbours"),
    "previous": N_("fill: the last known value"),
    "mean": N_("fill: the mean"),
    "drop": N_("leave these rows out"),
}
LONGEST_TEXT_WINDOW = 500
KEPT_COLUMNS = "data.columns"
"""Session key: the columns last chosen of each table."""


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
            help=_("Tasks with known answers, series, texts, or your own data."),
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
        help=_("What the network will learn from."),
    )
    if group != "real":  # a table says where it is from beside its figure
        entry = entries[setting(f"data.{group}")]
        st.caption(_(getattr(entry, "help", "") or getattr(entry, "note", "")))


def _columns_again() -> None:
    """After another entry was chosen: the columns that were last chosen of it."""
    choice = data_choice()
    kept = st.session_state.get(KEPT_COLUMNS, {})
    targets, features = kept.get((choice.group, choice.name), ((), ()))
    st.session_state.update({"data.targets": list(targets), "data.features": list(features)})


def choose_settings() -> None:
    """All that can be set for the chosen entry."""
    choice = choices.chosen()
    if choice.group != data_choice().group:
        return  # nothing was brought along yet
    _choose_parameters(choice)
    table = choices.chosen_table()
    if table is not None:
        _choose_columns(choice, table)
    if choices.is_text(choice):
        _choose_text_window()
    elif choice.group != "task":
        # What is wrong is said once, beside the figure; what may mend it is still offered here.
        with contextlib.suppress(LstmVizError):
            _choose_windows(len(choices.chosen_series().values))
        _choose_scaling()
    _choose_shares()
    if choice.group in ("task", "series"):
        st.number_input(
            _("Data seed"),
            0,
            MAX_SEED,
            key=remembered("data.seed"),
            persist_state="session",
            help=_("Same seed, same random numbers."),
        )


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


def _choose_columns(choice: DataChoice, table: Table) -> None:
    names = [column.name for column in table.columns]
    if len(names) > 1:
        _choose_among(choice, names)
    used = {*setting("data.targets"), *setting("data.features")} or {names[0]}
    missing = sum(column.missing for column in table.columns if column.name in used)
    if missing:
        st.selectbox(
            _("Missing values ({count:,})").format(count=missing),
            MISSING,
            format_func=lambda each: _(MISSING_NAMES[each]),
            key=remembered("data.missing"),
            persist_state="session",
            help=_("A line and the mean use later values, which a real forecast would not know."),
        )


def _choose_among(choice: DataChoice, names: list[str]) -> None:
    for key, chosen in (("targets", choice.targets), ("features", choice.features)):
        st.session_state[f"data.{key}"] = list(chosen)
    if not choice.targets:
        st.session_state["data.targets"] = names[:1]
    targets = st.multiselect(
        _("Forecast"),
        names,
        format_func=_,
        key="data.targets",
        persist_state="session",
        help=_("The columns to forecast; the network reads their past."),
    )
    others = [name for name in names if name not in targets]
    st.session_state["data.features"] = [
        name for name in setting("data.features") if name in others
    ]
    features = st.multiselect(
        _("Extra inputs"),
        others,
        format_func=_,
        key="data.features",
        persist_state="session",
        help=_("Columns that are read but not forecast. They rule out free-running forecasts."),
    )
    kept = st.session_state.setdefault(KEPT_COLUMNS, {})
    kept[choice.group, choice.name] = (tuple(targets), tuple(features))


def _choose_windows(rows: int) -> None:
    """Raises DataError for a series too short for any window."""
    fits = bounds(rows, data_choice().spec)
    for key, label, tip in (
        (
            "window",
            _("Window"),
            _("Values that the network reads before it forecasts. Here at most {high:,}."),
        ),
        ("horizon", _("Horizon"), _("Values that it forecasts. Here at most {high:,}.")),
    ):
        low, high = fits[key]
        _choose_length(key, label, low, high, tip.format(high=high))


def _choose_length(key: str, label: str, low: int, high: int, tip: str) -> None:
    """A number of rows, shortened, and said so, where another series allowed a longer one."""
    name = remembered(f"data.{key}")
    wanted = st.session_state[name]
    st.session_state[name] = min(max(wanted, low), high)
    st.number_input(label, low, high, key=name, persist_state="session", help=tip)
    if wanted > high:
        st.caption(_("Shortened from {wanted:,} to fit this series.").format(wanted=wanted))


def _choose_scaling() -> None:
    st.selectbox(
        _("Scaling"),
        SCALINGS,
        format_func=lambda scaling: _(SCALING_NAMES[scaling]),
        key=remembered("data.scaling"),
        persist_state="session",
        help=_("Computed on the training set only. Forecasts are shown in original units."),
    )


def _choose_text_window() -> None:
    tip = _("Characters that the network reads at once; it predicts the next one at each.")
    _choose_length("window", _("Window"), 2, LONGEST_TEXT_WINDOW, tip)


def _choose_shares() -> None:
    for key, label, low, high, tip in (
        (
            "validation",
            _("Validation share"),
            0.05,
            0.5,
            _("Not used for training; used to judge the run while it trains."),
        ),
        (
            "test",
            _("Test share"),
            0.0,
            0.4,
            _("Not used for training or early stopping. Choose no settings by it."),
        ),
    ):
        st.slider(
            label,
            low,
            high,
            step=0.05,
            format="percent",
            key=remembered(f"data.{key}"),
            persist_state="session",
            help=tip,
        )
