"""Labels go on as pandas would have gone on: for any frequency, with and without gaps."""

import numpy as np
import pandas as pd
import pytest

from lstm_viz.data.following import distance_of, following

FREQUENCIES = ("15min", "h", "D", "2D", "B", "W-FRI", "MS", "ME", "BME", "QS", "QE", "YS")
GAPPY = ("90s", "h", "D", "B", "W-TUE", "MS", "ME", "BMS", "BME", "QE", "YE")


@pytest.mark.parametrize("frequency", FREQUENCIES)
@pytest.mark.parametrize("known", [12, 60])
def test_a_regular_series_goes_on_as_pandas_counts(frequency: str, known: int) -> None:
    every = pd.date_range("2019-11-04", periods=known + 25, freq=frequency)
    ahead = following(every[:known].to_numpy(), known, 25)
    np.testing.assert_array_equal(ahead, every[known:].to_numpy())


@pytest.mark.parametrize("known", [4, 6, 8, 10])
def test_a_few_working_days_go_on_over_the_next_weekend(known: int) -> None:
    every = pd.bdate_range("2024-03-07", periods=known + 9)  # a Thursday
    ahead = following(every[:known].to_numpy(), known, 9)
    np.testing.assert_array_equal(ahead, every[known:].to_numpy())
    uneven = every[:8].delete(5).to_numpy()
    assert distance_of(uneven) is not None, "a day is missing: these may be no working days"


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


DAYS = pd.date_range("2022-12-01", periods=500, freq="D")
THIRTIETHS = [
    min(month.start_time + pd.Timedelta(29, "D"), month.end_time.normalize())
    for month in pd.period_range("2015-01", periods=90, freq="M")
]
OFFICE = pd.date_range("2023-01-02", periods=9000, freq="h")
PATTERNS = {
    "the 30th": pd.DatetimeIndex(THIRTIETHS),
    "third Fridays": pd.date_range("2015-01-01", periods=90, freq="WOM-3FRI"),
    "Monday and Thursday": DAYS[DAYS.day_of_week.isin([0, 3])],
    "Monday to Saturday": DAYS[DAYS.day_of_week != 6],
    "Sunday to Thursday": DAYS[~DAYS.day_of_week.isin([4, 5])],
    "the 1st and the 15th": pd.date_range("2019-01-01", periods=120, freq="SMS"),
    "the 15th and the last": pd.date_range("2019-01-01", periods=120, freq="SME"),
    "office hours": OFFICE[(OFFICE.day_of_week < 5) & OFFICE.hour.isin(range(9, 17))],
    "twice a day": OFFICE[OFFICE.hour.isin([6, 18])],
}


@pytest.mark.parametrize("name", PATTERNS)
@pytest.mark.parametrize("left_out", [[], [13, 40]])
def test_days_and_hours_that_the_rows_keep_to_go_on(name: str, left_out: list[int]) -> None:
    every, known = PATTERNS[name], 60 if "office" not in name else 300
    for end in (known, known + 1):  # also in the middle of a week, a month, a day
        kept = every[np.setdiff1d(np.arange(end), left_out)].to_numpy()
        ahead = following(kept, len(kept), 25)
        np.testing.assert_array_equal(ahead, every[end : end + 25].to_numpy())
        assert distance_of(kept) is None


def test_what_keeps_no_pattern_says_what_it_is_counted_on_by() -> None:
    rng = np.random.default_rng(0)
    days = np.datetime64("2020-01-01", "s") + np.cumsum(rng.choice([1, 1, 1, 9], 60)) * 86400
    found = distance_of(days)
    assert found is not None and found.usual == np.timedelta64(1, "D")
    assert found.share == (np.diff(days) == np.timedelta64(1, "D")).mean() < 1
    assert following(days, 60, 1)[0] == days[-1] + np.timedelta64(1, "D")
    stray = OFFICE[:60].insert(30, OFFICE[29] + pd.Timedelta(7, "min")).to_numpy()
    assert distance_of(stray) is not None, "one row at another minute makes no hour of the day"
    for certain in (OFFICE[:40].to_numpy(), np.arange(5.0), None):
        assert distance_of(certain) is None
