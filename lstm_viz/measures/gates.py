"""What gates say in numbers: time constants, saturation."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from lstm_viz.numerals import numeral
from lstm_viz.words import _, ngettext

Numbers = npt.NDArray[np.floating]

LEFT, RIGHT = 0.1, 0.9
"""Below and above these a gate counts as saturated (Karpathy, Johnson & Fei-Fei 2015)."""


def time_constants(kept: Numbers) -> npt.NDArray[np.float64]:
    """τ = -1 / mean of ln f_t, in steps: in τ steps the cell keeps 1/e of what it held.

    `kept`, the share of its old state that a unit keeps at each step, is (T, H), or (B, T, H) for
    the mean over examples too; returns (H,). The mean of its logarithm is the logarithm of its
    geometric mean: what the product over t keeps at each step. Infinite where all is kept, 0 where
    nothing is at some step. For the bias that starts a gate at a wanted τ see Tallec & Ollivier
    2018, "Can recurrent neural networks warp time?".

    >>> time_constants(np.full((50, 1), np.exp(-1 / 20))).round(9)
    array([20.])
    """
    with np.errstate(divide="ignore"):
        decay = -np.log(np.asarray(kept, np.float64)).mean(axis=_all_but_units(kept))
        return np.asarray(1 / np.maximum(decay, 0.0))


def said_unkept(cell: bool) -> str:
    """Of a cell of which no gate keeps a share of h or, where it has a `cell` state, of c."""
    if cell:
        return _("No gate keeps a share of the cell state c: no time constants.")
    return _("No gate keeps a share of the state: no time constants.")


def said_time_constants(tau: Numbers, units: Sequence[int], steps: int, of: int) -> str:
    """Which of the `units` (U,) keeps longest, and how many for longer than the sequence.

    They are all `of` the layer's, or those of a wide one that are shown.
    """
    if np.isnan(tau).any():
        return _("The gates are not numbers: no time constants.")
    if np.isinf(tau).all():
        return _("All of the state is kept: every time constant is infinite.")
    words = {
        "unit": units[int(tau.argmax())],
        "tau": numeral(tau.max()),
        "count": int((tau > steps).sum()),
        "all": len(tau),
        "steps": steps,
    }
    longest = ngettext(
        "Unit {unit}: τ = {tau} time steps, in a sequence of {steps}.",
        "Longest: unit {unit}, τ = {tau} time steps; longer than the sequence ({steps}): {count} "
        "of {all} units.",
        len(tau),
    )
    said = longest.format(**words)
    if len(tau) == of:
        return said
    part = _("{said} Shown: {all} of {of} units.")
    return part.format(said=said, all=len(tau), of=of)


def half_lives(factor: Numbers) -> npt.NDArray[np.float64]:
    """Steps after which a product of this factor is ½: ln ½ / ln factor, elementwise.

    Infinite for 1, 0 for 0, NaN for what is no share.

    >>> half_lives(np.array([0.5, 0.5**0.1, 1.0, 0.0, 1.5])).round(9).tolist()
    [1.0, 10.0, inf, 0.0, nan]
    """
    share = np.asarray(factor, np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        lives = np.abs(np.log(0.5) / np.log(share))
    return np.where((share < 0) | (share > 1), np.nan, lives)


def saturation(gate: Numbers) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Share of t with gate < 0.1 (left) and with gate > 0.9 (right), for each unit.

    `gate` is (T, H) or (B, T, H); returns two (H,).
    """
    steps = _all_but_units(gate)
    return (gate < LEFT).mean(axis=steps), (gate > RIGHT).mean(axis=steps)


def distribution(gate: Numbers, bins: int = 25) -> npt.NDArray[np.float64]:
    """Share of all values in each of `bins` equal parts of 0..1; sums to 1."""
    counts, _edges = np.histogram(gate, bins=bins, range=(0.0, 1.0))
    return np.asarray(counts / max(counts.sum(), 1))


def most_often(gate: Numbers, bins: int = 25) -> npt.NDArray[np.int64]:
    """Which of the units (H,) is most often in each of the same parts; -1 where none ever is.

    >>> most_often(np.array([[0.1, 0.9], [0.2, 0.3]]), bins=2).tolist()
    [0, 1]
    """
    units = np.asarray(gate).reshape(-1, gate.shape[-1]).T
    counts = np.stack([np.histogram(each, bins=bins, range=(0.0, 1.0))[0] for each in units])
    return np.where(counts.any(axis=0), counts.argmax(axis=0), -1)


def _all_but_units(values: Numbers) -> tuple[int, ...]:
    return tuple(range(values.ndim - 1))
