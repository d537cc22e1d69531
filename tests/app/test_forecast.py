"""The Forecast page says what was measured, of how many, and what a score is worth."""

import re

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from lstm_viz.training import questions
from lstm_viz.training.inprocess import InProcessTrainer
from tests.app.conftest import button, go, healthy, small_run, texts
from tests.app.test_data_page import bring

PAGE = "pages/lab/forecast.py"
SINE = {"data.group": "series", "data.series": "sine", "data.window": 10, "data.sine.points": 300}


def forecast(app: AppTest, trainer: InProcessTrainer, **settings: object) -> AppTest:
    small_run(app, **{**SINE, "train.epochs": 2, **settings})
    trainer.advance()
    return go(app, PAGE)


def subheaders(app: AppTest) -> list[str]:
    return [each.value for each in app.subheader]


def test_a_forecast_of_several_steps_is_drawn_and_no_two_controls_are_called_horizon(
    app: AppTest, trainer: InProcessTrainer
) -> None:
    forecast(app, trainer, **{"data.horizon": 4})
    assert subheaders(app) == [
        "The next 12 steps",
        "What the forecast is worth",
        "One step ahead",
        "Direct forecast, 4 steps ahead",
        "Free-running forecast",
        "Residuals and anomalies, one step ahead",
    ]
    labels = [each.label for each in app.slider]
    assert len(labels) == len(set(labels))
    assert "Horizon" not in labels
    words = texts(app)
    assert len(re.findall(r"\bForecasts: \d+\. (?:At|Better|Measurably)", words)) == 2
    assert "over 4 steps ahead" in words
    assert "12 forecasts of 4 steps at once, 2 rows apart." in words
    slider = app.slider(key=next(s.key for s in app.slider if "direct" in s.label))
    assert (slider.min, slider.max) == (270, 274), "296 - 11 forecasts, 2 rows apart"
    healthy(slider.set_value(274).run())
    assert "12 forecasts of 4 steps at once, 2 rows apart" in texts(app)


def test_the_next_steps_come_first_with_what_made_them_and_what_the_band_held(
    app: AppTest, trainer: InProcessTrainer
) -> None:
    forecast(app, trainer, **{"data.horizon": 4})
    charts = [each for each in app.main if each.type == "vega_lite_chart"]
    assert "band" in charts[0].proto.spec
    assert subheaders(app)[0] == "The next 12 steps"
    words = texts(app)
    assert "Forecast from the last 10 rows. Steps at once: 4; from step 5 on" in words
    assert "from up to 60 validation errors" in words
    assert "90% were meant." in words
    assert [each.label for each in app.get("download_button")] == ["Table as CSV"]
    healthy(app.number_input(key=steps_key(app)).set_value(4).run())
    assert subheaders(app)[0] == "The next 4 steps"
    assert "Steps at once: 4." in texts(app)
    (number,) = [each for each in app.number_input if each.label == "Another validation example"]
    healthy(number.set_value(3).run())
    assert [each.proto.label for each in app.get("page_link")] == [
        "See inside: Validation example 3"
    ]


def steps_key(app: AppTest) -> str:
    return next(each.key for each in app.number_input if each.label == "Steps ahead")


def test_what_cannot_run_free_forecasts_its_horizon_and_says_why_no_more(
    app: AppTest, trainer: InProcessTrainer
) -> None:
    forecast(app, trainer, **{"data.horizon": 3, "train.bidirectional": True})
    assert subheaders(app)[0] == "The next 3 steps"
    assert "Steps at once: 3." in texts(app)
    assert texts(app).count("the future is not known") == 1
    assert "Free-running forecast" not in subheaders(app)
    assert app.number_input(key=steps_key(app)).max == 3


def test_without_a_test_set_or_enough_errors_that_is_said_and_no_band_is_drawn(
    app: AppTest, trainer: InProcessTrainer
) -> None:
    few = {"data.sine.points": 50, "data.validation_share": 0.1, "data.test_share": 0.0}
    forecast(app, trainer, **few)
    assert "No band: it takes 9 validation errors" in texts(app)
    assert "there are 5" in texts(app)
    assert not app.main.get("error")


