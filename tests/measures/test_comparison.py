"""A difference is told where it is more than chance, and not where it is not."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lstm_viz.measures.comparison import Difference, Sample, lags_of_overlap

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


def test_what_depends_on_its_neighbours_counts_as_fewer_examples() -> None:
    walks, told = 300, {0: 0, 10: 0}
    for seed in range(walks):
        noise = np.random.default_rng(seed).normal(size=205)
        smooth = np.convolve(noise, np.ones(6), "valid")  # what overlaps, as windows do
        for lags in told:
            sample = Sample(smooth, lags=lags)
            told[lags] += sample.minus(Sample(np.zeros(len(smooth)), lags=lags)).sign != 0
    assert told[0] / walks > 0.25, "six times too many are told if dependence is ignored"
    assert told[10] / walks < 0.14


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


def test_overlapping_forecasts_reach_as_far_as_their_horizon() -> None:
    assert lags_of_overlap(500, 24) == 23
    assert lags_of_overlap(8) == 2
    assert lags_of_overlap(1) == 0
