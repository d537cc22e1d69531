"""Charts of a forecast's errors: the values, and what is flagged among them."""

import numpy as np
import pytest

from lstm_viz.figures.residuals import residual_histogram, residuals
from lstm_viz.figures.vega import LEVELS
from tests.figures.reading_charts import layer_of, legend, levels, rows

AT = np.arange(20, 24)


def test_residuals_show_what_is_flagged_and_the_limits_around_zero() -> None:
    residual = np.array([1.0, 1.0, 9.0, np.nan])
    chart = residuals(AT, residual, 2.0, np.array([2]), "°C")
    drawn = rows(chart, "residuals")
    assert [(row["row"], row["value"]) for row in drawn[:3]] == [(20, 1.0), (21, 1.0), (22, 9.0)]
    assert np.isnan(drawn[3]["value"])
    assert [row["row"] for row in drawn if row["flagged"]] == [22]
    assert set(levels(chart)) == {"threshold"}
    assert chart["datasets"][LEVELS]["value"].tolist() == [2.0, -2.0]
    assert legend(chart) == ["residual", "anomaly", "threshold"]
    assert LEVELS not in residuals(AT, residual)["datasets"]


@pytest.mark.parametrize(("count", "seen"), [(1, {"value": 1}), (9, {"value": 0})])
def test_a_residual_alone_is_a_point(count: int, seen: dict[str, int]) -> None:
    chart = residuals(np.arange(count), np.ones(count), 2.0)
    assert layer_of(chart, "point")["encoding"]["opacity"].items() >= seen.items()


def test_what_is_flagged_stays_when_a_long_line_is_thinned() -> None:
    residual = np.zeros(50_000)
    chart = residuals(np.arange(50_000), residual, 1.0, np.array([12_345]))
    assert [row["row"] for row in rows(chart, "residuals") if row["flagged"]] == [12_345]


def test_zero_is_in_the_middle_of_residuals_that_are_all_too_high() -> None:
    chart = residuals(AT, np.array([7.0, 7.1, 7.2, 7.3]))
    assert layer_of(chart, "line")["encoding"]["y"]["scale"]["domain"] == [-8.0, 8.0]


def test_a_histogram_of_residuals_is_centred_at_zero_and_sums_to_one() -> None:
    chart = residual_histogram(np.array([0.0, 0.0, 4.0, -1.0, np.nan]))
    table = chart["datasets"]["bins"]
    assert table["share"].sum() == pytest.approx(1)
    middle = table[(table["low"] < 0) & (table["high"] > 0)]
    assert middle["share"].tolist() == [0.5]
    assert (table["low"].min(), table["high"].max()) == (-4, 4)
