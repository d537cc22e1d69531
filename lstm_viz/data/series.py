"""A series as every later stage receives it: rows in time order, one column a signal."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from lstm_viz.words import N_, Sentence

Rows = npt.NDArray[np.float64]
Labels = npt.NDArray[Any]


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

    def column(self, name: str) -> Rows:
        """(N,) one signal."""
        return self.values[:, self.columns.index(name)]
