"""The sentences of what is doubtful in a file, was left out of it or changed."""

import re
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

from lstm_viz.data.reading.cells.sentinels import sentinels_in
from lstm_viz.data.reading.found import Found
from lstm_viz.data.reading.how import How
from lstm_viz.data.reading.moments import order
from lstm_viz.data.reading.moments.epochs import is_named_so
from lstm_viz.data.reading.moments.hours import NAMED
from lstm_viz.data.reading.moments.times import Times
from lstm_viz.data.series import Labels, Rows
from lstm_viz.words import N_, Sentence

SHOWN = 5


def left_out(found: Found) -> list[Sentence]:
    """What stood above or below the data and is none."""
    above = N_(
        "Rows between the names and the data were left out: {count:,}, the first of them '{first}'."
    )
    below = N_("Rows below the data were left out: {count:,}, the first of them '{first}'.")
    said = []
    for words, rows in ((above, found.sums), (below, found.footer)):
        if rows:
            shown = " ".join(str(rows[0].cells[place]) for place in rows[0].filled[:3])[:60]
            said.append(Sentence(words, {"count": len(rows), "first": shown}))
    return said


SIDES = ({"S", "H"}, {"SOLL", "HABEN"}, {"DR", "CR"}, {"DEBIT", "CREDIT"})
"""Words for the two sides of an account."""


def sides(amounts: Mapping[str, Rows], words: Mapping[str, pd.Series]) -> list[Sentence]:
    """That a column says which side of an account amounts are on, and none of them is negative."""
    if not amounts or any((values < 0).any() for values in amounts.values()):
        return []
    text = N_(
        "'{column}' says '{one}' or '{other}', and no number is negative: if those are debit and "
        "credit, put a minus before the numbers of one of them."
    )
    said = []
    for name, cells in words.items():
        found = sorted({str(cell).strip() for cell in cells.dropna().unique()[: SHOWN + 1]})
        if {each.upper() for each in found} in SIDES and len(found) == 2:
            said.append(Sentence(text, {"column": name, "one": found[0], "other": found[1]}))
    return said


def decimals(columns: Mapping[str, str], usual: str) -> list[Sentence]:
    """That some columns of numbers, name -> its decimal mark, have another mark than the rest."""
    unlike = [name for name, mark in columns.items() if mark != usual]
    if not unlike or len(unlike) == len(columns):
        return []
    text = N_(
        "These columns have another decimal mark than the rest, '{mark}', and were read with it: "
        "{columns}."
    )
    listed = ", ".join(f"'{name}'" for name in unlike[:SHOWN])
    return [Sentence(text, {"mark": columns[unlike[0]], "columns": listed})]


def thousands(name: str) -> Sentence:
    """That a column's thousands may be decimals, written unlike those of the other columns."""
    words = N_(
        "There are three digits behind every '.' in '{column}', and both readings fit: 1.234 as a "
        "thousand and more, or as 1 and a fraction. Taken: thousands, since the decimal mark of "
        "the file is ','."
    )
    return Sentence(words, {"column": name})


def sentinels(columns: Mapping[str, Rows]) -> list[Sentence]:
    """Numbers that may stand for nothing: asked, not assumed."""
    found: dict[float, list[str]] = {}
    for name, values in columns.items():
        for number, count in sentinels_in(values):
            found.setdefault(number, []).append(f"{count:,} × '{name}'")
    text = N_(
        "{number} is far from all other values ({places}). If it stands for a missing value, "
        "say so: it is read as a number."
    )
    return [
        Sentence(text, {"number": f"{number:g}", "places": ", ".join(places[:SHOWN])})
        for number, places in list(found.items())[:SHOWN]
    ]


def times(times: Times, name: str, how: How, *, digits: bool = False) -> list[Sentence]:
    """How moments were read, where the file leaves it open or does not say it in so many words."""
    said = []
    if times.other is not None and how.day_first is None:
        text = N_(
            "The dates in '{column}' can be read in two ways, and both fit: {one}, or {other}. "
            "Taken: {one}, {taken}."
        )
        ways = {"one": _reach(times.values), "other": _reach(times.other)}
        taken = Sentence(FIRST[times.first])
        said.append(Sentence(text, {"column": name, **ways, "taken": taken}))
    if times.since:
        text = N_(
            "The years in '{column}' are not those of the common calendar: {difference:+,} was "
            "added to each."
        )
        said.append(Sentence(text, {"column": name, "difference": times.since}))
    said += _of_joined(times, name) if how.time is None else []
    if times.unit == "season":
        text = N_("The seasons in '{column}' stand at the middle one of their three months.")
        said.append(Sentence(text, {"column": name}))
    if times.unit == "two years":
        text = N_(
            "'{column}' tells two years in each row, such as 2001/02: the year or season that "
            "begins in the first of them."
        )
        said.append(Sentence(text, {"column": name}))
    if times.unit not in UNITS:
        text = N_("The numbers in '{column}' were read as moments: {kind}.")
        said.append(Sentence(text, {"column": name, "kind": times.unit}))
    if times.zones:
        text = IN_UTC if times.zone else LOCAL
        said.append(Sentence(text, {"column": name, "zones": ", ".join(times.zones[:SHOWN])}))
    elif times.zone:
        text = N_("The times in '{column}' are kept in the zone {zone}.")
        said.append(Sentence(text, {"column": name, "zone": times.zone}))
    return [*said, *(_of_digits(times, name) if digits and how.time is None else ())]


