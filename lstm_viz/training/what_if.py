"""What a network makes of a changed example: forward alone, with units that nobody hears."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor

from lstm_viz.data.dataset import Dataset, Values
from lstm_viz.experiments.settings import Settings
from lstm_viz.instruments.intervene import intervene
from lstm_viz.instruments.isolation import threads_for
from lstm_viz.instruments.layer_trace import LayerTrace
from lstm_viz.instruments.trace import trace
from lstm_viz.models.network import Network
from lstm_viz.runs.reduced import kept_units
from lstm_viz.training import predicting
from lstm_viz.training.building import build, put


def what_if(
    settings: Settings,
    dataset: Dataset,
    *,
    layer: str,
    inputs: Values,
    silenced: Mapping[str, Sequence[int]],
    weights: Mapping[str, Values] | None = None,
) -> dict[str, Any]:
    """One layer's gates and states on one example (1, T, D), and the network's answer to it.

    Of the untrained network, or with these `weights`; `silenced` as `intervene` takes it.
    `units` (U,) are those that frames keep; gates and states are (T, U) float32.
    """
    network = build(settings, dataset).eval()
    if weights is not None:
        put(network, weights)
    x = torch.from_numpy(inputs.copy())
    with threads_for(settings.network.hidden_size), intervene(network, silence=silenced):
        traces = trace(network, x, dtype=torch.float32)  # drawn, not derived from
    measured = traces[layer]
    units = kept_units(measured.hidden.shape[-1])

    def keep(values: np.ndarray) -> Values:
        with np.errstate(over="ignore"):  # beyond float32 it is shown as infinite
            return np.ascontiguousarray(values[0][:, units], dtype=np.float32)

    states = {"hidden": measured.hidden, "cell": measured.cell, "inner_cell": measured.inner_cell}
    return {
        "units": units,
        "answer": np.ravel(predicting.answers(_read_out(network, traces), dataset.problem)),
        "signals": {
            name: keep(values)
            for name, values in {**measured.gates, **states}.items()
            if values is not None
        },
    }


@torch.no_grad()
def _read_out(network: Network, traces: Mapping[str, LayerTrace]) -> Tensor:
    """What the network answers, of the h that its top layer was traced with."""
    both = network._layer.bidirectional
    top = list(traces.values())[-2 if both else -1 :]
    hidden = torch.from_numpy(np.concatenate([each.hidden for each in top], axis=-1))
    network.double()
    output: Tensor = network.readout(hidden if network.pool is None else network.pool(hidden, both))
    return output
