from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from lstm_viz.runs import film as film_module
from lstm_viz.runs.film import SCALARS, Film, size_of
from lstm_viz.runs.updates import MOST, Updates
from tests.training.frames_for_tests import frame

EXPLODED = {"recurrent.weight_hh_l0": np.full((1, 1), 1e3, np.float32)}


@given(count=some.integers(1, 300), max_frames=some.integers(3, 20))
def test_a_film_keeps_first_and_newest_and_is_evenly_spaced(count: int, max_frames: int) -> None:
    film = Film(max_frames=max_frames)
    for step in range(count):
        film.append(frame(step, samples=1, time_steps=1, units=1))
    steps = [kept.step for kept in film.frames]
    assert len(steps) <= max_frames
    assert (steps[0], steps[-1]) == (0, count - 1)
    gaps = np.diff(steps)
    assert len(set(gaps[:-1])) <= 1, "only the newest may stand closer"
    assert len(steps) >= min(count, max_frames // 2)


def test_a_film_stays_inside_its_memory() -> None:
    one = size_of(frame(0))
    film = Film(max_bytes=10 * one)
    for step in range(100):
        film.append(frame(step))
        assert film.size <= 10 * one


@pytest.mark.parametrize("begins", [5, 35, 77])
def test_the_frame_in_which_an_alarm_begins_stays_in_the_film(begins: int) -> None:
    film = Film(max_frames=16)
    for step in range(100):
        weights = EXPLODED if begins <= step < begins + 20 else None
        film.append(replace(frame(step, samples=1, time_steps=1, units=1), weights=weights))
        assert len(film.frames) <= 16
    steps = [kept.step for kept in film.frames]
    assert begins in steps
    others = [step for step in steps[:-1] if step != begins or step % film.stride == 0]
    assert len(set(np.diff(others))) == 1, "the others are evenly spaced"
    while len(film.frames) > 2:  # where memory asks for more, it goes as well
        film.thin()
    assert [kept.step for kept in film.frames] == [0, 99]


def test_alarms_without_end_leave_the_film_its_frames() -> None:
    film = Film(max_frames=16)
    for step in range(200):
        weights = EXPLODED if step % 2 else None
        film.append(replace(frame(step, samples=1, time_steps=1, units=1), weights=weights))
        assert len(film.frames) <= 16
    assert len([kept for kept in film.frames if kept.step % film.stride]) <= 3


def test_a_frame_is_judged_once_whoever_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    judged, film = list[int](), Film()
    judge = film_module.alarms
    monkeypatch.setattr(
        film_module,
        "alarms",
        lambda frames, **how: (judged.append(frames[-1].step), judge(frames, **how))[1],
    )
    frames = [frame(step) for step in range(3)]
    for each in frames:
        film.append(each)
    for each in (*frames, *frames):
        assert film.alarms(each) == judge(frames[: each.step + 1])
    assert judged == [0, 1, 2]


def test_the_size_of_a_frame_counts_every_array() -> None:
    signals = 5 * (2 * 5 * 3 * 4)  # hidden, cell, their gradients and one gate, float32
    norms = 4 * (2 * 5 * 8)  # of both gradients, and of both flows
    units, forecast, answer, flow_from = 3 * 8, 4 * 4, 2 * 4, 2 * 8
    assert size_of(frame(0)) == signals + norms + units + forecast + answer + flow_from


def test_thinning_loses_no_scalar() -> None:
    film = Film(max_frames=4)
    for step in range(50):
        film.append(frame(step))
    assert film.history["step"].tolist() == list(range(50))
    assert film.history["train_loss"] == pytest.approx(1 / np.arange(1, 51))


@pytest.mark.parametrize(("asked", "got"), [(None, 7), (3, 3), (6, 6), (99, 7), (-1, 0)])
def test_a_frame_is_found_by_the_step_it_was_taken_at(asked: int | None, got: int) -> None:
    film = Film()
    for step in range(8):
        film.append(frame(step))
    found = film.at(asked)
    assert found is not None
    assert found.step == got


def norms(before: float, count: int = 1) -> np.ndarray:
    return np.tile(np.float32([before, min(before, 1.0)]), (count, 1))


def test_every_update_is_told_whatever_frames_go_and_of_many_the_largest_are_kept() -> None:
    film = Film(max_frames=4)
    for step in range(0, 50, 5):
        film.append(replace(frame(step), update_norms=norms(float(step), 5 * (step > 0))))
        film.note({**dict.fromkeys(SCALARS, 0.0), "step": step, "update_norms": norms(0.0, 0)})
    updates = film.updates
    assert updates.rows[:, 0].tolist() == list(range(1, 46))
    assert updates.rows[4].tolist() == [5.0, 5.0, 1.0]
    assert (updates.counted, updates.clipped) == (45, 45)
    film.append(replace(frame(99), update_norms=norms(7.0), restored=True))
    assert film.updates.counted == 45, "they were told when they were made"

    many = Updates()
    for last in range(1000, 20_001, 1000):
        block = norms(0.5, 1000)
        block[500] = (last, 1.0)
        many.append(last, block)
    assert len(many.rows) <= MOST
    assert (many.counted, many.clipped) == (20_000, 20)
    peaks = many.rows[many.rows[:, 1] > 1]
    assert peaks[:, 1].tolist() == [1000.0 * k for k in range(1, 21)]
    assert peaks[:, 0].tolist() == [1000.0 * k - 499 for k in range(1, 21)]
    assert (np.diff(many.rows[:, 0]) > 0).all()


def test_frames_since_a_step_are_the_later_ones() -> None:
    film = Film()
    for step in range(5):
        film.append(frame(step))
    assert [kept.step for kept in film.since(2)] == [3, 4]
