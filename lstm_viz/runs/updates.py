"""The parameter gradient's norm at every optimizer update of a run, before and after clipping."""

import numpy as np
import numpy.typing as npt

from lstm_viz.measures.parameter_gradients import clipped_points

MOST = 8192
"""Rows that are kept: of more, the one with the larger norm of each two."""

Rows = npt.NDArray[np.floating]


class Updates:
    """One row an update, or the largest of a few where there were many."""

    def __init__(self) -> None:
        self.rows: Rows = np.empty((0, 3), np.float32)
        """(N, 3): the number of the update, the norm before clipping and after it."""
        self.counted = 0
        """How many updates there were."""
        self.clipped = 0
        """At how many of them clipping lowered the norm."""

    @classmethod
    def kept(cls, rows: Rows, counted: int, clipped: int) -> "Updates":
        """The same again from a file."""
        found = cls()
        found.rows, found.counted, found.clipped = rows, counted, clipped
        return found

    def append(self, last: int, norms: Rows) -> None:
        """Add (n, 2) norms before and after clipping, the newest of update number `last`."""
        count = len(norms)
        numbers = np.arange(last - count + 1, last + 1)[:, None]
        self.counted += count
        self.clipped += clipped_points(norms[:, 0], norms[:, 1])
        rows = np.concatenate((self.rows, np.hstack((numbers, norms)).astype(np.float32)))
        while len(rows) > MOST:
            rows = largest_of_each(rows, 2)
        self.rows = rows  # readers see a whole table


def largest_of_each(rows: Rows, several: int) -> Rows:
    """Of each so many rows the one whose norm before clipping is largest, and of those left over.

    >>> largest_of_each(np.array([[1.0, 5.0, 1.0], [2.0, 0.5, 0.5], [3.0, 0.2, 0.2]]), 2).tolist()
    [[1.0, 5.0, 1.0], [3.0, 0.2, 0.2]]
    """
    places = [
        first + int(np.argmax(np.nan_to_num(rows[first : first + several, 1], posinf=np.inf)))
        for first in range(0, len(rows), several)
    ]
    return rows[places]
