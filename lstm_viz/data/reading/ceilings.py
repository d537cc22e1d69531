"""How large a file may be: said before an upload, counted before anything is read."""

import math

from lstm_viz.errors import DataError
from lstm_viz.words import N_

MAX_BYTES = 64 * 2**20
MAX_UNPACKED = 256 * 2**20
"""Bytes that the members of a zip archive may have together when they are unpacked."""
MAX_ROWS = 2_000_000
MAX_COLUMNS = 1000
MAX_CELLS = 25_000_000
"""Rows x columns, at 8 bytes each."""
MAX_VALUES = 5_000_000
"""Of a JSON file: each is an object of some 60 bytes on its way."""
MAX_SHEET_CELLS = 1_000_000
"""Of a workbook: each takes some microseconds."""
MAX_LETTERS = 2_000_000
"""Of a text."""
LONGEST_LINE = 250_000
"""Letters: 1,000 columns of 250. A line is taken apart before its cells are counted."""


def check_bytes(filename: str, got: int, most: int) -> None:
    """Raise DataError for a file of more than `most` bytes."""
    if got > most:
        raise DataError(
            N_(
                "'{file}' has {got} MB and at most {most} MB can be read. "
                "Keep the columns and rows you need."
            ),
            file=filename,
            got=math.ceil(got / 2**20),
            most=most // 2**20,
        )


def check_table(filename: str, rows: int, columns: int, most: int = MAX_CELLS) -> None:
    """Raise DataError for a table of too many rows, columns or cells: a short file can ask for one.

    >>> check_table("big.npy", 3_000_000, 1)
    Traceback (most recent call last):
    lstm_viz.errors.DataError: 'big.npy' has 3,000,000 rows and at most 2,000,000 can be read. ...
    """
    if columns > MAX_COLUMNS:
        raise DataError(
            N_(
                "'{file}' has {got:,} columns and at most {most:,} can be read. "
                "Keep the columns you need."
            ),
            file=filename,
            got=columns,
            most=MAX_COLUMNS,
        )
    if rows > MAX_ROWS:
        raise DataError(
            N_(
                "'{file}' has {got:,} rows and at most {most:,} can be read. "
                "Keep the rows you need."
            ),
            file=filename,
            got=rows,
            most=MAX_ROWS,
        )
    if rows * columns > most:
        raise DataError(
            N_(
                "'{file}' has {rows:,} rows of {columns:,} columns and at most {most:,} cells can "
                "be read. Keep the columns you need."
            ),
            file=filename,
            rows=rows,
            columns=columns,
            most=most,
        )


def check_lines(text: str, filename: str) -> None:
    """Raise DataError for a line that is too long for one of a table."""
    place = 0
    while len(text) - place > LONGEST_LINE:
        end = text.rfind("\n", place, place + LONGEST_LINE + 1)
        if end < 0:
            raise DataError(
                N_(
                    "'{file}' has a line of more than {most:,} letters. A CSV file has one line "
                    "for each row of the table."
                ),
                file=filename,
                most=LONGEST_LINE,
            )
        place = end + 1
