"""What a reader says of numbers that it cannot be sure of."""

import json
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from lstm_viz.data.reading.how import How
from lstm_viz.data.reading.read import read, read_bytes
from tests.data.kinds.kind import DAYS, V, lines


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        (lambda k: "20000 W" if k % 4 == 1 else "21.6 kW", "'kW' (22), 'W' (8)"),
        (lambda k: f"{k} USD" if k % 4 == 1 else f"€{k}.5", "'€' (22), '$' (8)"),
        (lambda k: f"{k} °F" if k % 4 == 1 else f"{k} °C", "'°C' (22), '°F' (8)"),
        (lambda k: f"{k}%" if k % 4 == 1 else f"0.{k:02}", "'%' (8), and 22 have none"),
        (lambda k: f"{k} EUR" if k % 4 == 1 else f"€{k}.5", ""),
        (lambda k: f"{k}a" if k % 8 == 1 else f"{k}c" if k % 8 == 2 else f"{k}", ""),
        (lambda k: f"${k}.5" if k % 4 == 1 else f"{k}.5", ""),
    ],
)
def test_units_that_are_mixed_in_a_column_are_said(cell: Callable[[int], str], said: str) -> None:
    text = lines("day,v", (f"{d:%F},{cell(k)}" for k, d in enumerate(DAYS)))
    notes = " ".join(read_bytes(text.encode(), "it.csv", How()).notes)
    assert said in notes and bool(said) == ("Some numbers" in notes or "several units" in notes)


@pytest.mark.parametrize("number", [99.0, -127, 85, 9.969209968386869e36, 3.4e38, -273.15, 11.25])
def test_a_number_that_is_there_again_and_again_far_from_all_others_is_asked_about(
    number: float,
) -> None:
    values = [number if k in (9, 10, 20) else 10 + k % 8 / 4 for k in range(30)]
    text = lines("day,v", (f"{d:%F},{v}" for d, v in zip(DAYS, values, strict=True)))
    notes = " ".join(read_bytes(text.encode(), "it.csv", How()).notes)
    assert (f"{number:g} is far from all other values (3 × 'v')" in notes) == (number != 11.25)
    left = read_bytes(text.encode(), "it.csv", How(missing=(f"{number:g}",)))
    assert left.frame["v"].isna().sum() == values.count(number)


def test_shorter_sequences_that_are_filled_up_with_nothing_are_sequences() -> None:
    rows = ("\t".join([str(k % 2), *(f"{np.sin(t / 3 + k):.4f}" if t < 20 + k else "NaN"
            for t in range(40))]) for k in range(16))  # fmt: skip
    found = read_bytes(lines(rows).encode(), "it.tsv", How())
    assert found.sequences is not None and found.sequences.shape == (16, 35, 1)
    assert found.labels is not None and found.labels.tolist() == 8 * [0, 1]


def test_times_that_json_writes_apart_from_the_values_or_behind_them_are_read() -> None:
    seconds = [int(day.timestamp()) for day in DAYS]
    apart = {"result": [{"timestamp": seconds, "quote": [{"close": V, "open": V}]}]}
    behind = [{"datapoints": [[v, s * 1000] for v, s in zip(V, seconds, strict=True)]}]
    for value in (apart, behind):
        frame = read_bytes(json.dumps(value).encode(), "it.json", How()).frame
        assert isinstance(frame.index, pd.DatetimeIndex)
        assert frame.index.tz_localize(None).equals(DAYS) and frame.iloc[:, 0].tolist() == V


@pytest.mark.parametrize("digits", ["０１２３４５６７８９．", "۰۱۲۳۴۵۶۷۸۹٫"])
def test_digits_of_other_scripts_are_numbers_and_it_is_said(digits: str) -> None:
    other = str.maketrans("0123456789.", digits)
    text = lines("日付,値", (f"{d:%F},{str(v).translate(other)}"
                           for d, v in zip(DAYS, V, strict=True)))  # fmt: skip
    found = read_bytes(text.encode("cp932" if "１" in digits else "utf-8"), "it.csv", How())
    assert found.frame["値"].tolist() == V and "read as plain ones: 30." in found.notes[0]


