"""Differences: what changes from row to row, so that a trend is no matter."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np
import numpy.typing as npt

from lstm_viz.data.preparing.step import AMONG, Among, Given, Step
from lstm_viz.errors import DataError
from lstm_viz.limits import Choice, Whole, limited
from lstm_viz.words import N_, Sentence

if TYPE_CHECKING:
    import pandas as pd

Numbers = npt.NDArray[np.floating]
Kind = Literal["plain", "log"]


@dataclass(frozen=True)
class Difference(Step):
    """d_t = y_t - y_{t-lag}, or ln y_t - ln y_{t-lag}: about the share by which y grew."""

    name = "diff"
    label = N_("Differences")
    help = N_("What changes from row to row. Forecasts are added up again.")

    kind: Kind = limited(Choice("plain", get_args(Kind)))
    lag: int = limited(Whole(1, 1, 1000))
    """Rows between the two: a season takes the season out."""
    among: Among = limited(AMONG)

    @property
    def reach(self) -> int:
        return self.lag

    def apply(self, given: Given) -> "tuple[pd.DataFrame, Sentence | None]":
        names = [*given.columns]
        chosen, made = given.frame[names], given.frame.copy()
        if self.kind == "log":
            self._check(chosen)
            chosen = chosen.transform(np.log)
        made[names] = chosen.diff(self.lag)
        return made, Sentence(N_("Forecasts and scores are given in the series' own unit."))

    def take(self, values: Numbers) -> Numbers:
        """(n - lag, K) the differences of (n, K) values; not finite where there is no logarithm."""
        with np.errstate(divide="ignore", invalid="ignore"):
            of = np.log(values) if self.kind == "log" else values
            apart: Numbers = of[self.lag :] - of[: -self.lag]
        return apart

    def undo(self, forecast: Numbers, history: Numbers) -> Numbers:
        """(n, P, K) differences as values, from the (n, lag, K) values just before each.

        >>> Difference().undo(np.array([[[1.0], [2.0]]]), np.array([[[10.0]]])).ravel()
        array([11., 13.])
        """
        values = [history[:, row] for row in range(self.lag)]
        with np.errstate(over="ignore", invalid="ignore"):  # of a network that diverged
            for row in range(forecast.shape[1]):
                step = forecast[:, row]
                before = values[row]
                values.append(before * np.exp(step) if self.kind == "log" else before + step)
        return np.stack(values[self.lag :], axis=1)

    def _check(self, chosen: "pd.DataFrame") -> None:
        for name in chosen:
            lowest = float(chosen[name].min())  # a row that an earlier step left incomplete is none
            if lowest <= 0:
                raise DataError(
                    N_(
                        "'{column}' falls to {value:g}, and only numbers above 0 have a "
                        "logarithm. Take plain differences, or a range of rows without it."
                    ),
                    column=str(name),
                    value=lowest,
                )
