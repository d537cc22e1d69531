"""The states of a layer as paths in the directions in which they move most."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from lstm_viz.errors import ConfigError
from lstm_viz.instruments.choosing import known_name
from lstm_viz.instruments.layer_trace import Array
from lstm_viz.instruments.retraced import Seen, traces_of
from lstm_viz.limits import Whole
from lstm_viz.measures.resting import Directions
from lstm_viz.words import N_


@dataclass(frozen=True, eq=False)
class Trajectories:
    """Paths of a state in its first K principal components."""

    state: str
    """Which: `"cell"` where there is one, else `"hidden"`."""
    places: Array
    """(B, T, K): where the state of each sample is at each step."""
    directions: Directions
    """Their `mean` (H,) and orthonormal `axes` (K, H): `directions.places(states)` draws others,
    such as `fixed_points` or another moment of the training, in the same space."""
    share: float
    """Of the variance of the state, so much lies in these directions."""


def trajectories(
    model: Seen, x: Any = None, *, layer: str | None = None, dimensions: int = 3
) -> Trajectories:
    """c_t, or h_t without a cell state, in its first principal components over all samples.

    `model`, `x`: as for `trace`, or a trace in the place of both; `layer`: a name in it, the last
    forward one if not said;
    `dimensions`: K. The sign of each component is that which makes its largest weight positive.
    Raises ConfigError for an unknown layer, and where the state moves in fewer directions; other
    than finite states move in none.

    >>> import torch
    >>> from torch import nn
    >>> found = trajectories(nn.LSTM(2, 8, batch_first=True), torch.randn(4, 9, 2))
    >>> found.state, found.places.shape, found.directions.axes.shape
    ('cell', (4, 9, 3), (3, 8))
    """
    traces = traces_of(model, x)
    seen = traces[known_name(layer, traces)]
    state = "hidden" if seen.cell is None else "cell"
    states = seen.hidden if seen.cell is None else seen.cell
    count = Whole(3, 1, states.shape[-1]).check("dimensions", dimensions)
    there = states[~np.isnan(states).any(axis=-1)] if seen.lengths is not None else states
    directions = Directions.of(there, count)
    if directions is None:
        raise ConfigError(
            N_("The state moves in fewer than {count} directions. Take fewer 'dimensions', or "
               "longer sequences."), count=count,
        )  # fmt: skip
    return Trajectories(state, directions.places(states), directions, directions.share(there))
