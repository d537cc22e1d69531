import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from lstm_viz.data.tasks import TASKS, adding_problem, make_task
from lstm_viz.errors import ConfigError


@given(some.integers(10, 40), some.integers(4, 60), some.integers(0, 2**31 - 1))
def test_each_answer_is_what_a_reader_of_the_marks_would_say(
    count: int, length: int, seed: int
) -> None:
    data = adding_problem(count, length, seed)
    assert data.answers is not None
    for sequence, (answer,) in zip(data.values.tolist(), data.answers.tolist(), strict=True):
        marked = [t for t, (_value, mark) in enumerate(sequence) if mark == 1]
        assert all(mark in (0, 1) for _value, mark in sequence)
        assert all(0 <= value < 1 for value, _mark in sequence)
        assert len(marked) == 2
        assert marked[0] < length // 2 <= marked[1]
        assert answer == pytest.approx(sum(sequence[t][0] for t in marked), abs=1e-6)


def test_chance_is_the_error_of_always_saying_the_mean() -> None:
    data = adding_problem(20_000, 10, seed=3)
    assert data.answers is not None
    assert data.chance == 1 / 6
    assert np.mean((data.answers - 1) ** 2) == pytest.approx(1 / 6, rel=0.03)


def test_marks_fall_on_every_step() -> None:
    marks = adding_problem(2000, 9, seed=0).values[:, :, 1].sum(axis=0)
    assert marks.min() > 0
    assert marks[:4].sum() == marks[4:].sum() == 2000


def test_sequences_are_split_and_left_unscaled() -> None:
    data = adding_problem(50, 8, seed=1, validation_share=0.1)
    training, validation = data.part("training"), data.part("validation")
    assert training[0].shape == (40, 8, 2)
    assert validation[1].shape == (5, 1)
    assert (data.window, data.horizon) == (8, 1)
    assert len(data.part("test")[0]) == 5
    assert (data.scaler.offsets, data.scaler.scales) == ((0.0,), (1.0,))
    assert data.values.dtype == np.float32


def test_same_seed_same_sequences() -> None:
    first, again, other = (adding_problem(20, 8, seed).values for seed in (5, 5, 6))
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, other)


@pytest.mark.parametrize("name", TASKS)
def test_every_task_is_made_from_its_defaults(name: str) -> None:
    data = make_task(name)
    assert data.answers is not None
    assert data.values.shape[2] == len(data.input_names)
    assert len(data.values) == len(data.answers)


BAD = [
    ({"count": 5}, 0, 0.2, "'count' must be between 10 and 20000, got 5"),
    ({"length": 3}, 0, 0.2, "'length' must be between 4 and 1000, got 3"),
    ({"lag": 3}, 0, 0.2, "no parameter called 'lag'. Choose one of: length, low, count"),
    ({"count": 20_000, "length": 1000}, 0, 0.2, "Take fewer or shorter ones"),
    ({}, 0.5, 0.2, "'seed' must be a whole number, got 0.5"),
    ({}, 0, 0.9, "'validation share' must be between 0.05 and 0.5, got 0.9"),
]


@pytest.mark.parametrize(("parameters", "seed", "share", "message"), BAD)
def test_bad_parameters_are_refused_with_a_remedy(
    parameters: dict[str, float], seed: int, share: float, message: str
) -> None:
    with pytest.raises(ConfigError) as refused:
        make_task("adding", parameters, seed, share)
    assert message in str(refused.value)


def test_an_unknown_task_is_refused_with_those_there_are() -> None:
    with pytest.raises(ConfigError) as refused:
        make_task("subtracting")
    assert "Choose one of: adding" in str(refused.value)
