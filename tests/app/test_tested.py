"""Runs that forecast one series are compared on its test set."""

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from lstm_viz.training.inprocess import InProcessTrainer
from tests.app.conftest import go, healthy, small_run, texts

COMPARE = "pages/lab/compare.py"


def test_of_a_series_runs_are_scored_on_the_test_set_once_all_have_ended(
    app: AppTest, trainer: InProcessTrainer
) -> None:
    data = {"data.group": "real", "data.real": "stocks", "data.targets": ["GOOG", "FB"]}
    small_run(app, **{**data, "data.window": 10, "train.epochs": 1})
    small_run(app, **{"train.cell": "gru"})
    go(app, COMPARE)
    assert not app.dataframe
    trainer.advance()
    healthy(app.run())
    runs = [trainer.run(run) for run in app.session_state["runs"]]
    assert "Of each contender's first seed." not in texts(app)
    table = app.dataframe[0].value
    assert list(table["column"]) == ["GOOG"] * 3 + ["FB"] * 3
    assert list(table["forecast"])[2::3] == ["naive (last value)"] * 2
    data = runs[0].dataset
    known, origins = data.known_targets[:, 1], data.origins("test")
    step = np.abs(np.diff(known[: data.split])).mean()
    away = np.abs(known[origins] - known[origins - 1])
    last = table.iloc[-1]
    assert last["MAE"] == pytest.approx(away.mean())
    assert last["MASE"] == pytest.approx(away.mean() / step)
    answers = trainer.ask("predict", run=runs[1].id, part="test")
    error = data.in_raw_units(answers, origins)[:, 0, 1] - known[origins]
    assert table["RMSE"][4] == pytest.approx(np.sqrt((error**2).mean()))
    further = runs[0].settings.changed(seed=7)
    trainer.submit(further, data, follows=runs[0].id)
    trainer.advance()
    healthy(app.run())
    assert "Of each contender's first seed. MAE and RMSE 1 step" in texts(app)
