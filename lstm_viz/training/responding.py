"""Where else, among the validation examples, the units of a layer are on together."""

from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from lstm_viz.data.dataset import Dataset, Values
from lstm_viz.experiments.cost import examples_intervened, intervened_at_once
from lstm_viz.instruments.trace import trace
from lstm_viz.measures.responding import Sides, held, together, windows
from lstm_viz.models.network import Network
from lstm_viz.runs.reduced import kept_units
from lstm_viz.training import predicting
from lstm_viz.training.intervening import measured_places
from lstm_viz.training.loop import Training

MOST = 8
"""Windows that are shown."""
Places = npt.NDArray[np.int64]


def responding_elsewhere(
    training: Training,
    model: Network,
    x: Tensor,
    _y: Tensor,
    layer: str,
    *,
    wanted: Sides,
    threshold: float,
    stretch: tuple[int, int],
) -> dict[str, Any]:
    """The best `windows` of `measures.responding` in which the kept units with a side in `wanted`
    (U,) are on together, in other examples than this one (1, T, D): the first and the last step of
    each, and how many units are on (W, 3); their `places` (W,) among the validation examples, how
    many units are on at each of their steps, `counts` (W, T), and the network's `answers` to them.
    In `whole` of the `examples` searched all of the units are on together.
    """
    settings, dataset = training.settings, training.dataset
    places = measured_places(training, examples_intervened(settings, dataset))
    places = _others(places, x.numpy()[0], dataset, stretch)
    inputs = dataset.part("validation")[0]
    counts = _counts(training, model, inputs[places], layer, wanted, threshold)
    found = windows(
        counts,
        stretch[1] - stretch[0] + 1,
        most=MOST,
        rows=places * dataset.stride if dataset.answers is None else None,
    )
    chosen = [each.example for each in found]
    output = predicting.outputs(model, inputs[places[chosen]])
    return {
        "windows": np.array([(each.first, each.last, each.units) for each in found]).reshape(-1, 3),
        "places": places[chosen],
        "counts": counts[chosen],
        "answers": predicting.answers(output, dataset.problem),
        "whole": int((counts == np.count_nonzero(wanted)).any(axis=1).sum()),
        "examples": len(places),
    }


def _others(places: Places, example: Values, dataset: Dataset, stretch: tuple[int, int]) -> Places:
    """Those of the validation examples at these places that are not this one, or equal to it; of
    windows of a series or text, that read nothing of its stretch.
    """
    same = (dataset.part("validation")[0] == example).all(axis=(1, 2))
    others: Places = places[~same[places]]
    if dataset.answers is None:
        # Rows from the first row of this one to those of theirs.
        ahead = (others[:, None] - np.flatnonzero(same)) * dataset.stride
        apart = (ahead > stretch[1]) | (ahead + dataset.window <= stretch[0])
        others = others[apart.all(axis=1)]
    return others


def _counts(
    training: Training,
    model: Network,
    inputs: Values,
    layer: str,
    wanted: Sides,
    threshold: float,
) -> Places:
    """(N, T): how many of the units are on together at each step of each example."""
    at_once = intervened_at_once(training.settings, training.dataset)
    units = kept_units(training.settings.network.hidden_size)
    found = []
    for k in range(0, len(inputs), at_once):
        x = torch.from_numpy(inputs[k : k + at_once].copy())
        seen = trace(model, x, dtype=torch.float32)[layer]  # enough to compare with a threshold
        states = held(seen.hidden, seen.cell)[..., units]
        found.append(together(states, wanted, threshold))
    return np.concatenate(found) if found else np.empty((0, inputs.shape[1]), np.int64)
