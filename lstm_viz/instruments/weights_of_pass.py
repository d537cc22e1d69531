"""The weights that a pass was made with, run by run."""

import torch
from torch import Tensor

from lstm_viz.instruments.layer_trace import Array
from lstm_viz.instruments.own_layer import OwnLayer
from lstm_viz.instruments.recording import Recording

WEIGHTS, BIASES, PROJECTION = ("weight_ih", "weight_hh"), ("bias_ih", "bias_hh"), ("weight_hr",)


def weights_by_run(recording: Recording) -> dict[str, dict[str, Array]]:
    """Name of each of its traces -> its weights, in float64, by PyTorch's names without the place.

    Of a registered cell all of the module's own, by their names.
    """
    layer, runs = recording.unrolled, recording.names
    if isinstance(layer, OwnLayer):
        named = zip(layer.weight_names, recording.weights, strict=True)
        return {runs[0]: {name: _array(weight) for name, weight in named}}
    if layer is not None:
        given = dict(zip(layer.weight_names, recording.weights, strict=True))
        return {
            run: {name: _array(each) for name, each in layer.weights_of(k, given).items()}
            for k, run in enumerate(runs)
        }
    each = len(recording.weights) // len(runs)
    # W and U; the biases, if there are any; the projection, if there is one.
    names = WEIGHTS + (BIASES if each >= 4 else ()) + (PROJECTION if each % 2 else ())
    return {
        run: dict(zip(names, map(_array, recording.weights[k * each :][:each]), strict=True))
        for k, run in enumerate(runs)
    }


def _array(weight: Tensor) -> Array:
    array: Array = weight.detach().to("cpu", torch.float64, copy=True).numpy()
    return array
