"""Whether a column labels the rows, as years, dates and row numbers do, rather than measures."""

import re
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from lstm_viz.data.series import Labels, Rows

if TYPE_CHECKING:
    import pandas as pd

YEARS = (1000, 3000)
DAYS = ("%Y/%m/%d", "%d.%m.%Y", "%d/%m/%Y", "%m/%d/%Y", "%d-%m-%Y", "%Y年%m月%d日")
CLOCKS = ("", " %H:%M", " %H:%M:%S")
MONTHS = ("%Y年%m月", "%Y/%m", "%m/%Y", "%b %Y", "%d %b %Y", "%b %d, %Y", "%B %Y")
FORMATS = ("ISO8601", *(day + clock for day in DAYS for clock in CLOCKS), *MONTHS)
"""A file of 1/2/2020 and its like is read in the order that makes its dates run forward."""
FIRST_LOOK = 50
LONGEST = 50
"""Letters of a date."""
PACKED = (1900_01_01, 2100_12_31)
FEWEST = 10
"""Numbers from which on an even growth is no accident."""


def number_labels(values: Rows) -> bool:
    """Whether numbers only count: growing years, or growing evenly, over at least ten rows."""
    if len(values) < FEWEST or not np.isfinite(values).all():
        return False
    steps = np.diff(values)
    if not (steps > 0).all():
        return False
    years = YEARS[0] <= values[0] and values[-1] <= YEARS[1] and bool((values % 1 == 0).all())
    # As many digits as a file prints: 0.1, 0.2, 0.3 is even.
    return years or bool(np.ptp(steps) <= 1e-3 * steps.mean())


class Dates(NamedTuple):
    """A column of dates, in the rows' order."""

    values: Labels
    """(N,) datetime64 in UTC."""
    doubtful: bool
    """Whether the dates read in two ways, 1/2 as the second of January too, and neither runs on."""


def dates_in(column: "pd.Series") -> Dates | None:
    """A column's dates, where every cell is one; None where a cell is not.

    Of two ways to read them all, the one in which they run forward is taken, else backward, else
    the first of `FORMATS`.
    """
    import pandas as pd

    if column.isna().any() or column.empty:
        return None
    if column.dtype.kind == "M":  # as workbooks and Parquet hold them
        return Dates(_plain(column), doubtful=False)
    if pd.api.types.is_numeric_dtype(column.dtype):
        return _packed(column)
    first = str(column.iloc[0])
    if len(first) > LONGEST or not re.search(r"\d", first):
        return None
    ways = [(form, dates) for form in FORMATS if (dates := _parsed(column, form)) is not None]
    for runs in ("is_monotonic_increasing", "is_monotonic_decreasing"):
        for _, dates in ways:
            if getattr(dates, runs):
                return Dates(_plain(dates), doubtful=False)
    if not ways:
        return None
    doubtful = any(not dates.equals(ways[0][1]) for _, dates in ways[1:])
    return Dates(_plain(ways[0][1]), doubtful)


def _packed(column: "pd.Series") -> Dates | None:
    """Whole numbers such as 20200131."""
    low, high = PACKED
    if column.dtype.kind not in "iu" or not column.between(low, high).all() or len(column) < 2:
        return None
    dates = _parsed(column.astype("str"), "%Y%m%d")
    return None if dates is None else Dates(_plain(dates), doubtful=False)


def _parsed(column: "pd.Series", form: str) -> "pd.Series | None":
    """All cells in one way of writing dates, or None; a few from all over first, for speed."""
    import pandas as pd

    stride = max(1, len(column) // FIRST_LOOK)
    for rows in (column[:1], column[::stride], column):
        # in a workbook dates may be objects among words; a long word is not copied to each row
        cells = rows.map(lambda cell: str(cell)[:LONGEST]) if rows.dtype == object else rows
        dates = pd.to_datetime(cells, format=form, errors="coerce", utc=True)
        if dates.isna().any():
            return None
    return dates


def _plain(dates: "pd.Series") -> Labels:
    """Moments in UTC without saying so, as NumPy has them."""
    if getattr(dates.dtype, "tz", None) is not None:
        dates = dates.dt.tz_convert("UTC").dt.tz_localize(None)
    return dates.to_numpy()
