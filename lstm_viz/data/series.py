"""A series as every later stage receives it: rows in time order, one column a signal."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from lstm_viz.data.preparing.difference import Difference
from lstm_viz.words import N_, Sentence

Rows = npt.NDArray[np.float64]
Labels = npt.NDArray[Any]
Levels = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Series:
    """N rows of D signals, all finite, in raw units.

    Names are a file's own words or marked ones (`N_`): pages translate them when they show them.
    """

    name: str
    values: Rows
    """(N, D)."""
    columns: tuple[str, ...] = (N_("value"),)
    """D names, unlike each other."""
    index_name: str = N_("step")
    index: Labels | None = None
    """(N,) float64 or datetime64, never decreasing; None counts the rows from 0."""
    note: Sentence | None = None
    """Where the numbers come from, or what was done to them."""
    differences: tuple[Difference, ...] = ()
    """Those that were taken of the targets, in their order."""
    levels: Levels | None = None
    """(1 + differences, B + N, K) the targets, where steps changed them: as they were observed, and
    as each difference was taken of them; B rows lie before the first one of `values`."""

    def column(self, name: str) -> Rows:
        """(N,) one signal."""
        return self.values[:, self.columns.index(name)]
