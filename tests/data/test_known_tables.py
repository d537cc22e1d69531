"""Known series, stacked or side by side as some program would write them, are found again."""

from typing import Any

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as some

from lstm_viz.data.reading.read import read
from tests.data.test_dialects import MARKS, turned

NAMES = (
    ("station", ("Berlin", "Bern", "Wien", "Graz")),
    ("entity_id", ("sensor.a", "sensor.b", "sensor.c", "sensor.d")),
    ("country", ("NA", "DE", "FR", "AT")),
    ("store", ("1", "2", "10", "11")),
)
DAYS = ("{:%Y-%m-%d}", "{:%d.%m.%Y}", "{:%d-%b-%Y}", "{:%Y%m%d}", "{:%Y年%m月%d日}")
PERIODS = {
    "D": ("{:%Y-%m-%d}", "{:%d.%m.%Y}"),
    "MS": ("{:%Y-%m}", "{:%b %Y}", "{:%YM%m}"),
    "QS": ("{0.year}-Q{0.quarter}", "Q{0.quarter} {0.year}"),
    "YS": ("{:%Y}",),
}
Made = tuple[bytes, pd.DatetimeIndex, dict[str, np.ndarray]]


def values(draw: Any, count: int) -> np.ndarray:
    """Numbers with a mark in each, that do not count."""
    steps = some.lists(some.integers(-4000, 4000), min_size=count, max_size=count)
    made: np.ndarray = np.round(np.array(draw(steps)) / 10 + 0.05, 2)
    made[:2] = 7.25, -3.75
    return made


@some.composite
def stacked(draw: Any) -> Made:
    """A long table: whose each row is in a column of its own, the rows in some order."""
    column, known = draw(some.sampled_from(NAMES))
    names = known[: draw(some.integers(2, 4))]
    delimiter, decimal = draw(some.sampled_from(MARKS))
    day = draw(some.sampled_from(DAYS))
    first = pd.Timestamp("2021-01-15") + pd.Timedelta(draw(some.integers(0, 900)), "D")
    count = draw(some.integers(14, 24))
    moments = pd.date_range(first, periods=count)
    series = {name: values(draw, count) for name in names}
    rows = [
        (name, day.format(moment), turned(f"{value:.2f}", decimal), turned("0.5", decimal))
        for name in names
        for moment, value in zip(moments, series[name], strict=True)
    ]
    order = draw(some.sampled_from(["blocks", "by day", "newest first"]))
    if order != "blocks":
        rows = [rows[e * count + k] for k in range(count) for e in range(len(names))]
    if order == "newest first":
        rows.reverse()
    places = draw(some.permutations([0, 1, 2, 3]))
    head = (column, "date", "load", "rest")
    lines = [delimiter.join(each[p] for p in places) for each in (head, *rows)]
    return "\n".join(lines).encode(), moments, series


@settings(max_examples=25, deadline=None)
@given(stacked())
def test_stacked_series_are_found_again_whatever_the_order_of_rows_and_columns(made: Made) -> None:
    data, moments, series = made
    found = read(data, name="it.csv")
    assert sorted(found.entities) == sorted(series)
    for name, known in series.items():
        frame = found.frame_of(name)
        assert isinstance(frame.index, pd.DatetimeIndex) and list(frame.index) == list(moments)
        np.testing.assert_allclose(frame["load"], known, rtol=1e-12)


@some.composite
def side_by_side(draw: Any) -> Made:
    """A row a series and a column a moment, behind the names and what else there is of each."""
    every = draw(some.sampled_from(sorted(PERIODS)))
    count = draw(some.integers(14, 24))
    moments = pd.date_range("1998-01-01", periods=count, freq=every)
    names = ("Aruba", "Chad", "Peru", "Togo")[: draw(some.integers(1, 4))]
    series = {name: values(draw, count) for name in names}
    delimiter, decimal = draw(some.sampled_from(MARKS))
    period = draw(some.sampled_from(PERIODS[every]))
    more = draw(some.booleans())
    lines = [[*("Country", "Unit")[: 1 + more], *(period.format(each) for each in moments)]]
    for name in names:
        cells = [turned(f"{value:.2f}", decimal) for value in series[name]]
        lines.append([*(name, "USD")[: 1 + more], *cells])
    above = draw(some.sampled_from([[], [["Source", "the bank"], []]]))
    text = "\n".join(delimiter.join(cells) for cells in (*above, *lines))
    return text.encode(), moments, series


@settings(max_examples=25, deadline=None)
@given(side_by_side())
def test_series_a_row_are_found_again_whatever_period_a_column_stands_for(made: Made) -> None:
    data, moments, series = made
    found = read(data, name="it.csv")
    assert list(found.frame) == list(series)
    assert isinstance(found.frame.index, pd.DatetimeIndex)
    assert list(found.frame.index) == list(moments)
    for name, known in series.items():
        np.testing.assert_allclose(found.frame[name], known, rtol=1e-12)
