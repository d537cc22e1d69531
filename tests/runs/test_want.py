"""When a trainer's processes are started."""

from lstm_viz.runs.pool import ChildTrainer
from tests.runs.pools import training
from tests.runs.waiting import until

NEVER = 3600.0


def test_nothing_is_loaded_until_somebody_is_there() -> None:
    trainer = ChildTrainer(rest=NEVER)
    try:
        assert trainer.pids == []
        trainer.want()
        until(trainer, lambda: trainer.worker_pids != [])
    finally:
        trainer.close()


def test_a_trainer_that_nobody_wanted_ends() -> None:
    trainer = ChildTrainer(rest=NEVER)
    trainer.close()
    assert trainer.pids == []


def test_what_is_needed_is_loaded_at_once() -> None:
    trainer = ChildTrainer(rest=NEVER)
    try:
        assert training(trainer).training
    finally:
        trainer.close()
