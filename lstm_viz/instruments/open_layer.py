"""One layer in one direction of a recording, opened: what was measured, what its weights multiply.

Everything is of one sample, in float64, in the order in which the layer ran.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from lstm_viz.instruments.layer_trace import LayerTrace
from lstm_viz.instruments.recording import Recording
from lstm_viz.models.cell import Array
from lstm_viz.models.cells import cell_of, fused_cell
from lstm_viz.models.dissection import Blocks, Measured, OpenLayer
from lstm_viz.models.spec import Parameters, UnrolledSpec
from lstm_viz.models.unrolled import Unrolled

BIASES = ("bias_ih", "bias_hh")


@dataclass(frozen=True)
class FusedLayer(OpenLayer):
    """Of one of PyTorch's own layers."""

    names: Sequence[str]
    """The blocks of W and U, in order."""

    def to_hidden(self, da: Blocks) -> Blocks:
        U = _rows(self.weights["weight_hh"], self.names)
        return {gate: da[gate] @ U[gate] for gate in da}


@dataclass(frozen=True)
class UnrolledLayer(OpenLayer):
    """Of a layer of this package, through its cell's own functions and autograd."""

    spec: UnrolledSpec
    parameters: Parameters

    def to_hidden(self, da: Blocks) -> Blocks:
        packed = {gate: _packed({gate: da[gate]}, self.from_hidden) for gate in da}
        hidden = self.measured.before["hidden"]
        return {gate: _vjp(self._with_hidden, hidden, each) for gate, each in packed.items()}

    def shown_cell(self, c: Array) -> Array:
        return np.asarray(self._shown(torch.from_numpy(c)).numpy())

    def through_shown_cell(self, c: Array, gradient: Array) -> Array:
        return _vjp(self._shown, c, gradient)

    def _shown(self, c: Tensor) -> Tensor:
        return self.spec.shown_cell(c, self.parameters, self.measured.options)

    def _with_hidden(self, h: Tensor) -> Tensor:
        nothing = h.new_zeros(len(h), len(self.from_hidden) * h.shape[1])
        return self.spec.with_hidden(nothing, h, self.parameters, self.measured.options)


def opened(recording: Recording, trace: LayerTrace, name: str, sample: int) -> OpenLayer:
    """The layer called `name`, read from one sample of a recording."""
    index = recording.names.index(name)
    layer, measured = recording.unrolled, _measured(recording, trace, index, sample)
    if isinstance(layer, Unrolled):
        return _unrolled(layer, recording, index, measured)
    return _fused(recording, index, measured)


def _measured(recording: Recording, traced: LayerTrace, index: int, sample: int) -> Measured:
    turn = slice(None, None, -1) if recording.bidirectional and index % 2 else slice(None)

    def run(values: Array) -> Array:
        return np.ascontiguousarray(values[sample][turn])

    known = {"hidden": traced.hidden, "cell": traced.cell, "inner_cell": traced.inner_cell}
    states = {name: run(values) for name, values in known.items() if values is not None}
    first = [np.asarray(_float64(state)[index, sample].numpy()) for state in recording.initial]
    for k, state in enumerate((traced.initial_hidden, traced.initial_cell)[: len(first)]):
        first[k] = first[k] if state is None else state[sample]  # in the order of the batch
    before = {
        name: _shifted(values, first[k] if first else None)
        for k, (name, values) in enumerate(states.items())
    }
    gradients = {"hidden": traced.grad_hidden, "cell": traced.grad_cell}
    grad = {name: run(values) for name, values in gradients.items() if values is not None}
    grad_gates: Blocks = {gate: run(values) for gate, values in (traced.grad_gates or {}).items()}
    if grad:
        spec = cell_of(traced.kind)
        grad_gates = spec.preactivation_gradients(states["hidden"], grad["hidden"], grad_gates)
    gates = {gate: run(values) for gate, values in traced.gates.items()}
    return Measured(traced.options, run(traced.input), states, before, gates, grad, grad_gates)


def _fused(recording: Recording, index: int, measured: Measured) -> FusedLayer:
    spec = fused_cell(recording.kind)
    names = spec.packed(measured.options)
    each = len(recording.weights) // len(recording.names)
    given = [_float64(weight).numpy() for weight in recording.weights[index * each :][:each]]
    weights = dict(zip(("weight_ih", "weight_hh", "bias_ih", "bias_hh"), given, strict=False))
    W, U = (_rows(weights[name], names) for name in ("weight_ih", "weight_hh"))
    nothing = np.zeros(len(weights["weight_hh"]))
    b_x, b_h = (_rows(weights.get(name, nothing), names) for name in ("bias_ih", "bias_hh"))
    hidden = measured.before["hidden"]
    apart = spec.own_recurrent_bias
    return FusedLayer(
        measured,
        weights,
        from_input={gate: measured.x @ W[gate].T for gate in names},
        from_hidden={
            gate: hidden @ U[gate].T + (b_h[gate] if gate in apart else 0.0) for gate in names
        },
        bias={
            gate: np.broadcast_to(b_x[gate] + (0.0 if gate in apart else b_h[gate]), hidden.shape)
            for gate in names
        },
        names=names,
    )


def _unrolled(
    layer: Unrolled, recording: Recording, index: int, measured: Measured
) -> UnrolledLayer:
    spec, options = layer.spec, measured.options
    named = dict(zip(layer.weight_names, map(_float64, recording.weights), strict=True))
    parameters = layer.weights_of(index, named)
    without_bias = {
        name: torch.zeros_like(each) if name in BIASES else each
        for name, each in parameters.items()
    }
    names = spec.packed(options)
    x, hidden = torch.from_numpy(measured.x), torch.from_numpy(measured.before["hidden"])
    biases = [parameters[name] for name in BIASES if name in parameters]
    bias = sum(biases) if biases else x.new_zeros(1)
    rows = x.new_zeros(len(x), len(names) * layer.hidden_size)
    return UnrolledLayer(
        measured,
        {name: each.numpy() for name, each in parameters.items()},
        from_input=_columns(spec.from_input(x, without_bias, options), names),
        from_hidden=_columns(spec.with_hidden(rows, hidden, parameters, options), names),
        bias=_columns(rows + bias, names),
        spec=spec,
        parameters=parameters,
    )


def _vjp(of: Callable[[Tensor], Tensor], at: Array, gradient: Array) -> Array:
    """The gradient of what `of` reads, from the gradient of what it gives."""
    with torch.enable_grad():
        leaf = torch.from_numpy(at.copy()).requires_grad_()
        given = torch.from_numpy(np.ascontiguousarray(gradient))
        (found,) = torch.autograd.grad(of(leaf), leaf, given)
    return np.asarray(found.numpy())


def _packed(da: Blocks, names: Iterable[str]) -> Array:
    """Side by side, with zeros for blocks that are not there."""
    like = next(iter(da.values()))
    return np.concatenate([da.get(gate, np.zeros_like(like)) for gate in names], axis=1)


def _rows(packed: Array, names: Sequence[str]) -> Blocks:
    return dict(zip(names, np.split(packed, len(names)), strict=True))


def _columns(packed: Tensor, names: Sequence[str]) -> Blocks:
    return dict(zip(names, np.split(packed.numpy(), len(names), axis=1), strict=True))


def _shifted(values: Array, first: Array | None) -> Array:
    """What came one step before."""
    first = np.zeros_like(values[0]) if first is None else first
    return np.concatenate((first[None], values[:-1]))


def _float64(tensor: Tensor) -> Tensor:
    return tensor.detach().to("cpu", torch.float64)
