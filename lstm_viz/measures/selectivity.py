"""Whether a unit tells marked time steps from others, and stores something there."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from lstm_viz.words import _

Numbers = npt.NDArray[np.floating]
Marks = npt.NDArray[np.bool_]

OPEN = 0.5
"""An input gate at or above this lets more in than it keeps out."""
CLEARLY = 0.1
"""By how much a gate differs between two kinds of steps before that is said."""


def contrast(gate: Numbers, marked: Marks) -> npt.NDArray[np.float64]:
    """(H,) mean of a gate (T, H) at the marked steps (T,), minus its mean at the others.

    0 where there are no steps of one kind.

    >>> contrast(np.array([[0.0], [1.0], [0.5]]), np.array([False, True, False]))
    array([0.75])
    """
    if marked.all() or not marked.any():
        return np.zeros(gate.shape[1])
    at_marks, elsewhere = gate[marked].mean(axis=0), gate[~marked].mean(axis=0)
    return np.asarray(at_marks - elsewhere, np.float64)


@dataclass(frozen=True)
class Writing:
    """What one unit writes into its cell state: at the marked steps, and at the others."""

    unit: int
    """Its place among the units given."""
    at_marks: float
    """The smallest value of its input gate at a marked step."""
    elsewhere: float
    """The largest value of its input gate at another step."""
    jumps: float
    """The smallest change |c_t - c_{t-1}| at a marked step."""
    drift: float
    """The largest change at another step."""


def writes_at_marks(gate: Numbers, cell: Numbers, marked: Marks) -> Writing | None:
    """The unit that stores what is marked and nothing else: the one with the largest contrast.

    From its input gate and its cell state, (T, H) each. None where no unit's input gate is open at
    every mark and nearer to shut elsewhere, or where its cell state changes as much at some other
    step: then it is not what holds the marked values.
    """
    if marked.all() or not marked.any():
        return None
    unit = int(contrast(gate, marked).argmax())
    change = np.abs(np.diff(cell[:, unit], prepend=0.0))  # c_0 = 0
    found = Writing(
        unit,
        at_marks=float(gate[marked, unit].min()),
        elsewhere=float(gate[~marked, unit].max()),
        jumps=float(change[marked].min()),
        drift=float(change[~marked].max()),
    )
    stores = found.at_marks >= OPEN > found.elsewhere and found.jumps > found.drift
    return found if stores else None


def since_when(found: Sequence[Writing | None]) -> int | None:
    """From which of several moments on it is the same unit until the last one; None for no unit.

    >>> one, other = Writing(1, 1, 0, 1, 0), Writing(2, 1, 0, 1, 0)
    >>> since_when([one, None, other, one, one]), since_when([one, None])
    (3, None)
    """
    if not found or found[-1] is None:
        return None
    unit = found[-1].unit
    before = [k for k, each in enumerate(found) if each is None or each.unit != unit]
    return before[-1] + 1 if before else 0


def said_contrast(unit: int, difference: float) -> str:
    """What the input gate of the unit with the largest contrast does at the marks."""
    if abs(difference) < CLEARLY:
        return _("Unit {unit}: no input gate tells marked steps from others yet.").format(unit=unit)
    words = (
        _("Unit {unit}: its input gate is {difference:.2f} higher at marked steps.")
        if difference > 0
        else _("Unit {unit}: its input gate is {difference:.2f} lower at marked steps.")
    )
    return words.format(unit=unit, difference=abs(difference))


def said_writing(
    units: Sequence[int], epochs: Sequence[float], found: Sequence[Writing | None]
) -> str:
    """Which of the `units` stores what is marked at the last of `epochs`, and since when."""
    first, last = since_when(found), found[-1]
    if first is None or last is None:
        return _("Dashed: the two numbers to add.")
    return _(
        "Unit {unit}, from epoch {epoch:.1f} on: its input gate opens at the two marks only (at "
        "the end {open:.2f} or more, elsewhere {shut:.2f} at most), and c jumps there."
    ).format(unit=units[last.unit], epoch=epochs[first], open=last.at_marks, shut=last.elsewhere)
