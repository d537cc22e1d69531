"""What gates say in numbers: time constants, half-lives, saturation."""

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.floating]

LEFT, RIGHT = 0.1, 0.9
"""Below and above these a gate counts as saturated (Karpathy, Johnson & Fei-Fei 2015)."""


def time_constants(forget: Numbers) -> npt.NDArray[np.float64]:
    """τ = -1 / mean of ln f_t, in steps: in τ steps the cell keeps 1/e of what it held.

    `forget` is (T, H), or (B, T, H) for the mean over examples too; returns (H,). The mean of
    ln f is the logarithm of f's geometric mean: what the product over t keeps at each step.
    Infinite where f is 1 throughout, 0 where f reaches 0. For the bias that starts a gate at a
    wanted τ see Tallec & Ollivier 2018, "Can recurrent neural networks warp time?".

    >>> time_constants(np.full((50, 1), np.exp(-1 / 20))).round(9)
    array([20.])
    """
    with np.errstate(divide="ignore"):
        decay = -np.log(np.asarray(forget, np.float64)).mean(axis=_all_but_units(forget))
        return np.asarray(1 / np.maximum(decay, 0.0))


def saturation(gate: Numbers) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Share of t with gate < 0.1 (left) and with gate > 0.9 (right), for each unit.

    `gate` is (T, H) or (B, T, H); returns two (H,). Their sum is at most 1.
    """
    steps = _all_but_units(gate)
    return (gate < LEFT).mean(axis=steps), (gate > RIGHT).mean(axis=steps)


def distribution(gate: Numbers, bins: int = 25) -> npt.NDArray[np.float64]:
    """Share of all values in each of `bins` equal parts of 0..1; sums to 1."""
    counts, _edges = np.histogram(gate, bins=bins, range=(0.0, 1.0))
    return np.asarray(counts / max(counts.sum(), 1))


def _all_but_units(values: Numbers) -> tuple[int, ...]:
    return tuple(range(values.ndim - 1))
