"""Alarms on Train: said of a run of which they are true, as it trains, and of no other."""

import json

import pytest
from streamlit.testing.v1 import AppTest

from lstm_viz.figures.clock import place_of
from lstm_viz.runs.topics import ALARMS, RefusedError, Topic
from lstm_viz.training.inprocess import InProcessTrainer
from lstm_viz.ui.feeding import Drawings
from tests.app.conftest import go, small_run, texts

TRAIN = "pages/lab/train.py"


@pytest.mark.parametrize(
    ("settings", "alarm"),
    [
        ({}, ""),
        ({"train.forget_bias": 8.0}, "Layer 1: the forget gate is stuck open in 100% of the units"),
        ({"train.cell": "rnn_tanh", "train.hidden_size": 1, "data.adding.length": 60}, ""),
    ],
)
def test_what_is_wrong_is_said_with_its_number_and_by_the_feed(
    app: AppTest, trainer: InProcessTrainer, settings: dict[str, object], alarm: str
) -> None:
    small_run(app, **{"train.epochs": 2, "train.forget_bias": 1.0, **settings})
    trainer.advance()
    go(app, TRAIN)
    assert ("Alarm at epoch 2.0" in texts(app)) == bool(alarm)
    assert alarm in texts(app)
    assert ("the gate near 99.97%; 1 begins" in texts(app)) == bool(alarm), "what helps"
    (run,) = (trainer.run(each) for each in app.session_state["runs"])
    topic = Topic.read(Topic(ALARMS, (run.id,), ("en",)).text)
    for frame in run.film.frames:
        message = Drawings().frame(topic, run, frame)
        assert isinstance(message, str)
        told = json.loads(message)
        assert told["step"] == frame.step
        assert not told["text"] or told["text"].startswith(f"Alarm at {place_of(frame)}.")
    assert alarm in told["text"] and bool(told["text"]) == bool(alarm)
    with pytest.raises(RefusedError):
        Drawings().frame(Topic(ALARMS, (run.id,), ("en", "0")), run, frame)
