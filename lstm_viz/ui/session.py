"""Every choice that outlives a page switch: its widget's key and its default.

Widgets take their value from here through `key=remembered("train.epochs")`, with
`persist_state="session"`; other pages read it with `setting("train.epochs")`.
"""

from collections.abc import Mapping
from typing import Any

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from lstm_viz.data.choice import APPLIES, DataChoice
from lstm_viz.data.windows import WindowSpec
from lstm_viz.experiments.cell_options import ALL_OPTIONS, options_of
from lstm_viz.experiments.presets import PRESETS
from lstm_viz.experiments.settings import LIMITS, Settings, settings_that_fit

FIRST_DATA = PRESETS["adding"].data
FIRST_RUN = PRESETS["adding"].run
"""What a visitor finds set: the recorded experiment of the first screen."""
OURS = "$$"
"""How Streamlit begins the names of its widgets."""
KEPT_COLUMNS = "data.columns"
"""In the session: the columns last chosen of each series."""
MEMO = "data.memo"
"""In the session while a page is drawn: the data as it was resolved, None before."""


def forget_strangers() -> None:
    """Let go of the states of widgets under names that Streamlit gives to none: a client of one's
    own making may send them, and then every slider of its session would raise.
    """
    context = get_script_run_ctx()
    if context is not None:
        state: Any = context.session_state  # its way to what a browser said is not public
        said = state._state._new_widget_state.states
        for stranger in [name for name in said if not name.startswith(OURS)]:
            del said[stranger]


def choices_of(settings: Settings) -> dict[str, Any]:
    """The choices that describe a run: the inverse of `chosen_settings`."""
    return {f"train.{name}": value for name, value in settings.flat().items()}


def choices_of_data(data: DataChoice) -> dict[str, Any]:
    """The choices that describe data; those without effect on it stay as they are."""
    chosen: dict[str, Any] = {"group": data.group, data.group: data.name}
    for name in APPLIES[data.group]:
        value = getattr(data, name, getattr(data.spec, name, None))
        chosen[name] = list(value) if isinstance(value, tuple) else value
    for name, parameter in data.parameters_of().items():
        chosen[f"{data.name}.{name}"] = data.parameters.get(name, parameter.default)
    return {f"data.{name}": value for name, value in chosen.items()}


DEFAULT_SETTINGS: Mapping[str, Any] = {
    **{name: limit.default for name, limit in LIMITS.items() if name != "kind"},
    **{name: value for name, value in FIRST_RUN.flat().items() if name != "cell"},
}
"""Every setting but the cell itself, also those that the first cell does not take."""
SEEDS, MOST_SEEDS = "race.seeds", 5
"""With how many seeds each contender of a race trains."""
DEFAULTS: dict[str, Any] = {
    SEEDS: 3,
    "data.task": "adding",
    "data.series": "sine",
    "data.real": "sunspots",
    "data.text": "topics",
    "data.upload": "",
    "data.window": 40,
    "data.horizon": WindowSpec.horizon,
    "data.scaling": WindowSpec.scaling,
    "data.targets": [],
    "data.features": [],
    "data.missing": DataChoice.missing,
    "data.stacked": DataChoice.stacked,
    "data.entity": DataChoice.entity,
    "data.preparation": [],
    **choices_of_data(FIRST_DATA),
    "train.cell": FIRST_RUN.cell.kind,
    **{f"train.{name}": value for name, value in DEFAULT_SETTINGS.items()},
}


def setting(key: str, default: Any = None) -> Any:
    """The present choice; of a script that was broken off Streamlit may keep None in its place."""
    found = st.session_state.get(key)
    return DEFAULTS.get(key, default) if found is None else found


def takes(name: str) -> bool:
    """Whether the chosen cell, with its chosen parts, takes a setting."""
    return name in options_of(
        setting("train.cell"), {each: setting(f"train.{each}") for each in ALL_OPTIONS}
    )


def remembered(key: str, default: Any = None) -> str:
    """A widget's key, its choice made sure of beforehand."""
    if key not in st.session_state or st.session_state[key] is None:
        st.session_state[key] = DEFAULTS.get(key, default)
    return key


def choose(values: Mapping[str, Any]) -> None:
    """Make choices on the user's behalf; only before their widgets are drawn."""
    st.session_state.update(values)
    if MEMO in st.session_state:
        st.session_state[MEMO] = None


def chosen_settings() -> Settings:
    """The run that the present choices describe; what the chosen cell does not take is left out."""
    return settings_that_fit(
        setting("train.cell"), {name: setting(f"train.{name}") for name in DEFAULT_SETTINGS}
    )


def data_choice() -> DataChoice:
    """The data that the present choices describe, as far as they are known without a file."""
    group = setting("data.group")
    name = setting(f"data.{group}")
    known = DataChoice(group, name).parameters_of()
    return DataChoice(
        group,
        name,
        {key: setting(f"data.{name}.{key}", parameter.default) for key, parameter in known.items()},
        setting("data.seed"),
        WindowSpec(
            window=setting("data.window"),
            horizon=setting("data.horizon"),
            scaling=setting("data.scaling"),
            validation_share=setting("data.validation_share"),
            test_share=setting("data.test_share"),
        ),
        tuple(setting("data.targets")),
        tuple(setting("data.features")),
        setting("data.missing"),
        tuple(setting("data.preparation")),
        setting("data.stacked"),
        setting("data.entity"),
    )
