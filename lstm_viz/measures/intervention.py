"""What an intervention made of a network: its loss, and its gradient through time."""

import numpy as np
import numpy.typing as npt

from lstm_viz.measures.spelling import share
from lstm_viz.numerals import numeral
from lstm_viz.words import _

Array = npt.NDArray[np.float64]

LEAST = 0.01
"""By so much of itself a loss must change before it is said to rise or fall."""
TIMES = 2.0
"""So many times as much, or as little, of a gradient must be left before it is said to be raised
or lowered."""


def same_answers(before: Array, after: Array, asked: npt.NDArray[np.bool_]) -> tuple[int, int]:
    """How many answers stay as they are, (T,) each, and how many there are: of those `asked` for.

    >>> same_answers(np.array([1, 2, 3]), np.array([1, 2, 4]), np.array([False, True, True]))
    (1, 2)
    """
    return int((before == after)[asked].sum()), int(asked.sum())


def said_loss(before: float, after: float) -> str:
    """How the mean loss on the validation examples changed."""
    if not np.isfinite(before):
        return _("The loss is not finite: the network has diverged.")
    if not np.isfinite(after):
        return _("The loss is not finite now.")
    if abs(after - before) <= LEAST * before:
        return _("The mean loss changes by at most 1%.")
    words = (
        _("The mean loss rises from {before} to {after}.")
        if after > before
        else _("The mean loss falls from {before} to {after}.")
    )
    return words.format(before=numeral(before), after=numeral(after))


def said_gradient(before: Array, after: Array, state: str, *, reverse: bool = False) -> str:
    """How much of the norm at the last step of a layer's run is left at its first, (T,) untouched
    and with the intervention; `state` is "hidden", "cell" or "inner_cell".
    """
    untouched, now = left_at_first(before, reverse=reverse), left_at_first(after, reverse=reverse)
    if len(after) < 2 or np.isnan([untouched, now]).any():
        return ""
    letter = {"hidden": "h", "cell": "c"}[state]
    norm = f"‖dL/d{letter}‖"
    first, last = (len(after) - 1, 0) if reverse else (0, len(after) - 1)
    numbers = {"norm": norm, "now": share(now), "before": share(untouched)}
    numbers |= {"first": str(first), "last": str(last)}
    if now > TIMES * untouched:
        words = _("{norm} at step {first}, relative to step {last}, rises from {before} to {now}.")
    elif now * TIMES < untouched:
        words = _("{norm} at step {first}, relative to step {last}, falls from {before} to {now}.")
    else:
        words = _(
            "{norm} at step {first}, relative to step {last}: {now}; without the intervention "
            "{before}."
        )
    return words.format(**numbers)


def left_at_first(norms: Array, *, reverse: bool = False) -> float:
    """The norm at the first step of the run relative to that at the last; NaN where there is no
    such share.
    """
    first, last = (norms[-1], norms[0]) if reverse else (norms[0], norms[-1])
    if not np.isfinite([first, last]).all() or last == 0:
        return float("nan")
    return float(first / last)
