"""How a text writes its table: what separates columns, and which mark stands before decimals."""

import csv
import io
import re
from collections import Counter
from collections.abc import Sequence

from lstm_viz.data.reading.cells.columns import Row
from lstm_viz.data.reading.cells.decimals import GROUPED
from lstm_viz.data.reading.cells.kinds import kind_of
from lstm_viz.data.reading.moments.epochs import TIME_WORDS
from lstm_viz.errors import DataError
from lstm_viz.words import N_

MARKS = "\t;|,"
"""The likeliest first: a comma that splits the lines as well may be a decimal mark."""
FIXED = "fixed"
"""Columns that begin at the same place in each line."""
DELIMITERS = ("\t", ";", "|", ",", " ", FIXED, "")
"""A space is any number of spaces and tabs; `""` separates nothing."""
NO_DELIMITER = "\x1f"
"""Never in a text file: separates nothing."""
BROKEN = re.compile(r"[+-]?\d{1,15},\d+(?:[eE][+-]?\d+)?")
SAMPLE_ROWS = 400
LEAST_TWICE = 5
"""Rows from which on commas are found to have two meanings."""


def check_told(delimiter: str | None, *decimals: str | None) -> None:
    """Raise DataError for what cannot be one."""
    for mark, marks in ((delimiter, DELIMITERS), *((each, (".", ",")) for each in decimals)):
        if mark is not None and mark not in marks:
            raise DataError(
                N_("'{mark}' cannot separate columns or decimals. Choose one of: {known}."),
                mark=mark,
                known=" ".join(map(repr, marks)),
            )


def split(text: str, delimiter: str, first: int = 0) -> list[Row]:
    """Lines as rows, numbered from `first`; blank lines are no rows.

    A quotation mark that stays open is a letter like any other.
    """
    if delimiter == " ":
        told = dict(enumerate(text.split("\n"), first))
        spaced = [Row(number, cells) for number, line in told.items() if (cells := _spaced(line))]
        usual = Counter(len(row.cells) for row in spaced).most_common(1)
        for at, row in enumerate(spaced):  # names of several words are further apart
            apart = re.split(r" {2,}|\t+", told[row.number].strip())
            if len(row.cells) > usual[0][0] == len(apart):
                spaced[at] = Row(row.number, apart)
        return spaced
    lines = csv.reader(
        io.StringIO(text, newline=""), delimiter=delimiter or NO_DELIMITER, skipinitialspace=True
    )
    rows, number = [], first
    try:
        for cells_of in lines:
            if len(cells_of) > 1 or "".join(cells_of).strip():
                rows.append(Row(number, cells_of))
            number = first + lines.line_num
    except csv.Error:  # a cell without end
        pass
    return rows


def _spaced(line: str) -> list[str]:
    if '"' not in line:
        return line.split()
    return next(csv.reader([" ".join(line.split())], delimiter=" "), [])


def find_delimiter(head: str) -> str:
    r"""What separates the columns, so that most rows have as many and the cells are numbers.

    >>> find_delimiter("a;b\n1,5;2,5\n3;1"), find_delimiter("v\n1,5\n2,25")
    (';', '')
    """
    lines = [line for line in head.split("\n") if line.strip()][:SAMPLE_ROWS]
    sample = "\n".join(lines)
    best, best_score = "", 0.0
    grouped = _are_thousands(sample) or _are_decimals(sample)
    for mark in MARKS:
        if mark not in sample or (mark == "," and grouped):
            continue
        rows = [row for row in split(sample, mark) if not row.is_comment]
        if mark == "," and not best and _one_column_of_decimals(rows):
            return ""
        score = _score(rows)
        if score > best_score + 0.02:
            best, best_score = mark, score
    if best_score >= 0.3:
        return best
    spaced = [row for row in split(sample, " ") if not row.is_comment]
    fixed = boundaries(lines)
    if _aligned(spaced) and not (fixed and _has_holes(spaced)):
        return " "
    return FIXED if fixed else best


def _are_thousands(sample: str) -> bool:
    """Whether commas stand nowhere but in numbers, before three digits each, between spaces."""
    cells = [cell for cell in sample.split() if "," in cell]
    groups = [GROUPED[","].fullmatch(cell) for cell in cells]
    short = any(cell.lstrip("+-").index(",") < 3 for cell in cells)
    return short and all(groups) and _aligned(split(sample, " "))


def _are_decimals(sample: str) -> bool:
    """Whether commas stand nowhere but inside numbers, between spaces, under names without any."""
    rows = [row for row in split(sample, " ") if not row.is_comment]
    cells = [cell for row in rows for cell in row.cells if "," in cell]
    if not cells or not all(map(BROKEN.fullmatch, cells)) or not _aligned(rows):
        return False
    usual, _ = Counter(len(row.cells) for row in rows).most_common(1)[0]
    named = len(rows[0].cells) == usual and all(kind_of(c) == "text" for c in rows[0].cells)
    counts = [sum("," in cell for cell in row.cells) for row in rows if len(row.cells) == usual]
    return named or min(counts[named:], default=0) >= max(2, usual - 1)


