"""What the badge hears of the network that a page shows."""

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from lstm_viz.errors import TrainerError
from lstm_viz.experiments.settings import Settings
from lstm_viz.instruments import verify
from lstm_viz.runs.run import Run
from lstm_viz.runs.topics import TRUST, RefusedError, Topic
from lstm_viz.training import loop
from lstm_viz.training.inprocess import InProcessTrainer
from lstm_viz.ui import service, trust
from lstm_viz.ui.pictures import picture
from tests.training.datasets import of_kind


@pytest.fixture
def trainer(monkeypatch: pytest.MonkeyPatch) -> InProcessTrainer:
    made = InProcessTrainer()
    monkeypatch.setattr(service, "trainer", lambda: made)
    return made


def trained(trainer: InProcessTrainer, kind: str = "numbers", **how: Any) -> Run:
    settings = Settings.of(hidden_size=4, epochs=1, batch_size=16, device="cpu", **how)
    run = trainer.run(trainer.submit(settings, of_kind(kind)))
    trainer.advance()
    return run


def told(run: Run, step: str = trust.NEWEST, sample: str = "0") -> dict[str, Any]:
    found: dict[str, Any] = json.loads(
        picture(Topic(TRUST, (run.id,), (sample, step, "en")), [run])
    )
    return found


@pytest.mark.parametrize(
    ("kind", "how"),
    [
        ("numbers", {"cell": "rnn_relu", "bidirectional": True, "readout": "mean"}),
        ("text", {"cell": "gru", "layers": 2}),
        ("series", {"cell": "min_gru"}),
    ],
)
def test_the_network_shown_is_verified_in_each_frame(
    trainer: InProcessTrainer, kind: str, how: dict[str, Any]
) -> None:
    run = trained(trainer, kind, **how)
    newest, first = told(run), told(run, "0")
    assert newest["state"] == first["state"] == "ok"
    assert newest["rows"][-1]["value"] != first["rows"][-1]["value"]
    assert "update 0" in first["rows"][-1]["value"]


def test_another_example_than_those_of_the_frames_is_verified_itself(
    trainer: InProcessTrainer, monkeypatch: pytest.MonkeyPatch
) -> None:
    run, about = trained(trainer), []
    ask = trainer.ask
    monkeypatch.setattr(
        trainer, "ask", lambda *what, **how: (about.append(how), ask(*what, **how))[1]
    )
    assert told(run, sample="validation-1")["state"] == "ok"
    np.testing.assert_array_equal(about[-1]["inputs"][0], run.dataset.part("validation")[0][1])


def test_a_broken_tolerance_is_red_with_its_reason(
    trainer: InProcessTrainer, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = trained(trainer)
    monkeypatch.setattr(verify, "TOLERANCES", {**verify.TOLERANCES, "backward": 0.0})
    found = told(run)
    assert found["state"] == "broken" and found["label"] == "Check failed"
    assert "backward recursion differs" in found["said"]
    assert [row["broken"] for row in found["rows"]].count(True) == 1


def test_a_network_of_values_that_are_not_finite_is_not_checked_rather_than_failed(
    trainer: InProcessTrainer, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = trained(trainer)
    last = run.film.frames[-1]
    assert last.weights is not None
    gone = {name: np.full_like(values, np.nan) for name, values in last.weights.items()}
    monkeypatch.setattr(trust, "_frame_of", lambda *_: replace(last, weights=gone))
    found = told(run)
    assert (found["state"], found["label"]) == ("unknown", "Not checked")
    assert "not finite" in found["said"]
    assert not any(row["broken"] for row in found["rows"])


def test_a_network_that_is_gone_is_not_called_verified(
    trainer: InProcessTrainer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loop, "MAX_WEIGHTS", 10)
    run = trained(trainer)
    assert told(run, "0")["state"] == "ok"
    trainer.drop(run.id)
    assert told(run)["state"] == "unknown"


@pytest.mark.parametrize(
    ("step", "sample"), [("x", "0"), ("0", "99"), ("0", "-1"), ("0", "test-99999"), ("1" * 12, "0")]
)
def test_what_there_is_not_is_refused(trainer: InProcessTrainer, step: str, sample: str) -> None:
    with pytest.raises(RefusedError):
        told(trained(trainer), step, sample)


def test_a_trainer_without_an_answer_is_asked_again(
    trainer: InProcessTrainer, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = trained(trainer)

    def busy(*_question: object, **_about: object) -> None:
        raise TrainerError("too late")

    monkeypatch.setattr(trainer, "ask", busy)
    assert picture(Topic(TRUST, (run.id,), ("0", "0", "en")), [run]) == ""
