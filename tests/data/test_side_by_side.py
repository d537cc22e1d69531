"""Two tables side by side, each with dates of its own."""

import pandas as pd
import pytest

from lstm_viz.data.reading.how import How
from lstm_viz.data.reading.read import read_bytes
from tests.data.kinds.formats import workbook
from tests.data.kinds.kind import DAYS, V, W

LATER = DAYS + pd.to_timedelta([k // 3 for k in range(len(DAYS))], unit="D")


def notes_of(head: str, second: pd.DatetimeIndex, row: str = "{0:%F},{1},{2:%F},{3}") -> list[str]:
    rows = (row.format(*each) for each in zip(DAYS, V, second, W, strict=True))
    found = read_bytes("\n".join([head, *rows]).encode(), "it.csv", How())
    return [note for note in found.notes if "side by side" in note]


@pytest.mark.parametrize(
    ("head", "row"),
    [
        ("Date,SPX,Date,VIX", "{0:%F},{1},{2:%F},{3}"),
        ("Date,SPX,,Date,VIX", "{0:%F},{1},,{2:%F},{3}"),
        ("Date,SPX,Date,VIX", "{0:%Y%m%d},{1},{2:%Y%m%d},{3}"),
        ("SPX Index,,,VIX Index,\nDate,PX_LAST,,Date,VIX", "{0:%F},{1},,{2:%F},{3}"),
    ],
)
def test_numbers_behind_other_dates_are_said_to_stand_on_the_first_ones(
    head: str, row: str
) -> None:
    (said,) = notes_of(head, LATER, row)
    assert said.startswith("'Date (2)' and 'Date' hold different dates in 27 rows")
    assert "the dates of 'VIX' are those of 'Date (2)'" in said


def test_tables_that_run_backward_and_end_apart_are_told_too() -> None:
    (said,) = notes_of("Day A,A,Day B,B", DAYS[::-1])
    assert "'Day B' and 'Day A' hold different dates in 30 rows" in said
    told = zip(DAYS.to_pydatetime(), V, LATER.to_pydatetime(), W, strict=True)
    cells = [[d, v, None, e, w] if k < 20 else [d, v] for k, (d, v, e, w) in enumerate(told)]
    found = read_bytes(workbook(a=[["Date", "A", "", "Date", "B"], *cells]), "it.xlsx", How())
    assert "hold different dates in 17 rows" in found.notes[0]


def test_the_numbers_can_be_put_on_the_other_dates() -> None:
    rows = (f"{d:%F},{v},{e:%F},{w}" for d, v, e, w in zip(DAYS, V, LATER, W, strict=True))
    text = "\n".join(["Date,SPX,Date,VIX", *rows]).encode()
    told = read_bytes(text, "it.csv", How(time=("Date (2)",)))
    assert told.frame.index.tolist() == LATER.tolist() and told.frame["VIX"].tolist() == W
    assert not [note for note in told.notes if "side by side" in note]


@pytest.mark.parametrize(
    ("head", "second", "row"),
    [
        ("Date,SPX,Date,VIX", DAYS, "{0:%F},{1},{2:%F},{3}"),
        ("Date,Time,SPX,Date,VIX", DAYS, "{0:%F},16:00,{1},{2:%F},{3}"),
        ("Date,SPX,Month,VIX", DAYS, "{0:%F},{1},{2:%Y-%m},{3}"),
        ("begin,end,v,w", LATER, "{0:%F},{2:%F},{1},{3}"),
        ("begin,v,w,end", LATER, "{0:%F},{1},{3},{2:%F}"),
        ("Date,v,Due,w", DAYS[[k * 7 % 30 for k in range(30)]], "{0:%F},{1},{2:%F},{3}"),
    ],
)
def test_dates_that_are_alike_or_lead_no_numbers_are_no_second_table(
    head: str, second: pd.DatetimeIndex, row: str
) -> None:
    assert notes_of(head, second, row) == []