def _of_joined(times: Times, name: str) -> list[Sentence]:
    """That columns were joined to moments, where their names leave it open."""
    if "column 1 + column 2" in name:
        text = N_("Columns without names were read as the parts of a date: {column}.")
    elif times.clock and _joined_unnamed(name):
        text = N_("Dates and times of day were joined: {column}.")
    elif times.clock and _may_be_lengths(times.values, name):
        text = N_(
            "Dates and times of day were joined: {column}. If the times are how long something "
            "took, choose the dates alone as what says when."
        )
    else:
        return []
    return [Sentence(text, {"column": name})]


def _joined_unnamed(name: str) -> bool:
    """Whether columns were joined of which no later one is called a clock."""
    _first, joined, others = name.partition(" + ")
    return bool(joined) and not NAMED.search(others)


LENGTHS = re.compile(r"time(?!r)|zeit|tijd|tempo|時間|时间|시간", re.I)
OF_DAY = re.compile(r"uhr|of ?day|clock|utc|gmt|local|hh|stamp", re.I)


def _may_be_lengths(moments: Labels, name: str) -> bool:
    """Whether the times beside dates may be those of runs: most dates are there once."""
    _first, _joined, others = name.partition(" + ")
    if not LENGTHS.search(others) or OF_DAY.search(others):
        return False
    days = moments.astype("datetime64[D]")
    return len(np.unique(days)) > len(days) / 2 and len(np.unique(moments - days)) > 1


def _of_digits(times: Times, name: str) -> list[Sentence]:
    """That plain numbers were read as moments, where the column's name does not say so."""
    if times.unit not in UNITS or " + " in name or is_named_so(name):
        return []
    years = N_("The numbers in '{column}' were read as years.")
    dates = N_("The numbers in '{column}' were read as dates.")
    return [Sentence(years if times.unit == "year" else dates, {"column": name})]


UNITS = ("day", "month", "season", "quarter", "half-year", "week", "year", "two years", "clock")
"""What moments stand for, where they are written as such."""
LOCAL = N_("The times in '{column}' are kept in local time, which changes its zone ({zones}).")
IN_UTC = N_(
    "The times in '{column}' change their zone ({zones}), and their local clock does not run on "
    "evenly: they are kept in the zone UTC."
)
FIRST = {
    "day": N_("the day first"),
    "month": N_("the month first"),
    "year": N_("the year first"),
    "": N_("as it stands"),
}


def _reach(values: Labels) -> str:
    known = values[~np.isnat(values)]
    return f"{order.written(known.min())} – {order.written(known.max())}"


ROMAN = re.compile(r"(?:I{1,3}|IV)[-./ ]+\d{4}|\d{4}[-./ ]+(?:I{1,3}|IV)", re.I)


def quarters(times: Times, name: str, cells: pd.Series) -> list[Sentence]:
    """That I to IV were read as quarters, where no word says so and they may be months."""
    told = [str(cell).strip() for cell in cells.dropna().iloc[:SHOWN]]
    roman = bool(told) and all(map(ROMAN.fullmatch, told))
    if times.unit != "quarter" or not roman or re.match(r"q|k|trim", name.strip(), re.I):
        return []
    text = N_("The Roman numbers in '{column}' were read as quarters; I to IV may also be months.")
    return [Sentence(text, {"column": name})]


def stacked(
    column: str, names: tuple[str, ...], rows: pd.DataFrame, codes: npt.NDArray[np.int64]
) -> list[Sentence]:
    """That a table holds several series, and how each is spaced."""
    listed = ", ".join(names[:SHOWN]) + (", …" if len(names) > SHOWN else "")
    text = N_(
        "'{column}' says whose each row is: {count:,} series are stacked in this file ({names}). "
        "Each is read by itself."
    )
    said = [Sentence(text, {"column": column, "count": len(names), "names": listed})]
    if isinstance(rows.index, pd.DatetimeIndex):
        for code, name in enumerate(names[:SHOWN]):
            moments = rows.index[codes == code].tz_localize(None).to_numpy()
            said += [
                Sentence(N_("{entity}: {fact}"), {"entity": name, "fact": fact})
                for fact in order.facts_of(moments)
            ]
    return said
