"""What is flagged is what stands out, and nothing else."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lstm_viz.measures.anomalies import anomalies, said_threshold, threshold


def test_for_normal_residuals_the_threshold_is_k_standard_deviations() -> None:
    residuals = np.random.default_rng(0).normal(0.0, 3.0, size=100_000)
    assert threshold(residuals, k=3.5) == pytest.approx(3.5 * 3, rel=0.02)
    share = len(anomalies(residuals, threshold(residuals, k=2.0))) / 100_000
    assert share == pytest.approx(0.0455, abs=0.003)


@given(st.floats(-1, 1), st.sets(st.integers(0, 99), max_size=30))
def test_planted_anomalies_are_found(bias: float, planted: set[int]) -> None:
    residuals = bias + np.random.default_rng(1).uniform(-1, 1, 100)
    residuals[list(planted)] += 50
    assert set(anomalies(residuals, threshold(residuals))) == planted


def test_the_band_lies_around_zero_and_not_around_a_bias() -> None:
    """Forecasts that are all 0.1 too low fail as they usually do, but one that is right stands
    nearer to 0 than all others and is no anomaly.
    """
    residuals = np.full(40, -0.1)
    residuals[7] = 0.0
    assert anomalies(residuals, threshold(residuals)).tolist() == []
    residuals[7] = 0.6
    assert anomalies(residuals, threshold(residuals)).tolist() == [7]


def test_one_jump_in_silence_is_found() -> None:
    residuals = np.zeros(50)
    assert anomalies(residuals, threshold(residuals)).tolist() == []
    residuals[7] = 1
    assert anomalies(residuals, threshold(residuals)).tolist() == [7]


def test_what_is_no_number_is_an_anomaly_and_moves_no_threshold() -> None:
    residuals = np.array([1.0, -1.0, np.nan, 2.0, -2.0, np.inf])
    assert threshold(residuals) == threshold(np.array([1.0, -1.0, 2.0, -2.0]))
    assert anomalies(residuals, 5.0).tolist() == [2, 5]
    nothing = np.full(2, np.nan)
    assert np.isnan(threshold(nothing))
    assert anomalies(nothing, threshold(nothing)).tolist() == [0, 1]


def test_the_threshold_says_how_many_it_flags_where_it_comes_from() -> None:
    usual = np.append(np.random.default_rng(0).normal(size=99), [50.0])
    assert said_threshold(usual, threshold(usual, 5)).endswith("comes from, 1 of 100.")
    assert said_threshold(usual[:-1], threshold(usual, 5)).endswith("comes from, 0 of 99.")