def test_measurements_that_are_read_as_a_text_are_said_to_be_such() -> None:
    text = lines((f"{d:%FT%T} temp={v} hum={v + 40}" for d, v in zip(DAYS, V, strict=True)))
    assert "look like measurements" in read_bytes(text.encode(), "it.txt", How()).notes[0]
    novel = "It was said that e=2.7 is a number.\n" + 9 * "He did not believe a word of it all.\n"
    assert not read_bytes(novel.encode(), "it.txt", How()).notes


def test_kana_of_half_width_alone_are_shown_before_they_are_believed() -> None:
    for head, codec, doubted in (
        ("อุณหภูมิ", "cp874", True),
        ("ﾃﾞｰﾀ", "cp932", True),
        ("気温", "cp932", False),
    ):
        found = read_bytes(
            lines(f"x;{head}", (f"{v};{v}" for v in V)).encode(codec), "it.csv", How()
        )
        assert found.layout["encoding"] == "Shift-JIS"
        assert doubted == ("taken for Shift-JIS" in " ".join(found.notes))


PACKED = [
    ("%d%m%Y", "2010-02-01", "D", 12, "2010-02-01 – 2010-02-12, or 2010-01-02 – 2010-12-02", False),
    ("%y%m%d", "2010-02-01", "D", 12, "2010-02-01 – 2010-02-12, or 2001-02-10 – 2012-02-10", True),
    ("%d%m%y", "2010-02-01", "D", 12, "2010-02-01 – 2010-02-12, or 2001-02-10 – 2012-02-10", False),
    ("%Y%m", "2001-01-01", "MS", 12, "2001-01-01 – 2001-12-01, or 2020-01-01 – 2020-01-12", None),
    ("%Y%m", "2001-01-01", "MS", 30, "", None),
    ("%y%m%d", "2021-02-01", "B", 40, "", None),
    ("%d%m%y", "2019-10-20", "B", 40, "", None),
    ("%d%m%Y", "2010-02-01", "D", 28, "", None),
    ("%m%d%Y", "2010-02-01", "B", 28, "", None),
]


@pytest.mark.parametrize(("form", "begin", "freq", "count", "both", "day_first"), PACKED)
def test_digits_that_several_dates_fit_are_said_and_can_be_read_otherwise(
    form: str, begin: str, freq: str, count: int, both: str, day_first: bool | None
) -> None:
    days = pd.date_range(begin, periods=count, freq=freq)
    data = "\n".join(["date,v", *(f"{d:{form}},{k % 7}.5" for k, d in enumerate(days))]).encode()
    found = read(data)
    assert found.frame.index.tolist() == days.tolist()
    assert both in "".join(found.notes) and bool(both) == ("two ways" in "".join(found.notes))
    assert found.layout.get("undecided", False) == (day_first is not None)
    if day_first is not None:
        other = read(data, day_first=day_first).frame.index
        assert f"or {other[0]:%F} – {other[-1]:%F}" in found.notes[0]


LETTERS = [
    ("Temp", "{}.0 K", 20.0, ""),
    ("Temp (K)", "{}.5K", 20.5, ""),
    ("g", "0.{}G", 0.2, ""),
    ("field", "{}.5T", 20.5, ""),
    ("x", "0.{} M", 0.2, ""),
    ("wind", "{} kt", 20.0, ""),
    ("tag", "{}M", None, ""),
    ("sold", "{}0K", 200e3, "'200K' is 200,000."),
    ("sold", "${} M", 20e6, "'$20 M' is 20,000,000."),
    ("sold (USD)", "{}.5M", 20.5e6, "'20.5M' is 20,500,000."),
    ("人口", "{}万", 200e3, "'20万' is 200,000."),
]


@pytest.mark.parametrize(("head", "form", "first", "said"), LETTERS)
def test_a_letter_behind_numbers_multiplies_with_a_word_and_a_unit_or_a_tag_does_not(
    head: str, form: str, first: float | None, said: str
) -> None:
    rows = "".join(f"2021-03-{k + 1:02},{form.format(20 + k)},1.5\n" for k in range(20))
    found = read_bytes(f"date,{head},v\n{rows}".encode(), "it.csv", How())
    assert (head in found.frame) == (first is not None)
    assert first is None or found.frame[head].iloc[0] == first
    multiplied = [note for note in found.notes if "multiply" in note]
    assert len(multiplied) == bool(said) and all(said in note for note in multiplied)


