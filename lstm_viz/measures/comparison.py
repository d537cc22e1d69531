"""Whether one score is better than another on the same examples, or only seems so."""

import math
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.floating]

MARGIN = 2.0
"""Standard errors of a difference within which two scores count as equal, of many examples."""
FEWEST = 5
"""Examples below which no difference is told."""
APART = 1.5
"""How many times as large one error is that is not called equal, whether or not by chance."""
MOST_ALIKE = 0.99
"""Up to which autocorrelation neighbours can still be told from one and the same example."""


def margin(freedom: float, among: int = 1) -> float:
    """Standard errors that a mean of nothing exceeds, either way, as rarely as `MARGIN` of many.

    Student's t by its expansion about the normal quantile (Abramowitz & Stegun 26.7.5), with the
    chance shared by `among` differences that are looked at together (Bonferroni).

    >>> round(margin(math.inf), 2), round(margin(9), 2), round(margin(math.inf, among=20), 2)
    (2.0, 2.32, 3.05)
    """
    z = NormalDist().inv_cdf(1 - NormalDist().cdf(-MARGIN) / among)
    return z + (z**3 + z) / (4 * freedom) + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * freedom**2)


@dataclass(frozen=True)
class Difference:
    """How much larger one mean is than another on the same examples."""

    mean: float
    error: float
    """Its standard error; infinite where there are too few examples to estimate it."""
    freedom: float = math.inf
    """Degrees of freedom of that estimate."""

    @property
    def sign(self) -> int:
        """1 or -1 where the difference is further from 0 than the margin, else 0."""
        return self.sign_among(1)

    def sign_among(self, differences: int) -> int:
        """The same where the largest of so many differences is looked for."""
        if not math.isfinite(self.mean):
            return 0
        beyond = abs(self.mean) > margin(self.freedom, differences) * self.error
        return int(np.sign(self.mean)) if beyond else 0


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
    in_order: bool = False
    """Whether neighbours may be alike, as forecasts of consecutive rows are."""

    @property
    def mean(self) -> float:
        """Over all answers; NaN of none."""
        values, weights = self._counted(self.values)
        return float(values @ weights / weights.sum()) if len(values) else math.nan

    def like(self, values: Numbers) -> "Sample":
        """Other values (n,) of the same examples."""
        return Sample(values, self.weights, self.in_order)

    def minus(self, other: "Sample") -> Difference:
        """The paired difference of the means, D = Σ w d / Σ w with d = value - other's value.

        Of e_i = w_i (d_i - D), its standard error is √(Σ_i e_i² n / (n - 1)) / Σ w: for equal
        weights the standard deviation of d over √n. Of examples in order, whose neighbours may be
        alike, n times the mean square of K projections Λ_j = √(2/n) Σ_i cos(π j (i + 1/2) / n) e_i
        stands in the place of the sum, with K degrees of freedom: Lazarus, Lewis, Stock & Watson
        2018, "HAR inference". To compare forecasts so is the test of Diebold & Mariano 1995.
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
        total, freedom = float(rest @ rest) * count / (count - 1), count - 1
        if self.in_order:
            freedom = _independent(rest)
            turns = np.outer(np.arange(1, freedom + 1), np.arange(count) + 0.5) / count
            projected = math.sqrt(2 / count) * np.cos(np.pi * turns) @ rest
            total = count * float(projected @ projected) / freedom
        return Difference(mean, math.sqrt(total) / float(weights.sum()), freedom)

    def better_than(self, other: "Sample", among: int = 1) -> bool:
        """Whether it is smaller by more than the margin, of so many pairs looked at together."""
        return self.minus(other).sign_among(among) < 0

    def worse_than(self, other: "Sample", among: int = 1) -> bool:
        """Whether it is larger by more than the margin, or `APART` times as large on these."""
        far = self.mean > APART * other.mean > 0
        return far or other.better_than(self, among)

    def _counted(self, values: Numbers) -> tuple[Numbers, Numbers]:
        """The values that count, float64, and their weights."""
        every = np.asarray(values, np.float64)
        if self.weights is None:
            return every, np.ones(len(every))
        counts = np.asarray(self.weights, np.float64) > 0
        return every[counts], np.asarray(self.weights, np.float64)[counts]


def _independent(rest: Numbers) -> int:
    """How many cosines (n,) deviations in order give an independent estimate of their mean's error.

    At most 0.4 n^(2/3) (Lazarus, Lewis, Stock & Watson 2018); and only those slower than what a
    process with the same correlation of neighbours forgets, whose spectrum is level there. That
    correlation's bias in short series is taken out (Kendall 1954).
    """
    count, own = len(rest), float(rest @ rest)
    found = float(rest[1:] @ rest[:-1]) / own if own else 0.0
    alike = min(max(found + (1 + 3 * found) / count if found > 0 else 0.0, 0.0), MOST_ALIKE)
    return int(np.clip(count * (1 - alike) / math.pi, 1, 0.4 * count ** (2 / 3)))
