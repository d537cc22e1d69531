"""The page of the cell: whose numbers it shows, and the gates set by hand."""

import json
import re
from dataclasses import replace

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from lstm_viz.errors import TrainerError
from lstm_viz.figures.layer_rows import letters
from lstm_viz.runs.asking import TOO_LATE
from lstm_viz.runs.film import Film
from lstm_viz.runs.topics import RefusedError, Topic
from lstm_viz.training.inprocess import InProcessTrainer
from lstm_viz.ui.cell.hand import INPUTS, LABEL
from lstm_viz.ui.pictures import picture
from lstm_viz.ui.selection import KEY, Selection
from tests.app.conftest import button, components, go, healthy, small_run, texts
from tests.figures.message import unpack

PAGE = "pages/inside/cell.py"


def asked(app: AppTest) -> dict:
    """What the component beside the film asks the feed for."""
    return next(
        header for header in (unpack(each)[0] for each in components(app)) if "at" in header
    )


def brought(app: AppTest, trainer: InProcessTrainer) -> tuple[dict, list[np.ndarray]]:
    """What the feed answers: the cell of the moment at which the page stands."""
    page = asked(app)
    topic = Topic.read(page["topic"].replace("{step}", str(page["at"])))
    return unpack(picture(topic, [trainer.run(topic.runs[0])]))  # type: ignore[arg-type]


def values(app: AppTest, trainer: InProcessTrainer, signal: str) -> np.ndarray:
    header, arrays = brought(app, trainer)
    return arrays[header["signals"][signal]["array"]]


def without_weights(film: Film) -> Film:
    bare = Film()
    for frame in film.frames:
        bare.append(replace(frame, weights=None))
    return bare


def by_hand(app: AppTest, **gates: float) -> AppTest:
    """The page with these sliders, named `forget_marked` and so on."""
    app.session_state["cell.mode"] = "hand"
    for name, value in gates.items():
        app.session_state["hand." + name.replace("_", ".")] = value
    return go(app, PAGE)


def metric(app: AppTest, label: str) -> str:
    return next(each.value for each in app.metric if each.label.startswith(label))


def test_a_recorded_run_shows_its_trained_network(app: AppTest, trainer: InProcessTrainer) -> None:
    go(app, PAGE)
    run = trainer.runs.recorded[0]
    assert all(frame.weights is not None for frame in run.film.frames)
    assert asked(app)["notes"] == []
    kept = run.film.frames[-1].layers["recurrent.l0"].cell[0]
    np.testing.assert_allclose(values(app, trainer, "c"), kept, rtol=1e-3, atol=1e-4)


def test_a_recording_without_weights_shows_the_untrained_network_and_says_so(
    app: AppTest, trainer: InProcessTrainer
) -> None:
    run = trainer.runs.recorded[0]
    trainer.runs.shelve(replace(run, film=without_weights(run.film)))
    go(app, PAGE)
    assert "before training" in asked(app)["notes"][0]
    first = run.film.frames[0].layers["recurrent.l0"].cell[0]
    np.testing.assert_allclose(values(app, trainer, "c"), first, rtol=1e-3, atol=1e-4)


def test_it_shows_the_network_of_the_moment_that_was_picked(
    app: AppTest, trainer: InProcessTrainer
) -> None:
    frame = trainer.runs.recorded[0].film.frames[7]
    app.session_state[KEY] = Selection(step=frame.step)
    go(app, PAGE)
    assert asked(app)["at"] == frame.step
    kept = frame.layers["recurrent.l0"].cell[0]
    np.testing.assert_allclose(values(app, trainer, "c"), kept, rtol=1e-3, atol=1e-4)
    assert f"update {frame.step}" in texts(app)


