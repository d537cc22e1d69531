"""The page of the cell: whose numbers it shows, and the gates set by hand."""

import json
import re
from dataclasses import replace

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from lstm_viz.errors import TrainerError
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


def test_the_feed_brings_the_cell_of_the_newest_frame_and_what_there_is_not_is_refused(
    app: AppTest, trainer: InProcessTrainer, monkeypatch: pytest.MonkeyPatch
) -> None:
    small_run(app)
    go(app, PAGE)
    topic, run = Topic.read(shown(app)[0]["topic"]), trainer.run(app.session_state["runs"][0])
    trainer.advance()
    header, arrays = unpack(picture(topic, [run]))  # type: ignore[arg-type]
    newest = run.film.frames[-1]
    sent = arrays[header["signals"]["c"]["array"]]
    np.testing.assert_allclose(sent, newest.layers["recurrent.l0"].cell[0], rtol=1e-4, atol=1e-5)
    assert header["playback"]["clock"][-1][0] == newest.step
    for view in (("encoder", "0", "en"), ("recurrent.l0", "999", "en"), ("recurrent.l0", "en")):
        with pytest.raises(RefusedError):
            picture(replace(topic, view=view), [run])

    def late(*_asked: object, **_about: object) -> None:
        raise TrainerError(TOO_LATE)

    with monkeypatch.context() as asked:
        asked.setattr(trainer, "ask", late)
        assert json.loads(picture(topic, [run])) == {"topic": topic.text}, "nothing new"
    healthy(app.run())
    assert shown(app)[0]["topic"] is None, "it has ended"


def test_at_a_chosen_moment_only_the_clock_goes_on(app: AppTest, trainer: InProcessTrainer) -> None:
    small_run(app)
    app.session_state[KEY] = Selection(step=0)
    go(app, PAGE)
    topic, run = Topic.read(shown(app)[0]["topic"]), trainer.run(app.session_state["runs"][0])
    trainer.advance()
    message = json.loads(picture(topic, [run]))
    assert message["playback"]["clock"][-1][0] == run.film.frames[-1].step
    assert "signals" not in message


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
