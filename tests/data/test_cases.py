"""Small files with the faults of real ones, each with what must come of it."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pytest

import lstm_viz
from lstm_viz.data.choice import DataChoice
from lstm_viz.data.reading.read import read
from lstm_viz.data.reading.tables import content_of
from lstm_viz.data.resolved import dataset_of

CASES = Path(__file__).parent / "cases"


class Right(NamedTuple):
    """The right reading of a file."""

    rows: int
    first: str
    """The first moment, and the last one; "" where there are none."""
    last: str
    head: dict[str, float]
    """Column -> its first value, of all columns."""
    tail: Sequence[float] = ()
    """The last row."""
    missing: Sequence[int] = ()
    proposed: Sequence[str] = ()
    notes: Sequence[str] = ()
    """Fragments, one of each note, in their order."""


RIGHT = {
    "01-quotes-three-header-rows.csv": Right(
        60,
        "2023-03-06",
        "2023-05-26",
        {"Close": 143.0, "High": 144.5, "Low": 141.75, "Open": 142.75, "Volume": 21000000},
        (137.4148, 138.9148, 136.1648, 137.1648, 21059000),
    ),
    "02-meter-date-and-time-apart.txt": Right(
        90,
        "2008-11-16 23:10",
        "2008-11-17 00:39",
        {"Active_power": 3.1, "Reactive_power": 0.4, "Voltage": 231},
        missing=(3, 3, 3),
    ),
    "05-comment-lines-before-header.csv": Right(
        60, "1959-01-01", "2018-01-01", {"mean": 300.25, "unc": 0.12}, (388.75, 0.12), (), ("mean",)
    ),
    "08-report-preamble-total.csv": Right(
        40,
        "2017-08-01",
        "2017-09-09",
        {"Units": 3, "Amount": 20.5},
        (7, 59.5),
        notes=(
            "Rows below the data were left out: 2, the first of them 'Total 200 1600.00'",
            "Left out",
        ),
    ),
    "09-local-time-hour-twice.csv": Right(
        50,
        "2021-10-30 12:00",
        "2021-11-01 12:00",
        {"temperature": 9},
        notes=("The date 2021-10-31 02:00 is there 2 times",),
    ),
    "10-epoch-milliseconds.csv": Right(
        50,
        "2021-06-12 00:13:09.012+00:00",
        "2021-06-12 01:02:09.012+00:00",
        {"value": 15},
        notes=("epoch milliseconds", "in the zone UTC"),
    ),
    "11-wearable-nested.json": Right(
        60,
        "2024-05-05 22:00:03",
        "2024-05-05 22:09:51",
        {"value.bpm": 62, "value.confidence": 1},
        proposed=("value.bpm",),
        notes=("unevenly spaced, 5 s to 15 s apart",),
    ),
    "17-merged-header-two-sheets.xlsx": Right(
        48,
        "2020-01-01",
        "2020-02-17",
        {"Temperature in": 21, "Temperature out": 2, "Power": 38},
        notes=("Sheet 'Data' was read. The workbook has others: Notes", "Average", "Excel days"),
    ),
    "19-excel-unicode-text.txt": Right(
        40, "2022-03-01", "2022-04-09", {"Höhe in m": 1234.5}, (1244.25,), notes=("Left out",)
    ),
    "20-day-first-decided-later.csv": Right(30, "2018-06-05", "2018-07-04", {"sales": 100}),
    "21-day-or-month-undecidable.csv": Right(
        48,
        "2022-02-01",
        "2022-02-12 18:00",
        {"level": 10},
        notes=(
            "both fit: 2022-02-01 – 2022-02-12 18:00, or 2022-01-02 – 2022-12-02 18:00. Taken: "
            "2022-02-01 – 2022-02-12 18:00, the day first.",
        ),
    ),
    "22-air-sensor-minus-200.csv": Right(
        60,
        "2011-08-21 06:00",
        "2011-08-23 17:00",
        {"CO(GT)": 1.4, "NO2(GT)": 113, "T": 19.2},
        notes=("-200 is far from all other values (4 × 'CO(GT)', 6 × 'NO2(GT)')",),
    ),
    "25-weather-office-shift-jis.csv": Right(
        60,
        "2023-04-01",
        "2023-05-30",
        {
            "平均気温(℃)": 15.2,
            "平均気温(℃) 品質情報": 8,
            "平均気温(℃) 均質番号": 1,
            "降水量の合計(mm)": 0,
            "降水量の合計(mm) 品質情報": 8,
            "降水量の合計(mm) 均質番号": 1,
        },
        missing=(0, 0, 0, 1, 0, 0),
        proposed=("平均気温(℃)", "降水量の合計(mm)"),
    ),
    "27-flow.csv.gz": Right(40, "2021-06-01", "2021-06-20 12:00", {"flow": 3}, (7.875,)),
    "30-two-digit-year.csv": Right(60, "2009-04-11", "2009-06-09", {"headlines": 5}),
    "33-windows-empty-tail.csv": Right(40, "2015-01-05", "2015-10-05", {"y": 50}),
    "34-random-walk.csv": Right(400, "", "", {"day": 0, "price": 99.96}, proposed=("price",)),
    "35-level-shift.csv": Right(300, "", "", {"t": 0, "load": 48.86}, proposed=("load",)),
    "40-tomorrow-as-a-column.csv": Right(
        300,
        "",
        "",
        {"t": 0, "close": 98.858, "next_close": 97.789, "volume": 1000},
        proposed=("close", "next_close", "volume"),
    ),
    "44-sensor-stuck.csv": Right(200, "", "", {"t": 0, "temp": 21.5}, proposed=("temp",)),
}


@pytest.mark.parametrize("name", RIGHT)
def test_a_file_is_read_as_whoever_brought_it_meant_it(name: str) -> None:
    right, found = RIGHT[name], lstm_viz.read(CASES / name)
    frame = found.frame
    assert len(frame) == right.rows
    assert frame.iloc[0].to_dict() == right.head
    if right.first:
        ends = [pd.Timestamp(right.first), pd.Timestamp(right.last)]
        assert [frame.index[0], frame.index[-1]] == ends
    else:
        assert isinstance(frame.index, pd.RangeIndex)
    if right.tail:
        assert frame.iloc[-1].tolist() == list(right.tail)
    assert frame.isna().sum().tolist() == list(right.missing or [0] * frame.shape[1])
    assert set(found.proposed) == set(right.proposed or right.head)
    assert len(found.notes) == len(right.notes), found.notes
    for fragment, note in zip(right.notes, found.notes, strict=True):
        assert fragment in note


def test_missing_values_stand_where_the_file_has_none() -> None:
    frame = read(CASES / "02-meter-date-and-time-apart.txt").frame
    gone = frame.index[frame.isna().any(axis=1)]
    assert [str(each)[11:16] for each in gone] == ["23:30", "23:31", "00:20"]


def test_a_number_that_stands_for_nothing_is_missing_once_that_is_said() -> None:
    found = read(CASES / "22-air-sensor-minus-200.csv", missing=-200)
    assert found.frame.isna().sum().tolist() == [4, 6, 0]
    assert found.notes == []


def test_an_hour_that_comes_twice_stays_as_it_is_in_the_file() -> None:
    frame = read(CASES / "09-local-time-hour-twice.csv").frame
    assert frame.loc["2021-10-31 02:00", "temperature"].tolist() == [7.0, 6.2]


def test_stacked_series_are_never_mixed() -> None:
    found = read(CASES / "12-smart-home-history.csv")
    fridge, kitchen = found.entities
    assert (fridge, kitchen) == ("sensor.fridge_energy", "sensor.kitchen_temperature")
    energy, warmth = (found.frame_of(each)["state"] for each in found.entities)
    assert (len(energy), energy.isna().sum()) == (40, 2)
    assert (energy.min(), energy.max()) == (118.20, 118.59)
    assert (len(warmth), warmth.isna().sum(), warmth.iloc[0]) == (25, 1, 21.0)
    assert found.frame[fridge].dropna().between(118, 119).all()
    assert any("unevenly spaced" in note for note in found.notes)


def test_a_panel_is_each_country_by_itself_or_all_as_columns() -> None:
    found = read(CASES / "13-panel-stacked.csv")
    assert found.entities == tuple(found.frame)
    assert found.frame.iloc[0].tolist() == [2.0, 50.0, 900.0]
    for name in found.entities:
        frame = found.frame_of(name)
        assert len(frame) == 40
        assert [str(frame.index[at])[:7] for at in (0, -1)] == ["2018-01", "2021-04"]
    with pytest.raises(lstm_viz.DataError, match="no entity called 'Atlantis'"):
        found.frame_of("Atlantis")


def test_a_sequence_a_row_is_a_classification() -> None:
    found = read(CASES / "14-ucr-class-first.tsv")
    assert found.sequences is not None and found.labels is not None
    assert found.sequences.shape == (20, 30, 1)
    assert dict(zip(*np.unique(found.labels, return_counts=True), strict=True)) == {1: 10, 2: 10}
    assert found.sequences[0, 0, 0] == 0.0348


def test_labelled_sequences_are_learned_as_classes_whatever_order_they_stand_in() -> None:
    rows = (CASES / "14-ucr-class-first.tsv").read_bytes().splitlines(keepends=True)
    found = read(b"".join(sorted(rows)))
    data = dataset_of(DataChoice("upload", "it.tsv"), content_of(found))
    assert (data.classes, data.problem, data.values.shape) == (("1", "2"), "binary", (20, 30, 1))
    assert set(data.answers[: data.split, 0]) == set(data.answers[data.split :, 0]) == {0, 1}
    assert abs(data.values[: data.split].mean()) < 1e-6
    first = next(line for line in rows if b"\t0.0348\t" in line).split(b"\t")
    raw = np.array(first[1:], float)
    place = next(at for at in range(20) if np.corrcoef(raw, data.values[at, :, 0])[0, 1] > 1 - 1e-6)
    assert data.classes[int(data.answers[place, 0])] == first[0].decode()


FROM_LAYOUT = ("encoding", "delimiter", "decimal", "header", "skip", "time", "day_first", "entity")


@pytest.mark.parametrize("path", sorted(CASES.iterdir()), ids=lambda path: path.name)
def test_what_was_found_can_be_told_again_with_the_same_result(path: Path) -> None:
    found = read(path)
    if found.sequences is not None:
        return
    told: dict[str, Any] = {n: found.layout[n] for n in FROM_LAYOUT if n in found.layout}
    if found.layout["format"] == "json":
        told = {"time": told["time"]}
    again = read(path, **told)
    pd.testing.assert_frame_equal(again.frame, found.frame)
    assert again.layout["units"] == found.layout["units"]
