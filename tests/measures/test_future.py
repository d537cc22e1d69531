"""The next steps as a table: what is drawn, to the last digit, with the series' own dates."""

import io
from dataclasses import replace

import numpy as np
import pandas as pd

from lstm_viz.data.following import distance_of
from lstm_viz.figures import forecasts
from lstm_viz.figures.timeline import Timeline
from lstm_viz.measures.future import Future, said_dates, said_finite, said_how

MONTHS = pd.date_range("2020-01-31", periods=40, freq="ME")
RANDOM = np.random.default_rng(0)
FOUND = Future(
    Timeline(MONTHS[:35].to_numpy()).at(np.arange(35, 40)),
    RANDOM.normal(size=5),
    np.array([0.1, 0.2, 0.3, np.nan, np.nan]),
    np.full(5, 1 / 3),
    RANDOM.normal(size=5),
)


def test_the_csv_read_back_is_what_is_drawn_at_the_dates_pandas_counts() -> None:
    read = pd.read_csv(io.StringIO(FOUND.csv), parse_dates=["time"])
    assert list(read) == ["time", "forecast", "lower", "upper", "naive", "seasonal naive"]
    assert (read["time"] == MONTHS[35:]).all()
    chart = forecasts.future(
        np.arange(30, 35), np.zeros(5), np.arange(35, 40), FOUND.table, "90% band", "°C",
        Timeline(MONTHS[:35].to_numpy()),
    )  # fmt: skip
    drawn = chart["datasets"]["forecast"].pivot(index="row", columns="name", values="value")
    for column, name in {
        "forecast": "prediction", "naive": "naive forecast",
        "seasonal naive": "seasonal naive forecast",
    }.items():  # fmt: skip
        np.testing.assert_array_equal(drawn[name].loc[MONTHS[35:]], read[column])
    band = chart["datasets"]["band"]
    assert (band["row"] == MONTHS[35:38]).all()
    np.testing.assert_array_equal(band[["lower", "upper"]], read[["lower", "upper"]][:3])
    np.testing.assert_array_equal(band["upper"] - band["lower"], FOUND.upper[:3] - FOUND.lower[:3])


def test_rows_without_dates_are_numbered_and_what_is_not_finite_is_left_empty() -> None:
    forecast = np.array([1.0, np.inf])
    plain = Future(np.array([7, 8]), forecast, np.full(2, np.nan), np.zeros(2))
    assert plain.csv == "time,forecast,lower,upper,naive\n7,1.0,,,0.0\n8,,,,0.0\n"
    years = replace(plain, labels=np.array([2009.0, 2010.0]))
    assert years.csv == plain.csv.replace("\n7,", "\n2009,").replace("\n8,", "\n2010,")
    assert "\n0.5," in replace(plain, labels=np.array([0.5, 1.0])).csv
    assert said_finite(plain.forecast) == "From step 2 on the forecast is not finite."
    assert said_finite(replace(plain, forecast=np.ones(2)).forecast) == ""


def test_how_the_steps_come_about_is_said_of_the_horizon_that_there_is() -> None:
    assert said_how(1, 1, 1) == "Forecast from the last row."
    assert said_how(4, 12, 30) == "Forecast from the last 30 rows. Steps at once: 4."
    assert "free running" not in said_how(12, 12, 30)
    further = "Steps at once: {}; from step {} on free running, from its own forecasts."
    assert said_how(13, 12, 30).endswith(f" 30 rows. {further.format(12, 13)}")
    assert said_how(2, 1, 1).endswith(f" row. {further.format(1, 2)}")


def test_dates_without_a_pattern_say_what_they_are_counted_by() -> None:
    hours = np.datetime64("2020-01-01", "s") + np.cumsum([6, 6, 1, 6, 6, 2, 6, 6, 6, 11]) * 3600
    assert said_dates(distance_of(hours)) == (
        "Dates beyond the last row: 6 h apart, as 67% of the last rows are."
    )
    assert said_dates(distance_of(hours[:2])) == "", "evenly spaced"
    mondays = pd.date_range("2020-01-06", periods=30, freq="2W-MON").append(
        pd.date_range("2020-01-09", periods=30, freq="2W-THU")
    )
    weekdays = pd.date_range("2020-01-06", periods=60, freq="B")
    assert said_dates(distance_of(weekdays.to_numpy())) == ""
    assert "3 d" in said_dates(distance_of(mondays.sort_values().to_numpy()))
