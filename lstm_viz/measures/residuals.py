"""What the errors of one-step forecasts show: bias, a pattern that is left, a lag."""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from lstm_viz.measures.comparison import Difference, Sample
from lstm_viz.measures.periods import autocorrelation
from lstm_viz.numerals import numeral
from lstm_viz.words import _, ngettext

Numbers = npt.NDArray[np.floating]
Rows = npt.NDArray[np.integer]

LAGS = 10
"""Lags at which consecutive residuals are looked at."""
RARE = 29.59
"""Value that a χ² with 10 degrees of freedom exceeds once in 1,000 times."""
USUAL = 18.31
"""Value that it exceeds once in 20 times."""
HALF = 0.5
"""Of the distance to what is forecast: what lies nearer to an earlier value repeats it."""
NEARER = 0.98
"""Of the error of repeating the last value: what has less, beyond chance, does not repeat it."""
ROUNDING = 1e-9
"""Of the mean size of errors: a mean error that is smaller is 0."""
ONE_SIDED = 0.9
"""Share of the residuals on one side of 0 from which on that is worth saying."""
STANDS_OUT = 4.0
"""White noise standard errors (1/√n) from which on one autocorrelation alone counts."""


def bias(residual: Numbers) -> Difference:
    """Mean of (n,) residuals, forecast minus truth, and its standard error.

    Neighbouring residuals need not be independent: see `Sample.minus`.
    """
    sample = Sample(residual, in_order=True)
    return sample.minus(sample.like(np.zeros(len(residual))))


def said_mean(residual: Numbers) -> str:
    """The mean of the residuals, with its standard error; nothing of too few to estimate that."""
    found = bias(residual)
    if not math.isfinite(found.error):
        return ""
    return _("Bias: {mean} on average, in the column's unit (standard error {error}).").format(
        mean=_signed(found.mean), error=numeral(found.error)
    )


def _signed(value: float) -> str:
    return f"{'+' if value > 0 else ''}{numeral(value)}"


def said_bias(residual: Numbers) -> str:
    """Whether the forecast is too high or too low; nothing where neither is seen.

    On average, by more than chance; or nearly always, whatever the reason.
    """
    found, (high, low) = bias(residual), (int((residual > 0).sum()), int((residual < 0).sum()))
    most, count = max(high, low), len(residual)
    nothing = abs(found.mean) <= ROUNDING * np.abs(residual).mean()
    mean = "0" if nothing else _signed(found.mean)
    if found.sign and (found.mean > 0) == (high >= low):
        words = _("Biased: {mean} on average (forecast minus truth, in the column's unit).")
    elif count < LAGS or most < ONE_SIDED * count:
        return ""
    elif high > low:
        words = _("{count:,} of {all:,} forecasts are too high; mean error {mean}.")
    else:
        words = _("{count:,} of {all:,} forecasts are too low; mean error {mean}.")
    return words.format(count=most, all=count, mean=mean)


@dataclass(frozen=True)
class Pattern:
    """The autocorrelation that stands out most of a series that should have none."""

    lag: int
    correlation: float


def portmanteau(values: Numbers, lags: int = LAGS) -> float:
    """Q = n (n + 2) Σ_k r_k² / (n - k), k = 1 .. `lags`: χ² with `lags` degrees in white noise.

    Ljung & Box 1978, "On a measure of lack of fit in time series models".
    """
    count = len(values)
    r = autocorrelation(values, lags)[1:]
    return float(count * (count + 2) * np.sum(r**2 / (count - np.arange(1, lags + 1))))


def pattern(residual: Numbers, season: int | None = None) -> Pattern | None:
    """What is left to be forecast in (n,) residuals; None where they are like white noise.

    By the portmanteau test over 10 lags, once in 1,000 times wrongly, or by the autocorrelation at
    the season. Looked for in 3 times as many residuals as lags at least.
    """
    if len(residual) < 3 * LAGS or not np.isfinite(residual).all():
        return None
    r = autocorrelation(residual, max(LAGS, 2 * (season or 0)))
    if season and season < len(residual) // 3 and _stands_out(r, season, len(residual)):
        return Pattern(season, float(r[season]))
    if portmanteau(residual) <= RARE:
        return None
    lag = 1 + int(np.abs(r[1 : LAGS + 1]).argmax())
    return Pattern(lag, float(r[lag]))


