"""Where a state moves, and where it rests: in which directions most, fixed and slow points."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from lstm_viz.measures.spelling import percent
from lstm_viz.numerals import numeral
from lstm_viz.words import N_, _, ngettext

Array = npt.NDArray[np.float64]

FIXED = 1e-12
"""A speed q = ½ ‖F(s) - s‖² up to which a state rests; above, up to `SLOW`, it lingers."""
SLOW = 1e-6
LINES = ("line attractor", "plane attractor")
KINDS = {
    "stable": N_("stable"),
    "saddle": N_("saddle"),
    "line attractor": N_("line attractor"),
    "plane attractor": N_("plane attractor"),
    "centre": N_("centre"),
    "unstable": N_("unstable"),
}
"""Kind of a point, as `instruments.fixed_points` names it, marked for translation."""


@dataclass(frozen=True, eq=False)
class Directions:
    """The first K principal components of states (..., U)."""

    mean: Array
    axes: Array
    """(K, U), orthonormal; the largest weight of each is positive."""

    @classmethod
    def of(cls, states: npt.NDArray[np.floating], count: int = 2) -> "Directions | None":
        """So many of the states of a layer; None where they move in fewer."""
        rows = np.asarray(states, np.float64).reshape(-1, states.shape[-1])
        if not np.isfinite(rows).all():
            return None
        mean = rows.mean(axis=0)
        _left, sizes, directions = np.linalg.svd(rows - mean, full_matrices=False)
        if len(sizes) < count or sizes[count - 1] <= 1e-9 * max(1.0, sizes[0]):
            return None
        axes = directions[:count]
        largest = np.abs(axes).argmax(axis=1)
        return cls(mean, axes * np.sign(axes[np.arange(count), largest])[:, None])

    def places(self, states: npt.NDArray[np.floating]) -> Array:
        """(..., K) coordinates of states (..., U)."""
        return np.asarray((np.asarray(states, np.float64) - self.mean) @ self.axes.T)

    def share(self, states: npt.NDArray[np.floating]) -> float:
        """The share of the states' variance that lies in these directions."""
        moved = np.asarray(states, np.float64).reshape(-1, states.shape[-1])
        moved = moved - moved.mean(axis=0)
        whole = float(np.square(moved).sum())
        return float(np.square(moved @ self.axes.T).sum()) / whole if whole else 1.0


def said_points(kinds: Sequence[str], speeds: Array, moduli: Array) -> str:
    """What (N,) points of a layer under a constant input say of its memory; `moduli` are the
    largest of each point's eigenvalues.
    """
    if not kinds:
        return _("With this input held, no fixed or slow point was found.")
    counted = Counter(kinds)
    listed = ", ".join(
        _("{count} × {kind}").format(count=count, kind=_(KINDS[kind]))
        for kind, count in counted.most_common()
    )
    found = ngettext(
        "With this input held: {count} point ({listed}).",
        "With this input held: {count} points ({listed}).",
        len(kinds),
    )
    return f"{found.format(count=len(kinds), listed=listed)} {_meaning(kinds, speeds, moduli)}"


def _meaning(kinds: Sequence[str], speeds: Array, moduli: Array) -> str:
    on_line = [kind in LINES for kind in kinds]
    stable = [
        kind == "stable" and speed <= FIXED for kind, speed in zip(kinds, speeds, strict=True)
    ]
    if sum(on_line) >= 3:
        factor = float(np.median(moduli[on_line]))
        words = (
            _(
                "Along a line of them a change is multiplied by {factor:.4f} a step: it can hold "
                "a value there, half of it for {steps:,.0f} steps."
            )
            if factor < 1
            else _(
                "Along a line of them a change is multiplied by {factor:.4f} a step: it can hold "
                "a value there."
            )
        )
        return words.format(factor=factor, steps=-np.log(2) / np.log(factor) if factor < 1 else 0)
    if sum(stable) >= 2:
        return _("The layer can keep {count} states apart: each is a stable point.").format(
            count=sum(stable)
        )
    if len(kinds) == 1 and stable[0]:
        factor = float(moduli[0])
        half = -np.log(2) / np.log(factor) if factor else 0
        return _(
            "Near it a change is multiplied by {factor} a step or less in the long run: half is "
            "left after {steps} steps."
        ).format(factor=numeral(factor, 4), steps=numeral(half))
    return ""


def said_plane(share: float, signal: str) -> str:
    """How much of what moves the picture shows."""
    return _("{share} of the variance of {signal}.").format(share=percent(share), signal=signal)
