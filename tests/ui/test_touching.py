"""What a browser asks of a trainer about a changed example, and what it hears."""

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from lstm_viz.experiments.settings import Settings
from lstm_viz.figures.layer_film import LayerFilm
from lstm_viz.runs.another import named, on_another
from lstm_viz.runs.film import Film
from lstm_viz.runs.run import Run
from lstm_viz.runs.topics import RefusedError, read_wish
from lstm_viz.training import loop
from lstm_viz.training.inprocess import InProcessTrainer
from lstm_viz.ui import service, touching
from lstm_viz.ui.pictures import picture
from tests.figures.message import unpack
from tests.training.datasets import of_kind

LAYER = "recurrent.l0"


@pytest.fixture(scope="module")
def one() -> InProcessTrainer:
    return InProcessTrainer()


@pytest.fixture
def trainer(one: InProcessTrainer, monkeypatch: pytest.MonkeyPatch) -> InProcessTrainer:
    monkeypatch.setattr(service, "trainer", lambda: one)
    monkeypatch.setattr(touching, "trainer", lambda: one)
    monkeypatch.setattr(touching, "is_answered", lambda _run: True)
    return one


@pytest.fixture(scope="module")
def other(one: InProcessTrainer) -> Run:
    """Of a cell that the browser has no equations of."""
    return trained(one, cell="lstm_variant")


def trained(trainer: InProcessTrainer, kind: str = "numbers", **how: Any) -> Run:
    settings = Settings.of(hidden_size=4, epochs=1, batch_size=16, device="cpu", **how)
    run = trainer.run(trainer.submit(settings, of_kind(kind)))
    trainer.advance()
    return run


def asked(run: Run, step: int | str = 0, **what: Any) -> dict[str, Any]:
    """As a browser says it: the topic that the film gave it, with a question."""
    touch = touching.touch_of(LayerFilm(run, LAYER, 0))
    assert touch is not None and not touch.in_browser
    question = {"asked": 7, "inputs": [], "silenced": {}} | what
    text = touch.topic.replace("{step}", str(step))
    wish = read_wish(json.dumps({"watch": text, "have": [], "what": question}))
    header, arrays = unpack(picture(wish.topic, [run]))  # type: ignore[arg-type]
    named = zip(("answer", *header["names"]), arrays, strict=True)
    return {"asked": header["asked"], **dict(named)}


def test_another_cell_is_asked_of_the_network_of_the_frame_shown(
    trainer: InProcessTrainer, other: Run
) -> None:
    run = other
    for frame in (run.film.frames[0], run.film.frames[-1]):
        told = asked(run, frame.step)
        assert told["asked"] == 7
        layer = frame.layers[LAYER]
        np.testing.assert_allclose(told["hidden"], layer.hidden[0], rtol=1e-4, atol=1e-5)
        np.testing.assert_allclose(told["answer"], frame.answer[0], rtol=1e-4, atol=1e-5)
    changed = asked(run, frame.step, inputs=[[2, 0, 0.9]], silenced={LAYER: [1]})
    np.testing.assert_array_equal(changed["hidden"][0, 0], told["hidden"][0, 0])
    assert changed["hidden"][2, 0] != told["hidden"][2, 0]
    assert not changed["hidden"][:, 1].any()


def test_where_frames_keep_no_weights_the_network_as_it_stands_answers(
    trainer: InProcessTrainer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loop, "MAX_WEIGHTS", 10)
    run = trained(trainer)
    told = asked(run)
    np.testing.assert_allclose(told["answer"], run.film.frames[-1].answer[0], rtol=1e-4, atol=1e-5)
    trainer.drop(run.id)
    film = LayerFilm(run, LAYER, 0)
    assert touching.touch_of(film) is None
    assert "weights are gone" in touching.why_not(film)


def test_another_example_than_those_of_the_frames_is_asked_about_too(
    trainer: InProcessTrainer, other: Run
) -> None:
    frame, example = other.film.frames[-1], "test-1"
    shown = replace(on_another(other, "test", 1), film=other.film)
    x = other.dataset.part("test")[0][1]
    assert named(other, example)[0].examples.inputs.tolist() == [x.tolist()]
    told = asked(shown, frame.step)
    own = trainer.ask(
        "what_if",
        settings=other.settings,
        dataset=other.dataset,
        layer=LAYER,
        inputs=x[None],
        silenced={},
        weights=frame.weights,
    )
    np.testing.assert_array_equal(told["hidden"], own["signals"]["hidden"])
    assert (asked(other, frame.step)["hidden"] != told["hidden"]).any()
    for nothing in ("test-9999", "exam-1", "test-", "-1"):
        with pytest.raises(RefusedError):
            named(other, nothing)


def test_the_weights_of_frames_that_its_film_has_not_are_not_sent(
    trainer: InProcessTrainer,
) -> None:
    run = trained(trainer)
    assert touching.touch_of(LayerFilm(run, LAYER, 0)).others == ()  # type: ignore[union-attr]
    film = Film.kept([run.film.frames[-1]], run.film.history, run.film.updates)
    shown = replace(on_another(run, "test", 0), film=film)
    touch = touching.touch_of(LayerFilm(shown, LAYER, 0))
    assert touch is not None and touch.topic == f"weights/{run.id}"
    assert touch.others == [frame.step for frame in run.film.frames[:-1]] != []


def test_what_the_browser_can_run_itself_is_not_asked(trainer: InProcessTrainer) -> None:
    film = LayerFilm(trained(trainer), LAYER, 0)
    touch = touching.touch_of(film)
    assert touch is not None and touch.in_browser and touching.why_not(film) == ""


@pytest.mark.parametrize(
    "what",
    [
        {"inputs": [[99, 0, 0.5]]},
        {"inputs": [[0, 5, 0.5]]},
        {"inputs": [[0, 0, 1e9]]},
        {"inputs": [[0, 0, "1"]]},
        {"inputs": [[0, 0]]},
        {"inputs": {"0": 1}},
        {"silenced": {"recurrent.l9": [0]}},
        {"silenced": {LAYER: [4]}},
        {"silenced": {LAYER: [True]}},
        {"silenced": {LAYER: "0"}},
        {"asked": "7"},
        {"more": 1},
    ],
)
def test_a_question_that_none_can_have_is_refused(
    trainer: InProcessTrainer, other: Run, what: dict[str, Any]
) -> None:
    with pytest.raises(RefusedError):
        asked(other, **what)


def test_a_symbol_is_one_that_there_is(trainer: InProcessTrainer) -> None:
    run = trained(trainer, "text", cell="lstm_variant")
    last = len(run.dataset.symbols) - 1
    asked(run, inputs=[[0, 0, last]])
    with pytest.raises(RefusedError):
        asked(run, inputs=[[0, 0, last + 1]])


@pytest.mark.parametrize("step", ["9" * 12, "-1", "newest"])
def test_a_step_that_is_none_is_refused(trainer: InProcessTrainer, other: Run, step: str) -> None:
    with pytest.raises(RefusedError):
        asked(other, step)
