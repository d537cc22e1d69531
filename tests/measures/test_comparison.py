"""A difference is told where it is more than chance, and not where it is not."""

import math
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.signal import lfilter
from scipy.stats import norm as normal
from scipy.stats import t

from lstm_viz.measures.comparison import Difference, Sample, margin

RANDOM = np.random.default_rng(0)


def test_of_independent_examples_the_standard_error_is_that_of_a_mean() -> None:
    one, other = RANDOM.normal(size=(2, 40))
    found = Sample(one).minus(Sample(other))
    assert found.mean == pytest.approx(one.mean() - other.mean())
    assert found.error == pytest.approx((one - other).std(ddof=1) / math.sqrt(40))


def test_a_pair_is_told_apart_although_each_alone_varies_more() -> None:
    hard = RANDOM.exponential(size=100)  # some examples are harder than others, for both
    assert Sample(hard).better_than(Sample(hard + 0.01 + 0.001 * RANDOM.normal(size=100)))
    assert hard.std() / 10 > 0.05


@pytest.mark.parametrize("ahead", [0.0, 5.0])
def test_the_margin_is_two_standard_errors(ahead: float) -> None:
    told = 0
    for seed in range(400):
        difference = np.random.default_rng(seed).normal(ahead / 10, 1, 100)
        told += Sample(difference).minus(Sample(np.zeros(100))).sign != 0
    assert told / 400 == pytest.approx(0.05, abs=0.03) if ahead == 0 else told / 400 > 0.99


def series(phi: float, count: int, seed: int) -> np.ndarray:
    noise = np.random.default_rng(seed).normal(size=count + 200)
    return lfilter([1.0], [1.0, -phi], noise)[200:]


def told(make: Callable[[int], np.ndarray], seeds: int = 300) -> float:
    """In what share of series that are 0 on average a difference from 0 is told."""
    signs = [
        Sample(values := make(seed), in_order=True).minus(Sample(np.zeros(len(values)))).sign
        for seed in range(seeds)
    ]
    return float(np.mean(np.array(signs) != 0))


@pytest.mark.parametrize(
    ("phi", "count"), [(0.0, 7), (0.0, 100), (0.9, 30), (0.95, 100), (-0.5, 50)]
)
def test_what_remembers_its_neighbours_is_hardly_ever_told_from_nothing(phi, count) -> None:
    assert told(lambda seed: series(phi, count, seed)) < 0.15
    ignored = [
        Sample(series(0.95, 100, seed)).minus(Sample(np.zeros(100))).sign for seed in range(99)
    ]
    assert np.mean(np.array(ignored) != 0) > 0.5, "as if its values were independent"


def test_windows_that_overlap_count_as_fewer_examples() -> None:
    def smooth(seed: int) -> np.ndarray:
        return np.convolve(np.random.default_rng(seed).normal(size=205), np.ones(6), "valid")

    assert told(smooth) < 0.12
    assert told(lambda seed: smooth(seed) + 2.0) > 0.9


def test_a_swing_around_a_mean_does_not_hide_it() -> None:
    swing = 0.05 + np.sin(np.arange(304) * 2 * np.pi / 8)
    assert Sample(swing, in_order=True).minus(Sample(np.zeros(304))).sign == 1
    assert Sample(swing).minus(Sample(np.zeros(304))).sign == 0


def test_examples_count_as_often_as_they_have_answers() -> None:
    values, weights = np.array([1.0, 0.5, 0.0, np.nan]), np.array([2, 2, 6, 0])
    assert Sample(values, weights).mean == pytest.approx(0.3)
    repeated = np.repeat(RANDOM.normal(size=20), 3)
    single = Sample(repeated[::3], np.full(20, 3)).minus(Sample(np.zeros(20), np.full(20, 3)))
    assert single.mean == pytest.approx(repeated.mean())
    assert single.error == pytest.approx(repeated[::3].std(ddof=1) / math.sqrt(20))


@given(st.floats(-1e6, 1e6), st.integers(0, 30))
def test_equal_scores_are_not_better(value: float, count: int) -> None:
    same = Sample(np.full(count, value))
    assert not same.better_than(same)


def test_a_constant_lead_is_a_lead_and_a_handful_of_examples_shows_nothing() -> None:
    assert Sample(np.full(5, 0.1)).better_than(Sample(np.full(5, 0.2)))
    assert not Sample(np.full(4, 0.1)).better_than(Sample(np.full(4, 0.2)))


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_what_is_no_number_is_neither_better_nor_worse(bad: float) -> None:
    broken, fine = Sample(np.array([bad] * 9)), Sample(np.ones(9))
    assert [broken.minus(fine).sign, fine.minus(broken).sign, broken.minus(broken).sign] == [0] * 3
    assert math.isnan(Sample(np.zeros(0)).mean)


def test_the_sign_needs_more_than_the_margin() -> None:
    assert [Difference(2.0, 1.0).sign, Difference(2.1, 1.0).sign] == [0, 1]
    assert Difference(-2.1, 1.0).sign == -1


def test_few_examples_and_many_comparisons_need_more() -> None:
    assert Difference(2.5, 1.0, freedom=4).sign == 0
    assert Difference(2.5, 1.0).sign_among(20) == 0
    assert margin(4) == pytest.approx(t.isf(normal.sf(2.0), 4), rel=0.03)
    assert margin(math.inf, among=20) == pytest.approx(normal.isf(normal.sf(2.0) / 20))
