"""Where runs train and questions are answered, in real processes."""

import os
import signal
import threading

import pytest

from lstm_viz.errors import TrainerError
from lstm_viz.runs import processes
from lstm_viz.runs.pool import ChildTrainer
from tests.runs.pools import alive, goes_on, pool, training, worker_of
from tests.runs.waiting import LONG, PATIENCE, SMALL, ended, until
from tests.training.datasets import wave

SLOW = LONG.changed(cell="lstm_variant", hidden_size=128, layers=2, batch_size=48)
"""A step of it takes its time."""


@pytest.mark.usefixtures("template")
def test_runs_are_put_where_fewest_train_and_a_race_stays_together() -> None:
    with pool(workers=2) as trainer:
        first, second = training(trainer), training(trainer, seed=1)
        assert worker_of(trainer, first) != worker_of(trainer, second)
        race = [trainer.run(trainer.submit(LONG, wave(), race="one")) for _ in range(3)]
        until(trainer, lambda: all(run.step > 0 for run in race))
        assert len({worker_of(trainer, run) for run in race}) == 1
        third = training(trainer, seed=2)
        assert worker_of(trainer, third) != worker_of(trainer, race[0])
        assert len(trainer.worker_pids) == 2


@pytest.mark.usefixtures("template")
def test_a_worker_is_started_when_it_is_needed_and_no_sooner() -> None:
    with pool(workers=3) as trainer:
        run = trainer.run(trainer.submit(SMALL, wave()))
        until(trainer, lambda: ended(run))
        again = trainer.run(trainer.submit(SMALL, wave()))
        until(trainer, lambda: ended(again))
        assert len(trainer._workers) == 1


def asked(trainer: ChildTrainer, seconds: float, viewer: str = "") -> str:
    """The words of the error that a question ends with."""
    try:
        trainer.ask("untrained", settings=SLOW, dataset=wave(9000, 300), seconds=seconds,
                    viewer=viewer)  # fmt: skip
    except TrainerError as error:
        return str(error)
    return ""


@pytest.fixture
def any_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Questions that take long are asked all the same."""
    monkeypatch.setattr("lstm_viz.runs.trainer.check_time", lambda *_: None)


@pytest.mark.usefixtures("template", "any_time")
def test_a_question_that_takes_too_long_ends_with_its_process_and_holds_nobody_up() -> None:
    with pool(workers=1, askers=1) as trainer:
        run = training(trainer)
        trainer.ask("untrained", settings=SMALL, dataset=wave())
        (asker,) = [each.pid for each in trainer._askers]
        assert "in time" in asked(trainer, seconds=1.0)
        until(trainer, lambda: not alive(asker))
        assert trainer.ask("untrained", settings=SMALL, dataset=wave())["frame"].step == 0
        assert trainer.ask("predict", run=run.id, part="validation").shape == (20, 1)
        goes_on(trainer, run)


@pytest.mark.usefixtures("template", "any_time")
def test_a_question_of_somebody_who_left_ends_with_its_process() -> None:
    with pool(workers=1, askers=1) as trainer:
        trainer.ask("untrained", settings=SMALL, dataset=wave())
        (asker,) = [each.pid for each in trainer._askers]
        heard: list[str] = []
        asking = threading.Thread(target=lambda: heard.append(asked(trainer, 999, viewer="ada")))
        asking.start()
        until(trainer, lambda: any(each.viewer == "ada" for each in trainer._awaited.values()))
        trainer.cancel("ada")
        asking.join(PATIENCE)
        assert "called off" in heard[0]
        until(trainer, lambda: not alive(asker))


@pytest.mark.usefixtures("template")
def test_a_worker_that_trains_is_never_ended_for_a_question_about_it() -> None:
    with pool(workers=1) as trainer:
        run = training(trainer)
        with pytest.raises(TrainerError, match="in time"):
            trainer.ask("weights", run=run.id, seconds=0.0)
        goes_on(trainer, run)


def test_processes_that_cannot_be_forked_are_started(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "CAN_FORK", False)
    with pool(workers=1) as trainer:
        run = trainer.run(trainer.submit(SMALL, wave()))
        until(trainer, lambda: run.state == "finished")
        assert trainer.ask("predict", run=run.id, part="validation").shape == (20, 1)
        os.kill(worker_of(trainer, run), signal.SIGKILL)
        until(trainer, lambda: not run.resident)
