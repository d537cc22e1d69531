"""A table's text through pandas' C parser, and its columns as numbers."""

import io
import re
from typing import TYPE_CHECKING, Any

import numpy as np

from lstm_viz.data.reading.dialect import NO_DELIMITER, Dialect
from lstm_viz.data.reading.single_values import no_rows
from lstm_viz.data.series import Rows
from lstm_viz.errors import DataError
from lstm_viz.words import N_

if TYPE_CHECKING:
    import pandas as pd

LEAST_NUMBERS = 0.5
"""Share of a column's cells that must be numbers for it to be numeric; the rest is missing."""
FIRST_LOOK = 1000
LONGEST = 400
"""Letters of a number: float64 has up to 309 before its point."""
MISSING = ("-", "--", "?", ".", "..", "...", "missing", "NIL", "nil")
"""Written for nothing, besides what pandas knows (NA, NaN, null, #N/A, ...)."""
GROUPING = " \u00a0\u202f'"
"""Between thousands in any language; the comma or point that is not the decimal mark joins them."""


def lines(text: bytes) -> int:
    """How often a line ends, whichever system wrote the text, or each a part of it."""
    return text.count(b"\n") + text.count(b"\r") - text.count(b"\r\n")


def read_frame(text: bytes, dialect: Dialect, filename: str, skipped: int = 0) -> "pd.DataFrame":
    """The rows, columns counted from 0, without those at the end that hold nothing.

    `skipped` lines of the file stood before the text. Raises DataError for rows longer than the
    first, for a quotation mark that stays open, and where no row is left.
    """
    import pandas as pd

    try:
        frame: pd.DataFrame = pd.read_csv(
            io.BytesIO(text),
            sep={"": NO_DELIMITER, " ": r"\s+"}.get(dialect.delimiter, dialect.delimiter),
            decimal=dialect.decimal,
            header=None,
            names=range(dialect.width),
            skiprows=int(dialect.header),
            index_col=False,
            na_values=list(MISSING),
            skipinitialspace=True,
            low_memory=False,
            **_exactly(),
            engine="c",
        )
    except pd.errors.EmptyDataError:
        frame = pd.DataFrame(columns=range(dialect.width))
    except (ValueError, OverflowError, MemoryError) as error:
        raise _unreadable(str(error), dialect, filename, skipped) from None
    if len(frame) and frame.iloc[-1].isna().all():
        filled = np.flatnonzero(frame.notna().to_numpy().any(axis=1))
        frame = frame[: int(filled[-1]) + 1 if filled.size else 0]
    if frame.empty:
        raise no_rows(filename)
    longer = frame.iloc[:, len(dialect.names) :].notna().to_numpy().any(axis=1)
    if longer.any():
        row = int(longer.argmax()) + dialect.header
        filled_lines = [i for i, line in enumerate(text.splitlines(), 1) if line.strip()]
        line = filled_lines[min(row, len(filled_lines) - 1)]  # lone \r can hide a line end
        raise _ragged(filename, line + skipped, len(dialect.names))
    return frame


def _exactly() -> dict[str, Any]:
    """What makes pandas read the nearest float64, as Python does; from 3.1 on it does by itself."""
    import pandas as pd

    version = tuple(map(int, pd.__version__.split(".")[:2]))
    return {"float_precision": "round_trip"} if version < (3, 1) else {}


def _unreadable(reason: str, dialect: Dialect, filename: str, skipped: int) -> DataError:
    """The parser's refusal in words."""
    if found := re.search(r"in line (\d+), saw \d+", reason):
        return _ragged(filename, int(found[1]) + skipped, len(dialect.names))
    if "inside string" in reason:
        return DataError(
            N_(
                "'{file}' opens a quotation mark that is never closed. Close or remove it and "
                "upload the file again."
            ),
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


def numbers(column: "pd.Series", decimal: str) -> Rows | None:
    """(rows,) a column as float64, NaN where a cell is no number; None for a column of text."""
    import pandas as pd

    if column.isna().all() or column.dtype.kind in "mM":  # moments are labels, never values
        return None
    if pd.api.types.is_numeric_dtype(column.dtype):  # whole, broken or true and false
        return column.to_numpy(np.float64)
    some = column.dropna().iloc[:: max(1, len(column) // FIRST_LOOK)]
    for cells in (some, column):
        values = _parsed(cells, decimal)
        if np.count_nonzero(~np.isnan(values)) < LEAST_NUMBERS * cells.notna().sum():
            return None
    return values


def _as_text(cell: object) -> object:
    """What may be a number; a long word is none, and a thousand copies of one are too many."""
    if isinstance(cell, bool):
        return int(cell)
    return "" if isinstance(cell, str) and len(cell) > LONGEST else cell


def _parsed(cells: "pd.Series", decimal: str) -> Rows:
    """Cells the parser left as text: thousands in groups, numbers beyond int64, stray words."""
    import pandas as pd

    text = cells.map(_as_text, na_action="ignore").astype("str").str.strip()
    other = "." if decimal == "," else ","
    grouped = text.str.fullmatch(
        rf"[+-]?\d{{1,3}}(?:[{other}{GROUPING}]\d{{3}})+(?:[{decimal}]\d*)?", na=False
    )
    if grouped.any():
        text = text.where(~grouped, text.str.replace(rf"[{other}{GROUPING}]", "", regex=True))
    if decimal == ",":
        text = text.str.replace(",", ".", regex=False)
    parsed = pd.to_numeric(text, errors="coerce")
    return parsed.to_numpy(np.float64, na_value=np.nan)
