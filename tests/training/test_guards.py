"""What goes wrong in one run stays there: the others train on, with the numbers they get alone."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

import numpy as np
import pytest
import torch

import lstm_viz
from lstm_viz.data.dataset import Dataset
from lstm_viz.data.text import text_dataset
from lstm_viz.errors import DivergenceError
from lstm_viz.experiments.settings import Settings
from lstm_viz.runs.mishaps import is_out_of_memory
from lstm_viz.training import predicting
from lstm_viz.training.building import build
from lstm_viz.training.inprocess import InProcessTrainer
from lstm_viz.training.scheduler import Scheduler
from tests.training.datasets import of_kind, wave

PACKAGE = str(Path(lstm_viz.__file__).parent)
PLAIN = Settings.of(hidden_size=2, epochs=1, batch_size=32, device="cpu")
RICH = PLAIN.changed(epochs=2, patience=1, schedule="plateau", dropout=0.5, readout="attention")
WILD = PLAIN.changed(
    cell="rnn_relu", hidden_size=16, initialisation="orthogonal", spectral_radius=1.5,
    learning_rate=0.5, clip_norm=0.0, epochs=30,
)  # fmt: skip
RUNS: dict[str, tuple[Settings, Callable[[], Dataset]]] = {
    "a series": (RICH, lambda: wave(40)),
    "a text": (PLAIN, lambda: of_kind("text")),
    "a text that diverges": (
        WILD,
        lambda: text_dataset("the cat sat on the mat and looked. " * 40, "cats", window=100),
    ),
}
SPARED = ("_end", "__exit__", "put_back")
SPARED_FILES = ("errors.py", "mishaps.py")
"""What answers a failure, and what puts PyTorch back as it was: neither has a net below it."""
SAYING = ("_emit", "_receive", "_state", "_change_state", "apply")
"""Without these nobody learns how a run ended."""


@contextmanager
def called(
    scheduler: Scheduler, run_id: str, on_call: Callable[[CodeType], None]
) -> Iterator[None]:
    """Every function of the package that the run's turns call, as it is called."""
    turn, end = scheduler._turn, scheduler._end

    def profile(frame: FrameType, event: str, _arg: Any) -> None:
        if event == "call" and frame.f_code.co_filename.startswith(PACKAGE):
            on_call(frame.f_code)

    def watched(method: Callable[..., None]) -> Callable[..., None]:
        def call(job: Any, *about: Any) -> None:
            if job.run_id == run_id:
                sys.setprofile(profile)
            try:
                method(job, *about)
            finally:
                sys.setprofile(None)

        return call

    scheduler._turn, scheduler._end = watched(turn), watched(end)  # type: ignore[method-assign]
    yield


def functions_of_a_turn(settings: Settings, dataset: Dataset) -> list[CodeType]:
    trainer = InProcessTrainer()
    seen: dict[CodeType, None] = {}
    watched = trainer.submit(settings, dataset)
    trainer.pause(watched)
    with called(trainer._scheduler, watched, seen.setdefault):
        trainer.resume(watched)
        trainer.advance()
    named = [code for code in seen if "<" not in code.co_name and code.co_name not in SPARED]
    return [
        code for code in named if Path(code.co_filename).name not in ("errors.py", "mishaps.py")
    ]


def test_whatever_a_turn_calls_may_fail_and_the_other_run_trains_on() -> None:
    others = wave(40)
    alone = InProcessTrainer()
    reference = alone.submit(PLAIN, others)
    alone.advance()
    expected = alone.run(reference).film.frames[-1].forecast
    kinds = {kind: (settings, make()) for kind, (settings, make) in RUNS.items()}
    # Each in the first run that calls it, which is the smallest.
    calling = {f: kind for kind in reversed(kinds) for f in functions_of_a_turn(*kinds[kind])}
    assert len(calling) > 100, "the turns were watched"
    for function, kind in calling.items():
        trainer = InProcessTrainer()
        victim = trainer.run(trainer.submit(*kinds[kind]))
        neighbour = trainer.run(trainer.submit(PLAIN, others))

        def throw(code: CodeType, function: CodeType = function) -> None:
            if code is function:
                raise RuntimeError("thrown into it")

        with called(trainer._scheduler, victim.id, throw):
            trainer.advance()
        assert neighbour.state == "finished", function.co_qualname
        np.testing.assert_array_equal(neighbour.film.frames[-1].forecast, expected)
        if function.co_name not in SAYING:
            assert not victim.training, function.co_qualname


def test_a_text_run_that_diverges_ends_with_words_and_its_last_frame() -> None:
    settings, make = RUNS["a text that diverges"]
    trainer = InProcessTrainer()
    run = trainer.run(trainer.submit(settings, make()))
    trainer.advance()
    assert run.state == "diverged"
    assert "Training diverged at update" in str(run.message)
    assert run.film.frames[-1].step == run.step > 0
    assert run.film.frames[-1].written == ""


@pytest.mark.parametrize("temperature", [0.0, 0.7])
@pytest.mark.parametrize("bad", [float("nan"), float("inf")])
def test_nothing_is_drawn_from_scores_that_are_not_finite(bad: float, temperature: float) -> None:
    data = of_kind("text")
    model = build(PLAIN, data)
    with torch.no_grad():
        model.readout.bias[1] = bad
    codes = data.values[:5, 0]
    with pytest.raises(DivergenceError, match="not finite"):
        predicting.write(model, codes, 3, temperature, seed=0)


def test_a_run_for_which_memory_runs_out_says_so_and_its_model_goes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    trainer = InProcessTrainer()
    run = trainer.run(trainer.submit(PLAIN, wave(40)))
    monkeypatch.setattr("lstm_viz.training.loop.Training.update", lambda _: torch.empty(2**50))
    trainer.advance()
    assert run.state == "failed"
    assert "more memory" in str(run.message)
    assert not trainer._scheduler._jobs


@pytest.mark.parametrize("error", [MemoryError(), RuntimeError("shape"), ValueError("alloc")])
def test_only_memory_that_ran_out_is_called_so(error: Exception) -> None:
    assert is_out_of_memory(error) == isinstance(error, MemoryError)


def test_a_submit_that_fails_leaves_nothing_in_the_trainer() -> None:
    trainer = InProcessTrainer()
    run = trainer.run(trainer.submit(PLAIN.changed(device="abacus"), wave()))
    assert run.state == "failed"
    assert not trainer._scheduler._jobs
