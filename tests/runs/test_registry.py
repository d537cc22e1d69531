from dataclasses import replace

import numpy as np
import pytest

from lstm_viz.data.dataset import Dataset, Scaler
from lstm_viz.errors import DataError, TrainerError
from lstm_viz.experiments.settings import Settings
from lstm_viz.runs.keeping import Keeping
from lstm_viz.runs.messages import FrameTaken, Scored, StateChanged
from lstm_viz.runs.registry import Runs
from lstm_viz.runs.run import Run
from tests.training.frames_for_tests import frame

DATASET = Dataset("sine", np.zeros((9, 1), np.float32), None, 2, 1, 6, Scaler(), ("y",), ("y",), 8)


def started(runs: Runs, frames: int = 1, viewer: str | None = None) -> Run:
    run = runs.add(Settings.of(), DATASET)
    runs.apply(StateChanged(run.id, "training"))
    for step in range(frames):
        runs.apply(FrameTaken(run.id, frame(step)))
    if viewer:
        runs.watch(run.id, viewer)
    return run


def test_a_run_nobody_watches_stops_after_a_minute_and_is_dropped_after_an_hour() -> None:
    runs = Runs(Keeping(stop_after=60, drop_after=3600))
    run = started(runs, viewer="ada")
    assert runs.tidy(run.unseen_since + 9999) == ([], []), "watched runs live on"
    runs.leave("ada")
    assert runs.tidy(run.unseen_since + 59) == ([], [])
    assert runs.tidy(run.unseen_since + 61) == ([run.id], [])
    assert runs.tidy(run.unseen_since + 3601) == ([], [run.id])
    assert run.id not in runs


def test_a_viewer_who_comes_back_in_time_saves_the_run() -> None:
    runs = Runs()
    run = started(runs, viewer="ada")
    runs.leave("ada")
    runs.watch(run.id, "ada")
    assert runs.tidy(run.unseen_since + 9999) == ([], [])


def test_over_the_budget_unwatched_runs_go_first_the_longest_unseen_before_others() -> None:
    one = started(Runs()).film.size
    runs = Runs(Keeping(max_bytes=2 * one + DATASET.nbytes))
    watched, old, young = started(runs, viewer="ada"), started(runs), started(runs)
    old.unseen_since, young.unseen_since = 100.0, 110.0
    assert runs.tidy(120.0) == ([], [old.id])
    assert watched.id in runs
    assert young.id in runs


def seeds(runs: Runs, race: str, viewer: str | None = None) -> list[Run]:
    """A contender and one further seed of it."""
    watched = started(runs, viewer=viewer)
    watched.race = race
    further = runs.add(Settings.of(seed=1), DATASET, race=race, follows=watched.id)
    runs.apply(FrameTaken(further.id, frame(0)))
    return [watched, further]


def test_whoever_looks_at_a_contender_looks_at_its_further_seeds() -> None:
    runs = Runs()
    both = seeds(runs, "race")
    runs.watch(both[0].id, "ada")
    assert runs.tidy(both[1].unseen_since + 9999) == ([], [])
    assert runs.seeds_of(both[0].id) == both
    assert runs.of_race("race") == both[:1], "only those that are watched"
    runs.leave("ada")
    later, ids = max(run.unseen_since for run in both), {run.id for run in both}
    stopped, dropped = runs.tidy(later + 61)
    assert ({*stopped}, dropped) == (ids, [])
    stopped, dropped = runs.tidy(later + 3601)
    assert (stopped, {*dropped}) == ([], ids)


def test_over_the_budget_a_race_goes_as_a_whole() -> None:
    one = started(Runs()).film.size
    runs = Runs(Keeping(max_bytes=3 * one + DATASET.nbytes))
    alone = started(runs)
    race = [*seeds(runs, "race"), *seeds(runs, "race")]
    for age, run in enumerate([*race, alone]):
        run.unseen_since = 100.0 + age
    stopped, dropped = runs.tidy(120.0)
    assert (stopped, {*dropped}) == ([], {run.id for run in race})
    assert alone.id in runs


def test_over_the_budget_watched_films_are_thinned_and_none_is_lost() -> None:
    runs = Runs(Keeping(max_bytes=20_000))
    watched = [started(runs, frames=40, viewer=name) for name in ("ada", "bo")]
    assert runs.size > 20_000
    assert runs.tidy() == ([], [])
    assert runs.size <= 20_000
    for run in watched:
        steps = [kept.step for kept in run.film.frames]
        assert (steps[0], steps[-1]) == (0, 39)