def _stands_out(r: Numbers, season: int, count: int) -> bool:
    """Whether the autocorrelation at the season is more than chance, and more than around it.

    What only remembers its last values is as alike a quarter of a season before and after.
    """
    quarter = max(round(season / 4), 1)
    above = r[season] - (r[season - quarter] + r[season + quarter]) / 2
    return bool(min(r[season], above) > STANDS_OUT / math.sqrt(count))


def said_pattern(residual: Numbers, season: int | None = None) -> str:
    """Whether the residuals contain a pattern; nothing where there are too few to tell, or all are
    one.
    """
    if len(residual) < 3 * LAGS or not np.isfinite(residual).all():
        return ""
    if np.ptp(residual) <= ROUNDING * np.abs(residual).max():
        return ""
    found = pattern(residual, season)
    if found is None:
        test = portmanteau(residual)
        words = (
            _(
                "Autocorrelation {first:.2f} at lag 1; over {lags} lags like white noise "
                "(Ljung-Box Q = {test:.1f})."
            )
            if test <= USUAL
            else _(
                "Autocorrelation {first:.2f} at lag 1; over {lags} lags perhaps a pattern "
                "(Ljung-Box Q = {test:.1f}, above 95% of white noise)."
            )
        )
        return words.format(first=autocorrelation(residual, 1)[1], lags=LAGS, test=test)
    values = {"lag": found.lag, "correlation": f"{found.correlation:.2f}"}
    if found.lag == season:
        words = _(
            "The residuals repeat with the season of {lag} rows (autocorrelation {correlation}): "
            "not all of it is forecast."
        )
    else:
        words = _(
            "The residuals are autocorrelated, most at lag {lag} ({correlation}): something is "
            "left to forecast."
        )
    return words.format(**values)


def best_lag(series: Numbers, origins: Rows, forecast: Numbers, lags: int = LAGS) -> int:
    """The k = 0 .. `lags` at which (n,) forecasts agree best with (N,) values: of the least mean
    |ŷ_o - y_{o-k}|, where ŷ_o is the forecast of row o, made one step before.

    >>> walk = np.array([0.0, 1.0, 3.0, 2.0, 5.0, 4.0])
    >>> best_lag(walk, np.arange(2, 6), walk[1:5], lags=2)
    1
    """
    away = [np.abs(forecast - series[origins - k]).mean() for k in range(lags + 1)]
    return int(np.argmin(away))


def said_lag(series: Numbers, origins: Rows, forecast: Numbers) -> str:
    """That (n,) one-step forecasts of rows repeat earlier values of (N,); nothing where not.

    They do where they lie half as far from the ones before as from those that they forecast, or
    nearer, and nearer than these themselves do: a flat line far below a falling series repeats
    nothing. Nor does what is nearer to the truth than repeating the last value would be.
    """
    if not len(origins) or not np.isfinite(forecast).all():
        return ""
    lags = min(LAGS, int(origins.min()))
    lag, truth = best_lag(series, origins, forecast, lags), series[origins]
    before = series[origins - lag]
    late = Sample(np.abs(forecast - before), in_order=True)
    due, change = late.like(np.abs(forecast - truth)), late.like(np.abs(truth - before))
    half = due.like(HALF * due.values)
    if lag == 1 and due.mean <= NEARER * change.mean and due.better_than(change):
        return ""
    if not lag or not (late.better_than(half, among=lags) and late.better_than(change, among=lags)):
        return ""
    words = ngettext(
        "It repeats the last value: {late} off that one on average, {due} off the value to "
        "forecast.",
        "It repeats the value of {count} rows before: {late} off that one on average, {due} off "
        "the value to forecast.",
        lag,
    )
    return words.format(count=lag, late=numeral(late.mean), due=numeral(due.mean))
