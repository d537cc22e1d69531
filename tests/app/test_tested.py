"""A race of forecasts ends with their scores on the test set."""

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from lstm_viz.training.inprocess import InProcessTrainer
from tests.app.conftest import button, go, healthy

COMPARE = "pages/lab/compare.py"


def test_of_a_series_the_contenders_are_scored_on_the_test_set_once_all_have_ended(
    app: AppTest, trainer: InProcessTrainer
) -> None:
    for key, value in {
        "data.group": "real",
        "data.real": "stocks",
        "data.targets": ["GOOG", "FB"],
        "data.window": 10,
        "train.epochs": 1,
        "race.seeds": 1,
    }.items():
        app.session_state[key] = value
    go(app, COMPARE)
    healthy(button(app, "Start the race").click().run())
    runs = [trainer.run(run) for run in app.session_state["runs"]]
    assert not app.dataframe
    trainer.advance()
    healthy(app.run())
    table = app.dataframe[0].value
    assert list(table["column"]) == ["GOOG"] * 4 + ["FB"] * 4
    assert list(table["forecast"][:4]) == ["RNN (tanh)", "LSTM", "GRU", "naive (last value)"]
    data = runs[0].dataset
    known, origins = data.known_targets[:, 1], data.origins("test")
    step = np.abs(np.diff(known[: data.split])).mean()
    away = np.abs(known[origins] - known[origins - 1])
    last = table.iloc[-1]
    assert last["MAE"] == pytest.approx(away.mean())
    assert last["MASE"] == pytest.approx(away.mean() / step)
    answers = trainer.ask("predict", run=runs[1].id, part="test")
    error = data.in_raw_units(answers, origins)[:, 0, 1] - known[origins]
    assert table["RMSE"][5] == pytest.approx(np.sqrt((error**2).mean()))
