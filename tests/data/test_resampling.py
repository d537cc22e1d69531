"""Steps on rows: a range of them, and even ones made of any."""

import numpy as np
import pytest

from lstm_viz.data.preparing.calendar_inputs import Calendar
from lstm_viz.data.preparing.difference import Difference
from lstm_viz.data.preparing.lag import Lag
from lstm_viz.data.preparing.resampling import Resample
from lstm_viz.data.preparing.span import Span
from lstm_viz.data.preparing.step import Step
from lstm_viz.data.reading.tables import Table, column_of
from lstm_viz.data.series import Series
from tests.data.preparation import noise, prepared, problem_of, series_of, table


@pytest.mark.parametrize(
    ("span", "rows"),
    [
        (Span("2020-01-02", "2020-01-02"), (24, 48)),
        (Span("2020-01-02T06:30", ""), (31, 96)),
        (Span("", "2020-01"), (0, 96)),
        (Span(), (0, 96)),
    ],
)
def test_a_range_of_dates_includes_both_ends(span: Span, rows: tuple[int, int]) -> None:
    values = noise(96)
    made = prepared(table(values), span)
    assert isinstance(made.result, Series)
    np.testing.assert_array_equal(made.result.values[:, 0], values[slice(*rows)])
    assert made.done[0].after == rows[1] - rows[0]


def test_a_range_of_rows_keeps_their_numbers() -> None:
    made = series_of(table(noise(60), dated=False), Span("10", "49"))
    assert made.index is not None
    np.testing.assert_array_equal(made.index, np.arange(10, 50))


@pytest.mark.parametrize(
    ("span", "dated", "said"),
    [
        (Span("2031", ""), True, "run from 2020-01-01 to 2020-01-03T11:00:00"),
        (Span("2020-01-03", "2020-01-02"), True, "No row lies between"),
        (Span("12", ""), True, "have dates"),
        (Span("2020-01-02", ""), False, "have no dates"),
        (Span("60", ""), False, "run from 0 to 59"),
    ],
)
def test_a_range_without_rows_is_refused(span: Span, dated: bool, said: str) -> None:
    assert said in problem_of(table(noise(60), dated=dated), span)


@pytest.mark.parametrize("how", ["mean", "sum", "last"])
def test_days_are_made_of_hours(how: str) -> None:
    values = noise(24 * 30)
    made = series_of(table(values), Resample("day", how))  # type: ignore[arg-type]
    days = values.reshape(30, 24)
    expected = {"mean": days.mean(axis=1), "sum": days.sum(axis=1), "last": days[:, -1]}[how]
    np.testing.assert_allclose(made.values[:, 0], expected)
    assert made.index is not None and made.index[1] == np.datetime64("2020-01-02")


def test_gaps_are_named_and_filled_like_any_other() -> None:
    source = table(noise(24 * 30))
    assert source.index is not None
    kept = np.r_[0 : 24 * 5, 24 * 7 : 24 * 20, 24 * 21 : 24 * 30]
    gappy = Table(
        "own.csv",
        len(kept),
        (column_of("a", source.columns[0].values[kept]),),
        "time",
        source.index[kept],
    )
    made = prepared(gappy, Resample("day"))
    assert isinstance(made.result, Series) and made.done[0].said is not None
    assert len(made.result.values) == 30
    assert (
        str(made.done[0].said) == "Gaps: 2 (2020-01-06 … 2020-01-07, 2020-01-21). Rows to fill: 3."
    )
    assert "3 of the 30 values of 'a' were missing" in str(made.result.note)


def test_a_sum_that_lacks_values_is_no_sum() -> None:
    values = 1 + np.arange(24 * 20) // 24 / 100
    values[24 * 4 : 24 * 4 + 6] = np.nan
    made = prepared(table(values, start="2020-01-01T05:00"), Resample("day", "sum"))
    assert isinstance(made.result, Series) and made.done[0].said is not None
    assert (made.done[0].before, made.done[0].after) == (480, 19), "without its ends"
    assert "Gaps: 1" in str(made.done[0].said)
    assert made.result.values.min() > 24, "no day of less than 24 values"
    assert made.result.index is not None and made.result.index[0] == np.datetime64("2020-01-02")


def test_sums_of_events_are_taken_as_they_are() -> None:
    moments = np.datetime64("2020-01-01") + np.random.default_rng(0).exponential(
        3e4, 400
    ).cumsum().astype("timedelta64[s]")
    source = Table("sold.csv", 400, (column_of("a", np.arange(400.0)),), "time", moments)
    made = series_of(source, Resample("week", "sum"))
    assert made.values.sum() == np.arange(400.0).sum()


def test_years_and_months_hold_all_their_days() -> None:
    source = table(noise(3 * 366), every="D", start="2019-12-15")
    made = prepared(source, Resample("month", "sum"))
    assert (made.done[0].after, str(made.done[0].said)) == (35, "No gaps.")


@pytest.mark.parametrize(
    ("source", "step", "said"),
    [
        (table(noise(60), dated=False), Resample(), "no dates"),
        (table(noise(60), every="D"), Resample("hour"), "1,357 of 1,417 rows would be empty"),
        (table(noise(200), every="YS", start="1800-01-01"), Resample("10min"), "10,4"),
        (table(noise(60)), Lag(60), "look back 60 rows"),
        (table(noise(60)), Lag(50), "'Lagged input' leaves 10 of 60 rows, and at least"),
        (table(noise(60)), Difference("plain", 50), "'Differences' leaves 10 of 60 rows"),
        (table(noise(60)), Resample("day"), "'Resample' leaves 3 of 60 rows"),
        (table(noise(60), dated=False), Span("50"), "'Range' leaves 10 of 60 rows"),
        (table(noise(60)), Calendar("month"), "same month"),
        (table(noise(60), dated=False), Calendar(), "no dates"),
    ],
)
def test_what_cannot_be_done_is_said(source: Table, step: Step, said: str) -> None:
    assert said in problem_of(source, step)
