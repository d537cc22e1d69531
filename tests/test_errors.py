"""Errors and warnings say a sentence, and go on saying it in copies and in other processes."""

import copy
import pickle  # noqa: TID251 - what is read was written a line above
import threading

import pytest

import lstm_viz
from lstm_viz import errors
from lstm_viz.errors import LstmVizError, LstmVizWarning

KINDS = [
    value
    for value in vars(errors).values()
    if isinstance(value, type) and issubclass(value, LstmVizError | LstmVizWarning)
]


def test_every_error_is_public():
    names = {kind.__name__ for kind in KINDS}
    assert {"LstmVizError", "ConfigError", "LstmVizWarning"} <= names <= set(lstm_viz.__all__)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "again", [copy.copy, copy.deepcopy, lambda e: pickle.loads(pickle.dumps(e))]
)
def test_a_copy_has_the_class_the_sentence_and_the_values(kind, again):
    error = kind("The '{name}' must be at least {low}, got {got!r}.", name="window", low=2, got="x")
    error.add_note("on the data page")
    twin = again(error)
    assert type(twin) is kind
    assert str(twin) == str(error) == "The 'window' must be at least 2, got 'x'."
    assert twin.sentence == error.sentence
    assert twin.__notes__ == ["on the data page"]


def test_an_error_that_was_raised_and_holds_others_can_be_pickled():
    with pytest.raises(LstmVizError) as raised:
        try:
            raise KeyError("a")
        except KeyError as cause:
            raise LstmVizError("No {what}.", what=("b", 1.5)) from cause
    assert str(pickle.loads(pickle.dumps(raised.value))) == "No ('b', 1.5)."


@pytest.mark.parametrize("value", [lambda: 3, threading.Lock(), (1, (n for n in "ab"))])
def test_what_cannot_travel_is_kept_as_it_is_written(value):
    error = LstmVizError("Got {got!r}.", got=value)
    assert str(pickle.loads(pickle.dumps(error))) == str(error) == f"Got {value!r}."
