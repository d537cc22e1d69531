"""What happens to processes: what one loses the others keep, and nothing hangs."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable

import pytest

from lstm_viz.errors import TrainerError
from lstm_viz.runs.keeping import Keeping
from lstm_viz.runs.pool import ChildTrainer
from tests.runs.pools import alive, goes_on, pool, training, worker_of
from tests.runs.waiting import PATIENCE, SMALL, ended, until
from tests.training.datasets import wave


@pytest.mark.usefixtures("quick", "template")
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGSTOP])
def test_a_worker_that_is_killed_or_stopped_takes_its_own_runs_along_and_no_other(how: int) -> None:
    with pool(workers=2) as trainer:
        victim, other = training(trainer), training(trainer, seed=1)
        os.kill(worker_of(trainer, victim), how)
        until(trainer, lambda: victim.state == "lost")
        assert f"at step {victim.step}" in str(victim.message)
        assert trainer.frames(victim.id), "what it had is kept"
        goes_on(trainer, other)
        with pytest.raises(TrainerError, match="Train it anew"):
            trainer.resume(victim.id)
        again = trainer.run(trainer.submit(SMALL, wave()))
        until(trainer, lambda: again.state == "finished")
        goes_on(trainer, other)


@pytest.mark.usefixtures("quick")
def test_the_only_worker_is_replaced_also_when_its_template_was_killed() -> None:
    with pool(workers=1) as trainer:
        run = training(trainer)
        template, worker = trainer._processes.pids[0], worker_of(trainer, run)
        os.kill(template, signal.SIGKILL)
        goes_on(trainer, run)
        os.kill(worker, signal.SIGKILL)
        until(trainer, lambda: run.state == "lost" and bool(trainer.worker_pids))
        training(trainer)


@pytest.mark.usefixtures("quick")
def test_a_stopped_template_is_replaced() -> None:
    with pool(workers=1) as trainer:
        run = training(trainer)
        trainer._patience = 20
        os.kill(trainer._processes.pids[0], signal.SIGSTOP)
        os.kill(worker_of(trainer, run), signal.SIGKILL)
        until(trainer, lambda: run.state == "lost" and bool(trainer.worker_pids))
        training(trainer)


def test_all_ends_in_seconds_also_with_stopped_processes() -> None:
    trainer = ChildTrainer(Keeping(workers=1))
    run = training(trainer)
    trainer.ask("untrained", settings=SMALL, dataset=wave(), seconds=PATIENCE)
    pids = trainer.pids
    assert len(pids) == 3
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)

    def ask() -> None:
        with pytest.raises(TrainerError, match="in time"):
            trainer.ask("untrained", settings=SMALL, dataset=wave(), seconds=0.5)

    calling = [
        threading.Thread(target=lambda: trainer.stop(run.id)),
        threading.Thread(target=ask),
    ]
    for each in calling:
        each.start()
        each.join(PATIENCE)
        assert not each.is_alive()
    ending = threading.Thread(target=trainer.close)
    ending.start()
    ending.join(PATIENCE)
    assert not ending.is_alive()
    until(trainer, lambda: not any(map(alive, pids)))


@pytest.mark.usefixtures("template")
def test_many_submits_in_a_row_all_train() -> None:
    tiny = SMALL.changed(hidden_size=1, epochs=1, batch_size=64)
    with pool(workers=2) as trainer:
        runs = [trainer.run(trainer.submit(tiny.changed(seed=k), wave(20))) for k in range(200)]
        until(trainer, lambda: all(ended(run) for run in runs))
        assert {run.state for run in runs} == {"finished"}
        for run in runs:
            run.unseen_since -= 1e6
        trainer.tidy()
        assert trainer.runs.all == []
        assert trainer._places == {}


@pytest.mark.usefixtures("template")
def test_a_run_dropped_while_its_frame_is_under_way_leaves_nothing_behind() -> None:
    with pool(workers=1) as trainer:
        other = training(trainer)
        for _ in range(5):
            run = trainer.run(trainer.submit(SMALL.changed(epochs=500), wave()))
            until(trainer, lambda run=run: bool(run.film.frames))
            run.unseen_since -= 1e6
            other.viewers.add("ada")
            trainer.tidy()
            assert run.id not in trainer.runs
        goes_on(trainer, other)
        assert list(trainer._places) == [other.id]


@pytest.mark.usefixtures("template")
def test_the_clock_set_back_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "time", lambda: 0.0)
    with pool(workers=1) as trainer:
        run = trainer.run(trainer.submit(SMALL, wave()))
        until(trainer, lambda: run.state == "finished")


def test_all_processes_end_when_the_app_is_killed() -> None:
    code = (
        "from lstm_viz.runs.pool import ChildTrainer; import time; trainer = ChildTrainer()\n"
        "while not trainer.worker_pids: time.sleep(0.01)\n"
        "print(*trainer.pids, flush=True); time.sleep(600)"
    )
    app = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert app.stdout is not None
    pids = [int(pid) for pid in app.stdout.readline().split()]
    assert len(pids) == 2
    app.kill()
    app.wait()
    app.stdout.close()
    until(None, lambda: not any(map(alive, pids)))


@pytest.mark.usefixtures("template")
def test_an_error_in_the_heart_does_not_stop_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lstm_viz.runs.pool.BEAT_SECONDS", 0.02)
    beats: list[int] = []

    def fail(_: object) -> None:
        beats.append(1)
        raise RuntimeError("thrown into it")

    monkeypatch.setattr("lstm_viz.runs.pool.ChildTrainer._rest", fail)
    counted: Callable[[], bool] = lambda: len(beats) > 3  # noqa: E731
    with pool(workers=1) as trainer:
        until(trainer, counted)