def test_no_page_asks_the_trainer_for_the_cell(
    app: AppTest, trainer: InProcessTrainer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def asks(*_asked: object, **_about: object) -> None:
        raise AssertionError("a page asked the trainer")

    monkeypatch.setattr(trainer, "ask", asks)
    for page in ("cell", "gates", "cell_state", "gradients"):
        go(app, f"pages/inside/{page}.py")
        assert asked(app)["topic"].startswith("cell/adding/recurrent.l0/0/{step}/")


def test_each_moment_of_a_training_has_its_cell_and_what_there_is_not_is_refused(
    app: AppTest, trainer: InProcessTrainer, monkeypatch: pytest.MonkeyPatch
) -> None:
    small_run(app)
    trainer.advance()
    go(app, PAGE)
    run = trainer.run(app.session_state["runs"][0])
    topic = Topic.read(asked(app)["topic"].replace("{step}", "0"))
    for frame in (run.film.frames[0], run.film.frames[-1]):
        view = ("recurrent.l0", "0", str(frame.step), "en")
        header, arrays = unpack(picture(replace(topic, view=view), [run]))  # type: ignore[arg-type]
        sent = arrays[header["signals"]["c"]["array"]]
        np.testing.assert_allclose(sent, frame.layers["recurrent.l0"].cell[0], rtol=1e-4, atol=1e-5)

    def late(*_asked: object, **_about: object) -> None:
        raise TrainerError(TOO_LATE)

    monkeypatch.setattr(trainer, "ask", late)
    assert picture(topic, [run]) == "", "no answer yet"


HOSTILE = [
    ("encoder", "0", "3", "en"),
    ("recurrent.l0", "999", "3", "en"),
    ("recurrent.l0", "9" * 40, "3", "en"),
    ("recurrent.l0", "0", "-1", "en"),
    ("recurrent.l0", "0", "9" * 40, "en"),
    ("recurrent.l0", "0", "\u0663", "en"),
    ("recurrent.l0", "0", "", "en"),
    ("recurrent.l0", "0", "{step}", "en"),
    ("recurrent.l0", "en"),
]


@pytest.mark.parametrize("view", HOSTILE, ids=repr)
def test_a_cell_that_there_is_not_is_refused(
    app: AppTest, trainer: InProcessTrainer, view: tuple[str, ...]
) -> None:
    run = trainer.runs.recorded[0]
    with pytest.raises(RefusedError):
        picture(Topic.read(Topic("cell", (run.id,), view).text), [run])


@pytest.mark.parametrize("cell", ["rnn_tanh", "rnn_relu", "gru", "lstm", "lstm_variant"])
def test_every_cell_but_the_nested_one_has_its_diagram(
    app: AppTest, trainer: InProcessTrainer, cell: str
) -> None:
    small_run(app, **{"train.cell": cell, "train.layers": 2, "train.bidirectional": True})
    trainer.advance()
    go(app, PAGE)
    assert not brought(app, trainer)[0]["reverse"], "a layer that reads forward comes first"
    app.session_state[KEY] = Selection(layer="recurrent.l1_reverse")
    go(app, PAGE)
    header, _ = brought(app, trainer)
    assert header["reverse"]
    assert header["gradient"] in ("dc", "dh")
    assert "This layer reads backward" in header["notes"][0]


@pytest.mark.parametrize("layer", ["recurrent.l0", "recurrent.l0_reverse"])
def test_what_a_first_layer_reads_is_told_as_the_symbols_either_way(
    app: AppTest, trainer: InProcessTrainer, layer: str
) -> None:
    few = {"data.task": "first_symbol", "data.first_symbol.count": 100}
    small_run(app, **few, **{"train.bidirectional": True})
    trainer.advance()
    app.session_state[KEY] = Selection(layer=layer)
    go(app, PAGE)
    header, _ = brought(app, trainer)
    run = trainer.run(app.session_state["runs"][0])
    read = letters(run.dataset, run.examples.inputs[0])
    assert read and header["x"] == (read[::-1] if header["reverse"] else read)


def test_a_nested_lstm_is_refused_in_words(app: AppTest, trainer: InProcessTrainer) -> None:
    small_run(app, **{"train.cell": "nested_lstm"})
    trainer.advance()
    go(app, PAGE)
    run, page = trainer.run(app.session_state["runs"][0]), asked(app)
    topic = Topic.read(page["topic"].replace("{step}", str(page["at"])))
    assert "holds a second LSTM" in json.loads(picture(topic, [run]))["limit"]


def test_the_shared_cursor_and_unit_reach_the_diagram(app: AppTest) -> None:
    app.session_state[KEY] = Selection(t=7, units=(5, 3))
    go(app, PAGE)
    assert (asked(app)["cursor"], asked(app)["pinned"]) == (7, [5, 3])


def test_gates_that_keep_and_open_at_marks_hold_the_value(app: AppTest) -> None:
    by_hand(
        app, forget_marked=0.0, input_marked=1.0, output_marked=1.0,
        forget_other=1.0, input_other=0.0, output_other=1.0,
    )  # fmt: skip
    goal = INPUTS["two"].goal
    assert metric(app, "Kept at the end") == f"{goal:.2f}"
    assert metric(app, "Output at the end") == f"{np.tanh(goal):.2f}"
    assert next(each for each in app.metric if each.label.startswith("Kept")).delta == "kept"


@pytest.mark.parametrize("name", INPUTS)
def test_half_open_gates_are_far_from_every_goal_and_reset_returns_to_them(
    app: AppTest, name: str
) -> None:
    app.session_state["hand.input"] = name
    by_hand(app, forget_marked=0.9)
    healthy(button(app, "Reset").click().run())
    assert {slider.value for slider in app.slider} == {0.5}
    assert abs(float(metric(app, "Kept at the end")) - INPUTS[name].goal) > 0.2


def test_a_network_learns_the_same_task_and_its_gates_lie_beside(
    app: AppTest, trainer: InProcessTrainer
) -> None:
    by_hand(app)
    healthy(button(app, "Train a network").click().run())
    run = trainer.run(app.session_state["runs"][0])
    assert (run.label, run.settings.network.hidden_size, run.dataset.window) == (LABEL, 2, 10)
    assert run.state == "training"
    trainer.advance()
    healthy(app.run())
    assert run.state == "finished"
    assert run.film.frames[-1].validation_loss < 0.01 < run.chance.loss
    told = next(each.value for each in app.caption if "the network answers" in each.value)
    answer, goal = map(float, re.findall(r"\d\.\d\d", told))
    assert abs(answer - goal) < 0.1
    assert "input gate is" in texts(app)
    assert button(app, "Train again")
