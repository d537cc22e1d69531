"""Where runs train and questions are answered, in real processes."""

import os
import signal
import threading

import pytest

from lstm_viz.errors import TrainerError
from lstm_viz.runs import processes
from lstm_viz.runs.pool import ChildTrainer
from lstm_viz.training.building import build
from lstm_viz.training.framing import weights_of
from lstm_viz.ui.laboratory import measuring
from tests.runs.pools import alive, goes_on, pool, training, worker_of
from tests.runs.waiting import LONG, PATIENCE, SMALL, ended, until
from tests.training.datasets import wave

SLOW = LONG.changed(cell="lstm_variant", hidden_size=112, layers=2, batch_size=32)
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


@pytest.mark.usefixtures("template")
def test_slow_runs_train_apart_and_hold_nobody_up() -> None:
    with pool(workers=1) as trainer:
        small = training(trainer)
        slow = training(trainer, dataset=wave(2000, 600), hidden_size=64)
        apart = worker_of(trainer, slow)
        assert apart != worker_of(trainer, small) == worker_of(trainer, training(trainer, seed=1))
        os.kill(apart, signal.SIGSTOP)  # a step that takes for ever
        trainer.pause(small.id)
        until(trainer, lambda: small.settled and small.state == "paused")
        trainer.resume(small.id)
        until(trainer, lambda: small.state == "training")
        goes_on(trainer, small)
        assert len(trainer.ask("weights", run=small.id, seconds=PATIENCE)) > 0
        os.kill(apart, signal.SIGCONT)
        goes_on(trainer, slow)


@pytest.mark.usefixtures("template")
@pytest.mark.skipif(not hasattr(os, "getpriority"), reason="the system knows no priorities")
def test_slow_runs_let_others_go_first() -> None:
    with pool(workers=1) as trainer:
        small, slow = training(trainer), training(trainer, slow=True)
        nice = [os.getpriority(os.PRIO_PROCESS, worker_of(trainer, run)) for run in (small, slow)]
        assert nice[1] == min(nice[0] + 3, 19)  # half as much time beside another: 1.25^-3


@pytest.mark.usefixtures("template")
def test_a_race_with_a_slow_contender_trains_apart_as_a_whole() -> None:
    with pool(workers=1) as trainer:
        small = training(trainer)
        race = [training(trainer, race="one", slow=True, seed=k) for k in range(2)]
        behind = trainer.run(trainer.submit(SMALL, wave(), race="one", follows=race[0].id))
        assert worker_of(trainer, race[0]) == worker_of(trainer, race[1])
        assert worker_of(trainer, race[0]) == worker_of(trainer, behind)
        assert worker_of(trainer, race[0]) != worker_of(trainer, small)


@pytest.mark.usefixtures("template")
def test_a_process_for_slow_runs_lives_as_long_as_it_holds_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("lstm_viz.runs.pool.BEAT_SECONDS", 0.02)
    monkeypatch.setattr("lstm_viz.runs.pool.IDLE_BEATS", 3)
    monkeypatch.setattr("lstm_viz.runs.connection.SILENT_BEATS", 9999)
    monkeypatch.setattr("lstm_viz.runs.pool.UNBORN_BEATS", 9999)
    beats: list[int] = []
    rest = ChildTrainer._rest
    monkeypatch.setattr(ChildTrainer, "_rest", lambda self: (beats.append(1), rest(self)))
    with pool(workers=1) as trainer:
        slow = trainer.run(trainer.submit(SMALL, wave(), slow=True))
        until(trainer, lambda: ended(slow))
        apart, seen = worker_of(trainer, slow), len(beats)
        until(trainer, lambda: len(beats) > seen + 10)
        trainer.extend(slow.id, 1)
        until(trainer, lambda: ended(slow) and slow.total_steps == slow.step)
        assert slow.state == "finished"
        assert alive(apart)
        trainer.drop(slow.id)
        until(trainer, lambda: not alive(apart) and trainer._slow == [])
        assert len(trainer.worker_pids) == 1
        again = trainer.run(trainer.submit(SMALL, wave(), slow=True))
        until(trainer, lambda: again.state == "finished")


def asked(trainer: ChildTrainer, seconds: float, viewer: str = "", owner: str = "") -> str:
    """The words of the error that a question ends with."""
    try:
        trainer.ask("untrained", settings=SLOW, dataset=wave(9000, 300), seconds=seconds,
                    viewer=viewer, owner=owner)  # fmt: skip
    except TrainerError as error:
        return str(error)
    return ""


