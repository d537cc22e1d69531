"""Every choice that outlives a page switch: its widget's key and its default.

Widgets take their value from here through `key=remembered("train.epochs")`, with
`persist_state="session"`; other pages read it with `setting("train.epochs")`.
"""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from lstm_viz.data.choice import DataChoice
from lstm_viz.data.windows import WindowSpec
from lstm_viz.experiments.config import RunConfig
from lstm_viz.experiments.presets import PRESETS

FIRST_DATA = PRESETS["adding"].data
FIRST_RUN = PRESETS["adding"].run
"""What a visitor finds set: the recorded experiment of the first screen."""


def choices_of(config: RunConfig) -> dict[str, Any]:
    """The choices that describe a run: the inverse of `run_config`."""
    return {f"train.{name}": value for name, value in config.to_dict().items()}


def choices_of_data(data: DataChoice) -> dict[str, Any]:
    """The choices that describe data."""
    spec = data.spec
    return {
        "data.group": data.group,
        f"data.{data.group}": data.name,
        "data.seed": data.seed,
        "data.window": spec.window,
        "data.horizon": spec.horizon,
        "data.scaling": spec.scaling,
        "data.validation": spec.validation_share,
        "data.test": spec.test_share,
        "data.targets": list(data.targets),
        "data.features": list(data.features),
        "data.missing": data.missing,
        **{
            f"data.{data.name}.{key}": data.parameters.get(key, parameter.default)
            for key, parameter in data.parameters_of().items()
        },
    }


DEFAULTS: dict[str, Any] = {
    "data.task": "adding",
    "data.series": "sine",
    "data.real": "sunspots",
    "data.text": "topics",
    "data.upload": "",
    **choices_of_data(FIRST_DATA),
    "data.window": 40,
    **choices_of(FIRST_RUN),
}


def setting(key: str, default: Any = None) -> Any:
    """The present choice."""
    return st.session_state.get(key, DEFAULTS.get(key, default))


def remembered(key: str, default: Any = None) -> str:
    """A widget's key, its choice made sure of beforehand."""
    st.session_state.setdefault(key, DEFAULTS.get(key, default))
    return key


def choose(values: Mapping[str, Any]) -> None:
    """Make choices on the user's behalf; only before their widgets are drawn."""
    st.session_state.update(values)


def run_config() -> RunConfig:
    """The run that the present choices describe."""
    names = RunConfig().to_dict()
    return RunConfig.from_dict({name: setting(f"train.{name}") for name in names})


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
            validation_share=setting("data.validation"),
            test_share=setting("data.test"),
        ),
        tuple(setting("data.targets")),
        tuple(setting("data.features")),
        setting("data.missing"),
    )
