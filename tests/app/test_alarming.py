"""Alarms on Train: said of a run of which they are true, as it trains, and of no other."""

import json

import pytest
from streamlit.testing.v1 import AppTest

from lstm_viz.runs.topics import Topic
from lstm_viz.training.inprocess import InProcessTrainer
from lstm_viz.ui.alarming import ALARMS
from lstm_viz.ui.pictures import picture
from tests.app.conftest import go, small_run, texts

TRAIN = "pages/lab/train.py"


@pytest.mark.parametrize(
    ("settings", "alarm"),
    [
        ({}, ""),
        ({"train.forget_bias": 8.0}, "the gate 'forget' is stuck open in 100% of the units"),
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
    (run,) = (trainer.run(each) for each in app.session_state["runs"])
    message = picture(Topic.read(Topic(ALARMS, (run.id,), ("en",)).text), [run])
    assert isinstance(message, str)
    assert alarm in json.loads(message)["text"]
    assert bool(json.loads(message)["text"]) == bool(alarm)
