import numpy as np
import pytest

from lstm_viz.data.dataset import Dataset, Scaler
from lstm_viz.errors import TrainerError
from lstm_viz.experiments.settings import Settings
from lstm_viz.runs.registry import Keeping, Run, Runs
from tests.training.frames_for_tests import frame

DATASET = Dataset("sine", np.zeros((9, 1), np.float32), None, 2, 1, 6, Scaler(), ("y",), ("y",), 8)


def started(runs: Runs, frames: int = 1, viewer: str | None = None) -> Run:
    run = runs.add(Settings.of(), DATASET)
    runs.apply({"event": "state", "run": run.id, "state": "training", "message": None})
    for step in range(frames):
        runs.apply({"event": "frame", "run": run.id, "frame": frame(step)})
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
    one = started(Runs()).size
    runs = Runs(Keeping(max_bytes=2 * one + 10))
    watched, old, young = started(runs, viewer="ada"), started(runs), started(runs)
    old.unseen_since, young.unseen_since = 100.0, 110.0
    assert runs.tidy(120.0) == ([], [old.id])
    assert watched.id in runs
    assert young.id in runs


def test_over_the_budget_watched_films_are_thinned_and_none_is_lost() -> None:
    runs = Runs(Keeping(max_bytes=20_000))
    watched = [started(runs, frames=40, viewer=name) for name in ("ada", "bo")]
    assert runs.size > 20_000
    assert runs.tidy() == ([], [])
    assert runs.size <= 20_000
    for run in watched:
        steps = [kept.step for kept in run.film.frames]
        assert (steps[0], steps[-1]) == (0, 39)


def test_recorded_runs_are_never_dropped() -> None:
    runs = Runs(Keeping(max_bytes=1))
    recorded = started(Runs(), frames=3)
    recorded.state = "recorded"
    runs.shelve(recorded)
    runs.tidy(recorded.unseen_since + 1e9)
    assert [run.id for run in runs.recorded] == [recorded.id]


def test_a_lost_trainer_marks_active_runs_at_their_step_and_keeps_their_frames() -> None:
    runs = Runs()
    active, over = started(runs, frames=3), started(runs, frames=3)
    runs.apply({"event": "state", "run": over.id, "state": "finished", "message": None})
    runs.lose_all()
    assert active.state == "lost"
    assert "step 2" in str(active.message)
    assert over.state == "finished"
    assert not over.resident
    assert len(active.film.frames) == 3


def test_a_run_that_is_gone_is_said_to_be_gone() -> None:
    with pytest.raises(TrainerError, match="gone"):
        Runs().get("nobody")


def test_events_of_a_dropped_run_are_ignored() -> None:
    Runs().apply({"event": "frame", "run": "gone", "frame": frame(0)})
