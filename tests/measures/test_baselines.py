"""Simple forecasts: exact where they should be, and blind to the rows they forecast."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lstm_viz.errors import ConfigError
from lstm_viz.measures.baselines import naive, seasonal_naive

rows = st.integers(5, 40)
horizons = st.integers(1, 30)
seasons = st.integers(1, 20)


@given(rows, horizons, seasons, st.data())
def test_no_forecast_looks_at_the_rows_it_forecasts(
    count: int, horizon: int, season: int, data: st.DataObject
) -> None:
    origin = data.draw(st.integers(1, count))
    series = np.random.default_rng(count).normal(size=count)
    changed = series.copy()
    changed[origin:] = 1e9
    at = np.array([origin])
    assert (naive(series, at, horizon) == naive(changed, at, horizon)).all()
    one, other = (seasonal_naive(each, at, horizon, season) for each in (series, changed))
    assert (one == other).all()


@given(horizons, seasons)
def test_a_periodic_series_is_forecast_exactly(horizon: int, season: int) -> None:
    pattern = np.random.default_rng(season).normal(size=season)
    series = np.tile(pattern, 60 // season + 3)
    origins = np.arange(season, len(series) - horizon)
    truth = series[origins[:, None] + np.arange(horizon)]
    np.testing.assert_array_equal(seasonal_naive(series, origins, horizon, season), truth)


@given(rows, horizons)
def test_a_season_of_one_row_is_the_naive_forecast(count: int, horizon: int) -> None:
    series, origins = np.random.default_rng(0).normal(size=count), np.arange(1, count + 1)
    found = seasonal_naive(series, origins, horizon, 1)
    assert found.shape == (count, horizon)
    np.testing.assert_array_equal(found, naive(series, origins, horizon))


def test_before_a_season_is_known_the_last_value_is_repeated() -> None:
    series = np.array([1.0, 2.0, 3.0, 4.0])
    assert seasonal_naive(series, np.array([2]), 4, season=3).tolist() == [[2.0, 1.0, 2.0, 2.0]]


@pytest.mark.parametrize("origin", [0, -1, 5])
def test_a_forecast_needs_a_known_row(origin: int) -> None:
    with pytest.raises(ConfigError, match=f"rows 1 to 4, got {origin}"):
        naive(np.ones(4), np.array([2, origin]), 1)
    with pytest.raises(ConfigError, match="rows 1 to 4"):
        seasonal_naive(np.ones(4), np.array([origin]), 1, 2)


def test_a_season_has_a_row() -> None:
    with pytest.raises(ConfigError, match="at least 1"):
        seasonal_naive(np.ones(4), np.array([2]), 1, 0)
