"""When a task counts as solved, and by how many seeds of each contender."""

from collections.abc import Mapping, Sequence

from lstm_viz.data.dataset import Problem
from lstm_viz.numerals import numeral
from lstm_viz.words import _, listed

ACCURACY = 0.99
"""Share of right answers from which on a task of classes is solved."""
SHARE = 0.1
"""A task of numbers is solved below this share of the loss of the best constant answer."""


def is_solved(problem: Problem, accuracy: float, loss: float, constant: float) -> bool:
    """Whether classes are told by `ACCURACY`, or the loss is below `SHARE` of the `constant` one's.

    What is not a number solves nothing.

    >>> is_solved("classes", 0.995, 0.02, 1.4), is_solved("regression", 0.995, 0.02, 0.167)
    (True, False)
    """
    if problem == "regression":
        return loss < SHARE * constant
    return accuracy >= ACCURACY


def said_solved(
    seeds: Mapping[str, Sequence[bool]], problem: Problem, constant: float | None
) -> str:
    """In how many of their seeds the contenders solve the task, the most first; and what it takes.

    All have equally many seeds. The best `constant` answer's loss is None where their losses
    differ.
    """
    names: dict[int, list[str]] = {}
    for name in sorted(seeds, key=lambda name: -sum(seeds[name])):
        names.setdefault(sum(seeds[name]), []).append(name)
    count = len(next(iter(seeds.values())))
    words = _("{names} {solved} of {count}")
    counts = "; ".join(
        words.format(solved=solved, count=count, names=listed(those))
        for solved, those in names.items()
    )
    if problem == "regression" and constant is None:
        words = _(
            "Seeds that solved the task (loss below a tenth of each one's constant answer's): "
            "{counts}."
        )
        return words.format(counts=counts)
    if problem == "regression" and constant is not None:
        words = _(
            "Seeds that solved the task (loss below a tenth of a constant answer's, {level}): "
            "{counts}."
        )
        return words.format(level=numeral(SHARE * constant), counts=counts)
    words = _("Seeds that solved the task (accuracy at least {level:.0%}): {counts}.")
    return words.format(level=ACCURACY, counts=counts)
