"""Who finds a place to train, and who waits for others."""

import pytest

from lstm_viz.errors import TrainerError
from lstm_viz.runs.keeping import Keeping
from lstm_viz.runs.registry import Runs
from lstm_viz.runs.run import Run
from lstm_viz.training.inprocess import InProcessTrainer
from tests.runs.test_registry import DATASET
from tests.runs.waiting import LONG
from tests.training.datasets import wave

CONTENDERS, SEEDS = 8, 5
"""Of the largest race."""


def start(runs: Runs, owner: str, contenders: int = 1, seeds: int = 1) -> list[Run]:
    """A race as pages start it. Raises TrainerError where there is no room for all of it."""
    runs.check_room(owner, DATASET, contenders)
    watched = [add(runs, owner) for _ in range(contenders)]
    for run in watched:
        for _ in range(1, seeds):
            add(runs, owner, run.id)
    return watched


def add(runs: Runs, owner: str, follows: str = "") -> Run:
    runs.check_room(owner, DATASET, runs=0 if follows else 1)
    run = runs.add(LONG, DATASET, follows=follows)
    run.owner = owner
    return run


def test_a_run_and_its_further_seeds_have_one_place_until_the_last_has_ended() -> None:
    runs = Runs(Keeping(owner_runs=8))
    race = start(runs, "ada", CONTENDERS, SEEDS)
    with pytest.raises(TrainerError, match="You can train 8 runs"):
        start(runs, "ada")
    race[0].state = "finished"
    with pytest.raises(TrainerError, match="You can train 8 runs"):
        start(runs, "ada")
    for run in runs.seeds_of(race[0].id):
        run.state = "finished"
    start(runs, "ada")


def test_six_large_races_leave_room_for_many_more() -> None:
    runs = Runs()
    for k in range(6):
        start(runs, f"owner {k}", CONTENDERS, SEEDS)
    for k in range(6, 15):
        start(runs, f"owner {k}", CONTENDERS, SEEDS)


def test_the_second_half_of_the_places_is_for_those_who_train_nothing_yet() -> None:
    runs = Runs(Keeping(max_runs=20))
    start(runs, "ada", 7)
    start(runs, "bo", 3)
    for owner, contenders in (("ada", 1), ("cy", 2)):
        with pytest.raises(TrainerError, match="each visitor may train one network"):
            start(runs, owner, contenders)
    for k in range(10):
        start(runs, f"newcomer {k}")
    with pytest.raises(TrainerError, match="trains 20 runs at a time"):
        start(runs, "too late")


def test_whose_runs_are_told_to_stop_may_train_others_at_once() -> None:
    runs = Runs(Keeping(owner_runs=2))
    former = start(runs, "ada", 2)
    with pytest.raises(TrainerError):
        runs.check_room("ada", DATASET, 2)
    runs.check_room("ada", DATASET, 2, [run.id for run in former])
    for run in former:
        runs.expect_change(run.id, ending=True)
    start(runs, "ada", 2)


def test_a_command_that_does_not_stop_a_run_frees_no_place() -> None:
    runs = Runs(Keeping(owner_runs=1))
    (run,) = start(runs, "ada")
    runs.expect_change(run.id)
    with pytest.raises(TrainerError):
        start(runs, "ada")


@pytest.mark.parametrize("go_on", [
    lambda trainer, run: trainer.resume(run),
    lambda trainer, run: trainer.step(run),
    lambda trainer, run: trainer.extend(run, 1),
])  # fmt: skip
def test_a_run_that_rests_goes_on_only_where_there_is_a_place(go_on) -> None:
    trainer = InProcessTrainer(Keeping(owner_runs=1))
    resting = trainer.submit(LONG, wave(), hold=True, owner="ada")
    behind = trainer.submit(LONG, wave(), hold=True, owner="ada", follows=resting)
    other = trainer.submit(LONG, wave(), owner="ada")
    with pytest.raises(TrainerError, match="You can train 1 runs"):
        go_on(trainer, resting)
    assert trainer.run(resting).state == "paused"
    assert trainer.run(resting).settled
    trainer.stop(other)
    trainer.resume(behind)
    go_on(trainer, resting)
    assert trainer.run(resting).training


def test_who_owns_nothing_is_bound_by_the_server_alone() -> None:
    runs = Runs(Keeping(max_runs=4, owner_runs=1))
    start(runs, "", 4)
    with pytest.raises(TrainerError, match="trains 4 runs"):
        start(runs, "")
