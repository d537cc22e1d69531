import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from lstm_viz.data.dataset import NOT_SCORED, Dataset
from lstm_viz.data.tasks.catalogue import adding_problem, make_task
from lstm_viz.data.tasks.repeats import different_words, repeated_first
from lstm_viz.errors import ConfigError

seeds = some.integers(0, 2**31 - 1)


def asked(data: Dataset) -> list[tuple[str, str]]:
    """Each sequence of symbols, and what is asked at its steps ('_' for nothing), as texts."""
    assert data.answers is not None
    names = dict(enumerate(data.classes)) | {NOT_SCORED: "_"}
    return [
        ("".join(data.symbols[code] for code in x[:, 0]), "".join(names[int(code)] for code in y))
        for x, y in zip(data.values, data.answers, strict=True)
    ]


@given(some.integers(10, 40), some.integers(4, 60), seeds)
def test_each_sum_is_what_a_reader_of_the_marks_would_say(
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


def test_marks_fall_on_every_step() -> None:
    marks = adding_problem(2000, 9, seed=0).values[:, :, 1].sum(axis=0)
    assert marks.min() > 0
    assert marks[:4].sum() == marks[4:].sum() == 2000


def test_values_to_add_can_begin_at_minus_one() -> None:
    data = make_task("adding", {"low": -1.0})
    values = data.values[:, :, 0]
    assert -1 <= values.min() < -0.999
    assert 0.999 < values.max() <= 1
    assert values.mean() == pytest.approx(0, abs=0.01)


@given(some.integers(3, 12), some.integers(1, 60), seeds)
def test_what_is_copied_is_what_was_read(items: int, lag: int, seed: int) -> None:
    chosen = {"items": items, "lag": lag, "count": 200}
    for read, said in asked(make_task("copy_memory", chosen, seed)):
        found = re.fullmatch(rf"([a-h]{{{items}}})(·{{{lag - 1}}})▷(·{{{items}}})", read)
        assert found
        assert said == "_" * (items + lag) + found[1]


@given(some.integers(15, 60), some.integers(1, 100), seeds)
def test_each_bit_is_echoed_a_lag_later(bits: int, lag: int, seed: int) -> None:
    data = make_task("delayed_echo", {"bits": bits, "lag": lag, "count": 200}, seed)
    for read, said in asked(data):
        assert len(read) == bits + lag
        assert said == "_" * lag + read[:-lag]


@given(some.integers(12, 100), seeds)
def test_odd_is_what_has_an_odd_number_of_ones(length: int, seed: int) -> None:
    data = make_task("parity", {"length": length, "count": 300}, seed)
    assert data.answers is not None
    for bits, (answer,) in zip(data.values[:, :, 0].tolist(), data.answers.tolist(), strict=True):
        assert set(bits) <= {0, 1}
        odd = False
        for bit in bits:
            odd ^= bit == 1
        assert data.classes[int(answer)] == ("odd" if odd else "even")


def test_every_number_of_ones_comes_equally_often() -> None:
    ones = make_task("parity", {"length": 15, "count": 8000}).values.sum(axis=(1, 2))
    counts = np.bincount(ones, minlength=16)
    np.testing.assert_allclose(counts / 8000, 1 / 16, atol=0.012)


@given(some.integers(1, 20), some.integers(1, 200), seeds)
def test_the_class_is_told_by_the_first_values_and_then_comes_noise(
    signal: int, lag: int, seed: int
) -> None:
    data = make_task("two_sequence", {"signal": signal, "lag": lag, "count": 200}, seed)
    assert data.answers is not None
    assert data.window == signal + lag
    for sequence, (answer,) in zip(data.values[:, :, 0], data.answers, strict=True):
        assert set(sequence[:signal]) == ({1.0} if answer else {-1.0})
        assert data.classes[int(answer)] == f"began with {sequence[0]:.0f}"


def test_the_noise_of_the_latch_has_a_variance_of_a_fifth_and_tells_nothing() -> None:
    data = make_task("two_sequence", {"signal": 3, "lag": 10, "count": 20_000})
    assert data.answers is not None
    noise = data.values[:, 3:, 0]
    assert noise.mean() == pytest.approx(0, abs=0.01)
    assert noise.var() == pytest.approx(0.2, rel=0.02)
    told = [np.corrcoef(noise[:, t], data.answers[:, 0])[0, 1] for t in range(10)]
    np.testing.assert_allclose(told, 0, atol=0.04)


@given(some.integers(2, 8), some.integers(1, 30), some.integers(1, 300), seeds)
def test_no_word_comes_twice(kinds: int, length: int, count: int, seed: int) -> None:
    try:
        words = different_words(kinds, length, count, np.random.default_rng(seed))
    except ConfigError:
        assert kinds**length < count
        return
    assert words.shape == (count, length)
    assert words.max() < kinds
    assert len({word.tobytes() for word in words}) == count


def test_all_words_there_are_can_be_asked_for() -> None:
    words = different_words(3, 4, 81, np.random.default_rng(0))
    assert {tuple(word) for word in words.tolist()} == set(np.ndindex(3, 3, 3, 3))


@given(some.lists(some.tuples(some.integers(0, 2), some.integers(0, 2)), min_size=1, max_size=40))
def test_rows_that_come_more_than_once_come_first(rows: list[tuple[int, int]]) -> None:
    order = repeated_first(np.array(rows))
    assert sorted(order) == list(range(len(rows)))
    once = [rows.count(rows[place]) == 1 for place in order]
    assert once == sorted(once)


def test_the_last_marked_value_is_the_answer_and_half_of_the_sequences_have_two_marks() -> None:
    data = make_task("last_marked", {"count": 400, "length": 9}, 1)
    values, marks = data.values[:, :, 0], data.values[:, :, 1]
    for value, mark, answer in zip(values, marks, data.answers[:, 0], strict=True):
        assert value[np.flatnonzero(mark)[-1]] == answer
    counts = marks.sum(axis=1)
    assert np.bincount(counts.astype(int)).tolist() == [0, 200, 200]
    assert (marks[:, -1] == 0).all(), "what is marked has to be held for a step at least"


@given(some.integers(10, 30), some.integers(5, 40), some.floats(0.02, 1.0), seeds)
def test_a_flip_flop_asks_for_the_sign_of_the_last_pulse_of_each_channel(
    count: int, length: int, pulses: float, seed: int
) -> None:
    chosen = {"count": count, "length": length, "pulses": pulses}
    data = make_task("flip_flop", chosen, seed)
    assert data.answers is not None and data.values.shape == (count, length, 3)
    for sequence, answers in zip(data.values.tolist(), data.answers.tolist(), strict=True):
        held = ["?"] * 3
        for step, answer in zip(sequence, answers, strict=True):
            assert set(step) <= {-1.0, 0.0, 1.0}
            for k, pulse in enumerate(step):
                held[k] = {1.0: "+", -1.0: "-", 0.0: held[k]}[pulse]
            assert data.classes[answer] == "".join(held)
