"""Autocorrelation by its definition, power by Parseval's theorem, seasons that are known."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from lstm_viz.data.generators.catalogue import generate
from lstm_viz.data.reading.missing import series_from
from lstm_viz.data.shipped import SHIPPED, load
from lstm_viz.measures.periods import autocorrelation, season_length, spectrum, white_noise_band

rows = arrays(np.float64, st.integers(3, 30), elements=st.integers(-50, 50).map(float))
WEEK = np.array([1.0, 1.2, 1.1, 1.0, 1.3, -1.5, -2.0])


def noise(seed: int, count: int = 400) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=count)


def by_definition(values: np.ndarray, lag: int) -> float:
    away = values - values.mean()
    return float(sum(away[t] * away[t + lag] for t in range(len(away) - lag)) / (away @ away))


@given(rows.filter(lambda values: np.ptp(values) > 0))
def test_the_autocorrelation_is_its_definition(values: np.ndarray) -> None:
    found = autocorrelation(values, len(values) + 2)
    expected = [by_definition(values, lag) for lag in range(len(values))]
    np.testing.assert_allclose(found, [*expected, 0, 0, 0], atol=1e-9)


@pytest.mark.parametrize("value", [0.0, 0.1, 1e9])
def test_a_constant_series_is_correlated_with_nothing(value: float) -> None:
    assert autocorrelation(np.full(50, value), 3).tolist() == [1, 0, 0, 0]


def test_of_white_noise_one_autocorrelation_in_twenty_leaves_the_band() -> None:
    r = np.concatenate([autocorrelation(noise(seed), 100)[1:] for seed in range(20)])
    assert np.mean(np.abs(r) > white_noise_band(400)) == pytest.approx(0.05, abs=0.02)


@given(rows)
def test_the_powers_of_all_periods_add_up_to_the_variance(values: np.ndarray) -> None:
    periods, power = spectrum(values)
    t = np.arange(len(values))
    left = values - np.polynomial.Polynomial.fit(t, values, 1)(t)
    assert power.sum() / len(values) == pytest.approx(left.var(), abs=1e-9)
    assert (np.diff(periods) > 0).all()
    assert periods[-1] == pytest.approx(len(values))


def test_the_spectrum_of_a_sine_is_at_its_period_also_on_a_slope() -> None:
    t = np.arange(600)
    periods, power = spectrum(np.sin(2 * np.pi * t / 25) + 0.5 * t)
    assert periods[power.argmax()] == pytest.approx(25)


@pytest.mark.parametrize("period", [2, 3, 4, 7, 12, 24, 52, 100])
def test_the_season_of_a_sine_is_its_period(period: int) -> None:
    assert season_length(np.sin(2 * np.pi * np.arange(1000) / period + 0.3)) == period


def test_the_series_that_come_along_have_the_seasons_they_are_known_for() -> None:
    assert season_length(generate("sine").column("value")) == 100
    assert season_length(
        series_from(load("sunspots"), SHIPPED["sunspots"].target).values[:, 0]
    ) in range(10, 13)


@pytest.mark.parametrize("seed", range(5))
def test_a_weekly_pattern_is_found_under_noise_as_strong_and_on_a_trend(seed: int) -> None:
    week = np.tile(WEEK, 58)[:400]
    assert season_length(week + noise(seed) + 0.01 * np.arange(400)) == 7


def test_the_season_of_a_jagged_pattern_is_not_one_of_its_overtones() -> None:
    assert season_length(np.tile([5.0, 0, 0, 0, 0, 0, 0], 60)) == 7
    assert season_length(np.tile([0.0, 1, 0, 1, 0, 2], 40)) == 6


@pytest.mark.parametrize("seed", range(25))
def test_what_remembers_its_last_value_alone_has_no_season(seed: int) -> None:
    steps = noise(seed)
    assert season_length(steps) is None
    assert season_length(steps.cumsum()) is None
    assert season_length(steps.cumsum() + np.arange(400)) is None


@pytest.mark.parametrize(
    "values",
    [
        np.ones(50),
        np.arange(50.0),
        np.arange(300.0) ** 2,
        np.exp(np.arange(200) / 30),
        np.arange(5.0),
        np.zeros(0),
        np.array([1.0, np.nan] * 20),
        np.cos(2 * np.pi * np.arange(120) / 60),  # twice is not yet a habit
    ],
)
def test_where_nothing_repeats_there_is_no_season(values: np.ndarray) -> None:
    assert season_length(values) is None
