"""Errors by hand, by definition, and of forecasts that are no numbers."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from lstm_viz.measures.baselines import naive
from lstm_viz.measures.scores import Scores, mase_scale, per_horizon, said_spread, scores

forecasts = arrays(np.float64, (4, 3), elements=st.floats(-100, 100).map(lambda x: round(x, 6)))


@given(forecasts, forecasts)
def test_the_errors_are_their_definitions(truth: np.ndarray, prediction: np.ndarray) -> None:
    found = scores(truth, prediction, scale=2.0)
    away = (prediction - truth).ravel()
    assert found.mae == pytest.approx(sum(map(abs, away)) / 12)
    assert found.rmse == pytest.approx(np.linalg.norm(away) / 12**0.5)
    assert found.mase == pytest.approx(found.mae / 2)
    assert found.mae <= found.rmse * (1 + 1e-9)


@given(forecasts, forecasts)
def test_the_error_of_all_is_the_mean_over_the_horizons(
    truth: np.ndarray, prediction: np.ndarray
) -> None:
    assert per_horizon(truth, prediction).shape == (3,)
    assert per_horizon(truth, prediction).mean() == pytest.approx(
        scores(truth, prediction, 1.0).mae
    )


@pytest.mark.parametrize("horizon", [1, 4])
def test_the_naive_forecast_of_the_training_part_has_a_mase_of_one_at_every_horizon(
    horizon: int,
) -> None:
    series = np.random.default_rng(0).normal(size=60).cumsum()
    apart = [
        scores(series[h:], series[:-h], mase_scale(series, horizon)).mase
        for h in range(1, horizon + 1)
    ]
    assert np.mean(apart) == pytest.approx(1)
    origins = np.arange(1, 61 - horizon)
    truth = series[origins[:, None] + np.arange(horizon)]
    guess = naive(series, origins, horizon)
    assert scores(truth, guess, mase_scale(series, horizon)).mase == pytest.approx(1, rel=0.05)


@pytest.mark.parametrize("broken", [np.nan, np.inf, -np.inf])
def test_a_diverged_forecast_costs_infinitely_much(broken: float) -> None:
    prediction = np.array([[1.0, broken], [1.0, 2.0]])
    assert scores(np.ones((2, 2)), prediction, 1.0) == Scores(np.inf, np.inf, np.inf)
    assert per_horizon(np.ones((2, 2)), prediction).tolist() == [0.0, np.inf]


def test_what_is_too_large_to_square_raises_nothing() -> None:
    found = scores(np.zeros(2), np.full(2, 1e200), 1.0)
    assert found == Scores(1e200, np.inf, 1e200)
    assert scores(np.zeros(1, np.float32), np.full(1, 3e38, np.float32), 1.0).rmse < np.inf


def test_of_nothing_nothing_is_known() -> None:
    assert np.isnan(scores(np.zeros((0, 2)), np.zeros((0, 2)), 1.0).mae)
    assert np.isnan(per_horizon(np.zeros((0, 2)), np.zeros((0, 2)))).all()
    assert np.isnan(mase_scale(np.zeros(3), horizon=3))


def test_a_series_that_stood_still_has_no_scale() -> None:
    assert mase_scale(np.ones(9)) == 0
    assert np.isnan(scores(np.ones(2), np.zeros(2), scale=0.0).mase)


def test_answers_that_are_nearly_the_same_are_told_and_others_are_not() -> None:
    truth = np.random.default_rng(0).uniform(size=200)
    assert "The answers hardly differ: they spread 1.0% as far" in said_spread(
        truth, 0.5 + 0.01 * truth
    )
    assert said_spread(truth, 0.2 + 0.5 * truth) == ""
    assert said_spread(truth, truth) == ""
    assert said_spread(np.ones(9), np.ones(9)) == "", "where all correct answers are the same"
    assert said_spread(truth[:3], np.zeros(3)) == ""
    assert said_spread(truth, np.full(200, np.nan)) == ""