def test_dates_without_a_pattern_are_said_to_be_counted_on(
    app: AppTest, trainer: InProcessTrainer
) -> None:
    hours = np.datetime64("2020-01-01T00:30") + 6 * np.cumsum(np.arange(60) % 7 > 4) * 24
    rows = "\n".join(f"{hour + k * 60}:00+09:00,{k % 7}" for k, hour in enumerate(hours))
    bring(app, f"time,v\n{rows}".encode(), "uneven.csv")
    forecast(app, trainer, **{"data.group": "upload", "train.epochs": 1})
    assert "Dates beyond the last row: 1 h apart, as 73%" in texts(app)


def test_a_forecast_of_one_step_has_no_fan(app: AppTest, trainer: InProcessTrainer) -> None:
    forecast(app, trainer)
    assert "Direct forecast, 1 steps ahead" not in subheaders(app)
    assert "MAE and RMSE 1 step ahead" in texts(app)


def test_scores_stand_for_every_set_as_the_model_answers_it_and_seeds_are_counted(
    app: AppTest, trainer: InProcessTrainer
) -> None:
    forecast(app, trainer)
    sets = next(each.value for each in app.dataframe if "the network on" in each.value)
    run = next(each for each in trainer.runs.all if each.state == "finished")
    for part, mae in zip(("training", "validation", "test"), sets["MAE"], strict=True):
        answers = trainer.ask("predict", run=run.id, part=part)
        truth = run.dataset.part(part)[1]
        error = np.abs(answers - truth.astype(np.float64)).mean() * run.dataset.scaler.scales[0]
        assert mae == pytest.approx(error, rel=1e-5)
    assert "seeds" not in texts(app)
    another = run.settings.changed(seed=run.settings.budget.seed + 1)
    trainer.submit(another, run.dataset, follows=run.id)
    trainer.advance()
    healthy(app.run())
    assert "of 2 seeds." in texts(app)
    assert "cut points" not in texts(app)
    healthy(app.toggle(key="forecast.rolling").set_value(True).run())
    assert "From 6 cut points: MAE" in texts(app)


def test_the_verdict_names_its_part_and_never_says_learned(
    app: AppTest, trainer: InProcessTrainer
) -> None:
    forecast(app, trainer)
    for part in ("test", "validation", "training"):
        app.session_state["forecast.part"] = part
        healthy(app.run())
        assert f"On the {part} set the MAE" in texts(app)
        assert "learned" not in texts(app)
        if part == "training":
            assert not app.success, "no good news of what may be memorised"


@pytest.mark.parametrize(
    ("settings", "note"),
    [
        ({}, "it steers nothing but your choices."),
        ({"train.patience": 9}, "it steers early stopping."),
        ({"train.schedule": "plateau"}, "it steers the learning rate."),
        (
            {"train.patience": 9, "train.schedule": "plateau"},
            "it steers early stopping and the learning rate.",
        ),
    ],
)
def test_what_looked_at_the_validation_set_is_this_runs_own(
    app: AppTest, trainer: InProcessTrainer, settings: dict[str, object], note: str
) -> None:
    app.session_state["forecast.part"] = "validation"
    small_run(app, **{"train.epochs": 1, **settings})
    trainer.advance()
    go(app, PAGE)
    assert f"Validation set: {note}" in texts(app)


def test_scores_of_a_part_of_the_examples_say_so(
    app: AppTest, trainer: InProcessTrainer, monkeypatch: pytest.MonkeyPatch
) -> None:
    app.session_state["forecast.part"] = "training"
    forecast(app, trainer)
    assert "of 200 examples" not in texts(app)
    monkeypatch.setattr(questions, "MAX_PREDICTIONS", 50)
    app.session_state["answers"] = {}
    healthy(app.run())
    assert "The first 50 of 200 examples." in texts(app)


@pytest.mark.parametrize(
    ("data", "moving"),
    [
        (SINE, "Forecast against truth"),
        ({"data.task": "parity"}, "Accuracy"),
        ({"data.task": "adding"}, "Loss"),
    ],
)
def test_while_a_run_trains_its_scores_stand_still_and_say_so_and_a_figure_moves(
    app: AppTest, trainer: InProcessTrainer, data: dict[str, object], moving: str
) -> None:
    small_run(app, **data)
    go(app, PAGE)
    assert subheaders(app)[0] == moving
    assert "Below: the network at about epoch 0.0, redrawn when" in texts(app)
    assert button(app, "Draw now")
    trainer.advance()
    healthy(app.run())
    assert moving not in subheaders(app)
    assert "redrawn when" not in texts(app)
