"""The time steps of an example that its task points at."""

import numpy as np

from lstm_viz.data.dataset import Dataset, Values
from lstm_viz.words import N_

MARKER = N_("marker")
"""An input of this name is 1 where the value beside it counts, and 0 elsewhere."""


def marks_of(dataset: Dataset, inputs: Values) -> list[int]:
    """The marked time steps of an example (T, D); none where a task marks none."""
    if MARKER not in dataset.input_names:
        return []
    marker = inputs[:, dataset.input_names.index(MARKER)]
    return [int(t) for t in np.flatnonzero(marker)]
