"""A run whose steps are long takes no more of the time than any other."""

from types import SimpleNamespace

import pytest

from lstm_viz.runs.messages import Load, Pause, Resume, SetPace, Submit
from lstm_viz.training import scheduler as module
from lstm_viz.training.loop import Training
from lstm_viz.training.scheduler import Scheduler
from tests.runs.waiting import LONG
from tests.training.datasets import wave

SECONDS = {0: 2.0, 1: 0.01, 2: 0.005}
"""Seed -> how long a step takes, by the clock of the test."""


class Clock:
    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 0.0
        self.spent: dict[int, float] = {}
        monkeypatch.setattr(module, "time", SimpleNamespace(monotonic=lambda: self.now))

        def advance(training: Training) -> bool:
            seed = training.settings.budget.seed
            self.now += SECONDS[seed]
            self.spent[seed] = self.spent.get(seed, 0.0) + SECONDS[seed]
            return False

        monkeypatch.setattr(Training, "advance", advance)


def started(*runs: tuple[int, str]) -> Scheduler:
    """Runs by seed and race."""
    scheduler = Scheduler(lambda _: None)
    scheduler.handle(Load("wave", wave()))
    for number, (seed, race) in enumerate(runs):
        scheduler.handle(Submit(f"run {number}", LONG.changed(seed=seed), "wave", race=race))
    return scheduler


def test_a_run_of_long_steps_gets_as_much_time_as_others(monkeypatch: pytest.MonkeyPatch) -> None:
    clock, scheduler = Clock(monkeypatch), started((0, ""), (1, ""), (2, ""))
    while clock.now < 100:
        scheduler.advance()
    for spent in clock.spent.values():
        assert spent == pytest.approx(100 / 3, abs=3.0)


def test_a_newcomer_gets_its_part_and_not_all_that_others_had(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock, scheduler = Clock(monkeypatch), started((0, ""), (1, ""))
    while clock.now < 100:
        scheduler.advance()
    before = dict(clock.spent)
    scheduler.handle(Submit("late", LONG.changed(seed=2), "wave"))
    while clock.now < 200:
        scheduler.advance()
    assert clock.spent[2] == pytest.approx(100 / 3, abs=4.0)
    for seed in (0, 1):
        assert clock.spent[seed] - before[seed] == pytest.approx(100 / 3, abs=4.0)


def test_a_race_has_as_many_parts_as_contenders(monkeypatch: pytest.MonkeyPatch) -> None:
    clock, scheduler = Clock(monkeypatch), started((0, "race"), (0, "race"), (1, ""))
    while clock.now < 150:
        scheduler.advance()
    assert clock.spent[0] == pytest.approx(100, abs=6.0)
    assert clock.spent[1] == pytest.approx(50, abs=6.0)


def test_a_run_that_is_dropped_leaves_no_account() -> None:
    scheduler = started((0, ""), (1, "race"), (2, "race"))
    for number in range(3):
        scheduler.handle(module.Drop(f"run {number}"))
    assert scheduler._accounts._used == {}


def test_a_paced_run_makes_so_many_updates_a_second_and_leaves_the_rest_to_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock, scheduler = Clock(monkeypatch), started((1, ""), (2, ""))
    scheduler.handle(SetPace("run 0", 20.0))
    while clock.now < 50:
        assert scheduler.patience == 0.0
        scheduler.advance()
    updates = {seed: spent / SECONDS[seed] for seed, spent in clock.spent.items()}
    assert updates[1] == pytest.approx(50 * 20, rel=0.02)
    assert clock.spent[2] == pytest.approx(50 - clock.spent[1], abs=0.1)
    scheduler.handle(SetPace("run 0", 0.0))
    while clock.now < 100:
        scheduler.advance()
    assert clock.spent[1] - updates[1] * SECONDS[1] == pytest.approx(25, abs=2.0)


def test_a_trainer_with_paced_runs_alone_has_time(monkeypatch: pytest.MonkeyPatch) -> None:
    clock, scheduler = Clock(monkeypatch), started((1, ""))
    scheduler.handle(SetPace("run 0", 4.0))
    scheduler.advance()
    assert scheduler.patience == pytest.approx(0.25)
    before = dict(clock.spent)
    scheduler.advance()
    assert clock.spent == before
    scheduler.handle(Pause("run 0"))
    assert scheduler.patience is None
    scheduler.handle(Resume("run 0"))
    assert scheduler.patience == 0.0
