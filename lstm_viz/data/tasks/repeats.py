"""Sequences that come only once, so that no part of a dataset asks for what another has shown."""

from typing import Any

import numpy as np
import numpy.typing as npt

from lstm_viz.errors import ConfigError
from lstm_viz.words import N_

Words = npt.NDArray[np.uint8]

SURELY_DIFFERENT = 2**40
"""Of so many words, twenty thousand drawn by chance are as good as all different."""


def different_words(kinds: int, length: int, count: int, rng: np.random.Generator) -> Words:
    """(count, length) codes 0..kinds-1, all words equally likely and no word twice.

    Raises ConfigError where there are fewer words than asked for.
    """
    most = kinds**length
    if most >= SURELY_DIFFERENT:
        return rng.integers(0, kinds, (count, length), np.uint8)
    if most < count:
        raise ConfigError(
            N_(
                "There are only {most:,} different sequences of this length, and {count:,} are "
                "asked for. Take fewer or longer ones."
            ),
            most=most,
            count=count,
        )
    numbers = rng.choice(most, count, replace=False)
    places = kinds ** np.arange(length, dtype=np.int64)
    return (numbers[:, None] // places % kinds).astype(np.uint8)


def repeated_first(rows: npt.NDArray[Any]) -> npt.NDArray[np.int64]:
    """The order of (S, T) rows in which those that come more than once lie before the others.

    The first part is the training part, so the others are not asked for what it has shown, as
    long as there are enough rows that come once.
    """
    _, kind, times = np.unique(rows, axis=0, return_inverse=True, return_counts=True)
    return np.argsort(times[kind.ravel()] == 1, kind="stable")
