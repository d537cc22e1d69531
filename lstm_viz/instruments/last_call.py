"""The last call of a layer: whether the one at hand goes on from it, and is like it.

What a recorder asks at a call of the layer, its weights, its precision and of what else is going
on has the same answer at every step of most loops.
"""

from collections.abc import Mapping, Sequence
from copy import copy
from operator import is_
from typing import Any
from weakref import ref

import torch
from torch import Tensor

from lstm_viz.instruments.one_node import Forward, Sweep, in_plain_autograd, run_as_one
from lstm_viz.instruments.readable import Layer, draws_noise
from lstm_viz.instruments.recording import Recording, autocast_in, states


class LastCall:
    """A layer's last call, with its weights."""

    def __init__(self, layer: Layer, recording: Recording, weights: Sequence[Tensor]) -> None:
        self.recording = recording
        self.last: Sequence[Tensor] = ()
        """The last states that the model got of it, if nothing goes back from there but by the
        layer's own equations."""
        self._nodes: Sequence[Any] = ()
        """What made each of them, in autograd's graph."""
        self._weights = weights
        self._device = recording.input.device.type
        self._parameters = tuple(layer._parameters.values())
        self._tells = (
            recording.swept
            and recording.autocast is None
            and {*map(id, weights)} == {*map(id, self._parameters)} - {id(None)}
        )
        """Whether the layer's parameters say what its next call takes."""

    def gave(self, last: Sequence[Tensor]) -> None:
        """The model got these last states."""
        self.last, self._nodes = last, [state.grad_fn for state in last]

    def hands_on(self, given: Sequence[Tensor]) -> bool:
        """Whether a call begins with the very states that this one gave.

        `detach_` cuts a state off and leaves it the same tensor; what is written past autograd
        (`.data`, an array) is counted in no version of it.
        """
        if not 0 < len(given) == len(self.last) or not all(map(is_, given, self.last)):
            return False
        for state, node, known in zip(given, self._nodes, self.recording.last, strict=True):
            if state.grad_fn is not node or not torch.equal(state, known):
                return False
        return True

    def has(self, weights: Sequence[Tensor]) -> bool:
        """Whether these are its weights: others may be handed to a layer."""
        return len(self._weights) == len(weights) and all(
            one is other or torch.equal(one, other)
            for one, other in zip(self._weights, weights, strict=True)
        )

    def is_like(self, layer: Layer, args: Sequence[Any], kwargs: Mapping[str, Any]) -> bool:
        """Whether a call is another one of the same kind that goes on from it."""
        if not self._tells or kwargs or len(args) != 2 or args[1] is None:
            return False
        x, known, parameters = args[0], self.recording.input, layer._parameters.values()
        return (
            type(x) is Tensor
            and not x.requires_grad
            and x.dtype == known.dtype
            and x.dim() == known.dim()
            and not draws_noise(layer)
            and self.hands_on(states(args[1]))
            and len(parameters) == len(self._parameters)
            and all(map(is_, parameters, self._parameters))
            and torch.is_grad_enabled()
            and autocast_in(self._device) is None
            and in_plain_autograd()
        )

    def next(self, forward: Forward, sweep: Sweep, x: Tensor) -> Recording:
        """Run such a call, which is now the last one."""
        output = run_as_one(forward, sweep, x, self.last)
        outputs = states(output)
        if self.recording.form != "cell":
            outputs = outputs[0], *states(outputs[1])
        found = copy(self.recording)
        found.input, found.initial, found.outputs = x.clone(), self.recording.last, outputs
        found.follows = ref(self.recording)
        self.recording = found
        return found
