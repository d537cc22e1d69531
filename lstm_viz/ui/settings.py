"""Every choice that outlives a page switch: its widget's key and its default.

Widgets take their value from here through `key=remembered("train.epochs")`, with
`persist_state="session"`; other pages read it with `setting("train.epochs")`.
"""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from lstm_viz.training.config import RunConfig

DEFAULTS: dict[str, Any] = {
    "data.source": "adding",
    "data.seed": 0,
    "data.adding.count": 3000,
    "data.column": None,
    "data.window": 40,
    "data.horizon": 1,
    "data.scaling": "standard",
    "data.validation": 0.2,
    "train.cell": "lstm",
    "train.layers": 1,
    "train.hidden_size": 16,
    "train.optimizer": "adam",
    "train.learning_rate": 0.01,
    "train.clip_norm": 1.0,
    "train.epochs": 12,
    "train.batch_size": 32,
    "train.forget_bias": 1.0,
    "train.seed": 0,
    "train.device": "auto",
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


def choices_of(config: RunConfig) -> dict[str, Any]:
    """The choices that describe a run: the inverse of `run_config`."""
    return {f"train.{name}": value for name, value in config.to_dict().items()}
