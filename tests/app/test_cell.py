"""The page of the cell: whose numbers it shows, and the gates set by hand."""

import re
from dataclasses import replace

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from lstm_viz.runs.film import Film
from lstm_viz.training.inprocess import InProcessTrainer
from lstm_viz.ui.cell.hand import INPUTS, LABEL
from tests.app.conftest import button, components, go, healthy, small_run, texts
from tests.figures.message import unpack

PAGE = "pages/inside/cell.py"


def shown(app: AppTest) -> tuple[dict, list[np.ndarray]]:
    """What the diagram was sent."""
    return unpack(components(app)[-1])


def values(app: AppTest, signal: str) -> np.ndarray:
    header, arrays = shown(app)
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
    assert "Untrained" not in texts(app)
    kept = run.film.frames[-1].layers["recurrent.l0"].cell[0]
    np.testing.assert_allclose(values(app, "c"), kept, rtol=1e-3, atol=1e-4)


def test_a_recording_without_weights_shows_the_untrained_network_and_says_so(
    app: AppTest, trainer: InProcessTrainer
) -> None:
    run = trainer.runs.recorded[0]
    trainer.runs.shelve(replace(run, film=without_weights(run.film)))
    go(app, PAGE)
    assert "Untrained" in texts(app)
    first = run.film.frames[0].layers["recurrent.l0"].cell[0]
    np.testing.assert_allclose(values(app, "c"), first, rtol=1e-3, atol=1e-4)


def test_it_shows_the_network_of_the_moment_that_was_picked(
    app: AppTest, trainer: InProcessTrainer
) -> None:
    from lstm_viz.ui.selection import KEY, Selection

    run = trainer.runs.recorded[0]
    frame = run.film.frames[7]
    app.session_state[KEY] = Selection(step=frame.step)
    go(app, PAGE)
    header, _arrays = shown(app)
    assert header["playback"]["step"] == frame.step
    assert [step for step, _epoch, _loss in header["playback"]["clock"]] == [
        each.step for each in run.film.frames
    ]
    kept = frame.layers["recurrent.l0"].cell[0]
    np.testing.assert_allclose(values(app, "c"), kept, rtol=1e-3, atol=1e-4)
    assert f"update {frame.step}" in texts(app)


def test_it_shows_the_network_as_it_stands_while_it_trains(
    app: AppTest, trainer: InProcessTrainer
) -> None:
    small_run(app)
    go(app, PAGE)
    before = values(app, "c")
    trainer.advance()
    healthy(app.run())
    after = values(app, "c")
    assert np.abs(after - before).max() > 1e-3
    run = trainer.run(app.session_state["runs"][0])
    frame = run.film.frames[-1].layers["recurrent.l0"]
    np.testing.assert_allclose(after, frame.cell[0], rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("cell", ["rnn_tanh", "rnn_relu", "gru", "lstm", "lstm_variant"])
def test_every_cell_but_the_nested_one_has_its_diagram(
    app: AppTest, trainer: InProcessTrainer, cell: str
) -> None:
    small_run(app, **{"train.cell": cell, "train.layers": 2, "train.bidirectional": True})
    trainer.advance()
    go(app, PAGE)
    header, _ = shown(app)
    assert header["reverse"]  # the last layer is the backward one of the second level
    assert header["gradient"] in ("dc", "dh")
    assert "reads the sequence from its end" in texts(app)


def test_a_nested_lstm_is_refused_in_words(app: AppTest, trainer: InProcessTrainer) -> None:
    small_run(app, **{"train.cell": "nested_lstm"})
    trainer.advance()
    go(app, PAGE)
    assert "holds a second LSTM" in app.info[0].value
    assert components(app) == []


def test_the_shared_cursor_and_unit_reach_the_diagram(app: AppTest) -> None:
    from lstm_viz.ui.selection import KEY, Selection

    app.session_state[KEY] = Selection(t=7, units=(5, 3))
    go(app, PAGE)
    header, _ = shown(app)
    assert (header["cursor"], header["unit"]) == (7, 3)


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
