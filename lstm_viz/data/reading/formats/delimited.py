"""CSV and its like, and columns of fixed width: what is told is taken, the rest found."""

import io
import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import zip_longest
from typing import Any

import numpy as np
import pandas as pd

from lstm_viz.data.reading.ceilings import MAX_COLUMNS, check_lines, check_table
from lstm_viz.data.reading.cells.columns import Row
from lstm_viz.data.reading.cells.decimals import decimal_of
from lstm_viz.data.reading.cells.kinds import MISSING, kind_of, only_names
from lstm_viz.data.reading.found import Found, empty, no_rows
from lstm_viz.data.reading.how import How
from lstm_viz.data.reading.moments.dotted import may_be_dotted
from lstm_viz.data.reading.moments.epochs import TIME_WORDS
from lstm_viz.data.reading.structure import layout as layouts
from lstm_viz.data.reading.structure.layout import Layout
from lstm_viz.data.reading.structure.whose import MOST_ENTITIES, WRITTEN, names_in_digits
from lstm_viz.data.reading.texts.dialect import (
    FIXED,
    NO_DELIMITER,
    boundaries,
    check_told,
    commas_twice,
    cut,
    find_delimiter,
    split,
    with_quotes,
)
from lstm_viz.data.reading.texts.sample import HEAD, NOTHING, Sample
from lstm_viz.data.reading.texts.wrapping import unwrapped
from lstm_viz.errors import DataError
from lstm_viz.words import N_, Sentence

SEPARATOR = re.compile(r'\s*"?sep=([\t;|,])"?(?:\n|$)')
"""The line `sep=;` by which Excel tells the delimiter."""
HEAD_ROWS, TAIL_ROWS = 400, 200
LEAST_FILLED = 0.5
"""Share of a last column without a name from which on another one has none: R's names of rows."""
TWICE = N_(
    "The rows have two cells for each name: commas were read as decimal marks as well, though the "
    "numbers stand without quotation marks."
)
MORE = N_(
    "There are {names} names over {columns} columns. If commas are decimal marks as well, put the "
    "numbers in quotation marks, or semicolons between the columns."
)


def read_delimited(text: str, filename: str, how: How, encoding: str) -> Found:
    """The rows of a text table; lines end in a line feed.

    A row with too few cells misses the rest. Raises DataError for anything that is no such
    table, or too large a one.
    """
    check_told(how.delimiter, how.decimal, *(mark for _name, mark in how.marks or ()))
    check_lines(text, filename)
    text = unwrapped(text)
    sample = Sample.of(text.rstrip(NOTHING))
    begin = SEPARATOR.match(sample.head)
    delimiter = how.delimiter
    if delimiter is None:
        delimiter = begin[1] if begin else find_delimiter(sample.head)
    if begin is not None:
        lines = sample.head[: begin.end()].count("\n")
        sample = replace(sample, head="\n" * lines + sample.head[begin.end() :])
    if delimiter == FIXED:
        sample = _as_tabs(sample)
    mark = "\t" if delimiter == FIXED else delimiter
    head = split(sample.head, mark, sample.first)
    twice = delimiter == "," and how.decimal != "." and '"' not in text and commas_twice(head)
    if twice:
        width = len(head[1].cells)
        sample = Sample.of(with_quotes(sample.text, 2 * len(head[0].cells) - width, width))
        head = split(sample.head, mark, sample.first)
    if not head:
        raise empty(filename)
    tail = head if sample.whole else split(sample.tail, mark, sample.tail_number)[-TAIL_ROWS:]
    shown = head if sample.whole else head[:HEAD_ROWS]
    found = layouts.find(shown, tail, how, whole=sample.whole)
    if found is None:
        raise no_rows(filename, [row.cells for row in head])
    check_table(filename, 0, found.width)
    decimal, open_ = _decimal(shown, tail, found, delimiter)
    open_ = open_ and how.decimal is None and not twice
    decimal = how.decimal or ("," if twice else decimal)
    frame = _frame(sample, found, mark, decimal, filename, how)
    names = _shifted(found, frame, delimiter)
    return Found(
        frame=frame,
        names=names,
        **found.told(how, sample.lines),
        units=found.units,
        decimal=decimal,
        encoding=encoding,
        delimiter=delimiter,
        notes=(
            *((Sentence(TWICE),) if twice else ()),
            *(doubts_of_thousands(decimal) if open_ else ()),
            *(_unnamed(names, frame) if delimiter == "," and found.header else ()),
        ),
    )


