"""Forecast charts: the values, where they stand, and what is left out."""

from typing import Any

import numpy as np

from lstm_viz.figures import forecasts
from lstm_viz.figures.fan import fan
from lstm_viz.figures.timeline import Timeline
from lstm_viz.figures.vega import Spec
from tests.figures.reading_charts import layer_of, legend

X = np.array([1.0, 3.0, 2.0, 5.0])
AT = np.arange(20, 24)


def lines_of(chart: Spec, table: str = "forecast") -> dict[str, list[tuple[float, float]]]:
    rows: list[dict[str, Any]] = chart["datasets"][table].to_dict("records")
    found: dict[str, list[tuple[float, float]]] = {}
    for row in rows:
        found.setdefault(row["name"], []).append((row["row"], row["value"]))
    return found


def test_one_step_shows_the_naive_forecast_below_the_truth_and_names_it_last() -> None:
    chart = forecasts.one_step(AT, X, X + 1, X - 1)
    assert list(lines_of(chart)) == ["naive forecast", "truth", "prediction"]
    assert lines_of(chart)["prediction"] == [(20, 2.0), (21, 4.0), (22, 3.0), (23, 6.0)]
    assert legend(chart) == ["truth", "prediction", "naive forecast"]


def test_a_long_forecast_is_thinned_at_the_same_rows_for_all_lines() -> None:
    walk = np.random.default_rng(0).normal(size=50_000).cumsum()
    found = lines_of(forecasts.one_step(np.arange(50_000), walk, walk[::-1], walk))
    assert len(found["truth"]) <= 2000
    assert [row for row, _value in found["truth"]] == [row for row, _v in found["prediction"]]
    assert walk.max() in {value for _row, value in found["truth"]}


def test_running_free_the_truth_goes_on_from_the_last_known_row_until_the_series_ends() -> None:
    chart = forecasts.from_origin(AT, X, AT + 4, np.array([7.0, 8.0]), X + 9)
    assert lines_of(chart) == {
        "known": [(20, 1.0), (21, 3.0), (22, 2.0), (23, 5.0)],
        "truth": [(23, 5.0), (24, 7.0), (25, 8.0)],
        "prediction": [(24, 10.0), (25, 12.0), (26, 11.0), (27, 14.0)],
    }
    begins = chart["datasets"]["begins"].to_dict("records")
    assert begins == [{"row": 23.5, "label": "the forecast begins"}]
    assert "truth" not in lines_of(forecasts.from_origin(AT, X, AT + 4, None, X))


def test_rows_stand_at_their_dates_and_a_forecast_goes_on_beyond_the_last() -> None:
    days = Timeline(np.arange(np.datetime64("2020-01-01"), np.datetime64("2020-01-27")))
    chart = forecasts.from_origin(AT, X, AT + 4, X[:2], X, "°C", days)
    rows = lines_of(chart)["prediction"]
    assert [str(row.date()) for row, _value in rows] == [f"2020-01-{day}" for day in range(25, 29)]
    assert str(chart["datasets"]["begins"]["row"][0]) == "2020-01-24 12:00:00"
    assert layer_of(chart, "line")["encoding"]["x"]["type"] == "temporal"
    one_step = forecasts.one_step(AT, X, X, X, "°C", days)["datasets"]["forecast"]
    assert set(one_step["row"]) == set(days.at(AT))


def test_a_fan_has_a_line_of_its_own_for_each_origin_over_what_came() -> None:
    chart = fan(np.arange(18, 26), np.arange(8.0), np.array([20, 22]), np.stack([X, X + 1]))
    table = chart["datasets"]["fan"]
    drawn = table[table["name"] == "prediction"]
    assert drawn.groupby("line")["row"].agg(list).to_dict() == {
        20: [20, 21, 22, 23],
        22: [22, 23, 24, 25],
    }
    assert drawn.groupby("line")["value"].agg(list).to_dict() == {20: [*X], 22: [*X + 1]}
    assert table[table["name"] == "truth"]["value"].tolist() == list(range(8))


def test_a_single_forecast_is_a_dot() -> None:
    chart = forecasts.from_origin(AT[:1], X[:1], AT[1:2], X[1:2], X[:1])
    assert layer_of(chart, "line")["mark"]["point"]


def test_each_title_has_a_chart_of_its_forecast_on_the_axes_of_all() -> None:
    runs = np.stack([X, X + 1, X + 2])
    charts = forecasts.small_multiples(["0", "1", "2.5"], AT, X, runs, "°C")
    assert [chart["title"] for chart in charts] == ["0", "1", "2.5"]
    for chart, forecast in zip(charts, runs, strict=True):
        assert lines_of(chart)["prediction"] == list(zip(AT, forecast, strict=True))
        assert lines_of(chart)["truth"] == list(zip(AT, X, strict=True))
    looks = [{**chart, "title": "", "datasets": None} for chart in charts]
    assert looks[0] == looks[1] == looks[2]


def test_a_forecast_far_off_leaves_its_chart_and_moves_no_axis() -> None:
    far = np.array([2.0, 1e9, np.nan, -1e9])
    calm, wild = forecasts.small_multiples(["0", "1"], AT, X, np.stack([X, far]))
    drawn = [value for _row, value in lines_of(wild)["prediction"]]
    assert drawn[0] == 2.0
    assert np.isnan(drawn[1:]).all()  # the line is broken: nothing leads there
    for chart in (calm, wild):
        low, high = layer_of(chart, "line")["encoding"]["y"]["scale"]["domain"]
        assert -2 < low < 1
        assert 5 < high < 9


def test_per_horizon_counts_steps_from_one_and_starts_its_axis_at_zero() -> None:
    chart = forecasts.per_horizon(X, X + 1, X + 2, "°C")
    table = chart["datasets"]["horizons"]
    assert sorted(set(table["ahead"])) == [1, 2, 3, 4]
    network = table[table["name"] == "the network"]
    np.testing.assert_array_equal(network["value"], X)
    assert layer_of(chart, "line")["encoding"]["y"]["scale"]["domainMin"] == 0
    assert len(set(forecasts.per_horizon(X, X)["datasets"]["horizons"]["name"])) == 2
