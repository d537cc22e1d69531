"""Charts of a series: what is marked stands where it should."""

import numpy as np
import pytest

from lstm_viz.figures import structure
from lstm_viz.figures.timeline import Timeline
from tests.figures.reading_charts import rows, table_of, views

WALK = np.random.default_rng(0).normal(size=5000).cumsum()
YEARS = Timeline(np.arange(1900.0, 1910), "year")
DAYS = np.arange(np.datetime64("2020-01-01"), np.datetime64("2020-01-11"))


@pytest.mark.parametrize(("lags", "mark"), [(50, "rule"), (500, "line")])
def test_the_window_is_marked_among_the_lags_and_the_band_is_shaded(lags: int, mark: str) -> None:
    acf = 0.99 ** np.arange(lags + 1)
    chart = structure.autocorrelation(acf, window=30, band=0.02)
    assert rows(chart, "window") == [{"lag": 30, "label": "window: 30 rows"}]
    assert chart["datasets"]["band"].to_dict("records") == [{"low": -0.02, "high": 0.02}]
    np.testing.assert_allclose(chart["datasets"]["lags"]["r"], acf)
    assert [layer["mark"]["type"] for layer in chart["layer"]][1] == mark


def test_the_spectrum_marks_the_season_where_there_is_one() -> None:
    periods = 1000 / np.arange(500, 0, -1)
    chart = structure.spectrum(periods, np.ones(500), season=100)
    assert rows(chart, "season") == [{"period": 100, "label": "season: 100 rows"}]
    x = chart["layer"][0]["encoding"]["x"]
    assert x["scale"]["type"] == "log"
    assert x["scale"]["domain"] == [2.0, 1000.0]
    assert "season" not in structure.spectrum(periods, np.ones(500))["datasets"]
    assert (
        len(structure.spectrum(np.arange(2.0, 9000), np.ones(8998))["datasets"]["spectrum"]) <= 2000
    )


def test_the_parts_reach_from_row_to_row_and_an_empty_one_is_not_named() -> None:
    table = structure.parts(WALK, 3000, 4000, "walk")["datasets"]["parts"]
    assert table.to_numpy().tolist() == [
        [0, 3000, "training"],
        [3000, 4000, "validation"],
        [4000, 4999, "test"],
    ]
    table = structure.parts(WALK, 3000, 5000, "walk")["datasets"]["parts"]
    assert table["name"].tolist() == ["training", "validation"]


def test_a_long_series_is_thinned_and_keeps_its_extremes() -> None:
    table = structure.parts(WALK, 3000, 4000, "walk")["datasets"]["values"]
    assert len(table) <= 2000
    assert {WALK.min(), WALK.max()} <= set(table["value"])


def test_dates_are_on_the_time_axis() -> None:
    chart = structure.parts(np.arange(10.0), 6, 8, "°C", Timeline(DAYS))
    x = chart["layer"][1]["encoding"]["x"]
    assert (x["type"], x["title"]) == ("temporal", "date")
    assert chart["datasets"]["parts"]["stop"].tolist()[0] == DAYS[6]
    titled = structure.parts(np.arange(10.0), 6, 8, "°C", YEARS)
    years = titled["layer"][1]["encoding"]["x"]
    assert years["title"] == "year"
    assert years["axis"]["format"] == "~f", "1900 and not 1,900"


def test_scaling_is_shown_for_every_column_above_each_other() -> None:
    raw = np.stack([1000 + WALK, WALK], axis=1)
    scaled = (raw - raw.mean(axis=0)) / raw.std(axis=0)
    chart = structure.scaled_against_raw(raw, scaled, "hPa", ["high", "low"])
    assert [view["title"] for view in views(chart)] == [
        "as measured",
        "scaled, as the network reads it",
    ]
    for name, values in (("measured", raw), ("scaled", scaled)):
        table = table_of(chart, name)
        assert len(table) <= 2 * 2000
        for k, column in enumerate(("high", "low")):
            one = table[table["name"] == column]
            np.testing.assert_allclose(one["value"], values[one["row"], k])
    assert table_of(chart, "measured")["row"].tolist() == table_of(chart, "scaled")["row"].tolist()


def test_the_charts_of_scaling_have_one_axis_with_the_dates_of_the_rows() -> None:
    chart = structure.scaled_against_raw(
        np.arange(10.0), np.arange(10.0), "°C", timeline=Timeline(DAYS)
    )
    assert chart["resolve"]["scale"]["x"] == "shared"
    above, below = (view["layer"][0]["encoding"]["x"] for view in views(chart))
    assert above["type"] == below["type"] == "temporal"
    assert (above["axis"]["labels"], below["title"]) == (False, "date")
