"""How a text file writes its table: the delimiter, the decimal mark, whether it has a header."""

import csv
import io
import re
from collections import Counter
from dataclasses import dataclass
from itertools import islice

from lstm_viz.data.reading.ceilings import check_table
from lstm_viz.data.reading.naming import unique
from lstm_viz.errors import DataError
from lstm_viz.words import N_

MARKS = "\t;|,"
"""The likeliest first: a comma that splits the lines as well may be a decimal mark."""
DELIMITERS = MARKS + " "
"""A space is any number of spaces and tabs, as `numpy.savetxt` and aligned columns have them."""
NO_DELIMITER = "\x1f"
"""Never in a text file: separates nothing."""
MAX_LINE = 100_000
"""Bytes of the first line; 1,000 columns with names of 100 letters."""
SAMPLE_BYTES = 120_000
"""Below the 131,072 letters that the csv module takes for one field, in case a quote stays open."""
SAMPLE_ROWS = 200

NUMBER = re.compile(
    r"[+-]?(\d[\d.,]*+|[.,]\d++)(e[+-]?\d++)?|nan|[+-]?inf(inity)?", re.IGNORECASE | re.ASCII
)
GROUP_SPACE = re.compile("(?<=\\d)[ \u00a0\u202f'](?=\\d{3})")
"""Between thousands, unlike a comma or a point, it leaves no doubt."""
GROUPED = {
    mark: re.compile(rf"[+-]?[1-9]\d{{0,2}}((?:[{mark}]\d{{3}})++)([{other}]\d++)?")
    for mark, other in (",.", ".,")
}
DECIMAL = {mark: re.compile(rf"[+-]?\d*+[{mark}]\d++(?:[eE][+-]?\d++)?") for mark in ",."}
Row = list[str]


@dataclass(frozen=True)
class Dialect:
    """What was found."""

    delimiter: str
    """One of `DELIMITERS`, or `""` for a single column."""
    decimal: str
    """`"."` or `","`."""
    names: tuple[str, ...]
    """A name for each column of the first row, unlike each other."""
    header: bool
    """Whether the names are the file's own; without a header they count the columns."""
    width: int
    """The most fields of a row in the sample, empty ones at the end included."""


def detect(
    text: bytes,
    filename: str,
    delimiter: str | None = None,
    decimal: str | None = None,
    header: bool | None = None,
) -> Dialect:
    """The dialect of a UTF-8 text that begins with a row, from samples of it.

    What is given is taken, the rest found. Raises DataError for an empty text, too long a line,
    too many columns, and for a mark that cannot be one.
    """
    _check_told(delimiter, decimal)
    head = _head(text, filename)
    found, single_decimal_comma = _delimiter(head)
    if delimiter is not None:
        found, single_decimal_comma = delimiter, single_decimal_comma and not delimiter
    rows = split(head, found)
    if not rows:
        raise DataError(
            N_("'{file}' is empty. Upload a file with a row for each moment."), file=filename
        )
    width = max(len(row) for row in rows)
    check_table(filename, 0, width)
    if header is None:
        header = not begins_with_numbers(rows[0])
    if decimal is None:
        cells = [cell for row in rows[header:] for cell in row]
        cells += [cell for part in _later(text) for row in split(part, found) for cell in row]
        comma = single_decimal_comma or _decimal_comma(cells, found)
        decimal = "," if comma else "."
    names = unique(rows[0]) if header else unique([""] * len(rows[0]))
    return Dialect(found, decimal, names, header, width)


def _check_told(delimiter: str | None, decimal: str | None) -> None:
    for mark, marks in ((delimiter, ("", *DELIMITERS)), (decimal, (".", ","))):
        if mark is not None and mark not in marks:
            raise DataError(
                N_("'{mark}' cannot separate columns or decimals. Choose one of: {known}."),
                mark=mark,
                known=" ".join(map(repr, marks)),
            )


def split(text: str, delimiter: str) -> list[Row]:
    """The first rows of a text, as cells; blank lines are no rows."""
    if delimiter == " ":
        cells = (line.split() for line in re.split("[\r\n]+", text))
        # the line of names that numpy.savetxt writes begins as a comment
        return list(islice((row[row[0] == "#" :] for row in cells if row), SAMPLE_ROWS))
    lines = csv.reader(
        io.StringIO(text, newline=""), delimiter=delimiter or NO_DELIMITER, skipinitialspace=True
    )
    filled = (row for row in lines if len(row) > 1 or "".join(row).strip())
    return list(islice(filled, SAMPLE_ROWS))


