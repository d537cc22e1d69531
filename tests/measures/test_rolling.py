"""Errors by cut point: every forecast counted once, in its own stretch."""

import numpy as np
import pytest

from lstm_viz.figures.rolling import rolling
from lstm_viz.measures.rolling import FEWEST, MOST, cut_points, means, said_rolling


@pytest.mark.parametrize("count", [10, 11, 37, 40, 41, 500])
def test_stretches_are_of_like_length_and_hold_every_forecast_once(count: int) -> None:
    cuts = cut_points(count)
    lengths = np.diff([*cuts, count])
    assert 2 <= len(cuts) <= MOST
    assert lengths.sum() == count and lengths.min() >= FEWEST
    assert np.ptp(lengths) <= 1
    errors = np.random.default_rng(0).random(count)
    assert np.average(means(errors, cuts), weights=lengths) == pytest.approx(errors.mean())


def test_an_error_that_grows_is_told_from_one_that_stays() -> None:
    """It is better at first; the other one stays where it is."""
    cuts = cut_points(40)
    growing, steady = means(np.linspace(0, 2, 40), cuts), means(np.full(40, 1.0), cuts)
    said = said_rolling(growing, steady)
    assert said.startswith("From 8 cut points: MAE 0.103 to 1.9, 4")
    assert "MAE 1 to 1, 8" in said_rolling(steady, steady + 1)
    table = rolling(cuts + 100, {"prediction": growing, "naive": steady})["datasets"]["rolling"]
    drawn = table[table["name"] == "the network"]
    np.testing.assert_array_equal(drawn["row"], cuts + 100)
    np.testing.assert_array_equal(drawn["value"], growing)
