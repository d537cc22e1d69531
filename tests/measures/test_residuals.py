"""Bias, pattern and lag of residuals: found where they were put, and nowhere else."""

import numpy as np
import pytest
from scipy.signal import lfilter
from scipy.stats import chi2

from lstm_viz.measures.residuals import (
    LAGS,
    RARE,
    USUAL,
    best_lag,
    bias,
    pattern,
    portmanteau,
    said_bias,
    said_lag,
    said_mean,
    said_pattern,
)

RANDOM = np.random.default_rng(0)
NOISE = RANDOM.normal(size=300)
SEASON = np.tile(RANDOM.normal(size=30), 10)
SINE = np.sin(np.arange(300) / 8)


def test_a_bias_is_told_with_its_side_and_only_beyond_two_standard_errors() -> None:
    assert said_bias(NOISE - 0.5).startswith("Biased: −0.5")
    assert said_bias(NOISE + 0.5).startswith("Biased: +0.4")
    assert said_bias(NOISE) == ""
    assert said_bias(np.full(10, -0.1) - NOISE[:10] / 100).startswith("Biased: −0.101 on")
    assert said_bias(NOISE[:3] + 9) == "", "of three residuals nothing is known"


def test_residuals_nearly_all_on_one_side_are_counted_where_chance_cannot_be_ruled_out() -> None:
    drift = 1 + np.linspace(0, 5, 100)
    assert bias(drift).sign == 0
    assert said_bias(drift) == "100 of 100 forecasts are too high; mean error +3.5."
    assert said_bias(-drift) == "100 of 100 forecasts are too low; mean error −3.5."
    assert said_bias(drift - 2) == "", "a fifth lies on the other side"


def test_the_mean_of_the_residuals_is_told_with_its_sign_whether_it_is_a_bias_or_not() -> None:
    for residual in (NOISE, NOISE - 0.5):
        assert said_mean(residual).startswith(
            f"Bias: {residual.mean():+.3g} on average".replace("-", "−")
        )
    assert said_mean(NOISE[:3]) == ""


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
    assert "something is left to forecast" in said_pattern(SINE + NOISE)
    seasonal = pattern(SEASON + NOISE, season=30)
    assert seasonal is not None
    assert seasonal.lag == 30
    assert "repeat with the season of 30 rows" in said_pattern(SEASON + NOISE, season=30)


def test_white_residuals_are_not_said_to_hold_a_pattern_nor_that_all_was_learned() -> None:
    assert pattern(NOISE, season=30) is None
    words = said_pattern(NOISE, season=30)
    first = np.corrcoef(NOISE[1:], NOISE[:-1])[0, 1]
    assert words.startswith(f"Autocorrelation {first:.2f} at lag 1; over")
    assert "like white noise (Ljung-Box Q = " in words
    assert "learned" not in words
    assert said_pattern(NOISE[:20]) == "", "too few to tell"
    assert said_pattern(np.append(NOISE, np.nan)) == ""
    assert said_pattern(np.full(40, -0.735)) == "", "one value is no noise"


def test_residuals_that_may_hold_a_pattern_are_not_called_white() -> None:
    several = (remembers(0.3, 100, seed) for seed in range(50))
    between = next(each for each in several if USUAL < portmanteau(each) <= RARE)
    assert pattern(between) is None
    assert "perhaps a pattern (Ljung-Box Q = " in said_pattern(between)


def test_a_few_large_errors_make_no_bias_of_many_small_ones() -> None:
    residual = np.append(np.full(95, 0.1), np.full(5, -1.9))
    assert said_bias(residual) == "95 of 100 forecasts are too high; mean error 0."
    lower = said_bias(np.append(np.full(95, 0.1), np.full(5, -4.0)))
    assert "Biased" not in lower and "mean error −0.105" in lower
    assert "Biased" in said_bias(np.append(np.full(95, 0.1), np.full(5, -0.1)))


def late(series: np.ndarray, forecast: np.ndarray) -> str:
    """What is said of forecasts of the last rows of a series."""
    return said_lag(series, np.arange(len(series) - len(forecast), len(series)), forecast)


@pytest.mark.parametrize("lag", [1, 3])
@pytest.mark.parametrize("series", [NOISE.cumsum(), NOISE], ids=["walk", "noise"])
def test_a_forecast_that_repeats_an_earlier_value_is_told_with_its_lag(
    series: np.ndarray, lag: int
) -> None:
    earlier = series[20 - lag : -lag] + 0.01 * NOISE[20:]
    assert best_lag(series, np.arange(20, 300), earlier) == lag
    what = "the last value" if lag == 1 else "the value of 3 rows before"
    assert late(series, earlier).startswith(f"It repeats {what}: 0.00")


def test_what_is_right_flat_far_off_or_no_number_repeats_nothing() -> None:
    assert late(SINE, SINE[20:] + 0.01 * NOISE[20:]) == ""
    assert late(SINE, np.zeros(280)) == "", "a flat line follows nothing"
    assert late(-np.arange(300.0), np.full(280, 5.0)) == "", "nor one that is far off"
    assert late(NOISE, 0.1 * NOISE[19:-1]) == "", "it only leans towards it"
    remembered = remembers(0.7, 3000, 0)
    assert late(remembered, 0.7 * remembered[19:-1]) == "", "as near as can be"
    assert late(SINE, np.full(280, np.nan)) == ""
    assert said_lag(SINE, np.zeros(0, int), np.zeros(0)) == ""
