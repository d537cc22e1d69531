"""Room for data where runs train: nobody's large data end or shut out the runs of others."""

from dataclasses import replace

import numpy as np
import pytest

from lstm_viz.data.dataset import Dataset
from lstm_viz.errors import DataError, TrainerError
from lstm_viz.runs.keeping import Keeping
from lstm_viz.runs.registry import Runs
from lstm_viz.runs.rooms import make_room
from lstm_viz.runs.run import Run
from lstm_viz.training.inprocess import InProcessTrainer
from tests.runs.pools import goes_on, pool, training
from tests.runs.test_registry import DATASET
from tests.runs.waiting import LONG, SMALL, ended, until
from tests.training.datasets import wave

MOST = 100


def data(size: int, name: str = "") -> Dataset:
    """Data of so many bytes, unlike those of another name."""
    values = np.full((size // 4, 1), len(name), np.float32)
    assert values.nbytes == size
    return replace(DATASET, name=name, values=values)


def run_on(dataset: Dataset, state: str = "training", owner: str = "", viewer: str = "") -> Run:
    run = Runs().add(SMALL, dataset)
    run.state, run.owner = state, owner
    run.viewers |= {viewer} - {""}
    return run


def dropped(residents: list[Run], run: Run) -> list[Run]:
    """The residents that give way to a run."""
    gone: list[str] = []
    make_room(residents, run, MOST, gone.append)
    return [each for each in residents if each.id in gone]


def test_large_data_leave_as_much_free_as_they_take() -> None:
    residents = [run_on(data(40, "first"))]
    for refused in (60, 40, 32):
        with pytest.raises(TrainerError, match="no room for these data"):
            dropped(residents, run_on(data(refused, "second")))
    assert dropped(residents, run_on(data(28, "second"))) == []


def test_data_that_are_there_need_no_room_and_alone_they_may_take_it_all() -> None:
    assert dropped([], run_on(data(100))) == []
    assert dropped([run_on(data(100))], run_on(data(100))) == []


def test_ended_runs_give_way_those_of_the_same_owner_first_and_no_more_than_must() -> None:
    other = run_on(data(24, "other"), "finished")
    own = [run_on(data(24, f"own {k}" + k * "x"), "stopped", "ada", "tab") for k in range(2)]
    foreign = run_on(data(20, "looked at"), "finished", "bo", "tab")
    residents = [other, *own, foreign]
    assert dropped(residents, run_on(data(12, "new one"), owner="ada")) == own[:1]
    assert dropped(residents, run_on(data(28, "newer one"), owner="ada")) == own
    assert dropped(residents, run_on(data(36, "newest one"), owner="ada")) == [other, *own]
    assert dropped(residents, run_on(data(12, "new one"), owner="cy")) == [other]


def test_where_there_is_no_room_all_the_same_none_gives_way() -> None:
    gone: list[str] = []
    residents = [run_on(data(60, "trains")), run_on(data(20, "ended"), "finished")]
    with pytest.raises(TrainerError):
        make_room(residents, run_on(data(24, "new")), MOST, gone.append)
    assert gone == []


def test_who_trains_again_and_again_on_other_data_never_finds_too_little_room() -> None:
    trainer = InProcessTrainer(Keeping(worker_bytes=2**23, owner_runs=1))
    large = [replace(wave(rows=140_000), name=str(k)) for k in range(5)]
    runs = []
    for dataset in large:
        if runs:
            trainer.stop(runs[-1].id)
        runs.append(trainer.run(trainer.submit(SMALL, dataset, owner="ada")))
        trainer.runs.watch(runs[-1].id, "tab")
    assert [run.state for run in runs] == ["stopped"] * 4 + ["training"]
    assert [run.resident for run in runs][-1]
    assert [run.resident for run in runs].count(True) < 4
    with pytest.raises(TrainerError, match="no longer holds"):
        trainer.extend(runs[0].id, 1)


def test_data_that_no_process_may_hold_are_refused() -> None:
    with pytest.raises(DataError, match="at most 1 MB fit here"):
        InProcessTrainer(Keeping(worker_bytes=2**22)).submit(SMALL, wave(rows=300_000))


@pytest.mark.usefixtures("template")
def test_one_visitors_large_data_end_no_run_of_another() -> None:
    large = [np.full((9_000_000, 1), k, np.float32) for k in range(4)]
    with pool(workers=1) as trainer:
        small = training(trainer)
        refused = 0
        for values in large:
            dataset = replace(wave(), values=values, split=50, test_split=60)
            try:
                hog = trainer.run(trainer.submit(SMALL, dataset, owner="hog"))
            except TrainerError:
                refused += 1
            else:
                until(trainer, lambda hog=hog: bool(hog.film.frames) or ended(hog))
                hog.viewers.add("tab")
        assert refused > 0
        goes_on(trainer, small)
        again = trainer.run(trainer.submit(LONG, wave(rows=90), owner="bo"))
        until(trainer, lambda: again.step > 0)
        assert len(trainer.worker_pids) == 1
