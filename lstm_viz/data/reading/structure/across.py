"""Tables with years or dates side by side and a series in each row, turned: a column a series."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from lstm_viz.data.reading.cells.kinds import kind_of
from lstm_viz.data.reading.found import Found
from lstm_viz.data.reading.moments.times import times_in
from lstm_viz.data.reading.naming import one_line
from lstm_viz.data.reading.structure.rows import framed
from lstm_viz.words import N_, Sentence

YEAR = re.compile(r"((?:1[6-9]|2[01])\d\d)(?:\.0)?(?: \[YR\d{4}\])?")
FEWEST, FEWEST_STEPS, MOST = 8, 20, 500
"""Moments side by side, steps that are only counted, and series below each other."""
TURNED = N_(
    "{first} to {last} stand side by side, and each row is a series: they were turned, a column a "
    "series."
)


STEPS_TURNED = N_(
    "The steps {first} to {last} of each series stand side by side: they were turned, a column a "
    "series. A shorter series is missing at its end."
)
COUNTED = re.compile(r"([^\W\d]*[ _]?)(\d+)")


def turned(found: Found) -> Found:
    """The same table with a row a moment; as it is where no moments are in its head."""
    frame = found.frame
    if frame.shape[1] <= FEWEST or not 1 <= len(frame) <= MOST:
        return found
    names = [name.strip() for name in found.names]
    if any(map(YEAR.fullmatch, names)):
        return _turned(found, frame, _years(names), "Year", TURNED)
    if dates := _dates(names):
        body = frame.iloc[:, : min(dates)].to_numpy().ravel()
        named = any(isinstance(cell, str) and kind_of(cell) == "text" for cell in body)
        return _turned(found, frame, dates, "Date", TURNED) if named else found
    if steps := _steps(names, _cells(frame.iloc[:, 0])):
        return _turned(found, frame, steps, "", STEPS_TURNED)
    return _turned(found, frame.iloc[1:], _years(_cells(frame.iloc[0])), "Year", TURNED)


def _turned(
    found: Found, body: pd.DataFrame, moments: Mapping[int, Any], name: str, words: str
) -> Found:
    """The table with `moments`, by their places in a row, as its first column, where it is called
    anything.
    """
    if not moments or not len(body):
        return found
    places, told = list(moments), list(moments.values())
    labels = _labels([_cells(body.iloc[:, p]) for p in range(places[0])])
    columns: list[Any] = [list(body.iloc[row, places]) for row in range(len(body))]
    return replace(
        found,
        frame=framed([told, *columns] if name else columns),
        names=(name, *labels) if name else tuple(labels),
        units={},
        notes=(*found.notes, Sentence(words, {"first": told[0], "last": told[-1]})),
    )


def _cells(cells: pd.Series) -> list[str]:
    """As text; empty where there is nothing."""
    return [one_line(str(cell)).strip() if cell == cell else "" for cell in cells]


def _years(cells: Sequence[str]) -> dict[int, int]:
    """Place -> year, where years follow each other behind a column of words; else none."""
    told = {place: year for place, cell in enumerate(cells) if (year := YEAR.fullmatch(cell))}
    years = {place: int(year[1]) for place, year in told.items()}
    if len(years) < FEWEST or 0 in years:
        return {}
    first = next(iter(years.values()))
    return years if [*years.values()] == list(range(first, first + len(years))) else {}


def _steps(names: Sequence[str], first: Sequence[str]) -> dict[int, str]:
    """Place -> name, where names that only count stand behind a column of unlike words."""
    counted = [COUNTED.fullmatch(name) for name in names[1:]]
    if len(counted) < FEWEST_STEPS or not all(counted) or len({*first}) < len(first):
        return {}
    if not all(kind_of(cell) == "text" for cell in first):
        return {}
    told = [(each[1], int(each[2])) for each in counted if each]
    runs = [(told[0][0], told[0][1] + at) for at in range(len(told))]
    return dict(enumerate(names[1:], 1)) if told == runs else {}


def _dates(cells: Sequence[str]) -> dict[int, str]:
    """Place -> date, where all cells from one on are dates that run forward; else none."""
    stop = max((place + 1 for place, cell in enumerate(cells) if cell), default=0)
    start = stop
    while start and kind_of(cells[start - 1]) == "time":
        start -= 1
    if not start or stop - start < FEWEST:
        return {}
    times = times_in(pd.Series(cells[start:stop], dtype="str"))
    if times is None or times.unit == "clock" or np.isnat(times.values).any():
        return {}
    forward = (np.diff(times.values).astype(np.int64) > 0).all()
    return {place: cells[place] for place in range(start, stop)} if forward else {}


def _labels(columns: list[list[str]]) -> list[str]:
    """A name for each row, of as few columns as tell the rows apart."""
    labels = columns[0]
    for more in columns[1:]:
        if all(labels) and len({*labels}) == len(labels):
            break
        labels = [" · ".join(filter(None, each)) for each in zip(labels, more, strict=True)]
    return labels
