"""What a browser says it picked is taken only where a component could have said it."""

import math
from typing import Any

import pytest
import streamlit as st

from lstm_viz.ui.components import MOST_PINNED, Picked, _clicked, picked

NOBODY_PICKS = [
    {"t": "abc"},
    {"t": [1]},
    {"t": True},
    {"t": math.nan},
    {"t": math.inf},
    {"t": 1.5},
    {"step": {"a": 1}},
    {"step": "x"},
    {"step": 10**40},
    {"step": 1e300},
    {"pinned": 5},
    {"pinned": "12"},
    {"pinned": [1, "x"]},
    {"pinned": [[1]]},
    {"pinned": {"1": 2}},
    {"move": 5},
    {"move": [["t", 1]]},
    {"sort": [1]},
    {"sort": "bogus"},
    {"sort": {}},
    {"down": 1},
]


def after(monkeypatch: pytest.MonkeyPatch, state: dict[str, Any]) -> Picked:
    own = {name: value for name, value in state.items() if name in ("down", "move")}
    moved = {name: value for name, value in state.items() if name not in own}
    said = {**({"move": moved} if moved else {}), **own}
    monkeypatch.setattr(st, "session_state", {"film": said})
    return picked("film")


@pytest.mark.parametrize("state", NOBODY_PICKS, ids=repr)
def test_what_no_component_says_is_not_picked(
    monkeypatch: pytest.MonkeyPatch, state: dict[str, Any]
) -> None:
    assert after(monkeypatch, state) == Picked()


def test_what_components_say_is_picked(monkeypatch: pytest.MonkeyPatch) -> None:
    state = {"t": 3.0, "pinned": [4, 1], "step": -1, "number": 1, "sort": "memory", "down": False}
    said = after(monkeypatch, state)
    assert said == Picked(t=3, pinned=(4, 1), step=-1, sort="memory", down=False)
    assert len(after(monkeypatch, {"pinned": list(range(10**4))}).pinned or ()) == MOST_PINNED


@pytest.mark.parametrize(
    ("said", "numbers"),
    [
        ([{"unit": "7"}], [7]),
        ([{"t": 48}], [48]),
        ([{"units": "1, 4, …"}], [1, 4]),
        ([], []),  # a click beside the marks
        ([{}], []),
        ([{"unit": "-1"}, 5], []),
        ([{"unit": {"a": 1}}], []),
        ([{"unit": "²"}], []),
        ([{"unit": "1, " * 10**4}], [1] * 66),
        ("7", []),
        (None, []),
    ],
)
def test_a_click_on_a_mark_says_whole_numbers_or_nothing(said: object, numbers: list[int]) -> None:
    assert _clicked({"selection": {"pick": said}}, "pick") == numbers
    assert _clicked(said, "pick") == []
