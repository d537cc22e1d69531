"""Dates: recognised, put in order, and what is twice or missing said."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

from lstm_viz.data.reading.moments.order import facts_of
from lstm_viz.data.reading.read import read
from lstm_viz.data.reading.tables import Table
from lstm_viz.data.reading.tables import table_of as table_from
from tests.data.as_tables import read_table


def table_of(text: str, **how: Any) -> Table:
    return read_table(text.encode(), **how)


def dated(*dates: str, name: str = "date") -> Table:
    """A table whose values count the rows of the file."""
    lines = [f"{date};{row}.5" for row, date in enumerate(dates)]
    return table_of("\n".join([f"{name};v", *lines]))


def said(table: Table) -> list[str]:
    return [str(fact) for fact in table.facts]


DATES = [
    ("2020-01-31,2020-02-01", "2020-02-01"),
    ("2020-01-31 23:00:00,2020-02-01 01:30", "2020-02-01T01:30"),
    ("2020-01-31T23:00:00Z,2020-02-01T01:30:00+01:00", "2020-02-01T00:30"),
    ("2020/01/31,2020/02/01", "2020-02-01"),
    ("31.01.2020,1.2.2020", "2020-02-01"),
    ("31.01.2020 23:00,01.02.2020 01:30", "2020-02-01T01:30"),
    ("31/01/2020,01/02/2020", "2020-02-01"),
    ("01/31/2020,02/01/2020", "2020-02-01"),
    ("05/01/2020,06/01/2020,01/02/2020", "2020-02-01"),
    ("2020年1月31日,2020年2月1日", "2020-02-01"),
    ("2020-01,2020-02", "2020-02-01"),
    ("Jan 2020,Feb 2020", "2020-02-01"),
    *(("I.2020,VIII.2020".replace(".", mark), "2020-08-01") for mark in " -"),
    ("2020-I,2020-VIII", "2020-08-01"),
    ("31.i.2020,1.viii.2020", "2020-08-01"),
]


@pytest.mark.parametrize(("dates", "last"), DATES)
def test_dates_in_the_first_column_label_the_rows(dates: str, last: str) -> None:
    lines = [f"{date};{i % 2}" for i, date in enumerate(dates.split(","))]
    table = table_of("\n".join(["when;v", *lines]))
    assert table.index_name == "when"
    assert table.index is not None
    assert table.index[-1] == np.datetime64(last)


MONTHS = [f"{year}-{month:02}" for year in (2000, 2001) for month in range(1, 13)]


def test_a_file_that_runs_backward_is_sorted_and_says_so() -> None:
    table = dated("2020-01-03", "2020-01-02", "2020-01-01")
    np.testing.assert_array_equal(table.columns[0].values, [2.5, 1.5, 0.5])
    assert table.index is not None
    assert (np.diff(table.index) > np.timedelta64(0)).all()
    assert said(table) == ["The rows were sorted by 'date'."]


def test_years_that_run_backward_are_sorted_too() -> None:
    table = dated(*map(str, range(2012, 1999, -1)))
    np.testing.assert_array_equal(table.index, np.arange(2000, 2013))
    np.testing.assert_array_equal(table.columns[0].values, np.arange(13)[::-1] + 0.5)
    assert said(table) == ["The rows were sorted by 'date'."]


def test_a_file_in_order_has_nothing_to_say() -> None:
    assert said(dated("2020-01-01", "2020-01-02", "2020-01-03")) == []


def test_rows_of_one_date_keep_their_order_and_are_counted() -> None:
    table = dated("2020-01-02", "2020-01-01", "2020-01-02", "2020-01-01", "2020-01-03")
    np.testing.assert_array_equal(table.columns[0].values, [1.5, 3.5, 0.5, 2.5, 4.5])
    assert "2 dates are there more than once; all their rows are kept." in said(table)


def test_a_single_date_that_is_there_twice_is_named() -> None:
    table = dated("2020-01-01", "2020-01-02", "2020-01-02", "2020-01-03")
    assert said(table) == ["The date 2020-01-02 is there 2 times; all its rows are kept."]


def test_months_years_and_leap_days_count_as_even() -> None:
    assert said(dated(*MONTHS)) == []
    assert said(dated(*(f"{year}-12-31" for year in range(1999, 2012)))) == []


def test_gaps_are_counted_with_their_ends() -> None:
    table = dated(*MONTHS[:3], *MONTHS[5:9], *MONTHS[12:])
    (fact,) = said(table)
    assert fact == (
        "Between 2000-03-01 and 2001-01-01 dates are missing in 2 gaps. "
        "The network sees the rows as evenly spaced."
    )
    (fact,) = said(dated(*MONTHS[:3], *MONTHS[5:]))
    assert fact.startswith("Between 2000-03-01 and 2000-06-01 dates are missing.")


def test_weekends_are_no_gaps_where_no_date_lies_on_one() -> None:
    days = np.arange("2020-01-01", "2020-03-01", dtype="datetime64[D]")
    assert facts_of(days[np.is_busday(days)]) == []
    without_a_wednesday = days[np.is_busday(days) & (days != np.datetime64("2020-01-22"))]
    assert "2020-01-21 and 2020-01-23" in str(facts_of(without_a_wednesday)[0])


def test_times_of_day_are_said_where_there_are_any() -> None:
    hours = np.datetime64("2020-01-01T00:30", "ns") + np.arange(9) * np.timedelta64(1, "h")
    (fact,) = facts_of(np.delete(hours, [3, 4]))
    assert "Between 2020-01-01 02:30 and 2020-01-01 05:30" in str(fact)


@pytest.mark.parametrize(
    ("dates", "first"),
    [
        ("1/2/2020,2/2/2020,3/2/2020", "2020-02-01"),
        ("1/12/2020,1/13/2020,1/14/2020", "2020-01-12"),
        ("3/2/2020,2/2/2020,1/2/2020", "2020-02-01"),
    ],
)
def test_of_two_ways_to_read_dates_the_one_that_runs_on_is_taken(dates: str, first: str) -> None:
    table = dated(*dates.split(","))
    assert table.index is not None
    assert table.index[0] == np.datetime64(first)
    assert any("two ways" in fact for fact in said(table)) == ("13" not in dates)


def test_dates_that_both_orders_fit_are_said_with_both_readings() -> None:
    (fact,) = (
        each for each in said(dated("1/3/2020", "5/2/2020", "2/4/2020")) if "two ways" in each
    )
    assert "both fit: 2020-02-05 – 2020-04-02, or 2020-01-03 – 2020-05-02" in fact
    assert fact.endswith("Taken: 2020-02-05 – 2020-04-02, the day first.")
    table = table_of("date;v\n1/3/2020;1.5\n5/2/2020;2.5\n2/4/2020;3.5", day_first=False)
    assert table.index is not None
    assert table.index[0] == np.datetime64("2020-01-03")
    assert not any("two ways" in fact for fact in said(table))


def test_a_thirteenth_in_the_last_row_decides_what_comes_first() -> None:
    for form, day_first in (("{0:02}/03/2021", True), ("03/{0:02}/2021", False)):
        table = dated(*[form.format(day) for day in [*np.repeat(range(1, 13), 4), 13]])
        assert table.index is not None
        assert table.index[-1] == np.datetime64("2021-03-13"), day_first
        assert not any("two ways" in fact for fact in said(table))


@pytest.mark.parametrize(("freq", "begin"), [("h", "2021-10-30 20:00"), ("15min", "2021-10-31")])
def test_newest_first_over_an_hour_that_comes_twice_is_turned_as_a_whole(
    freq: str, begin: str
) -> None:
    clock = pd.date_range(begin, periods=30, freq=freq, tz="Europe/Berlin")
    for moments in (clock, clock[4:20]):
        rows = [f"{each:%F %R},{row}.5" for row, each in enumerate(moments)]
        frame = read("\n".join(["date,v", *rows[::-1]]).encode()).frame
        assert frame.index.tolist() == moments.tz_localize(None).tolist()
        np.testing.assert_array_equal(frame["v"], np.arange(len(moments)) + 0.5)


def test_where_both_orders_fit_alike_a_clock_of_twelve_hours_has_the_month_first() -> None:
    hours = [f"02/04/2021 {hour:02}:00" for hour in (8, 9, 10)]
    for clock, first in (("", "2021-04-02T08"), (" AM", "2021-02-04T08")):
        table = dated(*[f"{hour}{clock}" for hour in hours])
        assert table.index is not None
        assert table.index[0] == np.datetime64(first)
        assert any("two ways" in fact for fact in said(table)), "it is said all the same"


def test_dates_in_a_later_column_label_the_rows() -> None:
    table = table_of("v,when\n2.5,2020-01-02\n1.5,2020-01-01\n")
    assert table.index_name == "when"
    np.testing.assert_array_equal(table.columns[0].values, [1.5, 2.5])


def test_a_first_column_that_only_counts_is_left_out_beside_dates() -> None:
    table = table_of(",when,v\n0,2020-01-02,2.5\n1,2020-01-01,1.5\n")
    assert [column.name for column in table.columns] == ["v"]
    assert said(table)[-1] == "'column 1' only counts the rows and was left out."


def test_a_column_with_a_cell_that_is_no_date_labels_nothing() -> None:
    reading = read(b"when,v\n2020-01-01,1.5\nsoon,2.5\n2020-01-03,1\n")
    assert isinstance(reading.frame.index, pd.RangeIndex)
    assert reading.left_out == ("when",)


BERLIN, OFFICE = "Europe/Berlin", [9, 10, 11, 12, 13, 14, 15, 16]
LOCAL, UTC = "in local time, which changes its zone", "they are kept in the zone UTC"
CLOCKS = [
    (pd.date_range("2020-01-01", periods=90, freq="D", tz="Asia/Tokyo"), "the zone +09:00"),
    (pd.date_range("2020-01-01", periods=300, freq="D", tz=BERLIN), f"{LOCAL} (+01:00, +02:00)"),
    (pd.date_range("2020-01-01", periods=300, freq="B", tz="America/New_York"), LOCAL),
    (pd.date_range("2020-01-01", periods=40, freq="MS", tz=BERLIN), LOCAL),
    (pd.date_range("2021-03-26", periods=240, freq="h", tz=BERLIN).to_series()
     .loc[lambda each: each.index.hour.isin(OFFICE)].index, LOCAL),
    (pd.date_range("2021-10-20", periods=480, freq="h", tz=BERLIN), UTC),
    (pd.date_range("2021-03-20", periods=480, freq="h", tz=BERLIN), UTC),
]  # fmt: skip


@pytest.mark.parametrize("form", ["{}", "{}.5"])
def test_days_of_matlab_begin_with_the_first_one_of_the_year_zero(form: str) -> None:
    table = dated(*[form.format(730486 + row) for row in range(12)], name="datenum time")
    assert table.index is not None
    assert table.index[0].astype("datetime64[D]") == np.datetime64("2000-01-01")


@pytest.mark.parametrize(("moments", "words"), CLOCKS)
@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_times_with_offsets_are_those_of_the_clock_on_the_wall_where_it_runs_on(
    moments: pd.DatetimeIndex, words: str, form: str
) -> None:
    frame = pd.DataFrame({"d": moments, "v": np.arange(len(moments)) % 7 + 0.5})
    if form == "parquet":
        data = frame.to_parquet()
    else:
        data = frame.assign(d=[each.isoformat() for each in moments]).to_csv(index=False).encode()
    reading = read(data, name=f"it.{form}")
    assert any(words in note for note in reading.notes), reading.notes
    kept = moments.tz_convert("UTC") if words == UTC else moments
    index = reading.frame.index
    assert isinstance(index, pd.DatetimeIndex)
    assert (index.tz is None) == words.startswith(LOCAL), "a zone that changes is none of all rows"
    np.testing.assert_array_equal(index.tz_localize(None), kept.tz_localize(None))
    np.testing.assert_array_equal(table_from(reading).index, kept.tz_localize(None))


def test_a_file_that_writes_some_rows_in_utc_is_kept_in_it() -> None:
    table = dated("2020-01-31T23:00Z", "2020-02-01T01:30+01:00", "2020-02-01T02:00Z")
    assert table.index is not None and table.index[1] == np.datetime64("2020-02-01T00:30")
    assert "The times in 'date' are kept in the zone UTC." in said(table)


def test_a_column_of_hours_with_offsets_is_local_time() -> None:
    table = table_of("day;time;v\n2021-10-30;09:00+02:00;1.5\n2021-11-01;09:00+01:00;2.5")
    assert table.index is not None and table.index[1] == np.datetime64("2021-11-01T09:00")
    assert any(f"{LOCAL} (+01:00, +02:00)" in each for each in said(table))


@pytest.mark.parametrize("gone", [(0,), (1,), (5,), (0, 1), (5, 6), (40,)])
def test_rows_without_their_date_make_no_names_of_those_above(gone: tuple[int, ...]) -> None:
    days = pd.date_range("2020-01-01", periods=100)
    lines = [
        f"{'' if row in gone else f'{day:%Y-%m-%d}'},{row / 2}" for row, day in enumerate(days)
    ]
    reading = read("\n".join(["d,v", *lines]).encode())
    assert list(reading.frame) == ["v"]
    left = [row for row in range(100) if row not in gone]
    assert list(reading.frame.index) == [days[row] for row in left]
    np.testing.assert_array_equal(reading.frame["v"], [row / 2 for row in left])
    assert any(f"were left out: {len(gone)}" in str(note) for note in reading.notes)


def test_numbers_below_names_that_are_alike_are_names_themselves() -> None:
    lines = [f"2020-01-{day:02},{day},{day + 1}" for day in range(1, 29)]
    reading = read("\n".join(["d,temp,temp", ",10,20", *lines]).encode())
    assert len(reading.frame) == 28
    assert list(reading.frame) == ["10", "20"]


@pytest.mark.parametrize("last", [1968, 1969, 1999, 2005])
@pytest.mark.parametrize("turn", [1, -1])
def test_two_digits_of_a_year_are_of_the_century_in_which_the_rows_run_on(
    last: int, turn: int
) -> None:
    """From 1965; up to 1968 nothing tells, and POSIX's pivot holds."""
    years = [*range(1965, last + 1)][::turn]
    rows = (f"{d:02}.02.{y % 100:02};{y}" for y in years for d in (1, 2, 3)[::turn])
    found = read("\n".join(["Datum;v", *rows]).encode(), name="it.csv")
    shift = 100 if last == 1968 else 0
    assert found.frame.index.year.tolist() == [y + shift for y in sorted(years) for _ in range(3)]


def test_years_to_come_stay_where_the_rows_run_on_into_them() -> None:
    rows = (f"15.02.{y % 100:02};{y}" for y in range(1995, 2051))
    found = read("\n".join(["Datum;v", *rows]).encode(), name="it.csv")
    assert found.frame.index.year.tolist() == [*range(1995, 2051)]


def test_rows_of_an_hour_that_comes_twice_are_said_to_stand_at_its_last_moment() -> None:
    moments = pd.date_range("2021-10-31 00:15", periods=30, freq="15min", tz=BERLIN)
    table = dated(*[f"{each:%d.%m.%Y %H:%M}" for each in moments])
    assert table.index is not None
    assert (table.index == np.datetime64("2021-10-31T02:45")).sum() == 5
    assert any(f"the second 2021-10-31 02:00 on stand at {'2021-10-31 02:45'}" in fact
               for fact in said(table))  # fmt: skip
    assert not any("put back" in fact for fact in said(dated("2021-10-30", "2021-10-31")))