def commas_twice(rows: Sequence[Row]) -> bool:
    """Whether commas stand between columns and before decimals too, without quotation marks.

    Then all rows have a cell for the first name and two for each other one, or two for each, and
    each two are whole numbers, the second without a sign.

    >>> rows = [["date", "v", "w"], *[[f"2020-01-0{k}", "1", "5", "-2", "25"] for k in range(1, 9)]]
    >>> commas_twice([Row(number, cells) for number, cells in enumerate(rows)])
    True
    """
    if len(rows) <= LEAST_TWICE:
        return False
    names, lengths = rows[0].cells, {len(row.cells) for row in rows[1:]}
    more = {length - len(names) for length in lengths}
    if len(names) < 2 or not more <= {len(names) - 1, len(names)} or len(more) != 1:
        return False
    if not all(kind_of(name) == "text" for name in names):
        return False
    first = 2 * len(names) - max(lengths)
    if len(names) == 2 and first and not TIME_WORDS.search(names[0]):
        return False  # names of rows, as R writes them, over which no name stands
    return all(
        re.fullmatch(r"\s*[+-]?\d+", whole) and re.fullmatch(r"\d{1,15}\s*", part)
        for row in rows[1:]
        for whole, part in zip(row.cells[first::2], row.cells[first + 1 :: 2], strict=True)
    )


def with_quotes(text: str, apart: int, width: int) -> str:
    r"""The text with each two cells in quotation marks, behind so many `apart`, in rows so wide.

    >>> with_quotes("day,v,w\n1.1.20,1,5,2,5", apart=1, width=5)
    'day,v,w\n1.1.20,"1,5","2,5"'
    """
    lines = text.split("\n")
    for at, line in enumerate(lines):
        cells = line.split(",")
        if len(cells) == width:
            pairs = zip(cells[apart::2], cells[apart + 1 :: 2], strict=True)
            both = (f'"{whole.strip()},{part.strip()}"' for whole, part in pairs)
            lines[at] = ",".join([*cells[:apart], *both])
    return "\n".join(lines)


def _score(rows: Sequence[Row]) -> float:
    """How well rows hold together: the share of one length, and of cells with a meaning."""
    lengths = Counter(len(row.cells) for row in rows if len(row.cells) > 1)
    if not lengths:
        return 0.0
    usual, agreeing = max(lengths.items(), key=lambda item: (item[1], item[0]))
    if agreeing < 2 and len(rows) > 2:
        return 0.0
    body = [row for row in rows if len(row.cells) == usual]
    kinds = Counter(kind_of(cell) for row in body[-100:] for cell in row.cells)
    told = sum(kinds.values()) - kinds["empty"]
    meant = (kinds["number"] + kinds["time"] + kinds["missing"]) / max(1, told)
    near = sum(count for length, count in lengths.items() if abs(length - usual) < 2)
    return near / len(rows) * (0.35 + 0.65 * meant)


def _one_column_of_decimals(rows: Sequence[Row]) -> bool:
    """Whether a comma splits nothing but whole numbers in two, under a name of one cell."""
    if len(rows) < 2 or len(rows[0].cells) != 1:
        return False
    body = rows[1:]
    return all(
        len(row.cells) <= 2
        and re.fullmatch(r"[+-]?\d*", row.cells[0].strip())
        and all(re.fullmatch(r"\d+", cell.strip()) for cell in row.cells[1:])
        for row in body
    ) and any(len(row.cells) == 2 for row in body)


def _aligned(rows: Sequence[Row]) -> bool:
    """Whether spaces separate columns: as many in nearly all rows, numbers and times but for one.

    Threes of digits after a space are thousands, not columns, where a row has a single cell.
    """
    lengths = Counter(len(row.cells) for row in rows)
    if not lengths:
        return False
    usual, agreeing = lengths.most_common(1)[0]
    body = [row for row in rows if len(row.cells) == usual]
    after = [cell for row in body[len(body) > 1 :] for cell in row.cells[1:]]
    if usual < 2 or agreeing < 0.6 * len(rows) or (agreeing < 2 and len(rows) > 1):
        return False
    threes = all(re.fullmatch(r"\d{3}", cell) for cell in after)
    if threes and any(len(row.cells) == 1 for row in rows):
        return False
    meant = sum(kind_of(cell) not in ("text", "empty") for cell in after)
    return meant >= (0.9 if usual == 2 else 0.6) * len(after)


def _has_holes(rows: Sequence[Row]) -> bool:
    """Whether rows among the data have another number of cells than most."""
    lengths = Counter(len(row.cells) for row in rows)
    usual = lengths.most_common(1)[0][0]
    first = next(at for at, row in enumerate(rows) if len(row.cells) == usual)
    return any(len(row.cells) != usual for row in rows[first + 1 : -3])


def boundaries(lines: Sequence[str]) -> list[int]:
    """Where the columns of fixed width begin, the first of them apart; empty where none do."""
    lengths = Counter(len(line.rstrip()) for line in lines)
    usual = max(lengths, key=lambda length: (lengths[length], length)) if lengths else 0
    body = [line for line in lines if len(line.rstrip()) >= 0.6 * usual][-200:]
    if len(body) < 3 or usual < 4:
        return []
    width = max(map(len, body))
    blank = [all(line[at : at + 1] in ("", " ") for line in body) for at in range(width)]
    starts = [at + 1 for at in range(1, width - 1) if blank[at] and not blank[at + 1]]
    cells = [cell for line in body for cell in cut(line, starts)[1:]]
    meant = sum(kind_of(cell) in ("number", "time", "missing") for cell in cells)
    told = sum(kind_of(cell) != "empty" for cell in cells)
    return starts if starts and meant >= 0.5 * max(1, told) and meant else []


def cut(line: str, starts: Sequence[int]) -> list[str]:
    """A line's cells."""
    return [line[a:b].strip() for a, b in zip([0, *starts], [*starts, None], strict=True)]
