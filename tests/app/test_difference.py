"""Figures beside controls: dimmed, and said whose they are, where they belong to other settings."""

from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from lstm_viz.experiments.presets import PRESETS
from lstm_viz.training.inprocess import InProcessTrainer
from lstm_viz.ui import difference, presets, service
from tests.app.conftest import button, components, go, healthy, small_run, texts
from tests.app.uploading import upload_of

TRAIN = "pages/lab/train.py"
CHANGES: dict[str, tuple[dict[str, Any], str]] = {
    "units": ({"train.hidden_size": 24}, "Hidden units: 16 → 24"),
    "cell": ({"train.cell": "gru"}, "Cell: LSTM → GRU"),
    "rate": ({"train.learning_rate": 1e-5}, "Learning rate: 0.01 → 0.00001"),
    "switch": ({"train.bidirectional": True}, "Bidirectional: off → on"),
    "data": ({"data.task": "temporal_order"}, "Data: Adding problem → Temporal order"),
    "length": ({"data.adding.length": 20}, "Length: 12 → 20"),
    "share": ({"data.validation_share": 0.4}, "Validation share: 0.2 → 0.4"),
}


def dimmed(app: AppTest) -> bool:
    """Whether the page's figures are dimmed, which nothing but the line above them explains."""
    styles = [node.proto.body for node in app.get("html")]
    is_dimmed = any(difference.DIMMED in style for style in styles)
    assert is_dimmed == ("These figures belong to" in texts(app))
    return is_dimmed


@pytest.mark.parametrize("name", CHANGES)
def test_figures_of_other_settings_are_dimmed_and_say_what_differs(
    app: AppTest, trainer: InProcessTrainer, name: str
) -> None:
    changes, said = CHANGES[name]
    small_run(app)
    assert not dimmed(app)
    assert components(app)
    for key, value in changes.items():
        app.session_state[key] = value
    healthy(app.run())  # while it trains
    assert dimmed(app)
    trainer.advance()
    healthy(app.run())
    assert dimmed(app)
    said_above = app.warning[0].value.replace("\\", "")
    assert "Run 1: LSTM, 16 units, Adding problem" in said_above
    assert f"Now set: {said}." in said_above, "and nothing else differs"


def test_one_click_trains_what_is_set(app: AppTest, trainer: InProcessTrainer) -> None:
    small_run(app)
    app.session_state["train.cell"] = "gru"
    healthy(app.run())
    healthy(button(app, "Train what is set").click().run())
    assert not dimmed(app)
    newest = trainer.run(app.session_state["runs"][-1])
    assert newest.settings.cell.kind == "gru"


def test_one_click_takes_the_settings_of_the_run(app: AppTest, trainer: InProcessTrainer) -> None:
    small_run(app)
    changes = {
        "data.group": "series",
        "train.cell": "gru",
        "train.bidirectional": True,
        "train.chrono": True,
    }
    for key, value in changes.items():
        app.session_state[key] = value
    healthy(app.run())
    assert dimmed(app)
    healthy(button(app, "Take over its settings").click().run())
    assert not dimmed(app)
    assert app.session_state["train.cell"] == "lstm"
    assert app.session_state["data.group"] == "task"


def test_other_data_chosen_on_its_page_dims_the_former_run(
    app: AppTest, trainer: InProcessTrainer
) -> None:
    small_run(app)
    trainer.advance()
    go(app, "pages/lab/data.py")
    app.session_state["data.group"] = "real"
    healthy(app.run())
    go(app, TRAIN)
    assert dimmed(app)
    healthy(button(app, "Train what is set").click().run())
    assert trainer.run(app.session_state["runs"][-1]).data.group == "real"  # type: ignore[union-attr]


def test_the_same_settings_are_never_dimmed(app: AppTest, trainer: InProcessTrainer) -> None:
    small_run(app, **{"data.group": "real", "data.real": "nile", "data.window": 900})
    trainer.advance()
    spelled_out = {
        "data.window": 72,
        "data.targets": ["flow"],
        "data.validation_share": 0.2,
        "train.conv_kernel": 9,
        "train.schedule_every": 3,
        "train.peepholes": True,
        "train.device": "cpu",
    }
    for key, value in reversed(spelled_out.items()):
        app.session_state[key] = value
    healthy(app.run())
    assert not dimmed(app), "widgets without effect, defaults spelled out, another device"
    for page in ("pages/lab/data.py", "pages/inside/gates.py", TRAIN):
        go(app, page)
    assert not dimmed(app), "the Data page's widgets have spelled out the rest"


