"""A copy of a network in training, in float64, to be traced again and again as it learns."""

from functools import partial
from typing import Any

import torch
from torch import nn

from lstm_viz.instruments.isolation import (
    LossFunction,
    carried,
    device_for,
    private_copy,
    quiet_thread,
    threads_for,
)
from lstm_viz.instruments.layer_pass import LayerPass
from lstm_viz.instruments.readable import Layer, recurrent_layers
from lstm_viz.instruments.recording import Recording, record
from lstm_viz.instruments.replay import passes
from lstm_viz.instruments.trace import differentiate


class Twin:
    """Gives what `trace` gives of a model, for less.

    For models of this package: their code draws no random numbers in eval mode, makes everything
    in the precision of its weights and runs each layer once, as a module. So the copy is made
    once, takes over the weights before each run, and runs without what `trace` does to be safe
    from any other model.
    """

    def __init__(self, model: nn.Module) -> None:
        """Raises UnsupportedModelError for a model without a layer that can be traced."""
        self._model = model
        self._place = device_for(model, torch.float64), torch.float64
        self._twin, _ = private_copy(model, None, *self._place)
        self._recordings: list[Recording] = []
        layers = recurrent_layers(self._twin)
        self._largest = max(layer.hidden_size for layer in layers.values())
        for path, layer in layers.items():
            layer.register_forward_hook(partial(self._record, path), with_kwargs=True)

    def passes(self, x: Any, *, loss_fn: LossFunction, targets: Any) -> dict[str, LayerPass]:
        """Each layer's pass over x (B, T, D), in the order in which they ran.

        Raises ConfigError for a loss that reaches no layer.
        """
        try:
            with quiet_thread(self._place[0]), threads_for(self._largest):
                self._take_over()
                with torch.enable_grad():
                    output = self._twin(carried(x, *self._place))
                    loss = loss_fn(output, carried(targets, *self._place))
                    differentiate(loss, self._recordings, self._model)
                return {name: each for r in self._recordings for name, each in passes(r).items()}
        finally:
            self._recordings.clear()

    @torch.no_grad()
    def _take_over(self) -> None:
        now = self._model.state_dict()
        for name, tensor in self._twin.state_dict().items():
            tensor.copy_(now[name])

    def _record(self, path: str, layer: Layer, args: Any, kwargs: Any, output: Any) -> None:
        recording = record(path, layer, args, kwargs, output)
        for tensor in recording.outputs:
            tensor.requires_grad_()
        self._recordings.append(recording)