def _as_tabs(sample: Sample) -> Sample:
    """Columns of fixed width with a tab between them."""
    starts = boundaries([line for line in sample.head.split("\n") if line.strip()])
    lines = (
        line if line[:1] in "#%" else "\t".join(cut(line, starts))
        for line in sample.text.split("\n")
    )
    return Sample.of("\n".join(lines))


def doubts_of_thousands(mark: str) -> tuple[Sentence, ...]:
    """That three digits behind each mark may be thousands."""
    words = N_(
        "There are three digits behind every '{mark}', so that 1{mark}234 may be a thousand and "
        "more. Taken: decimals. Choose the other decimal mark if these are thousands."
    )
    return (Sentence(words, {"mark": mark}),)


def _decimal(
    head: Sequence[Row], tail: Sequence[Row], found: Layout, delimiter: str
) -> tuple[str, bool]:
    rows = [row for row in (*head, *tail) if row.number >= found.start]
    return decimal_of(zip_longest(*(row.cells for row in rows), fillvalue=""), delimiter)


def _frame(
    sample: Sample, found: Layout, delimiter: str, decimal: str, filename: str, how: How
) -> pd.DataFrame:
    """The rows of data, columns counted from 0; what is no number there stays text."""
    start = sample.line(found.start)
    stop = len(sample.text) if found.stop is None else sample.line(found.stop)
    body = sample.text[start:stop]
    told = [row - found.start for row in how.skipped if row >= found.start]
    if told:
        gone = frozenset(told)
        lines = body.split("\n")
        body = "\n".join(line for number, line in enumerate(lines) if number not in gone)
    if "#" in body:
        body = re.sub(r"(?m)^[ \t]*#.*\n?", "", body)
    rows = body.count("\n") + 1
    cells = body.count(delimiter) // rows + 1 if delimiter.strip(" ") else 1
    wide = cells if cells > MAX_COLUMNS else 0  # on average, in quotation marks or not
    width = max(found.width, _widest(body, delimiter))
    check_table(filename, rows, max(width, wide))
    content = body.encode()

    def parsed(missing: list[str], **more: Any) -> pd.DataFrame:
        table: pd.DataFrame = pd.read_csv(
            io.BytesIO(content),
            sep={"": NO_DELIMITER, " ": r"\s+"}.get(delimiter, delimiter),
            decimal=decimal,
            header=None,
            names=range(width),
            index_col=False,
            keep_default_na=False,
            na_values=missing,
            skipinitialspace=True,
            low_memory=False,
            engine="c",
            **_exactly(),
            **more,
        )
        return table

    try:
        frame = parsed(_missing())
        told = [p for p, name in enumerate(found.names) if name.strip() in dict(how.marks or ())]
        told += _as_written(names_in_digits(frame, found.names, how.entity or ""), parsed)
        told += [p for p, n in enumerate(found.names) if may_be_dotted(n, frame.iloc[:, p])]
        if named := [p for p in range(width) if p in told or _of_names(frame.iloc[:, p])]:
            frame[named] = parsed([""], usecols=named, dtype=str)[named]
    except pd.errors.EmptyDataError:
        raise no_rows(filename) from None
    except (ValueError, OverflowError) as error:
        if "out of memory" in str(error):
            raise MemoryError from error
        raise _unreadable(str(error), found, filename) from None
    if len(frame) and frame.iloc[-1].isna().all():
        told_rows = np.flatnonzero(frame.notna().to_numpy().any(axis=1))
        frame = frame[: int(told_rows[-1]) + 1 if told_rows.size else 0]
    used = max(found.width, len(found.names))
    extra = frame.iloc[:, used:].notna().to_numpy().any(axis=1)
    if extra.any():
        filled = [number for number, line in enumerate(body.split("\n"), 1) if line.strip()]
        row = filled[min(int(extra.argmax()), len(filled) - 1)]
        raise _ragged(filename, found.start + row, used)
    table: pd.DataFrame = frame.iloc[:, :used]
    return table


