"""What a server and its visitors may have, in both trainers and in real processes."""

import weakref
from functools import partial
from unittest.mock import Mock

import numpy as np
import pytest

from lstm_viz.errors import ConfigError, TrainerError
from lstm_viz.experiments.settings import Settings
from lstm_viz.runs.connection import Slow
from lstm_viz.runs.keeping import Keeping
from lstm_viz.runs.messages import Bound, Released
from lstm_viz.runs.mishaps import in_words
from lstm_viz.runs.pool import ChildTrainer
from lstm_viz.training import ceiling
from lstm_viz.training.inprocess import InProcessTrainer
from tests.runs.pools import goes_on, pool, training
from tests.runs.waiting import LONG, SMALL, ended, until
from tests.training.datasets import wave

HUGE = SMALL.changed(hidden_size=512, layers=4)
TALL = SMALL.changed(cell="lstm_variant", hidden_size=48)
"""Many small steps, one by one, which a CPU takes faster."""


def test_a_run_that_is_too_large_is_refused_before_anything_is_built() -> None:
    trainer = InProcessTrainer(Keeping(worker_bytes=50 * 2**20))
    for ask in (
        lambda: trainer.submit(HUGE, wave()),
        lambda: trainer.ask("untrained", settings=HUGE, dataset=wave()),
    ):
        with pytest.raises(ConfigError, match=r"needs about [\d,]+ MB .* may take 38 MB here"):
            ask()
    assert trainer.runs.all == []
    trainer.submit(SMALL, wave())


def test_what_trains_on_a_gpu_is_not_measured_by_a_processes_memory() -> None:
    trainer = InProcessTrainer(Keeping(worker_bytes=50 * 2**20))
    trainer.devices = ["cuda", "cpu"]
    trainer.check(HUGE.changed(device="auto"), wave())
    for on_cpu in (HUGE.changed(device="cpu"), TALL.changed(device="auto")):
        with pytest.raises(ConfigError, match=r"may take \d+ MB here"):
            trainer.check(on_cpu, wave(900, 700))


def test_a_first_look_that_would_take_too_long_is_refused_at_once_but_on_a_gpu(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    trainer = InProcessTrainer()
    slow = Settings.of(hidden_size=128, batch_size=64)
    look = partial(trainer.ask, "untrained", settings=slow, dataset=wave(4000, 300), seconds=0.2)
    with pytest.raises(ConfigError, match="Not shown before training"):
        look()
    trainer.devices = ["cuda", "cpu"]
    monkeypatch.setattr(trainer, "_answering", Mock(side_effect=ZeroDivisionError))
    with pytest.raises(ZeroDivisionError):
        look()


def test_a_thousand_submits_in_a_row_are_taken_as_far_as_there_is_room() -> None:
    trainer = InProcessTrainer(Keeping(max_runs=40, owner_runs=12))
    words: list[str] = []
    for k in range(1000):
        try:
            trainer.submit(LONG.changed(seed=k), wave(), owner="ada" if k < 500 else "")
        except TrainerError as error:
            words.append(str(error))
    assert len(trainer.runs.all) == 40
    assert sum("You can train 12 runs" in each for each in words) == 488
    assert sum("This server trains 40 runs" in each for each in words) == 472
    for run in trainer.runs.all[:3]:
        trainer.stop(run.id)
    trainer.submit(SMALL, wave(), owner="bo")


def test_the_run_that_grew_most_goes_and_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    sizes = {"now": 100}
    for module in (ceiling, "lstm_viz.training.scheduler"):
        where = module if isinstance(module, str) else module.__name__
        monkeypatch.setattr(f"{where}.resident_bytes", lambda: sizes["now"])
    monkeypatch.setattr(ceiling, "SPARE", 2**40)  # the system need not refuse anything
    trainer = InProcessTrainer(Keeping(worker_bytes=0))
    trainer._here.send(Bound(1000))
    idle = trainer.run(trainer.submit(SMALL, wave(), hold=True))
    small, large = (trainer.run(trainer.submit(LONG, wave())) for _ in range(2))
    turn = trainer._scheduler._turn

    def grow(job) -> None:
        turn(job)
        sizes["now"] += {small.id: 10, large.id: 400}.get(job.run_id, 0)

    monkeypatch.setattr(trainer._scheduler, "_turn", grow)
    monkeypatch.setattr(trainer._scheduler, "_end", ending(trainer._scheduler._end, sizes))
    until(trainer, lambda: not large.training)
    assert large.state == "failed"
    assert "more memory" in str(large.message)
    assert not large.resident
    trainer.advance(5)
    assert small.state == "training"
    assert idle.state == "paused"
    assert idle.resident


def ending(end, sizes):
    def release(job, error) -> None:
        end(job, error)
        sizes["now"] = 100

    return release


def test_a_run_whose_model_was_let_go_says_why() -> None:
    trainer = InProcessTrainer()
    paused = trainer.run(trainer.submit(SMALL, wave(), hold=True))
    finished = trainer.run(trainer.submit(SMALL, wave()))
    trainer.advance()
    for run in (paused, finished):
        trainer._receive(Released(run.id))
    assert (paused.state, finished.state) == ("lost", "finished")
    assert "more memory" in str(paused.message)
    with pytest.raises(TrainerError, match="no longer holds"):
        trainer.extend(finished.id, 1)


@pytest.mark.usefixtures("template")
@pytest.mark.skipif(not ceiling.resident_bytes(), reason="the system does not say what it has")
def test_a_process_out_of_memory_loses_the_run_that_asked_for_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for check in ("check_memory", "check_time"):
        monkeypatch.setattr(f"lstm_viz.experiments.cost.{check}", lambda *_: None)
    monkeypatch.setattr(Slow, "nice", 0)  # however busy the machine is
    with pool(workers=1) as trainer:
        run = training(trainer)
        large = trainer.run(trainer.submit(
            LONG.changed(hidden_size=96, batch_size=1024), wave(1900, 400)))  # fmt: skip
        until(trainer, lambda: ended(large))
        assert large.state == "failed"
        assert "more memory" in str(large.message)
        goes_on(trainer, run)
        with pytest.raises(TrainerError, match="more memory"):
            trainer.ask("untrained", settings=large.settings, dataset=large.dataset, seconds=999)
        goes_on(trainer, run)


@pytest.mark.parametrize("said", ["std::bad_alloc", "can't allocate memory: 8192 bytes", ""])
def test_what_took_all_memory_is_let_go_of_before_that_is_said(said: str) -> None:
    held: list[weakref.ref[np.ndarray]] = []

    def fill() -> None:
        taken = np.zeros(10)
        held.append(weakref.ref(taken))
        raise RuntimeError(said) if said else MemoryError

    with pytest.raises((RuntimeError, MemoryError)) as error:
        fill()
    assert held[0]() is not None, "what went wrong holds it"
    assert "more memory" in str(in_words(error.value))
    assert held[0]() is None


def test_as_many_workers_as_cores_less_one(monkeypatch: pytest.MonkeyPatch) -> None:
    for cores, most in ((1, 1), (2, 1), (8, 7)):
        monkeypatch.setattr("lstm_viz.runs.pool._cores", lambda cores=cores: cores)
        trainer = ChildTrainer.__new__(ChildTrainer)
        InProcessTrainer.__base__.__init__(trainer)  # type: ignore[misc]
        assert trainer._most_workers == most
