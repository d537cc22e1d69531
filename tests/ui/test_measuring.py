"""What is measured is waited for, called off where nobody waits, and told as what it is."""

import threading
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import streamlit as st

from lstm_viz.experiments.links import VIEW
from lstm_viz.limits import Choice
from lstm_viz.ui.laboratory import measuring, sections
from tests.training.datasets import of_kind


class Gone(BaseException):
    """As Streamlit ends a script whose reader went to another page."""


class Slow:
    """A trainer that answers when it is told to."""

    def __init__(self) -> None:
        self.told, self.cancelled = threading.Event(), list[str]()
        self.asked: dict[str, Any] = {}

    def ask(self, question: str, **about: Any) -> dict[str, Any]:
        self.asked = {"question": question, **about}
        self.told.wait(10)
        return {"map": 1}

    def cancel(self, viewer: str) -> None:
        self.cancelled.append(viewer)
        self.told.set()


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> Slow:
    made = Slow()
    monkeypatch.setattr(measuring, "trainer", lambda: made)
    monkeypatch.setattr(measuring, "viewer", lambda: "me")
    monkeypatch.setattr(measuring, "owner", lambda: "us")
    monkeypatch.setattr(measuring, "QUIET", 0.01)
    return made


def test_who_goes_elsewhere_leaves_no_question_behind(
    slow: Slow, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone() -> None:
        raise Gone

    monkeypatch.setattr(st, "empty", gone)
    with pytest.raises(Gone):
        measuring.awaited("laboratory_of", what="map")
    assert slow.cancelled == [slow.asked["viewer"]]
    assert slow.asked["viewer"].startswith("me/"), "and not all that this reader has asked"


def test_an_answer_is_waited_for_and_not_called_off(slow: Slow) -> None:
    slow.told.set()
    assert measuring.awaited("laboratory_of", what="map") == {"map": 1}
    assert slow.cancelled == []
    assert (slow.asked["question"], slow.asked["owner"]) == ("laboratory_of", "us")


def test_two_things_measured_on_one_page_each_show_their_progress(
    slow: Slow, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = list[str]()

    class Place:
        def container(self, key: str) -> "Place":
            keys.append(key)
            return self

        def empty(self) -> "Place":
            return self

        def caption(self, _said: str) -> None:
            slow.told.set()

    monkeypatch.setattr(st, "empty", Place)
    for what in ("points of zeros", "responding"):
        slow.told.clear()
        measuring.awaited("laboratory_of", stoppable=True, what=what)
    assert keys == ["measuring-points-of-zeros", "measuring-responding"]


def test_a_link_opens_every_section_of_the_laboratory() -> None:
    limit = VIEW["lab"]
    assert isinstance(limit, Choice)
    assert set(limit.options) == set(sections.TITLES)


@pytest.mark.parametrize(("answer", "said"), [(0.25, "output, 0.25."), (np.inf, "not finite")])
def test_an_attributed_answer_is_told_as_a_number_where_it_is_one(answer: float, said: str) -> None:
    run: Any = SimpleNamespace(dataset=of_kind("numbers"))
    assert said in sections._about(run, {"answer": answer, "t": None})
