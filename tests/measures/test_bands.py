"""Conformal bands: the quantile against NumPy's, and the coverage on series that are known."""

import numpy as np
import pytest

from lstm_viz.measures.bands import (
    fewest,
    half_width,
    half_widths,
    inside,
    said_band,
    said_coverage,
)

RANDOM = np.random.default_rng(0)


@pytest.mark.parametrize("count", [9, 10, 19, 69, 100, 1000])
@pytest.mark.parametrize("meant", [0.5, 0.8, 0.9])
def test_the_half_width_is_the_quantile_of_the_residuals_with_one_more_at_infinity(
    count: int, meant: float
) -> None:
    residuals = RANDOM.standard_t(3, size=count)
    with_next = np.append(np.abs(residuals), np.inf)
    expected = np.quantile(with_next, meant, method="inverted_cdf")
    assert half_width(residuals, meant) == expected


def test_too_few_residuals_give_no_band_and_the_fewest_give_their_largest() -> None:
    residuals = np.arange(-4.0, 5.0)
    assert half_width(residuals) == 4.0
    assert np.isnan(half_width(residuals[1:]))
    assert len(residuals) == fewest()
    assert half_width(np.append(np.zeros(20), [np.nan] * 5)) == np.inf


def test_the_band_holds_what_is_meant_of_a_series_like_the_one_it_was_made_of() -> None:
    """Skewed errors that grow with the steps ahead: no normal distribution is asked for."""
    shares = []
    for seed in range(40):
        truth = np.random.default_rng(seed).exponential(size=(150, 4)) * np.arange(1, 5)
        widths = half_widths(truth[:50], np.ones((50, 4)))
        within, count = inside(truth[50:], np.ones((100, 4)), widths)
        assert count == 400
        shares.append(within / count)
    assert np.mean(shares) == pytest.approx(0.9, abs=0.02)
    assert np.all(np.diff(widths) > 0)


def test_steps_beyond_the_part_count_for_nothing() -> None:
    truth = np.where(np.arange(3) + np.arange(20)[:, None] < 20, 1.0, np.nan)
    truth[:, 2] = np.where(np.arange(20) < 8, 1.0, np.nan)
    forecast = np.full((20, 3), 1.5)
    widths = half_widths(truth, forecast)
    np.testing.assert_array_equal(widths, [0.5, 0.5, np.nan])
    assert inside(truth, forecast, widths) == (39, 39)
    assert inside(truth, forecast + np.nan, widths) == (0, 39)


def test_what_the_band_is_made_of_is_said_and_of_no_band_why_there_is_none() -> None:
    whole = said_band(np.ones(3), 40, (90, 100))
    assert "from up to 40 validation errors" in whole
    assert "The band held 90% of 100 test values; 90% were meant." in whole
    assert "too few" not in whole
    part = said_band(np.array([1.0, 1.0, np.nan]), 10, (1, 1))
    assert "Too few for a band from step 3 on." in part
    assert "The band held 100% of 1 test value" in part
    endless = said_band(np.array([1.0, np.inf]), 10, (1, 1))
    assert "Not finite from step 2 on: no band." in endless
    few = said_band(np.full(2, np.nan), 8, (0, 0))
    assert few.startswith("No band: it takes 9 validation errors")
    assert "there are 8" in few
    assert "not finite" in said_band(np.full(2, np.inf), 40, (0, 0))


def test_nearly_all_is_not_called_all_and_of_no_test_set_no_share_is_said() -> None:
    assert "held > 99% of 10,000 test values" in said_coverage(9_999, 10_000)
    assert "held 100% of" in said_coverage(10_000, 10_000)
    assert "held < 1% of" in said_coverage(1, 10_000)
    assert said_coverage(0, 0) == "No test set tells what it holds."
