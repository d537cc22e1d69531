"""CSV and its like, and plain texts: what is told is taken, the rest found."""

import re

import numpy as np

from lstm_viz.data.reading.ceilings import MAX_COLUMNS, MAX_LETTERS, check_table
from lstm_viz.data.reading.decoding import BLOCK, leading
from lstm_viz.data.reading.dialect import detect
from lstm_viz.data.reading.parsing import lines, read_frame
from lstm_viz.data.reading.tables import Found, Source, Text
from lstm_viz.errors import DataError
from lstm_viz.words import N_

NOTHING = b" \t;|,\r\n"
"""All that an empty line holds."""
SEPARATOR = re.compile(rb"""(?:"?sep=(?P<delimiter>[\t;|,])"?(?:[\r\n]++|$))?""")
"""The line `sep=;` by which Excel tells the delimiter."""
LEAST_LETTERS = 0.2
"""Share of letters from which on a text that is no table is meant to be read as a text."""
SAMPLE = 100_000
LONGEST_LINE = 250_000
"""Bytes: 1,000 columns of 250. The cells of a line are all taken apart before they are counted."""


def read_delimited(source: Source) -> Found:
    """The rows of a text table.

    A row with too few cells misses the rest. Raises DataError for anything that is no such
    table, or too large a one.
    """
    told = source.told
    begin = SEPARATOR.match(source.data, first_line(source.data))
    assert begin is not None  # it may match nothing
    text, skipped = source.data[begin.end() :].rstrip(), lines(source.data[: begin.end()])
    if longest_line(text) > LONGEST_LINE:
        raise DataError(
            N_(
                "'{file}' has a line of more than {most:,} bytes. A CSV file has one line for each "
                "row of the table."
            ),
            file=source.filename,
            most=LONGEST_LINE,
        )
    delimiter = told.delimiter
    if delimiter is None and begin["delimiter"]:
        delimiter = begin["delimiter"].decode()
    dialect = detect(text, source.filename, delimiter, told.decimal, told.header)
    rows = lines(text) + 1
    cells = text.count(dialect.delimiter.encode()) // rows + 1 if dialect.delimiter else 1
    wide = cells if cells > MAX_COLUMNS else 0  # on average, in quotation marks or not
    check_table(source.filename, rows - dialect.header, max(dialect.width, wide))
    return Found(
        frame=read_frame(text, dialect, source.filename, skipped),
        names=dialect.names,
        decimal=dialect.decimal,
        encoding=source.encoding,
        dialect=dialect,
        header=dialect.header,
    )


def first_line(text: bytes) -> int:
    r"""Where the first line begins that is not empty.

    >>> first_line(b"\n ;;\r\n;a;b\n")
    6
    """
    filled = leading(text, NOTHING)
    return max(text.rfind(b"\n", 0, filled), text.rfind(b"\r", 0, filled)) + 1


def longest_line(text: bytes) -> int:
    r"""Bytes between two line ends, the most there are.

    >>> longest_line(b"a,b\n1,2,3\r\n4")
    5
    """
    longest, last = 0, -1
    for start in range(0, len(text), BLOCK):
        block = np.frombuffer(text, np.uint8, min(BLOCK, len(text) - start), start)
        ends = np.flatnonzero((block == ord("\n")) | (block == ord("\r"))) + start
        if len(ends):
            longest = max(longest, int(ends[0]) - last - 1, int(np.diff(ends).max(initial=1)) - 1)
            last = int(ends[-1])
    return max(longest, len(text) - 1 - last)


def read_text(source: Source) -> Text:
    """A plain text, lines ended by a line feed. Raises DataError for an empty or too long one."""
    text = source.data.decode().replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip():
        raise DataError(
            N_("'{file}' is empty. Upload a file with text or numbers in it."),
            file=source.filename,
        )
    if len(text) > MAX_LETTERS:
        raise DataError(
            N_(
                "'{file}' has {got:,} letters and at most {most:,} can be read. "
                "Keep a part of it and upload that."
            ),
            file=source.filename,
            got=len(text),
            most=MAX_LETTERS,
        )
    return Text(source.filename, text, source.encoding)


def looks_like_prose(utf8: bytes) -> bool:
    """Whether letters rather than numbers make up a text, so far as a sample shows."""
    sample = "".join(utf8[:SAMPLE].decode(errors="ignore").split())
    return sum(map(str.isalpha, sample)) > LEAST_LETTERS * len(sample)
