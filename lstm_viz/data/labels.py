"""Whether a column labels the rows, as years, dates and row numbers do, rather than measures."""

from typing import TYPE_CHECKING

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


def date_labels(text: "pd.Series") -> Labels | None:
    """(N,) datetime64 in UTC, where every cell is a date and none is before the last."""
    import pandas as pd

    if text.isna().any():
        return None
    for form in FORMATS:
        for rows in (text[:FIRST_LOOK], text):
            dates = pd.to_datetime(rows, format=form, errors="coerce", utc=True)
            if dates.isna().any() or not dates.is_monotonic_increasing:
                break
        else:
            return dates.dt.tz_localize(None).to_numpy()
    return None
