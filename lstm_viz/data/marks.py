"""The time steps of an example that its task points at."""

import numpy as np

from lstm_viz.data.dataset import Dataset, Values
from lstm_viz.words import N_

MARKER = N_("marker")
"""An input of this name is 1 where the value beside it counts, and 0 elsewhere."""


TELLING = ("X", "Y")
"""Symbols on which the answer depends alone, where a task hides them among distractors."""


def marks_of(dataset: Dataset, inputs: Values) -> list[int]:
    """The time steps of an example (T, D) that count: marked ones, or telling symbols; none where
    a task has neither.
    """
    if set(TELLING) < set(dataset.symbols) and dataset.answers is not None:
        codes = [dataset.symbols.index(symbol) for symbol in TELLING]
        return [int(t) for t in np.flatnonzero(np.isin(inputs[:, 0], codes))]
    if MARKER not in dataset.input_names:
        return []
    marker = inputs[:, dataset.input_names.index(MARKER)]
    return [int(t) for t in np.flatnonzero(marker)]
