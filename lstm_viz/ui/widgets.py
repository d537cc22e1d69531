"""Widgets of settings: each takes its name and help from `TERMS` and its bounds from `LIMITS`.

`key` is the place in the session where the choice is not the Train page's own.
"""

import math
from collections.abc import Sequence
from typing import Any

import streamlit as st

from lstm_viz.experiments.settings import LIMITS
from lstm_viz.limits import Choice, Number
from lstm_viz.models.cells import CELLS
from lstm_viz.ui.session import remembered
from lstm_viz.ui.terms import TERMS
from lstm_viz.words import _


def bounds(name: str) -> tuple[float, float]:
    """The smallest and the largest value of a number."""
    limit = LIMITS[name]
    assert isinstance(limit, Number)
    return limit.low, limit.high


def options(name: str) -> tuple[str, ...]:
    """What a setting may be, of a few."""
    limit = LIMITS["kind" if name == "cell" else name]
    assert isinstance(limit, Choice)
    return tuple(limit.options)


def choice(name: str, among: Sequence[Any] | None = None, key: str | None = None) -> None:
    """One of a few: `among` those, or all that the setting may be."""
    key, words = key or remembered(f"train.{name}"), _words(name, key)
    offered = options(name) if among is None else among
    if st.session_state[key] not in offered:
        offered = [*offered, st.session_state[key]]  # set by a preset or a link
    said = TERMS[name].said
    st.selectbox(options=offered, format_func=said, key=key, persist_state="session", **words)


def whole(name: str, most: int | None = None, key: str | None = None) -> None:
    """A whole number."""
    low, high = (int(bound) for bound in bounds(name))
    high = high if most is None else most
    key, words = key or remembered(f"train.{name}"), _words(name, key)
    st.session_state[key] = min(max(st.session_state[key], low), high)
    st.number_input(min_value=low, max_value=high, key=key, persist_state="session", **words)


def number(name: str, step: float, key: str | None = None) -> None:
    """A number, which the browser writes without an exponent."""
    low, high = bounds(name)
    key, words = key or remembered(f"train.{name}"), _words(name, key)
    st.session_state[key] = float(st.session_state[key])
    st.number_input(
        min_value=low,
        max_value=high,
        step=step,
        format="%g",
        key=key,
        persist_state="session",
        **words,
    )


def learning_rate(key: str | None = None) -> None:
    """A learning rate of any size within its limits; the buttons change its leading digit."""
    rate = st.session_state[key or remembered("train.learning_rate")]
    number("learning_rate", 10.0 ** math.floor(math.log10(rate / 2)), key)  # from 0.01 to 0.009


def switch(name: str) -> None:
    """On or off."""
    key = remembered(f"train.{name}")
    st.toggle(key=key, persist_state="session", **_words(name))


def _words(name: str, key: str | None = None) -> dict[str, Any]:
    """A setting's name and help; the help once, on the Train page, not beside each contender."""
    tip = _(TERMS[name].help)
    if name == "cell":
        tip = " ".join(_(summary) for summary in dict.fromkeys(s.summary for s in CELLS.values()))
    return {"label": _(TERMS[name].label), "help": None if key else tip}
