"""Uploads: a CSV file's bytes as a table of numeric columns, or one sentence that says why not."""

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lstm_viz.data.decoding import decode
from lstm_viz.data.dialect import Dialect, detect
from lstm_viz.data.labels import date_labels, number_labels
from lstm_viz.data.parsing import lines, numbers, read_frame
from lstm_viz.data.series import Labels, Rows, Series
from lstm_viz.errors import DataError
from lstm_viz.words import N_, Sentence

if TYPE_CHECKING:
    import pandas as pd

MAX_BYTES = 64 * 2**20
MAX_ROWS = 2_000_000
MAX_CELLS = 25_000_000
"""Rows x columns, at 8 bytes each; counted before anything is read."""
MAX_MISSING = 0.2
"""Share of a column that may be filled in."""
PREFACE = re.compile(rb"""(?:[ \t;|,]*[\r\n])*(?:"?sep=(?P<delimiter>[\t;|,])"?(?:[\r\n]+|$))?""")
"""Empty lines, and the line `sep=;` by which Excel tells the delimiter."""


@dataclass(frozen=True, eq=False)
class Column:
    """A column of numbers, as read."""

    name: str
    """The file's own text, which may hold HTML."""
    values: Rows
    """(rows,) NaN where missing, infinite where the file says so."""
    missing: int
    """How many are neither: NaN or infinite."""
    constant: bool
    """Whether all others are equal."""


@dataclass(frozen=True, eq=False)
class Table:
    """What a file holds that a series can be made of, and how it was read."""

    name: str
    """Its file name."""
    rows: int
    columns: tuple[Column, ...]
    """At least one; the file's order."""
    other_columns: tuple[str, ...]
    """Names of those without numbers, the index apart."""
    index_name: str
    """Name of the first column where it labels the rows; `""` where it does not."""
    index: Labels | None
    """(rows,) float64 or datetime64, never decreasing."""
    encoding: str
    dialect: Dialect


def read_csv(data: bytes, filename: str) -> Table:
    r"""The table in a CSV file.

    Finds the encoding (UTF-8, UTF-16 with its mark, Shift-JIS, Latin-1), the delimiter (comma,
    semicolon, tab, bar), the decimal mark and the header. A row with too few cells misses the
    rest. A first column of dates, years or row numbers labels the rows, where there is another.

    Raises DataError with one sentence for anything that is no such table, or too large a one.

    >>> table = read_csv("Tag;Höhe\n1.5.2020;1,5\n2.5.2020;2,5\n".encode("latin-1"), "tide.csv")
    >>> table.index_name, table.columns[0].name, table.columns[0].values
    ('Tag', 'Höhe', array([1.5, 2.5]))
    """
    if len(data) > MAX_BYTES:
        raise DataError(
            N_(
                "'{file}' has {got} MB and at most {most} MB can be read. "
                "Keep the columns and rows you need and upload it again."
            ),
            file=filename,
            got=math.ceil(len(data) / 2**20),
            most=MAX_BYTES // 2**20,
        )
    text, encoding = decode(data, filename)
    begin = PREFACE.match(text)
    assert begin is not None  # it may match nothing
    text, skipped = text[begin.end() :].rstrip(), lines(begin[0])
    dialect = detect(text, filename, (begin["delimiter"] or b"").decode())
    _check_size(text, dialect, filename)
    frame = read_frame(text, dialect, filename, skipped)
    return _table(frame, filename, encoding, dialect)


def series_from(table: Table, column: str) -> Series:
    """One column of a table as a series without gaps.

    Missing and infinite values are filled in on a straight line between their neighbours, at an
    end with the nearest value, and counted in the series' note. (A gap across the split thus
    borrows from one validation value.) Raises DataError for an unknown column, one that is
    missing in more than `MAX_MISSING` of its rows, and one that never changes.
    """
    chosen = next((each for each in table.columns if each.name == column), None)
    if chosen is None:
        raise DataError(
            N_("'{file}' has no column of numbers called '{column}'. Choose another column."),
            file=table.name,
            column=column,
        )
    facts = {"column": column, "count": chosen.missing, "rows": table.rows}
    if chosen.missing > MAX_MISSING * table.rows:
        raise DataError(
            N_(
                "{count:,} of the {rows:,} values of '{column}' are missing, infinite or not "
                "numbers, and at most {most:.0%} can be filled in. Choose another column or fill "
                "them in first."
            ),
            most=MAX_MISSING,
            **facts,
        )
    if chosen.constant:
        raise DataError(
            N_(
                "'{column}' has the same value in every row: there is nothing to learn. "
                "Choose another column."
            ),
            column=column,
        )
    note = Sentence(
        N_(
            "{count:,} of the {rows:,} values of '{column}' were missing, infinite or not numbers. "
            "They are filled in on a straight line between their neighbours, at an end with the "
            "nearest one."
        ),
        facts,
    )
    return Series(
        table.name,
        _filled(chosen.values)[:, None],
        (column,),
        table.index_name or N_("step"),
        table.index,
        note if chosen.missing else None,
    )


def _filled(values: Rows) -> Rows:
    known = np.isfinite(values)
    rows = np.arange(len(values))
    return values if known.all() else np.interp(rows, rows[known], values[known])


def _check_size(text: bytes, dialect: Dialect, filename: str) -> None:
    """Refuse before reading: a short file of short rows can ask for a large table."""
    rows = lines(text) + 1 - dialect.header
    if rows > MAX_ROWS:
        raise DataError(
            N_(
                "'{file}' has {got:,} rows and at most {most:,} can be read. "
                "Keep the rows you need and upload it again."
            ),
            file=filename,
            got=rows,
            most=MAX_ROWS,
        )
    if rows * dialect.width > MAX_CELLS:
        raise DataError(
            N_(
                "'{file}' has {rows:,} rows of {columns:,} columns and at most {most:,} cells can "
                "be read. Keep the columns you need and upload it again."
            ),
            file=filename,
            rows=rows,
            columns=dialect.width,
            most=MAX_CELLS,
        )


def _table(frame: "pd.DataFrame", filename: str, encoding: str, dialect: Dialect) -> Table:
    """The columns that hold numbers, and the first one apart where it labels the rows."""
    read = {
        name: numbers(frame.iloc[:, place], dialect.decimal)
        for place, name in enumerate(dialect.names)
    }
    numeric = [name for name, values in read.items() if values is not None]
    if not numeric:
        raise DataError(
            N_(
                "'{file}' has {rows:,} rows and no column of numbers. Upload a CSV file with at "
                "least one column of plain numbers such as 12.5."
            ),
            file=filename,
            rows=len(frame),
        )
    first = dialect.names[0]
    values, index = read[first], None
    if values is None:
        index = date_labels(frame.iloc[:, 0])
    elif len(numeric) > 1 and number_labels(values):
        index = values
    if index is not None:
        del read[first]
    return Table(
        name=filename,
        rows=len(frame),
        columns=tuple(_column(name, each) for name, each in read.items() if each is not None),
        other_columns=tuple(name for name, each in read.items() if each is None),
        index_name=first if index is not None else "",
        index=index,
        encoding=encoding,
        dialect=dialect,
    )


def _column(name: str, values: Rows) -> Column:
    known = values[np.isfinite(values)]
    constant = not known.size or bool(known.min() == known.max())
    return Column(name, values, len(values) - known.size, constant)
