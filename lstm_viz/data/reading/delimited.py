"""CSV and its like, and plain texts: what is told is taken, the rest found."""

import re

from lstm_viz.data.reading.ceilings import MAX_LETTERS, check_table
from lstm_viz.data.reading.dialect import detect
from lstm_viz.data.reading.parsing import lines, read_frame
from lstm_viz.data.reading.tables import Found, Source, Text
from lstm_viz.errors import DataError
from lstm_viz.words import N_

PREFACE = re.compile(
    rb"""(?:[ \t;|,]*+[\r\n])*+(?:"?sep=(?P<delimiter>[\t;|,])"?(?:[\r\n]++|$))?"""
)
"""Empty lines, and the line `sep=;` by which Excel tells the delimiter.

Possessive: a group that may be taken back keeps 121 bytes for each of its repetitions."""
LEAST_LETTERS = 0.2
"""Share of letters from which on a text that is no table is meant to be read as a text."""
SAMPLE = 100_000


def read_delimited(source: Source) -> Found:
    """The rows of a text table.

    A row with too few cells misses the rest. Raises DataError for anything that is no such
    table, or too large a one.
    """
    told = source.told
    begin = PREFACE.match(source.data)
    assert begin is not None  # it may match nothing
    text, skipped = source.data[begin.end() :].rstrip(), lines(begin[0])
    delimiter = told.delimiter
    if delimiter is None and begin["delimiter"]:
        delimiter = begin["delimiter"].decode()
    dialect = detect(text, source.filename, delimiter, told.decimal, told.header)
    check_table(source.filename, lines(text) + 1 - dialect.header, dialect.width)
    return Found(
        frame=read_frame(text, dialect, source.filename, skipped),
        names=dialect.names,
        decimal=dialect.decimal,
        encoding=source.encoding,
        dialect=dialect,
        header=dialect.header,
    )


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
