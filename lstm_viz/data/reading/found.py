"""What a format's reader hands on: cells as they stand in the file, to be told apart."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from lstm_viz.data.reading.cells.columns import Row
from lstm_viz.data.reading.cells.kinds import kind_of
from lstm_viz.data.reading.how import Range
from lstm_viz.data.reading.structure.layout import Line
from lstm_viz.errors import DataError
from lstm_viz.words import N_, Sentence


@dataclass(frozen=True, eq=False)
class Found:
    """A table's cells, and where in the file they stand."""

    frame: pd.DataFrame
    """Columns counted from 0."""
    names: tuple[str, ...]
    """One for each column of the frame, as the file has it; `""` where it has none."""
    header: tuple[int, ...] = ()
    skip: tuple[Range, ...] = ()
    footer: tuple[Row, ...] = ()
    sums: tuple[Row, ...] = ()
    """Rows between the names and the data."""
    units: Mapping[int, str] = field(default_factory=dict)
    decimal: str = "."
    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None
    sheets: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    """Names of what the file holds besides, and cannot be a column of numbers."""
    notes: tuple[Sentence, ...] = ()
    lines: tuple[Line, ...] = ()
    """Some of its rows, as they stand in the file."""


@dataclass(frozen=True, eq=False)
class Sequences:
    """Labelled sequences: a row, or a case, each."""

    values: Any
    """(N, T, D) float64, NaN beyond the end of a shorter one."""
    labels: Any
    """(N,) words."""
    names: tuple[str, ...] = ()
    """D names of signals; empty where they have none."""
    layout: Mapping[str, Any] = field(default_factory=dict)
    notes: tuple[Sentence, ...] = ()


def empty(filename: str) -> DataError:
    """The refusal of a file without a row."""
    return DataError(
        N_("'{file}' is empty. Upload a file with a row for each moment."), file=filename
    )


def no_rows(filename: str, rows: Sequence[Sequence[Any]] | None = None) -> DataError:
    """The refusal of names without values, or of words alone."""
    kinds = [{kind_of(cell) for cell in row} - {"empty"} for row in rows or ()]
    if rows is not None and not any(kinds):
        return empty(filename)
    if sum(bool(each - {"missing"}) for each in kinds) > 1:
        return no_numbers(filename, sum(map(bool, kinds)))
    return DataError(
        N_("'{file}' has a header and no values under it. Upload a file with rows of numbers."),
        file=filename,
    )


def no_numbers(filename: str, rows: int) -> DataError:
    """The refusal of a table of words."""
    return DataError(
        N_(
            "'{file}' has {rows:,} rows and no column of numbers. Give it one of plain numbers "
            "such as 12.5."
        ),
        file=filename,
        rows=rows,
    )