def test_thousands_beside_millions_are_multiplied_each() -> None:
    rows = "".join(f"2021-03-{k + 1:02},{('850K', '2M')[k % 2]}\n" for k in range(20))
    found = read_bytes(f"date,v\n{rows}".encode(), "it.csv", How())
    assert found.frame["v"].tolist()[:2] == [850e3, 2e6]


BESIDE_DAYS = [
    ("date,hours,pay", "{day},{k}.5,1", False),
    ("date,hours,pay", "{day},8,1", False),
    ("date,temp,sunrise", "{day},{k}.5,07:{k:02}", False),
    ("date,sleep", "{day},07:{k:02}\n{day},08:{k:02}", True),
    ("date,Uhrzeit", "{day},07:{k:02}", True),
    ("date,hour", "{day},0\n{day},12", True),
    ("date,hour", "{day},0\n{day},1230", True),
    ("date,hour", "{day},30\n{day},69", False),
    ("date,hour", "{day},-3.4\n{day},8", False),
    ("year,month,day,hours", "2021,3,{k},8", False),
    ("year,month,day,hour", "2021,3,{k},0\n2021,3,{k},12", True),
    ("year,month,day,hour", "2021,3,{k},7.5\n2021,3,{k},12", False),
]


@pytest.mark.parametrize(("head", "form", "joined"), BESIDE_DAYS)
def test_hours_beside_days_are_a_clock_only_where_the_days_need_one(
    head: str, form: str, joined: bool
) -> None:
    rows = [form.format(day=f"2021-03-{k:02}", k=k) for k in range(1, 21)]
    rows = [f"{line},{n}.25" for n, line in enumerate("\n".join(rows).split("\n"))]
    found = read_bytes(lines(head + ",v", rows).encode(), "it.csv", How())
    last = head.rsplit(",", maxsplit=1)[-1]
    assert (last in found.layout["time"]) == joined
    said = [note for note in found.notes if "were joined: date + sleep." in note]
    assert len(said) == (last == "sleep") == len([n for n in found.notes if "joined" in n])
    if head.startswith("date"):
        alone = read_bytes(lines(head + ",v", rows).encode(), "it.csv", How(time=("date",)))
        assert alone.layout["time"] == ("date",)


@pytest.mark.parametrize(
    ("cells", "first", "said"),
    [
        ("900 953 1.006 1.059", 1006.0, ""),
        ("900 953 1,006 1,059", 1006.0, ""),
        ("1 2 1.125 1.250", 1.125, "1.234 may be a thousand"),
        ("1.001 1.002 1.125 1.250", 1.125, "1.234 may be a thousand"),
        ("900 953 1006 1.059", 1006.0, "1.234 may be a thousand"),
    ],
)
def test_whole_numbers_just_below_a_thousand_tell_what_stands_between_thousands(
    cells: str, first: float, said: str
) -> None:
    rows = [f"{k}.3.2021;{cell}" for k, cell in enumerate(cells.split() * 4, 1)]
    found = read_bytes(lines("Datum;Besucher", rows).encode(), "it.csv", How())
    assert found.frame["Besucher"].iloc[2] == first
    assert any(said in note for note in found.notes) if said else not found.notes


@pytest.mark.parametrize(
    ("name", "start", "said"),
    [
        ("account", 20010101, None),
        ("population", 200001, None),
        ("id", 210101, None),
        ("rpm", 1900, None),
        ("x", 1900, "The numbers in 'x' were read as years."),
        ("x", 20010101, "The numbers in 'x' were read as dates."),
        ("year", 1900, ""),
        ("date", 20010101, ""),
    ],
)
def test_digits_are_moments_with_a_word_and_never_under_the_name_of_something_else(
    name: str, start: int, said: str | None
) -> None:
    rows = [f"{start + k},{k * k}.5" for k in range(12)]
    found = read_bytes(lines(f"{name},v", rows).encode(), "it.csv", How())
    assert (name in found.frame) == (said is None)
    assert found.notes == ([said] if said else [])


