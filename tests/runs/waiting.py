"""Small runs, and how tests of either trainer wait for them."""

import time
from collections.abc import Callable

from lstm_viz.experiments.settings import Settings
from lstm_viz.runs.run import Run
from lstm_viz.runs.trainer import Trainer
from lstm_viz.training.inprocess import InProcessTrainer

SMALL = Settings.of(hidden_size=4, epochs=4, batch_size=16, device="cpu")
LONG = SMALL.changed(epochs=5000)
PATIENCE = 200.0  # a busy machine is no failure


def until(trainer: Trainer | None, holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < deadline, "waited too long"
        if isinstance(trainer, InProcessTrainer):
            trainer.advance(slices=1)
        else:
            time.sleep(0.005)


def ended(run: Run) -> bool:
    return run.settled and not run.training