@pytest.fixture
def any_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Questions that take long are asked all the same."""
    monkeypatch.setattr("lstm_viz.experiments.cost.check_time", lambda *_: None)


@pytest.mark.usefixtures("template", "any_time")
def test_a_question_that_takes_too_long_ends_with_its_process_and_holds_nobody_up() -> None:
    with pool(workers=1, askers=1) as trainer:
        run = training(trainer)
        trainer.ask("untrained", settings=SMALL, dataset=wave(), seconds=PATIENCE)
        (asker,) = [each.pid for each in trainer._askers]
        assert "in time" in asked(trainer, seconds=1.0)
        until(trainer, lambda: not alive(asker))
        assert (
            trainer.ask("untrained", settings=SMALL, dataset=wave(), seconds=PATIENCE)["frame"].step
            == 0
        )
        assert trainer.ask("predict", run=run.id, part="validation", seconds=PATIENCE).shape == (
            20,
            1,
        )
        goes_on(trainer, run)


@pytest.mark.usefixtures("template", "any_time")
def test_a_question_of_somebody_who_left_ends_with_its_process() -> None:
    with pool(workers=1, askers=1) as trainer:
        trainer.ask("untrained", settings=SMALL, dataset=wave(), seconds=PATIENCE)
        (asker,) = [each.pid for each in trainer._askers]
        heard: list[str] = []
        asking = threading.Thread(target=lambda: heard.append(asked(trainer, 999, viewer="ada")))
        asking.start()
        until(trainer, lambda: "ada" in trainer._awaited.viewers)
        trainer.cancel("ada")
        asking.join(PATIENCE)
        assert "called off" in heard[0]
        until(trainer, lambda: not alive(asker))


class Stopped(BaseException):
    """As Streamlit ends the script of a reader who stops a measurement, or goes elsewhere."""


@pytest.mark.usefixtures("template")
def test_a_measurement_that_a_reader_stops_ends_with_its_process(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    x, y = wave().part("validation")
    weights = weights_of(build(SMALL, wave()))
    about = {"settings": SMALL, "dataset": wave(), "layer": "recurrent.l0"}
    about |= {"inputs": x[:1], "targets": y[:1]}
    ages = {"what": "jacobians over training", "several": [weights] * 9999}
    with pool(workers=1, askers=1) as trainer:
        for name, value in {"trainer": trainer, "viewer": "ada", "owner": "us"}.items():
            monkeypatch.setattr(measuring, name, lambda value=value: value)

        def stopped() -> None:
            until(trainer, lambda: any(map(alive, askers())) and bool(trainer._awaited.viewers))
            ending.extend(askers())
            raise Stopped

        def askers() -> list[int]:
            return [each.pid for each in trainer._askers if each.pid]

        ending: list[int] = []
        with monkeypatch.context() as patched:
            patched.setattr(measuring.st, "empty", stopped)
            patched.setattr(measuring, "QUIET", 0.0)
            with pytest.raises(Stopped):
                measuring.awaited("laboratory_of", **ages, **about)
        until(trainer, lambda: not any(map(alive, ending)) and not len(trainer._awaited))
        assert ending and not set(ending) & {*askers()}
        monkeypatch.setattr(measuring, "QUIET", PATIENCE)
        found = measuring.awaited("laboratory_of", what="map", seconds=PATIENCE, **about)
        assert found["map"].shape == (x.shape[1], x.shape[1])


@pytest.mark.usefixtures("template", "any_time")
@pytest.mark.parametrize("owners", [("ada", "ada", "ada"), ("ada", "bo", "cy")])
def test_long_questions_never_take_the_last_process(owners: tuple[str, ...]) -> None:
    with pool(workers=1, askers=2) as trainer:
        heard: list[str] = []
        hogs = [
            threading.Thread(target=lambda who=who: heard.append(asked(trainer, 999, "tab", who)))
            for who in owners
        ]
        for each in hogs:
            each.start()
        waiting = trainer._queue._waiting
        until(trainer, lambda: sum(map(len, waiting.values())) == 2 and len(trainer._awaited) == 1)
        for k in range(3):
            answer = trainer.ask(
                "untrained", settings=SMALL, dataset=wave(), owner=f"other {k}", seconds=PATIENCE
            )
            assert answer["frame"].step == 0
        assert len(trainer._awaited) == 1, "one of them is asked, and the others wait"
        assert heard == []
        while heard[2:] == []:
            trainer.cancel("tab")
            until(trainer, lambda: len(heard) == 3 or bool(trainer._awaited))
        assert all("called off" in each for each in heard)


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
        assert trainer.ask("predict", run=run.id, part="validation", seconds=PATIENCE).shape == (
            20,
            1,
        )
        os.kill(worker_of(trainer, run), signal.SIGKILL)
        until(trainer, lambda: not run.resident)
