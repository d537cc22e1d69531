"""One target of a series, in raw units, and the forecasts that anyone can make of it."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from lstm_viz.data.dataset import Dataset, Part
from lstm_viz.figures.timeline import Timeline
from lstm_viz.measures.baselines import naive, seasonal_naive

Numbers = npt.NDArray[np.floating]
Rows = npt.NDArray[np.int64]

MOST_STEPS = 200
"""Steps of a free-running forecast."""


@dataclass(frozen=True, eq=False)
class Judged:
    """A target, and the part of it on which forecasts are judged."""

    dataset: Dataset
    part: Part
    target: int
    name: str
    values: Numbers
    """(N,) the whole series."""
    season: int | None
    entity: int = 0
    """Which series of its run it is of."""

    @property
    def training(self) -> Numbers:
        return self.values[: self.dataset.split]

    @property
    def read(self) -> Numbers:
        """(N,) what the network reads, had nothing been clipped: the series, or its differences."""
        return self.dataset.unclipped[:, self.target]

    @property
    def timeline(self) -> Timeline:
        return Timeline.of(self.dataset)

    def of_target(self, scaled: Numbers, origins: Rows) -> Numbers:
        """(n, steps) of forecasts (n, steps, K) or (n, P), scaled, each from its origin on."""
        return self.dataset.in_raw_units(scaled, origins)[:, :, self.target]

    def truth(self, origins: Rows, steps: int) -> Numbers:
        """(n, steps) the values from each origin on."""
        values: Numbers = self.values[origins[:, None] + np.arange(steps)]
        return values

    def naive(self, origins: Rows, steps: int) -> Numbers:
        """(n, steps) the last known value."""
        return naive(self.values, origins, steps)

    def seasonal(self, origins: Rows, steps: int) -> Numbers | None:
        """(n, steps) the values a season before; None without a season."""
        if not self.season or self.season < 2:
            return None
        return seasonal_naive(self.values, origins, steps, self.season)
