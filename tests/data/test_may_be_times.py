"""What a reader says of columns that may say when, or how long something took."""

import io
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from lstm_viz.data.reading.how import How
from lstm_viz.data.reading.read import read_bytes
from tests.data.kinds.kind import DAYS, V, lines


@pytest.mark.parametrize(
    ("name", "clock", "doubtful"),
    [
        ("Time", lambda k: f"00:{28 + 7 * k % 9}:{k:02}", True),
        ("Zeit", lambda k: f"01:{28 + 7 * k % 9}:{k:02}", True),
        ("Time", lambda k: f"{k % 9 + 1}", True),
        ("Uhrzeit", lambda k: f"07:{k:02}", False),
        ("Time (UTC)", lambda k: f"07:{k:02}", False),
        ("Time", lambda k: "08:00", False),
    ],
)
@pytest.mark.parametrize("twice", [0, 1])
def test_times_beside_dates_that_are_there_once_may_be_how_long_something_took(
    name: str, clock: Callable[[int], str], doubtful: bool, twice: int
) -> None:
    rows = [f"{d:%F},{clock(k)},{k % 7}.5" for k, d in enumerate(DAYS)]
    rows += [f"{DAYS[-1]:%F},{clock(30)},1.5"] * twice
    notes = " ".join(read_bytes(lines(f"Date,{name},km", rows).encode(), "it.csv", How()).notes)
    assert (f"joined: Date + {name}. If the times are how long" in notes) == doubtful


def test_times_beside_dates_that_are_there_twice_each_are_of_the_day_without_a_word() -> None:
    rows = (f"{d:%F},{clock},{d.day}.5" for d in DAYS for clock in ("08:00", "20:00"))
    notes = read_bytes(lines("Date,Time,v", rows).encode(), "it.csv", How()).notes
    assert not [note for note in notes if "joined" in note]


def notes_and_dates(text: str) -> tuple[str, list[str]]:
    found = read_bytes(text.encode(), "it.csv", How())
    return " ".join(found.notes), [str(each)[:10] for each in found.frame.index[[0, 9, 29]]]


@pytest.mark.parametrize(
    ("name", "form", "dates"),
    [
        ("Month", "{year}.{month}", ["2020-01-01", "2020-10-01", "2022-06-01"]),
        ("Year", "{year}.{month:02}", ["2020-01-01", "2020-10-01", "2022-06-01"]),
        ("Monat", "{month:02}.{year}", ["2020-01-01", "2020-10-01", "2022-06-01"]),
        ("Quarter", "{of}.{quarter}", ["2020-01-01", "2022-04-01", "2027-04-01"]),
        ("price", "{year}.{month:02}", ["0", "9", "29"]),
        ("Week", "{year}.{week:02}", ["0", "9", "29"]),
    ],
)
@pytest.mark.parametrize("decimal", ".,")
def test_months_that_look_like_decimals_are_read_where_they_run_on(
    name: str, form: str, dates: list[str], decimal: str
) -> None:
    cells = [
        form.format(
            year=2020 + k // 12, month=k % 12 + 1, of=2020 + k // 4, quarter=k % 4 + 1, week=k + 1
        )
        for k in range(30)
    ]
    text = lines(f"{name};v", (f"{cell};{k}{decimal}5" for k, cell in enumerate(cells)))
    assert notes_and_dates(text)[1] == dates


def test_months_that_a_workbook_holds_as_decimals_are_read() -> None:
    file = io.BytesIO()
    months = [2020 + k // 12 + (k % 12 + 1) / 100 for k in range(30)]
    pd.DataFrame({"Month": months, "v": V}).to_excel(file, index=False)
    found = read_bytes(file.getvalue(), "it.xlsx", How())
    assert str(found.frame.index[9]) == "2020-10-01 00:00:00"
    alike = [float(f"{2020 + k // 12}.{k % 12 + 1}") for k in range(30)]
    file = io.BytesIO()
    pd.DataFrame({"Month": alike, "v": V}).to_excel(file, index=False)
    notes = " ".join(read_bytes(file.getvalue(), "it.xlsx", How()).notes)
    assert "in 'Month', such as 2020.1, may be years and months" in notes


@pytest.mark.parametrize("form", ["{:%d.%m}", "{:%m.%d}"])
def test_days_without_a_year_that_look_like_decimals_are_no_numbers(form: str) -> None:
    text = lines("Datum;v", (f"{form.format(d)};{d.day}" for d in DAYS))
    found = read_bytes(text.encode(), "it.csv", How())
    assert list(found.frame) == ["v"] and "Left out of the table: 'Datum'." in found.notes
    dated = lines("date,v", (f"{2000 + k}.5,{v}" for k, v in enumerate(V)))
    assert notes_and_dates(dated)[1][0] == "2000-07-02", "broken years"


@pytest.mark.parametrize(
    ("head", "origin", "kind"),
    [
        ("MJD", 60004, "modified Julian days"),
        ("MJD-OBS", 60004, "modified Julian days"),
        ("Time [MJD]", 60004, "modified Julian days"),
        ("HJD", 60004.5, "Julian days less 2400000"),
        ("JD", 2460004.5, "Julian days"),
        ("date", 44986, "Excel days"),
    ],
)
def test_days_of_astronomers_are_those_that_the_name_says(
    head: str, origin: float, kind: str
) -> None:
    text = lines(f"{head},mag", (f"{origin + k:.4f},{v}" for k, v in enumerate(V)))
    notes, dates = notes_and_dates(text)
    assert dates == ["2023-03-01", "2023-03-10", "2023-03-30"]
    assert f"were read as moments: {kind}." in notes
    told = read_bytes(text.encode(), "it.csv", How(time=(head,)))
    assert str(told.frame.index[0])[:10] == "2023-03-01"


@pytest.mark.parametrize("corner", ["", "Rainfall"])
def test_a_few_years_below_a_corner_that_says_nothing_are_years_beside_months(corner: str) -> None:
    months = "Jan,Feb,Mar,Apr,May,Jun,Jul,Aug,Sep,Oct,Nov,Dec"
    rows = [f"{2010 + y}," + ",".join(f"{12 * y + m}" for m in range(12)) for y in range(4)]
    found = read_bytes(lines(f"{corner},{months}", rows).encode(), "it.csv", How())
    assert found.frame["value"].tolist() == list(range(48))
    assert str(found.frame.index[-1])[:7] == "2013-12"


@pytest.mark.parametrize(("begin", "year", "said"), [(0, 1, 0), (9, 1, 1), (9, 2, 0)])
def test_months_that_begin_later_in_a_year_of_one_number_are_said(
    begin: int, year: int, said: bool
) -> None:
    months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    form = "{a}/{b:02}" if year == 2 else "{a}"
    cells = [",".join(map(str, V[k : k + 12])) for k in range(4)]
    rows = (f"{form.format(a=2001 + k, b=2 + k)},{row}" for k, row in enumerate(cells))
    text = lines("Year," + ",".join(months[begin:] + months[:begin]), rows)
    found = read_bytes(text.encode(), "it.csv", How())
    assert list(found.frame) == ["value"]
    assert ("begin with 'Oct', and all" in " ".join(found.notes)) == said


@pytest.mark.parametrize("shape", [(3, 40), (40, 3)])
def test_more_columns_than_rows_are_said(shape: tuple[int, int]) -> None:
    file = io.BytesIO()
    np.save(file, np.arange(120.0).reshape(shape))
    found = read_bytes(file.getvalue(), "it.npy", How())
    assert found.frame.shape == shape
    assert any("more columns (40) than rows (3)" in each for each in found.notes) == (shape[0] == 3)