def _as_written(places: list[int], parsed: Any) -> list[int]:
    cells = parsed([""], usecols=places, dtype=str) if places else {}
    return [p for p in places if cells[p].str.fullmatch(WRITTEN, na=False).any()]


def _widest(body: str, delimiter: str) -> int:
    """The most cells of a row among the first and last, empty ones at the end included."""
    if delimiter == " ":
        return max((len(line.split()) for line in body[:HEAD].split("\n")), default=1)
    if not delimiter:
        return 1
    return max(len(row.cells) for row in split(body[:HEAD], delimiter)[:HEAD_ROWS])


def _of_names(column: pd.Series) -> bool:
    """Whether a column holds names that come again, and cells that may be one, as "NA" is."""
    if column.dtype.kind in "biufmMc" or not column.isna().any():
        return False
    unlike = column.dropna().unique()
    return 0 < len(unlike) <= min(MOST_ENTITIES, len(column) // 2) and only_names(unlike)


def _missing() -> list[str]:
    every = (form(word) for form in (str, str.upper, str.capitalize) for word in MISSING)
    return ["", "NaN", *every]


def _shifted(found: Layout, frame: pd.DataFrame, delimiter: str) -> tuple[str, ...]:
    """The names; one too few of them, as R writes rows with names, stand over the later columns."""
    names = list(found.names)
    width = frame.shape[1]
    named = [place for place, name in enumerate(names) if name]
    times = [kind_of(cell) == "time" for cell in frame.iloc[0, :2]] if len(frame) else []
    if named and named == list(range(width - 2)) and delimiter == " " and times == [True, True]:
        return ("", "", *names[: width - 2])  # pandas' dates and times of day, without a name
    filled = width > 2 and frame.iloc[:, -1].notna().mean() > LEAST_FILLED
    if named and named == list(range(width - 1)) and filled:
        first = frame.iloc[:, 0]
        if TIME_WORDS.search(names[0]) and kind_of(first.iloc[0]) == "time":
            return (*names[: width - 1], "")
        counts = first.dtype.kind in "iu" and bool((np.diff(first) == 1).all())
        if first.dtype.kind not in "iuf" or counts or delimiter == " ":
            names = ["", *names[: width - 1]]
    return tuple(names + [""] * (width - len(names)))


def _unnamed(names: Sequence[str], frame: pd.DataFrame) -> tuple[Sentence, ...]:
    """That there are more columns than names, as where commas stand before decimals as well."""
    named = len("".join("1" if name else " " for name in names).rstrip())
    if not named or not all(names[:named]) or not frame.iloc[:, named:].notna().any(axis=None):
        return ()
    return (Sentence(MORE, {"names": named, "columns": len(names)}),)


def _exactly() -> dict[str, Any]:
    """What makes pandas read the nearest float64, as Python does; from 3.1 on it does by itself."""
    version = tuple(map(int, pd.__version__.split(".")[:2]))
    return {"float_precision": "round_trip"} if version < (3, 1) else {}


def _unreadable(reason: str, found: Layout, filename: str) -> DataError:
    """The parser's refusal in words."""
    if line := re.search(r"in line (\d+), saw \d+", reason):
        return _ragged(filename, int(line[1]) + found.start, found.width)
    if "inside string" in reason:
        return DataError(
            N_("'{file}' opens a quotation mark that is never closed. Close or remove it."),
            file=filename,
        )
    return DataError(
        N_("'{file}' cannot be read as a table. Save it anew as CSV in UTF-8."), file=filename
    )


def _ragged(filename: str, line: int, expected: int) -> DataError:
    return DataError(
        N_(
            "Line {line:,} of '{file}' has more values than the first row, which has {expected}. "
            "Give every row as many, and put text with a delimiter in it in quotation marks."
        ),
        file=filename,
        line=line,
        expected=expected,
    )
