"""The controls of the Data page: what to learn from, and how it is cut into examples."""

import streamlit as st

from lstm_viz.data.choice import ENTRIES, GROUPS, DataChoice, Group
from lstm_viz.data.dataset import Scaling
from lstm_viz.data.parameters import MAX_SEED
from lstm_viz.data.tables import MISSING, Table
from lstm_viz.data.windows import SCALINGS, bounds
from lstm_viz.ui import choices
from lstm_viz.ui.data_upload import bring
from lstm_viz.ui.settings import data_choice, remembered, setting
from lstm_viz.words import N_, _

SCALING_NAMES: dict[Scaling, str] = {
    "standard": N_("Standard (mean 0, deviation 1)"),
    "minmax": N_("From 0 to 1"),
    "robust": N_("Robust (median 0, quartiles 1 apart)"),
    "none": N_("As it is"),
}
MISSING_NAMES = {
    "interpolate": N_("a straight line between neighbours"),
    "previous": N_("the last known value"),
    "mean": N_("the mean"),
    "drop": N_("nothing: leave these rows out"),
}


def choose_source() -> None:
    """A group, and an entry of it."""
    group: Group = (
        st.pills(
            _("Kind of data"),
            GROUPS,
            format_func=lambda each: _(choices.GROUP_LABELS[each]),
            key=remembered("data.group"),
            required=True,
            persist_state="session",
            help=_("Tasks with known answers, series, texts, or what you bring along."),
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
        persist_state="session",
        help=_("What the network will learn from."),
    )
    if group != "real":  # a table says where it is from beside its figure
        entry = entries[setting(f"data.{group}")]
        st.caption(_(getattr(entry, "help", "") or getattr(entry, "note", "")))


def choose_settings() -> None:
    """All that can be set for the chosen entry. Raises DataError for a series too short."""
    choice = choices.chosen()
    if choice.group != data_choice().group:
        return  # nothing was brought along yet
    _choose_parameters(choice)
    table = choices.chosen_table()
    if table is not None:
        _choose_columns(choice, table)
    if choice.group == "task":
        pass
    elif choices.is_text(choice):
        _choose_text_window()
    else:
        _choose_windows(len(choices.chosen_series().values))
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
        for key, chosen in (("targets", choice.targets), ("features", choice.features)):
            st.session_state[f"data.{key}"] = list(chosen)
        if not choice.targets:
            st.session_state["data.targets"] = names[:1]
        st.multiselect(
            _("Forecast"),
            names,
            format_func=_,
            key="data.targets",
            persist_state="session",
            help=_("The columns to forecast; the network reads their past."),
        )
        others = [name for name in names if name not in setting("data.targets")]
        st.session_state["data.features"] = [
            name for name in setting("data.features") if name in others
        ]
        st.multiselect(
            _("Also read"),
            others,
            format_func=_,
            key="data.features",
            persist_state="session",
            help=_("Columns that help to forecast. Their future is unknown: no running free."),
        )
    used = {*setting("data.targets"), *setting("data.features")} or {names[0]}
    missing = sum(column.missing for column in table.columns if column.name in used)
    if missing:
        st.selectbox(
            _("{count:,} missing values become").format(count=missing),
            MISSING,
            format_func=lambda each: _(MISSING_NAMES[each]),
            key=remembered("data.missing"),
            persist_state="session",
            help=_(
                "A line and the mean also use later values, which a true forecast would not know; "
                "the last known value uses the past alone."
            ),
        )


def _choose_windows(rows: int) -> None:
    fits = bounds(rows, data_choice().spec)
    for key, label, tip in (
        ("window", _("Window"), _("How many values the network reads before it forecasts.")),
        ("horizon", _("Horizon"), _("How many values ahead it forecasts.")),
    ):
        low, high = fits[key]
        name = remembered(f"data.{key}")
        st.session_state[name] = min(max(st.session_state[name], low), high)
        st.number_input(label, low, high, key=name, persist_state="session", help=tip)
    st.selectbox(
        _("Scaling"),
        SCALINGS,
        format_func=lambda scaling: _(SCALING_NAMES[scaling]),
        key=remembered("data.scaling"),
        persist_state="session",
        help=_("Measured on the training part only, and undone for what is shown."),
    )


def _choose_text_window() -> None:
    st.number_input(
        _("Window"),
        2,
        500,
        key=remembered("data.window"),
        persist_state="session",
        help=_("Characters that the network reads in one go; at each it is asked for the next."),
    )


def _choose_shares() -> None:
    for key, label, low, high, tip in (
        (
            "validation",
            _("Validation share"),
            0.05,
            0.5,
            _("Kept from the training: on it the run is judged while it trains."),
        ),
        (
            "test",
            _("Test share"),
            0.0,
            0.4,
            _("The last part. Nothing is chosen by it, so its score is the honest one."),
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
