"""Whether one score is better than another on the same examples, or only seems so."""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.floating]

MARGIN = 2.0
"""Standard errors of a difference within which two scores count as equal."""
FEWEST = 5
"""Examples below which no difference is told."""


@dataclass(frozen=True)
class Difference:
    """How much larger one mean is than another on the same examples."""

    mean: float
    error: float
    """Its standard error; infinite where there are too few examples to estimate it."""

    @property
    def sign(self) -> int:
        """1 or -1 where the difference is more than `MARGIN` standard errors from 0, else 0."""
        if not math.isfinite(self.mean):
            return 0
        return int(np.sign(self.mean)) if abs(self.mean) > MARGIN * self.error else 0


@dataclass(frozen=True, eq=False)
class Sample:
    """A loss or an error of each of n examples; the smaller, the better.

    >>> tight, loose = Sample(np.full(9, 1.0)), Sample(np.linspace(1.5, 2.5, 9))
    >>> tight.mean, tight.better_than(loose), tight.better_than(tight)
    (1.0, True, False)
    """

    values: Numbers
    """(n,) the mean over each example's answers."""
    weights: Numbers | None = None
    """(n,) how many answers that is; None for equally many. An example with 0 does not count."""
    lags: int = 0
    """Neighbours up to so far away are not independent: windows of one series overlap."""

    @property
    def mean(self) -> float:
        """Over all answers; NaN of none."""
        values, weights = self._counted(self.values)
        return float(values @ weights / weights.sum()) if len(values) else math.nan

    def like(self, values: Numbers) -> "Sample":
        """Other values (n,) of the same examples."""
        return Sample(values, self.weights, self.lags)

    def minus(self, other: "Sample") -> Difference:
        """The paired difference of the means, D = Σ w d / Σ w with d = value - other's value.

        Its standard error is √(Σ_{|k| ≤ lags} (1 - |k| / (lags + 1)) Σ_i e_i e_{i+k}) / Σ w of
        e_i = w_i (d_i - D), times √(n / (n - 1)): for independent examples with equal weights
        that is the standard deviation of d over √n. The sum over lags is that of Newey & West
        1987; comparing forecasts so is the test of Diebold & Mariano 1995.
        """
        with np.errstate(invalid="ignore"):  # infinite minus infinite is no number
            away = np.asarray(self.values, np.float64) - np.asarray(other.values, np.float64)
        differences, weights = self._counted(away)
        if not len(differences) or not np.isfinite(differences).all():
            return Difference(math.nan, math.inf)
        mean = float(differences @ weights / weights.sum())
        count = len(differences)
        if count < FEWEST:
            return Difference(mean, math.inf)
        rest = weights * (differences - mean)
        rest[np.abs(rest) < 1e-12 * np.abs(weights * differences).max(initial=0.0)] = 0.0
        total = float(rest @ rest)
        for k in range(1, min(self.lags, count - 1) + 1):
            total += 2 * (1 - k / (self.lags + 1)) * float(rest[k:] @ rest[:-k])
        variance = max(total, 0.0) * count / (count - 1)
        return Difference(mean, math.sqrt(variance) / float(weights.sum()))

    def better_than(self, other: "Sample") -> bool:
        """Whether it is smaller by more than `MARGIN` standard errors of the difference."""
        return self.minus(other).sign < 0

    def _counted(self, values: Numbers) -> tuple[Numbers, Numbers]:
        """The values that count, float64, and their weights."""
        every = np.asarray(values, np.float64)
        if self.weights is None:
            return every, np.ones(len(every))
        counts = np.asarray(self.weights, np.float64) > 0
        return every[counts], np.asarray(self.weights, np.float64)[counts]


def lags_of_overlap(count: int, horizon: int = 1) -> int:
    """Lags for `count` forecasts of consecutive rows, each of `horizon` steps.

    At least horizon - 1, over which errors of an optimal forecast are correlated (Diebold &
    Mariano 1995), and Newey & West's 4 (n / 100)^(2/9) for those of any other.

    >>> lags_of_overlap(100), lags_of_overlap(100, horizon=12)
    (4, 11)
    """
    usual = int(4 * (count / 100) ** (2 / 9))
    return max(0, min(max(horizon - 1, usual), count // 4))