def of(owner: str, runs: Runs, frames: int, rows: int = 9) -> Run:
    """A watched run of somebody, on data of so many rows."""
    run = started(runs, frames=frames, viewer=owner)
    run.owner = owner
    run.dataset = replace(DATASET, name=f"{owner}'s", values=np.zeros((rows, 1), np.float32))
    return run


def test_over_the_budget_whoever_holds_most_gives_way_and_nobody_else() -> None:
    runs = Runs(Keeping(max_bytes=0))
    modest = of("ada", runs, frames=10)
    heavy = [of("bo", runs, frames=40) for _ in range(3)]
    runs.keeping = Keeping(max_bytes=runs.size * 2 // 3)
    assert runs.tidy() == ([], [])
    assert runs.size <= runs.keeping.max_bytes
    assert len(modest.film.frames) == 10
    assert not modest.thinned
    assert any(run.thinned for run in heavy)


def test_data_that_do_not_fit_cost_their_owner_what_has_ended_and_no_film_of_others() -> None:
    runs = Runs(Keeping(max_bytes=0))
    modest = of("ada", runs, frames=10)
    heavy = [of("bo", runs, frames=3, rows=10_000 + k) for k in range(4)]
    for run in heavy[:3]:
        runs.apply(StateChanged(run.id, "finished"))
    runs.keeping = Keeping(max_bytes=modest.film.size + 100_000)
    _stopped, dropped = runs.tidy()
    assert dropped == [heavy[0].id, heavy[1].id]
    assert runs.size <= runs.keeping.max_bytes
    assert len(modest.film.frames) == 10
    assert heavy[3].id in runs


def test_a_dataset_of_several_owners_is_shared_among_them() -> None:
    runs = Runs(Keeping(max_bytes=0))
    several = [of(name, runs, frames=9) for name in ("ada", "bo", "cy")]
    large = replace(DATASET, values=np.zeros((5000, 1), np.float32))
    for run in several[:2]:
        run.dataset = large
    several[2].dataset = replace(DATASET, values=np.zeros((4000, 1), np.float32))
    runs.keeping = Keeping(max_bytes=runs.size - 1)
    runs.tidy()
    assert [run.thinned for run in several] == [False, False, True]


def test_data_that_alone_are_too_large_are_refused() -> None:
    runs = Runs(Keeping(max_bytes=100_000))
    runs.check_room("ada", DATASET)
    with pytest.raises(DataError, match="These data take"):
        runs.check_room("ada", replace(DATASET, values=np.zeros((20_000, 1), np.float32)))


def test_recorded_runs_are_never_dropped_nor_thinned() -> None:
    runs = Runs(Keeping(max_bytes=1))
    recorded = started(Runs(), frames=30)
    recorded.state = "recorded"
    runs.shelve(recorded)
    watched = started(runs, frames=9, viewer="ada")
    runs.tidy(recorded.unseen_since + 1e9)
    assert [run.id for run in runs.recorded] == [recorded.id]
    assert len(recorded.film.frames) == 30
    assert len(watched.film.frames) == 2


def test_a_lost_trainer_marks_active_runs_at_their_step_and_keeps_their_frames() -> None:
    runs = Runs()
    active, over = started(runs, frames=3), started(runs, frames=3)
    runs.apply(StateChanged(over.id, "finished"))
    runs.lose_all()
    assert active.state == "lost"
    assert "step 2" in str(active.message)
    assert over.state == "finished"
    assert not over.resident
    assert len(active.film.frames) == 3


def test_a_run_that_is_gone_is_said_to_be_gone() -> None:
    with pytest.raises(TrainerError, match="gone"):
        Runs().get("nobody")


def test_what_is_measured_between_frames_moves_a_run_on() -> None:
    runs = Runs()
    run = started(runs, frames=1)
    scalars = dict.fromkeys(run.film.history, 7.0) | {"step": 5}
    runs.apply(Scored(run.id, scalars))
    assert run.step == 5
    assert run.film.history["step"].tolist() == [0, 5]
    assert len(run.film.frames) == 1


def test_events_of_a_dropped_run_are_ignored() -> None:
    Runs().apply(FrameTaken("gone", frame(0)))


def test_an_id_holds_letters_and_digits_alone() -> None:
    runs = Runs()
    ids = [runs.add(Settings(), DATASET).id for _ in range(300)]
    assert len(set(ids)) == 300
    assert all(each.isalnum() and len(each) == 12 for each in ids)
