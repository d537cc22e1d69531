"""Tables with the years side by side and a series in each row, turned into a column a series."""

import re
from dataclasses import replace
from typing import Any

from lstm_viz.data.reading.found import Found
from lstm_viz.data.reading.naming import one_line
from lstm_viz.data.reading.rows import framed
from lstm_viz.words import N_, Sentence

YEAR = re.compile(r"((?:1[6-9]|2[01])\d\d)(?:\.0)?(?: \[YR\d{4}\])?")
FEWEST, MOST = 8, 500
"""Years side by side, and series below each other."""
TURNED = N_(
    "The years {first} to {last} stand side by side, and each row is a series: they were turned, "
    "a column a series."
)


def turned(found: Found) -> Found:
    """The same table with a row a year; as it is where years are not in its head."""
    frame = found.frame
    if frame.shape[1] <= FEWEST or not 1 <= len(frame) <= MOST:
        return found
    told = [YEAR.fullmatch(name.strip()) for name in found.names]
    body = frame
    if not any(told):
        told = [YEAR.fullmatch(str(cell).strip()) for cell in frame.iloc[0]]
        body = frame.iloc[1:]
    places = [place for place, year in enumerate(told) if year]
    years = [int(year[1]) for year in told if year]
    words = [place for place in range(frame.shape[1]) if place < min(places, default=0)]
    if len(years) < FEWEST or not words or not len(body):
        return found
    if years != list(range(years[0], years[0] + len(years))):
        return found
    labels = _labels([[one_line(str(cell)) for cell in body.iloc[:, p]] for p in words])
    columns: list[list[Any]] = [years, *(list(body.iloc[row, places]) for row in range(len(body)))]
    facts = {"first": years[0], "last": years[-1]}
    return replace(
        found,
        frame=framed(columns),
        names=("Year", *labels),
        units={},
        notes=(*found.notes, Sentence(TURNED, facts)),
    )


def _labels(columns: list[list[str]]) -> list[str]:
    """A name for each row, of as few columns as tell the rows apart."""
    labels = columns[0]
    for more in columns[1:]:
        if len({*labels}) == len(labels):
            break
        labels = [f"{label} · {word}" for label, word in zip(labels, more, strict=True)]
    return labels
