"""A known table, written as some program would write it, is found again: kinds of files, not cases.

Each example takes its way of writing from every kind at once: preamble, names, units, dates,
numbers, what is missing, what comes after, encoding and line ends.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from lstm_viz.data.reading.read import read
from lstm_viz.data.reading.reading import Reading

MONTHS = {
    "German": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "French": "janv. févr. mars avr. mai juin juil. août sept. oct. nov. déc.",
    "Spanish": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre "
    "diciembre",
}
Stamp = Callable[[pd.Timestamp], str]


def month(moment: pd.Timestamp, language: str) -> str:
    return MONTHS[language].split()[moment.month - 1]


def excel(moment: pd.Timestamp) -> str:
    return f"{(moment - pd.Timestamp('1899-12-30')) / pd.Timedelta('1D'):.8f}"


def clock(moment: pd.Timestamp) -> str:
    return f"{moment:%I:%M %p}"


DATES: dict[str, tuple[Stamp, Stamp | None]] = {
    "ISO": (lambda d: d.isoformat(), None),
    "in two columns": (lambda d: f"{d:%d.%m.%Y}", lambda d: f"{d:%H:%M}"),
    "12-hour clock": (lambda d: f"{d:%m/%d/%Y} {clock(d)}", None),
    "clock apart": (lambda d: f"{d:%Y/%m/%d}", clock),
    "two-digit year": (lambda d: f"{d:%d.%m.%y %H:%M}", None),
    "German": (lambda d: f"{d.day}. {month(d, 'German')} {d.year} {d:%H:%M}", None),
    "French": (lambda d: f"{d.day} {month(d, 'French')} {d.year} {d:%H:%M}", None),
    "Spanish": (lambda d: f"{d.day} de {month(d, 'Spanish')} de {d.year} {d:%H:%M}", None),
    "Japanese": (lambda d: f"{d.year}年{d.month}月{d.day}日 {d.hour}時{d.minute:02}分", None),
    "English": (lambda d: f"{d:%b} {d.day} {d.year} {d:%H:%M}", None),
    "packed": (lambda d: f"{d:%Y%m%d%H%M}", None),
    "epoch seconds": (lambda d: str(int(d.timestamp())), None),
    "epoch milliseconds": (lambda d: str(int(d.timestamp() * 1000)), None),
    "Excel's days": (excel, None),
    "with a zone": (lambda d: f"{d:%Y-%m-%d %H:%M}Z", None),
    "spans": (lambda d: f"{d:%d.%m.%Y %H:%M} - {d + pd.Timedelta('1h'):%d.%m.%Y %H:%M}", None),
}
NUMBERS: dict[str, Callable[[float], str]] = {
    "plain": lambda x: f"{x:.2f}",
    "thousands": lambda x: f"{x:,.2f}",
    "currency": lambda x: f"${x:,.2f}",
    "unit": lambda x: f"{x:.2f} kWh",
    "accounting": lambda x: f"({-x:,.2f})" if x < 0 else f"{x:,.2f}",
}
MARKS = [(",", "."), (";", "."), (";", ","), ("\t", "."), ("\t", ","), ("|", ".")]
ENCODINGS = ["utf-8", "utf-8-sig", "utf-16"]
VALUES = some.integers(-500_000, 500_000).map(lambda n: n / 100)


def turned(text: str, decimal: str) -> str:
    """A number with the other marks for decimals and thousands."""
    return text.translate(str.maketrans(",.", ".,")) if decimal == "," else text


@some.composite
def files(draw: Any) -> tuple[bytes, pd.DatetimeIndex, np.ndarray]:
    count = draw(some.integers(14, 40))
    first = pd.Timestamp("2021-01-25 10:00") + pd.Timedelta(draw(some.integers(0, 5000)), "h")
    moments = pd.date_range(first, periods=count, freq=draw(some.sampled_from(["h", "2h", "D"])))
    values = np.array(draw(some.lists(VALUES, min_size=2 * count, max_size=2 * count)))
    values = np.round(values.reshape(count, 2) + 0.25, 2)  # so that a mark occurs at all
    day, time = DATES[draw(some.sampled_from(sorted(DATES)))]
    number = NUMBERS[draw(some.sampled_from(sorted(NUMBERS)))]
    delimiter, decimal = draw(some.sampled_from(MARKS))
    missing = draw(some.sampled_from(["", "n/a", "k.A.", "---", "unavailable", "欠測"]))
    gone = draw(some.sets(some.integers(1, count - 2), max_size=3))

    def cell(text: str) -> str:
        return f'"{text}"' if delimiter in text else text

    rows = []
    for at, moment in enumerate(moments):
        shown = [number(x) for x in values[at]]
        cells = [missing if at in gone else turned(shown[0], decimal), turned(shown[1], decimal)]
        stamps = [day(moment), *([time(moment)] if time else [])]
        if day is excel:
            stamps = [turned(stamps[0], decimal)]
        rows.append([cell(text) for text in (*stamps, *cells)])
    values[sorted(gone), 0] = np.nan
    names = ["Date", *(["Time"] if time else []), "load", "level"]
    units = ["", *([""] if time else []), "kWh", "m"]
    head = draw(some.sampled_from([[], ["Made by hand"], ["Report", "", "Station: Berlin", ""]]))
    remarks = draw(some.booleans())
    lines = [f"# {line}".rstrip() if remarks else line for line in head]
    lines += [delimiter.join(names), *([delimiter.join(units)] if draw(some.booleans()) else [])]
    lines += [delimiter.join(row) for row in rows[:: draw(some.sampled_from([1, -1]))]]
    lines += draw(some.sampled_from([[], _total(names, delimiter), ["", "Source: the office"]]))
    text = draw(some.sampled_from(["\n", "\r\n"])).join(lines) + "\n"
    return text.encode(draw(some.sampled_from(ENCODINGS))), moments, values


def _total(names: Sequence[str], delimiter: str) -> list[str]:
    return [delimiter.join(["Total", *[""] * (len(names) - 3), "99.5", "99.5"]), delimiter * 3]


@settings(max_examples=30, deadline=None)
@given(files())
def test_a_table_is_found_again_however_it_was_written(
    written: tuple[bytes, pd.DatetimeIndex, np.ndarray],
) -> None:
    data, moments, values = written
    frame = read(data, name="it.csv").frame
    assert list(frame) == ["load", "level"]
    index = frame.index
    assert isinstance(index, pd.DatetimeIndex)
    assert list(index.tz_localize(None)) == list(moments)
    np.testing.assert_allclose(frame, values, rtol=1e-12)


@pytest.mark.parametrize(
    ("other", "values"),
    [
        ([f"0.{100 + k}" for k in range(30)], [0.1, 0.101]),
        ([f"{k}.125" for k in range(30)], [0.125, 1.125]),
        ([f"{k}.25" for k in range(30)], [0.25, 1.25]),
    ],
)
def test_a_column_with_a_decimal_mark_of_its_own_is_read_with_it(
    other: list[str], values: list[float]
) -> None:
    rows = "\n".join(f"{k:02}.01.2020;{k},5;{each}" for k, each in enumerate(other, 1))
    mixed = read(f"Datum;Netz;Kurs\n{rows}".encode(), name="it.csv")
    assert mixed.frame["Kurs"].tolist()[:2] == values
    assert mixed.frame["Netz"].tolist()[:2] == [1.5, 2.5]
    assert "have another decimal mark than the rest" in mixed.notes[0]


def test_thousands_beside_decimals_are_no_other_mark_and_zero_begins_no_thousand() -> None:
    rows = "\n".join(f"{k:02}.01.2020;{k},5;{k}.125" for k in range(1, 30))
    german = read(f"Datum;Netz;Kurs\n{rows}".encode(), name="it.csv")
    assert german.frame["Kurs"].tolist()[:2] == [1125, 2125]
    assert "both readings fit" in german.notes[0], "any of them may be a fraction"
    assert german.layout["numeric"] == ("Netz", "Kurs") and german.layout["commas"] == (
        "Netz",
        "Kurs",
    )
    one = read(f"Datum;Netz;Kurs\n{rows}".encode(), name="it.csv", marks={"Kurs": "."})
    assert one.frame["Kurs"].tolist()[:2] == [1.125, 2.125] and one.layout["commas"] == ("Netz",)
    assert one.frame["Netz"].tolist() == german.frame["Netz"].tolist()
    told = read(b"D;a;b\n" + b"1.1.2020;1.125;1.5\n" * 9, name="it.csv", marks={"a": ","})
    assert told.frame.iloc[0].tolist() == [1125, 1.5], (
        "digits that were a fraction as the file goes"
    )
    smaller = read(f"Datum;Netz;Kurs\n{rows}\n30.01.2020;1,5;850".encode(), name="it.csv")
    assert not smaller.notes, "850 has no decimals: these are thousands"
    told = read(f"D;N;K\n{rows}\n30.01.2020;1,5;0.125".encode(), name="it.csv", decimal=",")
    assert np.isnan(told.frame["K"].iloc[-1]) and "'0.125' (1)" in told.notes[0]


def test_commas_between_columns_and_before_decimals_are_told_apart_or_asked_about() -> None:
    def of(head: str, rows: str) -> Reading:
        made = (rows.format(k=k, day=f"2020-01-{k:02}") for k in range(1, 31))
        return read("\n".join([head, *made]).encode(), name="it.csv")

    both = of("date,v,w", "{day},{k},5,1,125")
    assert both.frame.iloc[1].to_dict() == {"v": 2.5, "w": 1.125}
    assert (
        str(both.frame.index[1])[:10] == "2020-01-02" and "decimal marks as well" in both.notes[0]
    )
    mixed = of("date,n,v", "{day},3,{k},5")
    assert (
        mixed.frame.iloc[1].tolist() == [3, 2, 5] and "There are 3 names over 4" in mixed.notes[0]
    )
    rows_with_names = of("a,b", "r{k},{k},25")
    assert rows_with_names.frame.iloc[1].to_dict() == {"a": 2, "b": 25}
    assert of("n,a,b", "{k},{k},25").notes == of("a", "{k},5").notes == []


@pytest.mark.parametrize("head", ["Datum Pegel Abfluss\n", ""])
@pytest.mark.parametrize("apart", [" ", "   "])
def test_spaces_between_columns_and_commas_before_decimals_are_told_apart(
    head: str, apart: str
) -> None:
    rows = (f"{d:02}.01.2020 1,{d:02} -{d},90" for d in range(1, 31))
    found = read((head + "\n".join(rows)).replace(" ", apart).encode(), name="it.txt")
    assert found.frame.shape == (30, 2) and not found.notes
    assert found.frame.iloc[1].tolist() == [1.02, -2.9]
    assert str(found.frame.index[1]) == "2020-01-02 00:00:00"
    clock = "Date Time,v\n" + "\n".join(f"20200101 10{m:02},{m}" for m in range(30))
    assert read(clock.encode(), name="it.csv").layout["delimiter"] == ","


@pytest.mark.parametrize(
    ("head", "codec", "doubted"),
    [("Дата;Высота;Температура воздуха", "cp866", True), ("Výška;Šířka;Délka", "cp852", True),
     ("Tarih;Sıcaklık;Yağış", "cp1254", True), ("Größe;Température;Año (°C)", "cp1252", False)],
)  # fmt: skip
def test_letters_that_western_words_do_not_have_are_shown_as_doubtful(
    head: str, codec: str, doubted: bool
) -> None:
    rows = "\n".join(f"{d:02}.01.2020;{d},5;{d * d % 7},25" for d in range(1, 29))
    notes = " ".join(read(f"{head}\n{rows}".encode(codec), name="it.csv").notes)
    assert ("does not read well" in notes) == doubted