def _head(text: bytes, filename: str) -> str:
    """Whole lines from the beginning."""
    if not re.search(rb"[\r\n]", text[: MAX_LINE + 1]) and len(text) > MAX_LINE:
        raise DataError(
            N_(
                "The first line of '{file}' has more than {most:,} letters. "
                "A CSV file has one line for each row of the table."
            ),
            file=filename,
            most=MAX_LINE,
        )
    return _whole_lines(text[:SAMPLE_BYTES], cut_off=len(text) > SAMPLE_BYTES)


def _later(text: bytes) -> list[str]:
    """Samples from the middle and the end, without the lines they cut through."""
    if len(text) <= 3 * SAMPLE_BYTES:
        return []
    starts = (len(text) // 2, len(text) - SAMPLE_BYTES)
    parts = [text[start : start + SAMPLE_BYTES].partition(b"\n")[2] for start in starts]
    return [_whole_lines(part, cut_off=True) for part in parts]


def _whole_lines(sample: bytes, *, cut_off: bool) -> str:
    end = max(sample.rfind(b"\n"), sample.rfind(b"\r")) if cut_off else -1
    return sample[: end + 1 or None].decode(errors="ignore")


def _delimiter(head: str) -> tuple[str, bool]:
    """(delimiter, whether this is one column of decimal commas under a name)."""
    best, best_share = "", 0.0
    for candidate in MARKS:
        if candidate not in head:
            continue
        rows = split(head, candidate)
        lengths = [len(row) for row in rows]
        length, agreeing = Counter(lengths).most_common(1)[0]
        if candidate == "," and lengths[0] == 1 and len(rows) > 1 and _halves(rows[1:]):
            if not best:
                return "", True
        elif length > 1 and agreeing / len(rows) >= 0.5 and agreeing / len(rows) > best_share:
            best, best_share = candidate, agreeing / len(rows)
    return best or " " * _aligned(split(head, " ")), False


def _aligned(rows: list[Row]) -> bool:
    """Whether spaces separate columns: numbers throughout, but for names and a first column.

    Threes of digits after a space are taken for thousands, not for columns.
    """
    body = rows[not begins_with_numbers(rows[0]) :] if rows else []
    width = len(rows[0]) if rows else 0
    after = [cell for row in body for cell in row[1:]]
    return (
        width > 1
        and bool(body)
        and all(len(row) == width for row in body)
        and all(NUMBER.fullmatch(cell) for cell in after)
        and not all(re.fullmatch(r"\d{3}", cell) for cell in after)
    )


def _halves(rows: list[Row]) -> bool:
    """Whether a comma splits nothing but whole numbers, and those in two at most."""
    return all(
        len(row) <= 2
        and re.fullmatch(r"[+-]?\d*", row[0].strip())
        and all(re.fullmatch(r"\d+", cell.strip()) for cell in row[1:])
        for row in rows
    ) and any(len(row) == 2 for row in rows)


def begins_with_numbers(row: Row) -> bool:
    """Whether a first row is data. An empty cell before 0, 1, 2 is how pandas counts columns."""
    if len(row) > 1 and not row[0].strip() and row[1:] == [str(i) for i in range(len(row) - 1)]:
        return False
    return any(NUMBER.fullmatch(cell.strip()) for cell in row)


def _decimal_comma(cells: Row, delimiter: str) -> bool:
    """Whether the cells write 1,5 for one and a half.

    1,234 alone may be either: beside a comma as delimiter it is read as a thousand.
    """
    votes: Counter[str] = Counter()
    for cell in cells:
        number = GROUP_SPACE.sub("", cell.strip())
        for mark, other in (",.", ".,"):
            if mark not in number:
                continue
            grouped = GROUPED[mark].fullmatch(number)
            if grouped is None:
                votes[mark] += DECIMAL[mark].fullmatch(number) is not None
            elif grouped[2] or grouped[1].count(mark) > 1:
                votes[other] += 1
            else:
                votes[f"perhaps {mark}"] += 1
    if votes[","] or votes["."]:
        return votes[","] > votes["."]
    return delimiter != "," and votes["perhaps ,"] > votes["perhaps ."]
