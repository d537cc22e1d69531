import json
import re

import numpy as np
import pytest
import vl_convert

from lstm_viz.figures.forecasts import one_step
from lstm_viz.figures.timeline import ROWS, Timeline

DAYS = np.array(["2020-01-01", "2020-01-02", "2020-01-03", "2020-01-06"], "datetime64[ns]")


def test_rows_without_labels_are_their_numbers() -> None:
    assert ROWS.at(np.array([0, 7])).tolist() == [0, 7]
    assert ROWS.before(7).tolist() == [6.5]
    assert ROWS.axis.x("row").to_dict()["title"] == "row of the series"
    assert ROWS.axis.x("row").to_dict()["axis"]["format"].endswith("d"), "whole, also one alone"


def test_beyond_the_last_label_rows_go_on_in_the_usual_step() -> None:
    years = Timeline(np.array([1900.0, 1901, 1902, 1903]), "year")
    assert years.at(np.array([1, 3, 4, 6])).tolist() == [1901, 1903, 1904, 1906]
    assert years.before(4).tolist() == [1903.5]
    dates = Timeline(DAYS).at(np.array([3, 4, 5])).astype("datetime64[D]").astype(str).tolist()
    assert dates == ["2020-01-06", "2020-01-07", "2020-01-08"]


@pytest.mark.parametrize(("days", "first"), [(220, "Feb 2024"), (30, "Jan 07, 2024"), (900, "")])
def test_a_calendar_axis_says_the_year(days: int, first: str) -> None:
    index = np.datetime64("2024-01-02", "ns") + np.arange(days) * np.timedelta64(1, "D")
    rows = np.arange(days)
    chart = one_step(rows, rows * 1.0, rows * 1.0, timeline=Timeline(index, "day"))
    tables = {
        k: json.loads(v.to_json(orient="records", date_format="iso"))
        for k, v in chart["datasets"].items()
    }
    told = vl_convert.vegalite_to_svg({**chart, "width": 900, "datasets": tables})
    [axis] = re.findall(r"X-axis titled 'day'.*?role-axis-title", told, re.DOTALL)
    labels = re.findall(r"<text.*?>(.+?)</text>", axis)
    assert len(labels) > 3 and all(re.search(r"20\d\d", label) for label in labels), labels
    assert first in labels or not first


@pytest.mark.parametrize("first", ["0005-01-01", "1600-01-01", "2349-06-01", "9990-01-01"])
@pytest.mark.parametrize("unit", ["s", "ms", "us"])
def test_dates_that_nanoseconds_do_not_reach_stay_where_they_are(first: str, unit: str) -> None:
    days = (np.datetime64(first) + np.arange(40)).astype(f"datetime64[{unit}]")
    found = Timeline(days).at(np.array([0, 39, 41])).astype("datetime64[D]")
    assert (found - np.datetime64(first)).astype(int).tolist() == [0, 39, 41]


@pytest.mark.parametrize(("index", "kind"), [(DAYS, "temporal"), (np.arange(4.0), "quantitative")])
def test_axis_and_tooltip_are_of_the_labels_kind_and_title(index: np.ndarray, kind: str) -> None:
    axis = Timeline(index, "day").axis
    for channel in (axis.x("row").to_dict(), axis.tip("row").to_dict()):
        assert (channel["field"], channel["type"], channel["title"]) == ("row", kind, "day")