@pytest.mark.parametrize("name", ["sunspots", "adding", "carousel", "two_waveforms"])
def test_what_a_preset_started_is_what_it_set(
    app: AppTest, trainer: InProcessTrainer, name: str
) -> None:
    go(app, "pages/lab/experiments.py")
    healthy(button_of(app, f"start.{name}").click().run())
    go(app, TRAIN)
    assert not dimmed(app)
    assert PRESETS[name].page in presets.PAGES


def button_of(app: AppTest, key: str) -> Any:
    return next(each for each in app.button if each.key == key)


def test_another_file_of_the_same_name_is_other_data(
    app: AppTest, trainer: InProcessTrainer, tmp_path: Path
) -> None:
    bring(app, 0)
    app.session_state["data.group"] = "upload"
    small_run(app)
    assert not dimmed(app)
    bring(app, 0)
    healthy(app.run())
    assert not dimmed(app), "the same file again"
    bring(app, 1)
    healthy(app.run())
    assert dimmed(app)


def bring(app: AppTest, phase: int) -> None:
    data = b"x\n" + b"".join(b"%d\n" % ((k + phase) % 7) for k in range(200))
    upload = upload_of(data, "own.csv")
    service.service().uploads.keep(app.session_state["viewer"], upload)


COMPARE = "pages/lab/compare.py"
RACE_CHANGES: dict[str, tuple[dict[str, Any], str]] = {
    "one contender's cell": ({"race.1.cell": "nested_lstm"}, "contender 2: Cell: LSTM → Nested"),
    "all contenders' epochs": ({"train.epochs": 5}, "Now set: Epochs: 4 → 5."),
    "the data": ({"data.adding.length": 20}, "Now set: Length: 12 → 20."),
    "fewer contenders": ({"race.slots": [0, 1]}, "Now set: Contenders: 3 → 2."),
    "more seeds": ({"race.seeds": 5}, "Now set: Seeds: 3 → 5."),
}


def raced(app: AppTest) -> AppTest:
    small = {"data.adding.count": 100, "data.adding.length": 12, "train.epochs": 4}
    for key, value in small.items():
        app.session_state[key] = value
    go(app, COMPARE)
    return healthy(button(app, "Start the race").click().run())


@pytest.mark.parametrize("name", RACE_CHANGES)
def test_a_race_of_other_contenders_is_dimmed_and_says_what_differs(
    app: AppTest, trainer: InProcessTrainer, name: str
) -> None:
    changes, said = RACE_CHANGES[name]
    raced(app)
    assert not dimmed(app)
    for key, value in changes.items():
        app.session_state[key] = value
    healthy(app.run())
    assert dimmed(app)
    assert said in app.warning[0].value.replace("\\", "")
    healthy(button(app, "Take over its settings").click().run())
    assert not dimmed(app)


def test_one_click_races_what_is_set(app: AppTest, trainer: InProcessTrainer) -> None:
    raced(app)
    app.session_state["race.0.cell"] = "rnn_relu"
    healthy(app.run())
    assert dimmed(app)
    healthy(button(app, "Train what is set").click().run())
    assert not dimmed(app)
    newest = [trainer.run(run).settings.cell.kind for run in app.session_state["runs"][-3:]]
    assert newest == ["rnn_relu", "lstm", "gru"]


def test_a_race_of_a_preset_is_what_it_set(app: AppTest, trainer: InProcessTrainer) -> None:
    go(app, "pages/lab/experiments.py")
    healthy(button_of(app, "start.carousel").click().run())
    assert app.title[0].value == "Compare"
    assert not dimmed(app)
    go(app, TRAIN)
    go(app, COMPARE)
    assert not dimmed(app)


def test_runs_chosen_by_hand_belong_to_nobody_s_controls(
    app: AppTest, trainer: InProcessTrainer
) -> None:
    raced(app)
    chosen = next(each for each in app.multiselect if each.label == "Runs")
    healthy(chosen.set_value(app.session_state["runs"][:2]).run())
    app.session_state["train.epochs"] = 9
    healthy(app.run())
    assert not dimmed(app)