@pytest.mark.parametrize("head", ["Year,1,2,3,4", "Year,0,1,2,3", "unit,101,102,103,104"])
def test_numbers_that_run_on_behind_a_word_are_names(head: str) -> None:
    rows = [f"{1990 + k},{k},{k * k}.5,{k % 3},7" for k in range(12)]
    found = read_bytes(lines(head, rows).encode(), "it.csv", How())
    assert list(found.frame) == head.split(",")[1:] and len(found.frame) == 12
    plain = read_bytes(lines(rows).encode(), "it.csv", How())
    assert len(plain.frame) == 12


@pytest.mark.parametrize(
    ("head", "cells", "first", "said"),
    [
        ("T1", ("4.2 K", "295.0", "296.5"), 4.2, "All were read as they stand, '12 K' as 12"),
        ("Sensor A", ("4 K", "295", "296"), 4, "'K' (10), and 20 have none"),
        ("Field", ("2.5 T", "301", "302"), 2.5, "'T' (10), and 20 have none"),
        ("Dist", ("2.5 M", "301", "302"), 2.5, "'M' (10), and 20 have none"),
        ("Views", ("1.2 K", "0", "3"), 1.2, "'K' (10), and 20 have none"),
        ("Views", ("12.1 K", '"9,950"', '"8,800"'), 12_100, "multiply: '12.1 K' is 12,100"),
        ("Views", ("1.2 K", "950", "800"), 1200, "multiply: '1.2 K' is 1,200"),
        ("Views", ("1.2 M", "950 K", "990 K"), 1_200_000, "multiply: '1.2 M' is 1,200,000"),
        ("T (K)", ("4.2 K", "295.0", "296.5"), 4.2, ""),
    ],
)
def test_a_letter_beside_plain_numbers_multiplies_only_where_those_end(
    head: str, cells: tuple[str, ...], first: float, said: str
) -> None:
    text = lines(f"day,{head}", (f"{d:%F},{cells[k % 3]}" for k, d in enumerate(DAYS)))
    found = read_bytes(text.encode(), "it.csv", How())
    notes = " ".join(found.notes)
    assert found.frame.iloc[0, 0] == first and said in notes
    assert bool(said) == ("have none" in notes or "multiply" in notes)


@pytest.mark.parametrize("name", ["{}", "M{}"])
@pytest.mark.parametrize("runs_on", [True, False])
def test_numbered_columns_of_years_are_months_where_values_run_on(name: str, runs_on: bool) -> None:
    values = np.random.default_rng(5).normal(size=(30, 12)).round(2)
    values += 10 * runs_on * np.sin(np.arange(12) / 2)
    head = ",".join(("Year", *(name.format(month) for month in range(1, 13))))
    text = lines(head, (f"{1990 + k},{','.join(map(str, row))}" for k, row in enumerate(values)))
    found = read_bytes(text.encode(), "it.csv", How())
    assert found.frame.shape == ((360, 1) if runs_on else (30, 12))
    assert ("may be months" in " ".join(found.notes)) != runs_on


@pytest.mark.parametrize(
    ("sides", "least", "asked"), [("SH", 1, True), ("SH", -1, False), ("AB", 1, False)]
)
def test_amounts_without_a_sign_beside_debit_and_credit_are_asked_about(
    sides: str, least: int, asked: bool
) -> None:
    text = lines(
        "day;amount;S/H", (f"{d:%F};{k * 7 % 5 + least},50;{sides[k % 3 // 2]}"
                           for k, d in enumerate(DAYS))
    )  # fmt: skip
    notes = " ".join(read_bytes(text.encode(), "it.csv", How()).notes)
    assert ("'S/H' says 'H' or 'S'" in notes) == asked


@pytest.mark.parametrize(("head", "asked"), [("M", True), ("Quartal", False)])
def test_roman_numbers_to_four_are_quarters_and_it_is_said_unless_their_name_does(
    head: str, asked: bool
) -> None:
    rows = (f"{part}/{year};{year % 7}" for year in range(2000, 2008)
            for part in ("I", "II", "III", "IV"))  # fmt: skip
    found = read_bytes(lines(f"{head};v", rows).encode(), "it.csv", How())
    assert str(found.frame.index[1])[:10] == "2000-04-01"
    assert ("may also be months" in " ".join(found.notes)) == asked
