"""Settings that exclude each other are never met as an exception."""

import pytest
from streamlit.testing.v1 import AppTest

from lstm_viz.training.inprocess import InProcessTrainer
from tests.app.conftest import button, go, healthy, texts

PAGE = "pages/lab/train.py"
CONFLICTS = {
    "bidirectional and truncated": {"train.bidirectional": True, "train.truncate": 5},
    "chrono without a gate": {"train.cell": "rnn_tanh", "train.chrono": True},
    "coupled without an input gate": {
        "train.cell": "lstm_variant",
        "train.coupled": True,
        "train.input_gate": False,
    },
    "peepholes without a gate": {
        "train.cell": "lstm_variant",
        "train.peepholes": True,
        "train.input_gate": False,
        "train.forget_gate": False,
        "train.output_gate": False,
    },
    "chrono without a forget gate": {
        "train.cell": "lstm_variant",
        "train.forget_gate": False,
        "train.chrono": True,
    },
    "both directions at every step": {
        "data.group": "task",
        "data.task": "delayed_echo",
        "train.bidirectional": True,
        "train.readout": "attention",
    },
    "a loss of another problem": {"train.loss": "bce"},
    "truncated beyond the sequence": {"train.truncate": 1000},
}


@pytest.mark.parametrize("name", CONFLICTS)
def test_a_conflict_is_settled_and_the_run_starts(
    app: AppTest, trainer: InProcessTrainer, name: str
) -> None:
    wanted = {"data.adding.count": 100, "data.delayed_echo.count": 100, **CONFLICTS[name]}
    for key, value in wanted.items():
        app.session_state[key] = value
    go(app, PAGE)
    assert not app.error
    healthy(button(app, "Train").click().run())
    trainer.advance(slices=1)
    healthy(app.run())
    assert not app.error
    assert len(app.session_state["runs"]) == 1


def test_every_setting_on_offer_reaches_the_run(app: AppTest, trainer: InProcessTrainer) -> None:
    wanted = {
        "data.adding.count": 100,
        "train.cell": "gru",
        "train.bidirectional": True,
        "train.readout": "attention",
        "train.dropout": 0.3,
        "train.conv_channels": 4,
        "train.conv_kernel": 3,
        "train.initialisation": "orthogonal",
        "train.spectral_radius": 0.9,
        "train.chrono": True,
        "train.loss": "huber",
        "train.optimizer": "adamw",
        "train.schedule": "step",
        "train.schedule_every": 3,
        "train.clip_value": 0.5,
        "train.l1": 0.001,
        "train.l2": 0.002,
        "train.patience": 7,
        "train.seed": 5,
    }
    for key, value in wanted.items():
        app.session_state[key] = value
    go(app, PAGE)
    healthy(button(app, "Train").click().run())
    settings = trainer.run(app.session_state["runs"][0]).settings.flat()
    chosen = {key.partition(".")[2]: v for key, v in wanted.items() if key.startswith("train.")}
    assert {name: settings[name] for name in chosen} == chosen
    trainer.advance(slices=1)
    go(app, PAGE)
    assert "Learning rate" in [each.value for each in app.subheader]
    for script in ("pages/inside/gates.py", "pages/lab/forecast.py", "pages/lab/compare.py"):
        go(app, script)
        assert not app.error


@pytest.mark.parametrize("rate", [10.0, 0.0033, 1e-6])
def test_any_learning_rate_within_the_limits_can_be_typed(
    app: AppTest, trainer: InProcessTrainer, rate: float
) -> None:
    go(app, PAGE)
    field = next(each for each in app.number_input if each.label == "Learning rate")
    healthy(field.set_value(rate).run())
    assert chosen_rate(app) == rate
    field = next(each for each in app.number_input if each.label == "Learning rate")
    assert field.step < rate, "the button for less never leads to 0"
    go(app, "pages/lab/compare.py")
    rates = [each for each in app.number_input if each.label == "Learning rate"]
    assert [each.value for each in rates] == [rate] * 3
    healthy(rates[0].set_value(0.5).run())
    healthy(button(app, "Start the race").click().run())
    runs = [trainer.run(run).settings for run in app.session_state["runs"]]
    assert [each.optimiser.learning_rate for each in runs] == [0.5, rate, rate]


def chosen_rate(app: AppTest) -> float:
    return float(app.session_state["train.learning_rate"])


def test_what_cannot_run_free_says_why_where_the_forecast_would_be(
    app: AppTest, trainer: InProcessTrainer
) -> None:
    chosen = {"data.group": "series", "data.series": "sine", "train.bidirectional": True}
    for key, value in {**chosen, "train.epochs": 1}.items():
        app.session_state[key] = value
    go(app, PAGE)
    healthy(button(app, "Train").click().run())
    trainer.advance()
    go(app, "pages/lab/forecast.py")
    assert texts(app).count("Train without 'bidirectional' to run free") == 1
    assert not app.error
