"""Forecast charts: the values, where they stand, and what is left out."""

from typing import Any

import numpy as np
import pytest

from lstm_viz.figures import forecasts
from lstm_viz.figures.panels import Panels, round_ends
from lstm_viz.figures.timeline import Timeline
from lstm_viz.figures.vega import Spec

X = np.array([1.0, 3.0, 2.0, 5.0])
AT = np.arange(20, 24)


def lines_of(chart: Spec, table: str = "forecast") -> dict[str, list[tuple[float, float]]]:
    rows: list[dict[str, Any]] = chart["datasets"][table].to_dict("records")
    found: dict[str, list[tuple[float, float]]] = {}
    for row in rows:
        found.setdefault(row["name"], []).append((row["row"], row["value"]))
    return found


def rules(chart: Spec) -> list[dict[str, Any]]:
    inline = [layer["data"].get("values", [{}])[0] for layer in chart["layer"]]
    return [row for row in inline if "at" in row]


def test_one_step_shows_the_naive_forecast_below_the_truth_and_names_it_last() -> None:
    chart = forecasts.one_step(AT, X, X + 1, X - 1)
    assert list(lines_of(chart)) == ["naive forecast", "truth", "prediction"]
    assert lines_of(chart)["prediction"] == [(20, 2.0), (21, 4.0), (22, 3.0), (23, 6.0)]
    legend = chart["layer"][0]["encoding"]["color"]["scale"]["domain"]
    assert legend == ["truth", "prediction", "naive forecast"]


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
    assert chart["layer"][0]["encoding"]["x"]["type"] == "temporal"
    one_step = forecasts.one_step(AT, X, X, X, "°C", days)["datasets"]["forecast"]
    assert set(one_step["row"]) == set(days.at(AT))


def test_a_single_forecast_is_a_dot() -> None:
    chart = forecasts.from_origin(AT[:1], X[:1], AT[1:2], X[1:2], X[:1])
    assert chart["layer"][0]["mark"]["point"]


def test_each_title_has_a_panel_in_which_its_forecast_stands_at_its_row_and_value() -> None:
    runs = np.stack([X, X + 1, X + 2, X + 3, X + 4])
    chart = forecasts.small_multiples(["0", "1", "2.5", "10", "20"], AT, X, runs, "°C")
    assert [row["title"] for row in chart["datasets"]["panels"].to_dict("records")] == [
        "0",
        "1",
        "2.5",
        "10",
        "20",
    ]
    table = chart["datasets"]["lines"]
    assert len(table) == 5 * 2 * 4
    forecast = table[(table["name"] == "prediction") & (table["panel"] == 3)]
    np.testing.assert_array_equal(forecast["value"], X + 3)
    assert (forecast["across"].min(), forecast["across"].max()) == (0, 1)  # below the first
    high = table[(table["name"] == "prediction") & (table["panel"] == 0)]
    assert (high["up"].to_numpy() > forecast["up"].max()).all()


def test_a_forecast_far_off_leaves_its_panel_and_not_the_chart() -> None:
    runs = np.stack([X, np.array([2.0, 1e9, np.nan, -1e9])])
    chart = forecasts.small_multiples(["0", "1"], AT, X, runs)
    table = chart["datasets"]["lines"]
    assert np.isnan(table["up"].to_numpy()).sum() == 3
    labels = chart["layer"][0]["encoding"]["y"]["axis"]["labelExpr"]
    assert "e+" not in labels
    assert [row["name"] for row in table[table["up"].isna()].to_dict("records")] == [
        "prediction"
    ] * 3


def test_axes_of_panels_are_labelled_with_the_values_inside_them() -> None:
    panels = Panels(["a", "b", "c"], 2, (0.0, 10.0), [(0.0, 1.0), (-50.0, 50.0)])
    assert panels.rows == 2
    x, y = panels.x_axis("row"), panels.y_axis("y")
    assert x["axis"]["labelExpr"].startswith('["0", "5", "10", "0", "5", "10"]')
    assert x["axis"]["values"][:3] == [0.0, 0.5, 1.0]
    assert y["axis"]["labelExpr"].startswith('["0", "0.5", "1", "-50", "0", "50"]')
    assert y["axis"]["values"][:3] == list(panels.up(0, np.array([0.0, 0.5, 1.0])))
    assert y["axis"]["values"][3:] == list(panels.up(2, np.array([-50.0, 0.0, 50.0])))
    assert np.isnan(panels.up(0, np.array([1.5, -0.5]))).all()


@pytest.mark.parametrize(
    ("low", "high"), [(0.0, 1.0), (5.0, 5.0), (0.0, 0.0), (-3e-9, 2e-9), (-7.0, 1e12)]
)
def test_round_ends_lie_around_their_values(low: float, high: float) -> None:
    bottom, top = round_ends(low, high)
    assert bottom <= low <= high < top


def test_per_horizon_counts_steps_from_one_and_starts_its_axis_at_zero() -> None:
    chart = forecasts.per_horizon(X, X + 1, X + 2, "°C")
    table = chart["datasets"]["horizons"]
    assert sorted(set(table["ahead"])) == [1, 2, 3, 4]
    network = table[table["name"] == "the network"]
    np.testing.assert_array_equal(network["value"], X)
    assert chart["layer"][0]["encoding"]["y"]["scale"]["domainMin"] == 0
    assert len(set(forecasts.per_horizon(X, X)["datasets"]["horizons"]["name"])) == 2


def test_residuals_show_what_is_flagged_and_the_limits_around_zero() -> None:
    residual = np.array([1.0, 1.0, 9.0, 1.0])
    chart = forecasts.residuals(AT, residual, 2.0, np.array([2]), "°C")
    assert chart["datasets"]["flagged"].to_dict("records") == [
        {"row": 22, "value": 9.0, "name": "anomaly"}
    ]
    assert [rule["at"] for rule in rules(chart)[::3]] == [2.0, -2.0]


def test_zero_is_in_sight_of_residuals_that_are_all_too_high() -> None:
    chart = forecasts.residuals(AT, np.array([7.0, 7.1, 7.2, 7.3]))
    assert chart["layer"][0]["encoding"]["y"]["scale"]["zero"] is True


def test_a_histogram_of_residuals_is_centred_at_zero_and_sums_to_one() -> None:
    table = forecasts.residual_histogram(np.array([0.0, 0.0, 4.0, -1.0, np.nan]))["datasets"][
        "bins"
    ]
    assert table["share"].sum() == pytest.approx(1)
    middle = table[(table["low"] < 0) & (table["high"] > 0)]
    assert middle["share"].tolist() == [0.5]
    assert (table["low"].min(), table["high"].max()) == (-4, 4)
