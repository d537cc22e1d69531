"""Each question through a trainer, against what the run's model says itself."""

import math
from types import SimpleNamespace

import numpy as np
import pytest
import torch

from lstm_viz.data.dataset import Dataset, evenly
from lstm_viz.errors import LstmVizError
from lstm_viz.experiments.settings import Settings
from lstm_viz.models.network import Network
from lstm_viz.training import loop, optimising, predicting, questions
from lstm_viz.training.building import build
from lstm_viz.training.inprocess import InProcessTrainer
from lstm_viz.training.loop import Training
from tests.training.datasets import KINDS, of_kind, wave

SMALL = Settings.of(hidden_size=5, epochs=1, batch_size=16, device="cpu")


def held(dataset: Dataset) -> tuple[InProcessTrainer, str, Network]:
    """A trainer with one run that waits untrained, and the same model once more."""
    trainer = InProcessTrainer()
    return trainer, trainer.submit(SMALL, dataset, hold=True), build(SMALL, dataset)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("question", ["untrained", "duration"])
def test_a_question_about_settings_takes_time_and_leaves_nothing_behind(
    question: str, kind: str
) -> None:
    trainer, before = InProcessTrainer(), torch.get_rng_state()
    answer = trainer.ask(question, settings=SMALL, dataset=of_kind(kind))
    assert 0 < answer["seconds_per_epoch"] <= answer["seconds"], "one epoch, and its frames"
    assert trainer.runs.size == len(trainer._scheduler._jobs) == 0
    assert torch.equal(before, torch.get_rng_state())


def test_an_untrained_model_is_shown_as_it_starts() -> None:
    answer = InProcessTrainer().ask("untrained", settings=SMALL, dataset=wave())
    model = build(SMALL, wave())
    with torch.no_grad():
        forecast = model.eval()(torch.tensor(wave().part("validation")[0].copy()))
    assert answer["frame"].step == 0
    np.testing.assert_allclose(answer["frame"].forecast, forecast, atol=1e-6)
    assert answer["device"] == "cpu"
    assert answer["parameters"] == sum(parameter.numel() for parameter in model.parameters())


def test_the_estimate_counts_steps_frames_and_free_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    ticks = iter([0.0, 5.0, 10.0, 12.0, 20.0, 20.5, 30.0, 30.1, 40.0, 40.3])
    monkeypatch.setattr(questions, "time", SimpleNamespace(perf_counter=lambda: next(ticks)))
    settings = Settings.of(hidden_size=2, epochs=60, batch_size=16, device="cpu")
    assert Training(settings, wave()).frames_between_free_runs == 60 / loop.FREE_RUNS
    answer = questions.duration(settings, wave())  # frames of 5 and 2 s; the fastest step 0.1 s
    assert answer["seconds_per_epoch"] == pytest.approx(0.1 * 4)
    assert answer["seconds"] == pytest.approx(0.1 * 240 + 2 * 60 + (5 - 2) * loop.FREE_RUNS)


def test_an_untrained_model_is_shown_also_where_its_first_steps_diverge() -> None:
    wild = SMALL.changed(
        cell="rnn_relu", optimizer="sgd", learning_rate=5.0, clip_norm=0.0, spectral_radius=3.0
    )
    answer = InProcessTrainer().ask("untrained", settings=wild, dataset=of_kind("numbers"))
    assert answer["frame"].step == 0
    assert str(answer["diverged"]).startswith("Training would diverge at update ")
    clipped = optimising.diverged(wild.changed(clip_norm=1.0), 3, math.inf, math.nan)
    said = str(optimising.would_diverge(clipped))
    assert said.startswith("Training would diverge at update 3 (loss not finite, gradient norm not")
    assert "clip" not in said
    assert answer["seconds"] > 0
    calm = InProcessTrainer().ask("untrained", settings=SMALL, dataset=of_kind("numbers"))
    assert calm["diverged"] is None


@pytest.mark.parametrize("part", ["training", "validation", "test"])
@pytest.mark.parametrize("kind", KINDS)
def test_predictions_answer_every_example_of_a_part(kind: str, part: str) -> None:
    data = of_kind(kind)
    trainer, run, model = held(data)
    x, y = data.part(part)
    with torch.no_grad():
        output = model.eval()(torch.tensor(x.copy()))
    answer = trainer.ask("predict", run=run, part=part)
    assert answer.shape == y.shape
    np.testing.assert_allclose(answer, predicting.answers(output, data.problem), atol=1e-6)


