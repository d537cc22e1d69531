"""Trainers in real processes, and what tests do to them."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

from lstm_viz.data.dataset import Dataset
from lstm_viz.runs import processes
from lstm_viz.runs.keeping import Keeping
from lstm_viz.runs.pool import ChildTrainer
from lstm_viz.runs.run import Run
from tests.runs.waiting import LONG, until
from tests.training.datasets import wave


class Lent(processes.Forking):
    """A template that outlives the trainers it forks for: it takes seconds to load."""

    def close(self) -> None:
        """Not yet."""

    def end(self) -> None:
        super().close()


@contextmanager
def pool(workers: int = 2, askers: int = 2) -> Iterator[ChildTrainer]:
    trainer = ChildTrainer(Keeping(workers=workers, askers=askers))
    try:
        yield trainer
    finally:
        pids = [pid for pid in trainer.pids if pid not in trainer._processes.pids]
        trainer.close()
        until(trainer, lambda: not any(map(alive, pids)))


def alive(pid: int) -> bool:
    """Running, and not merely waiting to be reaped."""
    status = subprocess.run(
        ["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False
    ).stdout.strip()
    return bool(status) and not status.startswith("Z")


def training(
    trainer: ChildTrainer,
    dataset: Dataset | None = None,
    race: str = "",
    slow: bool = False,
    **changes: object,
) -> Run:
    """A run that has begun."""
    settings = LONG.changed(**changes)
    run = trainer.run(trainer.submit(settings, dataset or wave(), race=race, slow=slow))
    until(trainer, lambda: run.step > 0)
    return run


def worker_of(trainer: ChildTrainer, run: Run) -> int:
    return trainer._places[run.id].pid  # type: ignore[attr-defined]


def goes_on(trainer: ChildTrainer, run: Run) -> None:
    step = run.step
    until(trainer, lambda: run.step > step)
    assert run.state == "training"
