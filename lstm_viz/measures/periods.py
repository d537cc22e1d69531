"""What a series shows before anything is learned from it: autocorrelation, spectrum, season."""

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.floating]

FEWEST_ROWS = 12
REPEATS = 3
"""A season must be seen this often: anything that rises and falls once or twice looks periodic."""
RARE = 1e-3
"""Share of series without a season in which one of their spectral peaks passes for one."""
MULTIPLES = 6
"""A jagged season has its tallest peak at a fraction of its length."""
AS_HIGH = 0.8
"""Share of the highest autocorrelation that a shorter lag needs to be taken before a longer."""


def autocorrelation(values: Numbers, lags: int) -> npt.NDArray[np.float64]:
    """r_k = Σ_t (x_t - mean)(x_{t+k} - mean) / Σ_t (x_t - mean)², for k = 0 .. `lags`.

    The biased estimator (Box & Jenkins 1970), by FFT; `values` is (N,), the result (lags + 1,).
    It is 0 from lag N on, and at every lag but 0 of a constant series.

    >>> autocorrelation(np.array([1.0, -1.0, 1.0, -1.0]), lags=2)
    array([ 1.  , -0.75,  0.5 ])
    """
    count = len(values)
    centred = np.asarray(values, np.float64) - np.mean(values)
    # At least twice as long, or the end would meet the beginning; a power of two is fast.
    length = 1 << (2 * count).bit_length()
    power = np.abs(np.fft.rfft(centred, length)) ** 2
    sums = np.fft.irfft(power, length)[:count]
    found = np.zeros(lags + 1)
    found[0] = 1.0
    # What is left of a constant series is rounding.
    if sums[0] > count * (1e-12 * np.abs(values).max()) ** 2:
        found[:count] = sums[: lags + 1] / sums[0]
    return found


def white_noise_band(count: int) -> float:
    """1.96 / √N: 95 % of the autocorrelations of N independent values lie within ± this."""
    return float(1.96 / np.sqrt(count))


def spectrum(values: Numbers) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Periods in rows, ascending from 2 to N, and the power at each: the periodogram of (N,).

    The straight line that fits best is taken away first, or it would fill the long periods.
    Power is in squared units of the values for each cycle a row; see
    `scipy.signal.periodogram`.
    """
    from scipy.signal import periodogram

    frequencies, power = periodogram(np.asarray(values, np.float64), detrend="linear")
    return 1 / frequencies[:0:-1], power[:0:-1]


def season_length(values: Numbers) -> int | None:
    """Rows after which (N,) `values` repeat, where spectrum and autocorrelation agree; or None.

    A period counts when its power stands out from that of a process which only remembers its
    last value (AR(1): noise, random walks), and the autocorrelation has a peak at it or at one of
    its first multiples. After Torrence & Compo 1998, "A practical guide to wavelet analysis", for
    the red-noise background.

    >>> season_length(np.sin(2 * np.pi * np.arange(1000) / 100))
    100
    """
    from scipy.signal import detrend

    if len(values) < FEWEST_ROWS or not np.isfinite(values).all():
        return None
    left = detrend(np.asarray(values, np.float64))
    if left.std() <= 1e-9 * np.abs(values).max():
        return None
    period = _standing_out(left)
    return None if period is None else _peak(left, period)


def _standing_out(values: Numbers) -> float | None:
    """The period whose power is the largest multiple of red noise's, where chance is no reason."""
    count = len(values)
    periods, power = spectrum(values)
    seen = periods <= count / REPEATS
    previous, present = values[:-1], values[1:]
    # Not below -0.9: what alternates exactly has a season of two rows.
    kept = max(float(previous @ present / (previous @ previous)), -0.9)
    noise = float(np.mean((present - kept * previous) ** 2))
    turn = np.exp(-2j * np.pi / periods)
    # One-sided density of x_t = kept x_{t-1} + noise; what is exactly predictable has none.
    red = 2 * max(noise, 1e-12 * float(values.var())) / np.abs(1 - kept * turn) ** 2
    ratio = np.where(seen, power / red, 0.0)
    best = int(ratio.argmax())
    # Power over its expectation is exponentially distributed; the largest of many is rarer.
    return float(periods[best]) if ratio[best] > np.log(seen.sum() / RARE) else None


def _peak(values: Numbers, period: float) -> int | None:
    """The lag at or near a multiple of `period` where the autocorrelation peaks highest."""
    count = len(values)
    longest = count // REPEATS
    # Unbiased, or a long season would seem shorter than it is.
    r = autocorrelation(values, longest + 1) / (1 - np.arange(longest + 2) / count)
    cycles = count / period
    found: list[int] = []
    for multiple in range(1, MULTIPLES + 1):
        # The periodogram cannot tell periods apart that differ by less than a cycle in N rows.
        low = max(int(multiple * count / (cycles + 1)), 2)
        high = min(int(np.ceil(multiple * count / max(cycles - 1, 1))), longest)
        if low > high:
            break
        lag = low + int(r[low : high + 1].argmax())
        if r[lag] >= max(r[lag - 1], r[lag + 1]) and r[lag] > white_noise_band(count):
            found.append(lag)
    highest = max((r[lag] for lag in found), default=0.0)
    return next((lag for lag in found if r[lag] >= AS_HIGH * highest), None)