def test_only_the_first_predictions_are_made_of_a_long_part(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(questions, "MAX_PREDICTIONS", 7)
    trainer, run, _ = held(wave())
    assert trainer.ask("predict", run=run, part="training").shape == (7, 1)


def test_a_free_run_is_that_of_the_model() -> None:
    trainer, run, model = held(wave())
    answer = trainer.ask("free_run", run=run, origins=[20, 80], steps=6)
    np.testing.assert_array_equal(answer, predicting.free_run(model, wave(), [20, 80], 6))


def test_a_text_is_written_on_in_letters() -> None:
    data = of_kind("text")
    trainer, run, model = held(data)
    asked = {"beginning": "the cat", "length": 9, "temperature": 0.7, "seed": 2}
    written = trainer.ask("write", run=run, **asked)["written"]
    codes = np.array([data.symbols.index(letter) for letter in "the cat"], np.uint8)
    expected = predicting.write(model, codes, 9, 0.7, 2)
    assert written == "".join(data.symbols[code] for code in expected)


def test_a_text_that_is_read_is_traced_letter_by_letter() -> None:
    trainer, run, model = held(of_kind("text"))
    text = "the mat."
    answer = trainer.ask("read", run=run, text=text)
    layer = answer["layers"]["recurrent.l0"]
    assert layer.hidden.shape == (1, len(text), 5)
    assert answer["top"].shape == answer["probabilities"].shape == (len(text), predicting.TOP)
    codes = torch.tensor([[[of_kind("text").symbols.index(letter)] for letter in text]])
    hidden = model.recurrent(model.seen(codes))[0]
    np.testing.assert_allclose(layer.hidden, hidden.detach(), rtol=1e-4, atol=1e-6)
    norms = layer.grad_hidden_norm[0]
    assert norms[-1] == 0, "nothing is asked after the last letter"
    assert (norms[:-1] > 0).all()


@pytest.mark.parametrize("kind", KINDS)
def test_another_example_is_seen_as_a_frame_sees_its_own(kind: str) -> None:
    data, training = of_kind(kind), Training(SMALL, of_kind(kind))
    first = training.frame()
    training.update()
    frames = [first, training.frame()]
    k, place = 2, int(evenly(len(data.part("validation")[0]), 4)[2])
    found = questions.retraced(
        SMALL, data, "validation", place, [each.weights for each in frames if each.weights]
    )
    assert not np.allclose(found[0]["answer"], found[1]["answer"]) or kind not in (
        "numbers",
        "series",
    )
    for seen, frame in zip(found, frames, strict=True):
        np.testing.assert_allclose(seen["answer"][0], frame.answer[k], atol=1e-6)
        for name, layer in frame.layers.items():
            own = seen["layers"][name]
            np.testing.assert_allclose(own.hidden[0], layer.hidden[k], atol=1e-6)
            np.testing.assert_allclose(
                own.grad_hidden_norm[0], layer.grad_hidden_norm[k], rtol=1e-5
            )
            assert own.flow_from[0] == layer.flow_from[k]


def test_other_examples_are_traced() -> None:
    for kind in KINDS:
        data = of_kind(kind)
        trainer, run, _ = held(data)
        inputs, targets = (part[:2] for part in data.part("test"))
        layers = trainer.ask("trace", run=run, inputs=inputs, targets=targets)
        assert layers["recurrent.l0"].hidden.shape == (2, data.window, 5)


@pytest.mark.parametrize(
    ("kind", "question", "about", "fragment"),
    [
        ("series", "free_run", {"origins": [20], "steps": 5}, "columns that it does not forecast"),
        ("numbers", "free_run", {"origins": [20], "steps": 5}, "Only a series"),
        ("text", "read", {"text": ""}, "nothing to read"),
        ("text", "read", {"text": "Zebra"}, "has no 'Z', 'b', 'r'"),
        (
            "text",
            "write",
            {"beginning": "", "length": 5, "temperature": 1.0, "seed": 0},
            "nothing to read",
        ),
    ],
)
def test_what_cannot_be_answered_is_refused_in_words(
    kind: str, question: str, about: dict, fragment: str
) -> None:
    trainer, run, _ = held(of_kind(kind))
    with pytest.raises(LstmVizError, match=fragment):
        trainer.ask(question, run=run, **about)


def test_settings_that_do_not_fit_are_refused_in_words() -> None:
    settings = Settings.of(bidirectional=True, device="cpu")
    for question in ("untrained", "duration"):
        with pytest.raises(LstmVizError, match="steps to come"):
            InProcessTrainer().ask(question, settings=settings, dataset=of_kind("text"))


@pytest.mark.parametrize("question", ["anatomy_of", "laboratory_of", "what_if"])
def test_weights_of_another_network_are_refused_in_a_sentence(question: str) -> None:
    data, other = wave(), build(SMALL.changed(hidden_size=4), wave())
    x, y = data.part("validation")
    about = {"what_if": {"silenced": {}}}.get(question, {"targets": y[:1]})
    about |= {"what": "verify"} if question == "laboratory_of" else {}
    weights = {name: each.numpy() for name, each in other.state_dict().items()}
    with pytest.raises(LstmVizError, match="another network's"):
        InProcessTrainer().ask(
            question,
            settings=SMALL,
            dataset=data,
            layer="recurrent.l0",
            inputs=x[:1],
            weights=weights,
            **about,
        )
