"""Bias, pattern and lag of residuals: found where they were put, and nowhere else."""

import numpy as np
import pytest
from scipy.signal import lfilter
from scipy.stats import chi2

from lstm_viz.data.generators.catalogue import generate
from lstm_viz.measures.residuals import (
    LAGS,
    RARE,
    USUAL,
    bias,
    is_like_random_walk,
    pattern,
    portmanteau,
    said_bias,
    said_lag,
    said_pattern,
    said_random_walk,
)

RANDOM = np.random.default_rng(0)
NOISE = RANDOM.normal(size=300)
SEASON = np.tile(RANDOM.normal(size=30), 10)
SINE = np.sin(np.arange(300) / 8)


def test_a_bias_is_told_with_its_side_and_only_beyond_two_standard_errors() -> None:
    assert said_bias(NOISE - 0.5).startswith("On average the forecast is 0.5")
    assert " too low " in said_bias(NOISE - 0.5)
    assert " too high " in said_bias(NOISE + 0.5)
    assert said_bias(NOISE).startswith("No measurable bias")
    assert said_bias(np.full(10, -0.1) - NOISE[:10] / 100).startswith("On average the forecast is")
    assert said_bias(NOISE[:3]) == "", "of three residuals nothing is known"


def test_residuals_that_depend_on_their_neighbours_need_more_to_be_called_biased() -> None:
    slow = np.convolve(RANDOM.normal(size=320), np.ones(21) / 21, "valid")
    assert bias(slow).error > 2 * slow.std() / np.sqrt(len(slow))


def remembers(phi: float, count: int, seed: int) -> np.ndarray:
    noise = np.random.default_rng(seed).normal(size=count + 200)
    return lfilter([1.0], [1.0, -phi], noise)[200:]


def test_what_only_remembers_its_last_values_has_no_season() -> None:
    for seed in range(30):
        left = remembers(0.95, 300, seed)
        assert "something is left" in said_pattern(left, season=12)
        assert "season" not in said_pattern(left, season=12)


def test_the_critical_values_are_those_of_chi_squared() -> None:
    assert chi2.sf([USUAL, RARE], LAGS) == pytest.approx([0.05, 0.001], rel=0.01)
    found = [portmanteau(np.random.default_rng(k).normal(size=200)) for k in range(500)]
    assert np.mean(np.array(found) > USUAL) == pytest.approx(0.05, abs=0.025)


def test_a_pattern_is_told_where_one_was_left() -> None:
    swing = pattern(SINE + NOISE)
    assert swing is not None
    assert swing.correlation > 0
    assert "something is left that could be forecast" in said_pattern(SINE + NOISE)
    seasonal = pattern(SEASON + NOISE, season=30)
    assert seasonal is not None
    assert seasonal.lag == 30
    assert "repeat with the season of 30 rows" in said_pattern(SEASON + NOISE, season=30)


def test_white_residuals_are_not_said_to_hold_a_pattern_nor_that_all_was_learned() -> None:
    assert pattern(NOISE, season=30) is None
    words = said_pattern(NOISE, season=30)
    assert words.startswith("No autocorrelation")
    assert "learned" not in words
    assert said_pattern(NOISE[:20]) == "", "too few to tell"
    assert said_pattern(np.append(NOISE, np.nan)) == ""


def test_a_forecast_that_repeats_the_last_value_follows_one_step_late() -> None:
    before, truth = SINE[:-1], SINE[1:]
    late = said_lag(truth, before + 0.01 * NOISE[1:], before)
    assert late.startswith("It follows one step late: on average it lies 0.00")
    assert said_lag(truth, truth + 0.01 * NOISE[1:], before) == ""
    assert said_lag(truth, np.zeros(299), before) == "", "a flat line follows nothing"
    falling = -np.arange(300.0)
    assert said_lag(falling[1:], np.full(299, 5.0), falling[:-1]) == "", "nor one that is far off"


def test_a_random_walk_is_told_from_what_can_be_forecast() -> None:
    walks = [generate("random_walk", seed=seed).values[:, 0] for seed in range(20)]
    assert sum(map(is_like_random_walk, walks)) >= 17
    assert "no forecast beats the last value" in said_random_walk(walks[0])
    for series in (SINE, NOISE, SEASON, np.zeros(300), NOISE.cumsum() + np.arange(300.0)):
        assert said_random_walk(series) == ""
    assert said_random_walk(np.arange(20.0)) == ""
    assert not any(is_like_random_walk(remembers(0.7, 120, seed)) for seed in range(20)), (
        "it returns"
    )
    chaos = np.full(300, 0.3)
    for k in range(299):  # without autocorrelation, and yet each value follows from the last
        chaos[k + 1] = 3.99 * chaos[k] * (1 - chaos[k])
    assert not is_like_random_walk((chaos - chaos.mean()).cumsum())
