"""Widgets whose choice is remembered: each is one setting, with its bounds and its help."""

import math
from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from lstm_viz.experiments.settings import LIMITS
from lstm_viz.limits import Choice, Number
from lstm_viz.ui.session import remembered


def bounds(name: str) -> tuple[float, float]:
    """The smallest and the largest value of a number."""
    limit = LIMITS[name]
    assert isinstance(limit, Number)
    return limit.low, limit.high


def options(name: str) -> tuple[str, ...]:
    """What a setting may be, of a few."""
    limit = LIMITS[name]
    assert isinstance(limit, Choice)
    return tuple(limit.options)


def choice(
    label: str, name: str, options: Sequence[Any], tip: str, say: Callable[[Any], str] = str
) -> None:
    """One of a few."""
    key = remembered(f"train.{name}")
    if st.session_state[key] not in options:
        options = [*options, st.session_state[key]]  # set by a preset or a link
    st.selectbox(label, options, format_func=say, key=key, persist_state="session", help=tip)


def whole(label: str, name: str, tip: str, most: int | None = None) -> None:
    """A whole number."""
    low, high = bounds(name)
    low, high = int(low), int(high)
    key = remembered(f"train.{name}")
    high = high if most is None else most
    st.session_state[key] = min(max(st.session_state[key], low), high)
    st.number_input(label, low, high, key=key, persist_state="session", help=tip)


def number(label: str, name: str, tip: str, step: float) -> None:
    """A number."""
    low, high = bounds(name)
    key = remembered(f"train.{name}")
    st.session_state[key] = float(st.session_state[key])
    st.number_input(
        label,
        low,
        high,
        step=step,
        format="%g",
        key=key,
        persist_state="session",
        help=tip,
    )


def learning_rate(label: str, key: str, tip: str | None = None) -> None:
    """A learning rate of any size within its limits; the buttons change its leading digit."""
    low, high = bounds("learning_rate")
    rate = st.session_state[key] = float(st.session_state[key])
    st.number_input(
        label,
        low,
        high,
        step=10.0 ** math.floor(math.log10(rate / 2)),  # at 0.01 down to 0.009, never to 0
        format="%g",  # the browser writes 0.00001
        key=key,
        persist_state="session",
        help=tip,
    )


def switch(label: str, name: str, tip: str) -> None:
    """On or off."""
    st.toggle(label, key=remembered(f"train.{name}"), persist_state="session", help=tip)
