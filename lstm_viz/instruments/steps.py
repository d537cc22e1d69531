"""One layer in one direction as the map that it applies again and again: s_t = F(x_t, s_{t-1}).

The state s is all that goes from step to step, side by side: h, or (h, c) of an LSTM. Everything
is float64, on the CPU and in the order in which the layer ran.
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor

from lstm_viz.instruments.choosing import Passes, chosen
from lstm_viz.instruments.isolation import threads_for
from lstm_viz.instruments.layer_pass import LayerPass
from lstm_viz.instruments.own_steps import run_fused
from lstm_viz.instruments.recording import Recording
from lstm_viz.instruments.retraced import Seen, passes_with
from lstm_viz.models.cell import Array, Replay, Weights
from lstm_viz.models.cells import fused_cell
from lstm_viz.models.spec import FusedSpec, Parameters, UnrolledSpec
from lstm_viz.models.unrolled import Unrolled


@dataclass(frozen=True, eq=False)
class LayerSteps(ABC):
    """N samples at a time; S is the size of the whole state."""

    name: str
    """As `trace` gives it."""
    state_names: Sequence[str]
    hidden_size: int
    """H; of a projected h_t its own size."""
    reverse: bool
    x: Array
    """(T, B, D): what the layer received."""
    before: Array
    """(T, B, S): s_{t-1}, as measured."""
    after: Array
    """(T, B, S): s_t."""

    @property
    def sizes(self) -> tuple[int, ...]:
        """Of each state."""
        return (self.hidden_size,) * len(self.state_names)

    @property
    def size(self) -> int:
        """S."""
        return sum(self.sizes)

    @abstractmethod
    def step(self, x: Array, states: Array) -> Array:
        """F(x, s): (N, D) and (N, S) to (N, S)."""

    @abstractmethod
    def linearised(self, x: Array, states: Array) -> tuple[Array, Array]:
        """F(x, s) and its Jacobian ∂F/∂s at every one of them: (N, S), (N, S, S)."""

    @abstractmethod
    def run(self, x: Tensor, states: Tensor) -> tuple[Tensor, Tensor]:
        """The layer's own operation over (T, N, D) from (N, S): every h_t, the last state."""


@dataclass(frozen=True, eq=False)
class _FusedSteps(LayerSteps):
    cell: FusedSpec
    weights: Weights
    packed: Sequence[Tensor]

    def step(self, x: Array, states: Array) -> Array:
        return _state(self._replay(x, states))

    def linearised(self, x: Array, states: Array) -> tuple[Array, Array]:
        replay = self._replay(x, states)
        return _state(replay), self.cell.jacobians(self.weights, replay)[0]

    def run(self, x: Tensor, states: Tensor) -> tuple[Tensor, Tensor]:
        first = [part[None].contiguous() for part in torch.split(states, self.hidden_size, 1)]
        output, *last = run_fused(self.cell, x, first, self.packed)
        return output, torch.cat([each[0] for each in last], 1)

    def _replay(self, x: Array, states: Array) -> Replay:
        h = states[:, : self.hidden_size]
        with np.errstate(over="ignore", invalid="ignore"):
            return self.cell.forward(self.weights, x[None], h[None], states[:, -h.shape[1] :])


@dataclass(frozen=True, eq=False)
class _DifferentiatedSteps(LayerSteps):
    """Steps whose Jacobians autograd finds."""

    def step(self, x: Array, states: Array) -> Array:
        with torch.no_grad():
            return np.asarray(self._step(x, torch.from_numpy(states)).numpy())

    def linearised(self, x: Array, states: Array) -> tuple[Array, Array]:
        with torch.enable_grad(), threads_for(self.hidden_size):
            leaf = torch.from_numpy(np.ascontiguousarray(states)).requires_grad_()
            after = self._step(x, leaf)
            rows = [
                torch.autograd.grad(each.sum(), leaf, retain_graph=True, materialize_grads=True)[0]
                if each.requires_grad
                else torch.zeros_like(leaf)
                for each in after.unbind(1)
            ]
        return after.detach().numpy(), torch.stack(rows, 1).numpy()

    def _step(self, x: Array, states: Tensor) -> Tensor:
        return self.run(torch.from_numpy(np.ascontiguousarray(x))[None], states)[1]


