import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from lstm_viz.runs.film import Film, size_of
from tests.training.frames_for_tests import frame


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


def test_frames_since_a_step_are_the_later_ones() -> None:
    film = Film()
    for step in range(5):
        film.append(frame(step))
    assert [kept.step for kept in film.since(2)] == [3, 4]
