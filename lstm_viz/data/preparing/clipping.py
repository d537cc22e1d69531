"""Clipping: outliers are set to the last value that is none."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lstm_viz.data.preparing.step import AMONG, Among, Given, Step
from lstm_viz.limits import Number, limited
from lstm_viz.words import N_, Sentence

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Clip(Step):
    """x to between Q1 - width · (Q3 - Q1) and Q3 + width · (Q3 - Q1), quartiles of training rows.

    Tukey 1977, "Exploratory Data Analysis": beyond 3 a value is "far out". A column whose quartiles
    are equal is left as it is.
    """

    name = "clip"
    label = N_("Clip outliers")
    help = N_(
        "Values further from the quartiles of the training set than so many of their "
        "distances are set to that limit. Forecasts are judged by the true values."
    )

    width: float = limited(Number(3.0, 0.5, 100.0))
    among: Among = limited(AMONG)

    def apply(self, given: Given) -> "tuple[pd.DataFrame, Sentence | None]":
        chosen = given.frame[[*given.columns]]
        fitted = chosen.iloc[: given.training].dropna()
        low, high = fitted.quantile(0.25), fitted.quantile(0.75)
        reach = (self.width * (high - low)).replace(0.0, np.inf)
        clipped = chosen.clip(low - reach, high + reach, axis=1)
        changed = ((clipped != chosen) & chosen.notna()).to_numpy()
        made = given.frame.copy()
        made[[*given.columns]] = clipped
        facts = {
            "count": int(changed.sum()),
            "all": int(chosen.notna().to_numpy().sum()),
            "training": int(changed[: given.training].sum()),
            "low": float((low - reach).iloc[0]),
            "high": float((high + reach).iloc[0]),
            "column": str(given.columns[0]),
        }
        return made, Sentence(
            N_(
                "Values clipped: {count:,} of {all:,}, {training:,} of them in the training set. "
                "Limits of '{column}': {low:.4g} and {high:.4g}."
            ),
            facts,
        )
