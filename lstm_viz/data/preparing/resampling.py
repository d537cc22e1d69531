"""Resampling: rows at any times become rows at even ones."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, get_args

import numpy as np

from lstm_viz.data.preparing.step import Given, Labels, Step, usual_seconds
from lstm_viz.data.reading.ceilings import MAX_ROWS
from lstm_viz.errors import DataError
from lstm_viz.limits import Choice, limited
from lstm_viz.words import N_, Sentence

if TYPE_CHECKING:
    import pandas as pd

Grid = Literal["10min", "15min", "30min", "hour", "day", "week", "month", "quarter", "year"]
How = Literal["mean", "sum", "last"]
RULES: Mapping[Grid, tuple[str, str, int]] = {
    "10min": ("10min", "m", 600),
    "15min": ("15min", "m", 900),
    "30min": ("30min", "m", 1800),
    "hour": ("h", "m", 3600),
    "day": ("D", "D", 86_400),
    "week": ("W-MON", "D", 7 * 86_400),
    "month": ("MS", "M", 28 * 86_400),
    "quarter": ("QS", "M", 90 * 86_400),
    "year": ("YS", "Y", 365 * 86_400),
}
"""Grid -> pandas' word for it, the unit in which its rows are written, seconds at least."""
BEGINNING: dict[str, Any] = {"label": "left", "closed": "left"}
"""A bin is named by its first moment, which belongs to it."""
MOST_NAMED = 3
"""Gaps that are named by their dates."""
MOST_EMPTY = 0.5
"""Share of rows without any value from which on a grid is too fine."""
REGULAR, FULL = 1.5, 0.9
"""Rows are evenly spaced where nine in ten follow the one before within so many usual steps; a sum
of these lacks values where they cover less than that share of its time."""


@dataclass(frozen=True)
class Resample(Step):
    """A row for each hour, day, ..., labelled by its beginning: of the rows that begin in it.

    Where there are none, the values are missing. A sum of evenly spaced rows that lacks some is
    missing too, and left out at the ends: it would be too small.
    """

    name = "resample"
    label = N_("Resample")
    help = N_("One row for each hour, day, week and so on.")
    on_rows = True
    dated = True

    grid: Grid = limited(Choice("day", get_args(Grid)))
    how: How = limited(Choice("mean", get_args(How)))

    @classmethod
    def for_rows(cls, index: Labels | None) -> Step:
        """On the finest grid that is coarser than the rows."""
        usual = usual_seconds(index)
        return cls(next((grid for grid in RULES if RULES[grid][2] >= 2 * usual), "year"))

    def apply(self, given: Given) -> "tuple[pd.DataFrame, Sentence | None]":
        self._check(given.frame)
        bins = self._bins(given.frame)
        if self.how == "sum":
            made = bins.sum(min_count=1).where(self._full(given.frame))
            whole = np.flatnonzero(made.notna().all(axis=1))
            made = made.iloc[whole[0] : whole[-1] + 1] if len(whole) else made
        else:
            made = bins.mean() if self.how == "mean" else bins.last()
        empty = int((bins.size() == 0).sum())
        if empty > MOST_EMPTY * len(made):
            raise DataError(
                N_("{empty:,} of {rows:,} rows would be empty. Take a coarser grid."),
                empty=empty,
                rows=len(made),
            )
        return made, self._gaps(made)

    def _bins(self, frame: "pd.DataFrame") -> Any:
        known = frame.replace([np.inf, -np.inf], np.nan)
        return known.resample(RULES[self.grid][0], **BEGINNING)

    def _check(self, frame: "pd.DataFrame") -> None:
        """Refuse what would make rows without end."""
        seconds = frame.index.to_numpy().astype("datetime64[s]").astype(np.int64)
        rows = int(seconds[-1] - seconds[0]) // RULES[self.grid][2]
        if rows > MAX_ROWS:
            raise DataError(
                N_("This grid has {rows:,} rows, and at most {most:,} are possible."),
                rows=rows,
                most=MAX_ROWS,
            )

    def _full(self, frame: "pd.DataFrame") -> Any:
        """A frame of where a sum lacks nothing, as far as one can tell."""
        counts = self._bins(frame).count()
        steps = np.diff(frame.index.to_numpy().astype("datetime64[s]").astype(np.float64))
        usual = usual_seconds(frame.index.to_numpy())
        if not usual or float(np.quantile(steps, 0.9)) > REGULAR * usual:
            return counts > 0
        width = (counts.index + counts.index.freq - counts.index).total_seconds().to_numpy()
        return counts.mul(usual) >= FULL * width[:, None]

    def _gaps(self, made: "pd.DataFrame") -> Sentence:
        missing = made.isna().any(axis=1).to_numpy()
        if not missing.any():
            return Sentence(N_("No gaps."))
        edges = np.flatnonzero(np.diff(np.concatenate(([False], missing, [False]))))
        labels = made.index.to_numpy().astype(f"datetime64[{RULES[self.grid][1]}]").astype(str)
        named = [
            labels[start] if stop == start + 1 else f"{labels[start]} … {labels[stop - 1]}"
            for start, stop in edges.reshape(-1, 2)[:MOST_NAMED]
        ]
        more = len(edges) // 2 > MOST_NAMED
        facts = {
            "gaps": len(edges) // 2,
            "rows": int(missing.sum()),
            "named": ", ".join([*named, "…"] if more else named).replace("T", " "),
        }
        return Sentence(N_("Gaps: {gaps:,} ({named}). Rows to fill: {rows:,}."), facts)