@dataclass(frozen=True, eq=False)
class _UnrolledSteps(_DifferentiatedSteps):
    layer: Unrolled
    spec: UnrolledSpec
    parameters: Parameters

    def run(self, x: Tensor, states: Tensor) -> tuple[Tensor, Tensor]:
        first = torch.split(states, self.hidden_size, 1)
        steps = self.layer.over_time(self.spec, x, first, self.parameters, None, noisy=False)
        return torch.stack([step.states[0] for step in steps]), torch.cat(steps[-1].states, 1)


@dataclass(frozen=True, eq=False)
class _ProjectedSteps(_DifferentiatedSteps):
    """Of an LSTM whose h_t = W_hr (o_t tanh(c_t)) is of another size than c_t."""

    cell: FusedSpec
    packed: Sequence[Tensor]

    @property
    def sizes(self) -> tuple[int, ...]:
        return self.hidden_size, self.packed[-1].shape[1]

    def run(self, x: Tensor, states: Tensor) -> tuple[Tensor, Tensor]:
        first = [part[None].contiguous() for part in torch.split(states, [*self.sizes], 1)]
        output, *last = run_fused(self.cell, x, first, self.packed)
        return output, torch.cat([each[0] for each in last], 1)


def layer_steps(model: Seen, x: Any, layer: str | None) -> LayerSteps:
    """The steps of one layer in `model(x)`, the last forward one for None. Raises as `trace`."""
    return steps_of(*passes_with(model, x, layer))


def steps_of(passes: Passes, layer: str | None) -> LayerSteps:
    """The same of what was recorded already."""
    name, (recording, found) = chosen(passes, layer)
    index = recording.names.index(name)
    measured = _measured(recording, found, index)
    if isinstance(recording.unrolled, Unrolled):
        return _unrolled(recording.unrolled, recording, index, name, measured)
    cell = fused_cell(recording.kind)
    each = len(recording.weights) // len(recording.names)
    packed = [_float64(weight) for weight in recording.weights[index * each :][:each]]
    H = found.trace.hidden.shape[-1]
    if len(packed) % 2:
        return _ProjectedSteps(name, cell.states, H, found.reverse, *measured, cell, packed)
    W, U, *biases = (weight.numpy() for weight in packed)
    weights = Weights(W, U, *(biases or (np.zeros(len(W)), np.zeros(len(W)))))
    return _FusedSteps(name, cell.states, H, found.reverse, *measured, cell, weights, packed)


def _unrolled(
    layer: Unrolled,
    recording: Recording,
    index: int,
    name: str,
    measured: tuple[Array, Array, Array],
) -> LayerSteps:
    spec = layer.spec_of(index)
    named = dict(zip(layer.weight_names, map(_float64, recording.weights), strict=True))
    parameters = layer.weights_of(index, named)
    reverse = bool(index % layer.directions)
    H = layer.hidden_size
    return _UnrolledSteps(name, spec.states, H, reverse, *measured, layer, spec, parameters)


def _measured(recording: Recording, found: LayerPass, index: int) -> tuple[Array, Array, Array]:
    """x_t, s_{t-1} and s_t, (T, B, .) in the order of the run."""
    turn = slice(None, None, -1 if found.reverse else None)

    def in_run(values: Array) -> Array:
        return np.ascontiguousarray(values.swapaxes(0, 1)[turn])

    trace = found.trace
    states = [s for s in (trace.hidden, trace.cell, trace.inner_cell) if s is not None]
    after = np.concatenate([in_run(state) for state in states], axis=-1)
    first = np.zeros_like(after[0])
    if recording.initial:
        given = [_float64(state)[index].numpy() for state in recording.initial]
        first = np.concatenate(given, axis=-1)
    return in_run(trace.input), np.concatenate((first[None], after[:-1])), after


def _state(replay: Replay) -> Array:
    states = [replay.hidden[0]] + ([] if replay.cell is None else [replay.cell[0]])
    return np.concatenate(states, axis=-1)


def _float64(tensor: Tensor) -> Tensor:
    return tensor.detach().to("cpu", torch.float64)
