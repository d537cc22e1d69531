"""The columns of a file told apart: which hold numbers, and which labels the rows."""

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from lstm_viz.data.reading.labels import Dates, dates_in, number_labels
from lstm_viz.data.reading.order import facts_of, order_of
from lstm_viz.data.reading.parsing import numbers
from lstm_viz.data.reading.tables import Column, Found, Table
from lstm_viz.data.series import Labels, Rows
from lstm_viz.errors import DataError
from lstm_viz.words import N_, Sentence

if TYPE_CHECKING:
    import pandas as pd

MOST_TRIED = 20
"""Columns of words that are tried as dates."""
Read = dict[str, Rows | None]


def table_of(found: Found, filename: str, form: str) -> Table:
    """The columns that hold numbers, in the order of their dates.

    The first column labels the rows where it holds dates, growing years or row numbers; else the
    first whose every cell is a date. Raises DataError where no column holds numbers.
    """
    read: Read = {
        name: numbers(found.frame.iloc[:, place], found.decimal)
        for place, name in enumerate(found.names)
    }
    numeric = [name for name, values in read.items() if values is not None]
    if not numeric:
        raise _no_numbers(filename, len(found.frame))
    table = Table(
        name=filename,
        rows=len(found.frame),
        columns=(),
        other_columns=(),
        index_name="",
        index=None,
        encoding=found.encoding,
        dialect=found.dialect,
        format=form,
        header=found.header,
        sheet=found.sheet,
        sheets=found.sheets,
    )
    table = _dated(table, found, read) or _counted(table, read, numeric) or table
    return replace(
        table,
        columns=tuple(column_of(name, each) for name, each in read.items() if each is not None),
        other_columns=(
            *(name for name, each in read.items() if each is None),
            *found.left_out,
        ),
    )


def _no_numbers(filename: str, rows: int) -> DataError:
    return DataError(
        N_(
            "'{file}' has {rows:,} rows and no column of numbers. Upload a file with at least "
            "one column of plain numbers such as 12.5."
        ),
        file=filename,
        rows=rows,
    )


def column_of(name: str, values: Rows) -> Column:
    """A column with what is missing in it counted."""
    known = values[np.isfinite(values)]
    constant = not known.size or bool(known.min() == known.max())
    return Column(name, values, len(values) - known.size, constant)


def _dated(table: Table, found: Found, read: Read) -> Table | None:
    """With a column of dates as labels, taken from `read`, whose rows it puts in order."""
    name, dates = _dates(found, read)
    measured = any(values is not None for other, values in read.items() if other != name)
    if dates is None or not measured:
        return None
    del read[name]
    facts, index, told = [], dates.values, {"column": name}
    if dates.doubtful:
        words = N_("The dates in '{column}' can be read in two ways; the day was taken first.")
        facts.append(Sentence(words, told))
    if (order := order_of(index)) is not None:
        index = index[order]
        for other, values in read.items():
            read[other] = None if values is None else values[order]
        facts.append(Sentence(N_("The rows were sorted by '{column}'."), told))
    facts += facts_of(index)
    first = next(iter(read))
    if len(read) > 1 and first == found.names[0] and _only_counts(read[first]):
        del read[first]
        words = N_("'{column}' only counts the rows and was left out.")
        facts.append(Sentence(words, {"column": first}))
    return replace(table, index_name=name, index=index, facts=tuple(facts))


def _dates(found: Found, read: Read) -> tuple[str, Dates | None]:
    """The column that holds dates: the first, else the first of those without numbers."""
    others = [name for name in found.names[1:] if read[name] is None][:MOST_TRIED]
    for name in (found.names[0], *others):
        column: pd.Series = found.frame.iloc[:, found.names.index(name)]
        if (dates := dates_in(column)) is not None:
            return name, dates
    return "", None


def _counted(table: Table, read: Read, numeric: list[str]) -> Table | None:
    """With a first column of growing numbers as labels, where it is not the only one."""
    first = next(iter(read))
    values = read[first]
    if values is None or len(numeric) < 2:
        return None
    if not number_labels(values):
        if not _years_back(values):
            return None
        for name, each in read.items():
            read[name] = None if each is None else each[::-1]
        told = {"column": first}
        table = replace(table, facts=(Sentence(N_("The rows were sorted by '{column}'."), told),))
    index: Labels = np.sort(values)
    del read[first]
    return replace(table, index_name=first, index=index)


def _years_back(values: Rows) -> bool:
    if not np.isfinite(values).all():
        return False
    whole = bool((values % 1 == 0).all()) and values.min() >= 1000 and values.max() <= 3000
    return whole and number_labels(values[::-1])


def _only_counts(values: Rows | None) -> bool:
    """0, 1, 2, ... or 1, 2, 3, ... in any order, as the rows may have been sorted."""
    if values is None or not np.isfinite(values).all():
        return False
    ordered = np.sort(values)
    return ordered[0] in (0, 1) and bool((np.diff(ordered) == 1).all())
