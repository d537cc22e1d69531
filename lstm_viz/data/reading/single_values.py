"""Rows of single values, as workbooks and JSON hold them, as a frame of columns."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from lstm_viz.data.reading.ceilings import MAX_VALUES, check_table
from lstm_viz.data.reading.dialect import begins_with_numbers
from lstm_viz.data.reading.naming import unique
from lstm_viz.data.reading.tables import Found, Source
from lstm_viz.errors import DataError
from lstm_viz.words import N_

if TYPE_CHECKING:
    import pandas as pd

Row = list[Any]
SINGLE = (str, int, float, bool, type(None))


def tabulate(rows: Sequence[Row], source: Source, **how: Any) -> Found:
    """Rows of any length, the first of them the names unless it holds numbers.

    Columns that are empty throughout on the left are none. Raises DataError without rows.
    """
    first = source.told.header
    header = not _numbers(rows[0]) if first is None else first
    body = rows[header:]
    if not body:
        raise no_rows(source.filename)
    width = max(map(len, rows))
    start = min(
        next((place for place, cell in enumerate(row) if cell is not None), width) for row in rows
    )
    check_table(source.filename, len(body), width - start, MAX_VALUES)
    titles = [_title(cell) for cell in rows[0][start:]] if header else []
    columns = {
        place: [row[start + place] if start + place < len(row) else None for row in body]
        for place in range(width - start)
    }
    return framed(titles + [""] * (width - start - len(titles)), columns, header=header, **how)


def framed(titles: list[str], columns: Mapping[int, Any], **how: Any) -> Found:
    """Columns of equal length and their names, which may be empty or twice."""
    import pandas as pd

    frame = pd.DataFrame({place: _column(cells) for place, cells in columns.items()})
    return Found(frame, unique(titles), **how)


def _column(cells: Any) -> "pd.Series":
    """Cells as they are: words shared between rows are not copied, as they would be as strings."""
    import pandas as pd

    if not isinstance(cells, list):
        return pd.Series(cells)
    column = pd.Series(cells, dtype=object)
    return column if any(isinstance(cell, str) for cell in cells) else column.infer_objects()


def single(value: object) -> object:
    """A cell's value, or words for a list or an object within a cell."""
    if isinstance(value, str) and not value.isascii():  # JSON can write half of a letter
        return value.encode(errors="replace").decode()
    return value if isinstance(value, SINGLE) else "[...]"


def no_rows(filename: str) -> DataError:
    """The refusal of names without values."""
    return DataError(
        N_("'{file}' has a header and no values under it. Upload a file with rows of numbers."),
        file=filename,
    )


def _numbers(row: Row) -> bool:
    """Whether a first row is data: it holds a number, or text that is one."""
    if any(isinstance(cell, int | float) for cell in row):
        return True
    return begins_with_numbers([cell if isinstance(cell, str) else "" for cell in row])


def _title(cell: object) -> str:
    if cell is None:
        return ""
    return f"{cell:g}" if isinstance(cell, float) else str(cell)
