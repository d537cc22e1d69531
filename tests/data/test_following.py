"""Labels go on as pandas would have gone on: for any frequency, with and without gaps."""

import numpy as np
import pandas as pd
import pytest

from lstm_viz.data.following import following

FREQUENCIES = ("15min", "h", "D", "2D", "B", "W-FRI", "MS", "ME", "BME", "QS", "QE", "YS")
GAPPY = ("90s", "h", "D", "B", "W-TUE", "MS", "ME", "BMS", "BME", "QE", "YE")


@pytest.mark.parametrize("frequency", FREQUENCIES)
@pytest.mark.parametrize("known", [12, 60])
def test_a_regular_series_goes_on_as_pandas_counts(frequency: str, known: int) -> None:
    every = pd.date_range("2019-11-04", periods=known + 25, freq=frequency)
    ahead = following(every[:known].to_numpy(), known, 25)
    np.testing.assert_array_equal(ahead, every[known:].to_numpy())


@pytest.mark.parametrize("frequency", GAPPY)
def test_gaps_do_not_change_the_frequency(frequency: str) -> None:
    every = pd.date_range("2019-11-05", periods=85, freq=frequency)
    kept = np.setdiff1d(np.arange(60), [7, 21, 33, 44, 52, 55, 58])
    ahead = following(every[kept].to_numpy(), len(kept), 25)
    np.testing.assert_array_equal(ahead, every[60:].to_numpy())


def test_numbers_rows_and_what_has_no_frequency_go_on_in_their_usual_steps() -> None:
    years = following(np.array([1900.0, 1901, 1902, 1905]), 4, 2)
    assert years.tolist() == [1906, 1907]
    assert following(None, 7, 3).tolist() == [7, 8, 9]
    assert following(np.array([3.0, 3.0, 3.0]), 3, 2).tolist() == [4.0, 5.0]
    days = np.array(["2020-01-01", "2020-01-01", "2020-01-04", "2020-01-06"], "datetime64[ns]")
    assert following(days, 4, 1).astype("datetime64[h]").tolist() == [
        pd.Timestamp("2020-01-08 12:00").to_pydatetime()
    ]
    old = np.array(["0700-03-01", "0701-03-01", "0702-03-01"], "datetime64[s]")
    assert following(old, 3, 1).astype("datetime64[D]").astype(str).tolist() == ["0703-03-01"]
