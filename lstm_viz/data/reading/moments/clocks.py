"""Whether moments with offsets from Greenwich are kept in their own local time or in UTC."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from lstm_viz.data.reading.cells.groups import zone_name
from lstm_viz.data.series import Labels

Spans = npt.NDArray[Any]
Zones = tuple[str, tuple[str, ...]]
NONE: Zones = ("", ())


def zone_of(
    moments: Labels, east: Spans, names: Sequence[str], *, greenwich: bool = False
) -> Zones:
    """(the zone that (N,) moments in UTC are kept in, the zones that change where they do).

    A day, a month and office hours are those of the clock on the wall, so that is what is kept:
    of one zone, and of several where the clock runs on as evenly as UTC does; then the zone is
    empty. An hour that comes twice or is left out, as in hourly rows, is none in UTC. `east` are
    (N,) timedelta64; `greenwich` says that the file itself writes some rows in UTC.

    >>> days = np.array(["2020-03-28T23", "2020-03-29T22", "2020-03-30T22"], "datetime64[h]")
    >>> zone_of(days, np.array([1, 2, 2], "timedelta64[h]"), ["+01:00", "+02:00"])
    ('', ('+01:00', '+02:00'))
    """
    if len(names) < 2:
        return "".join(names), ()
    if greenwich:
        return "UTC", ()
    return "" if _runs_on(moments, east) else "UTC", tuple(names)


def names_of(east: Spans) -> list[str]:
    """The zones of (N,) timedelta64 east of Greenwich.

    >>> names_of(np.array([60, 120, 60], "timedelta64[m]"))
    ['+01:00', '+02:00']
    """
    minutes = np.unique(east.astype("timedelta64[m]").astype(np.int64))
    return [zone_name("", int(each)) for each in minutes]


def _runs_on(moments: Labels, east: Spans) -> bool:
    """Whether the local clock never comes twice or goes back, and keeps the rows' usual steps.

    Looked at where the offset changes: a step that other rows make too is a usual one.
    """
    known = ~np.isnat(moments)
    by = np.argsort(moments[known], kind="stable")
    moments, east = moments[known][by], east[known][by]
    steps, changes = np.diff(moments), np.diff(east)
    local = steps + changes
    here = changes != 0
    if (local[here] <= np.timedelta64(0)).any():
        return False
    usual, counts = np.unique(steps[~here], return_counts=True)

    def fit(taken: Spans) -> int:
        at = np.minimum(np.searchsorted(usual, taken), len(usual) - 1)
        return int(counts[at][usual[at] == taken].sum())

    return not len(usual) or fit(local[here]) >= fit(steps[here])
