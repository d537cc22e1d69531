"""One level of a recurrent layer in one direction, opened: its weights and what they multiply.

Everything is of one sample, in float64, in the order in which the level ran.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor

from lstm_viz.instruments.anatomy import Array
from lstm_viz.instruments.layer_trace import LayerTrace
from lstm_viz.instruments.recording import Recording
from lstm_viz.models.cells import CELLS
from lstm_viz.models.lstm_variant import LSTMVariant
from lstm_viz.models.rnn import TanhRNN

Gates = dict[str, Array]
"""Gate -> (T, H)."""

NEW = "new"
"""What the one pre-activation of a plain RNN is called: its activation is h_t."""


@dataclass(frozen=True)
class Level:
    """What `trace` measured and what the weights make of it."""

    kind: str
    unrolled: LSTMVariant | None
    x: Array
    """(T, D)."""
    hidden: Array
    """(T, H): h_t."""
    before: Array
    """(T, H): h_{t-1}."""
    cell: Array | None
    """(T, H): c_t."""
    cell_before: Array | None
    """(T, H): c_{t-1}."""
    gates: Gates
    from_x: Gates
    """W x_t, after its layer normalisation where there is one."""
    from_h: Gates
    """U h_{t-1}, likewise."""
    bias: Gates
    peepholes: Gates
    """Gate -> (H,) weights; empty without peepholes."""
    raw: tuple[Gates, Gates] | None
    """W x_t and U h_{t-1} before their layer normalisation; None without one."""
    back: Callable[[Gates], Gates]
    """From dL/da_t, gate by gate, to what each gate sends to h_{t-1}."""
    to_input: Callable[[Gates], Array]
    """From dL/da_t to dL/dx_t (T, D)."""
    normalise: Callable[[Array, Array], tuple[Array, Array]] | None
    """(c_t, dL/d its norm) to (its norm, dL/dc_t); None without layer normalisation."""
    grad_hidden: Array | None
    grad_cell: Array | None
    grad_gates: Gates

    @property
    def own_weight(self) -> Array:
        """(H,) of a plain RNN: the weight from each unit to itself."""
        one = np.eye(self.hidden.shape[1])
        return np.diagonal(self.back({NEW: one})[NEW]).copy()


def level_of(recording: Recording, traces: Mapping[str, LayerTrace], name: str) -> Level:
    """The level called `name`, read from the first sample of a recording."""
    index = recording.names.index(name)
    turn = slice(None, None, -1) if recording.bidirectional and index % 2 else slice(None)
    traced = traces[name]

    def run(values: Array) -> Array:
        return np.ascontiguousarray(values[0][turn])

    first = [np.asarray(_float64(state)[index, 0].numpy()) for state in recording.initial]
    hidden, cell = run(traced.hidden), None if traced.cell is None else run(traced.cell)
    before = _shifted(hidden, first[0] if first else None)
    x, layer = run(traced.input), recording.unrolled
    opened = (
        _fused(recording, index, x, before) if layer is None else _own(recording, index, x, before)
    )
    gates = {gate: run(values) for gate, values in traced.gates.items()}
    grad_hidden = None if traced.grad_hidden is None else run(traced.grad_hidden)
    grad_gates = {gate: run(values) for gate, values in (traced.grad_gates or {}).items()}
    cell_kind = CELLS.get(traced.kind)
    if isinstance(cell_kind, TanhRNN):
        gates = {NEW: hidden}
        if grad_hidden is not None:
            grad_gates = {NEW: grad_hidden * cell_kind.slope(hidden)}
    return Level(
        kind=traced.kind,
        x=x,
        hidden=hidden,
        before=before,
        cell=cell,
        cell_before=None if cell is None else _shifted(cell, first[1] if first else None),
        gates=gates,
        grad_hidden=grad_hidden,
        grad_cell=None if traced.grad_cell is None else run(traced.grad_cell),
        grad_gates=grad_gates,
        **opened,
    )


def direct_part(recording: Recording, traces: Mapping[str, LayerTrace], name: str) -> Array:
    """(T, H): the part of dL/dh_t from outside of the level: the read-out, or the level above."""
    assert recording.gradients is not None
    directions = 2 if recording.bidirectional else 1
    index = recording.names.index(name)
    level, direction = divmod(index, directions)
    turn = slice(None, None, -1 if direction else 1)
    above = recording.names[(level + 1) * directions :][:directions]
    if above:
        parts = [level_of(recording, traces, each) for each in above]
        given = [part.to_input(part.grad_gates) for part in parts]
        whole = np.asarray(sum(each[:: -1 if k else 1] for k, each in enumerate(given)))
    else:
        output = _gradient(recording, 0)
        whole = np.asarray((output[0] if recording.batch_first else output[:, 0]).numpy())
    found = np.split(whole, directions, axis=-1)[direction][turn].copy()
    found[-1] += _gradient(recording, 1)[index, 0].numpy()
    return found


def last_cell_gradient(recording: Recording, name: str) -> Array:
    """(H,): dL/dc_n, where something outside of the layer reads its last cell state."""
    return np.asarray(_gradient(recording, 2)[recording.names.index(name), 0].numpy())


def _gradient(recording: Recording, k: int) -> Tensor:
    assert recording.gradients is not None
    found = recording.gradients[k]
    return torch.zeros_like(recording.outputs[k]) if found is None else _float64(found)


def _fused(recording: Recording, index: int, x: Array, before: Array) -> dict[str, Any]:
    """The products of one of PyTorch's own layers."""
    weights = [_float64(weight).numpy() for weight in recording.weights]
    each = len(weights) // len(recording.names)
    W, U, *biases = weights[index * each : (index + 1) * each]
    names = CELLS[recording.kind].gates or (NEW,)
    b_x, b_h = biases or (np.zeros(len(W)), np.zeros(len(W)))
    W_of, U_of, b_x_of, b_h_of = (_blocks(part, names) for part in (W, U, b_x, b_h))
    T = len(x)
    # A GRU's reset gate stands between U h and the rest of a_n: the two keep their own biases.
    apart = {"candidate"} if recording.kind == "gru" else set()
    from_h = {
        gate: before @ U_of[gate].T + (b_h_of[gate] if gate in apart else 0) for gate in names
    }
    bias = {
        gate: np.broadcast_to(b_x_of[gate] + (0 if gate in apart else b_h_of[gate]), (T, len(U[0])))
        for gate in names
    }
    return {
        "unrolled": None,
        "from_x": {gate: x @ W_of[gate].T for gate in names},
        "from_h": from_h,
        "bias": bias,
        "peepholes": {},
        "raw": None,
        "back": lambda da: {gate: da[gate] @ U_of[gate] for gate in da},
        "to_input": lambda da: sum(da[gate] @ W_of[gate] for gate in da),
        "normalise": None,
    }


def _own(recording: Recording, index: int, x: Array, before: Array) -> dict[str, Any]:
    """The products of an `LSTMVariant`, through its own code."""
    layer = recording.unrolled
    assert isinstance(layer, LSTMVariant)
    place = layer._places(index // layer._directions)[index % layer._directions]
    named = dict(zip(layer._weight_names, map(_float64, recording.weights), strict=True))
    weights = {name: named[name + place] for name in layer.shapes(1)}
    silent = {
        name: torch.zeros_like(w) if name.startswith("bias_") else w for name, w in weights.items()
    }
    names, H = layer.gates, layer.hidden_size
    seen, heard = torch.from_numpy(x), torch.from_numpy(before)
    zeros = torch.zeros(len(x), len(names) * H, dtype=torch.float64)

    def read(values: Tensor) -> Tensor:
        return layer.read(values, silent)

    def hear(values: Tensor) -> Tensor:
        return torch.cat(layer._preactivations(zeros, values, weights), dim=1)

    def back(da: Gates) -> Gates:
        return {gate: _vjp(hear, heard, _packed({gate: da[gate]}, names)) for gate in da}

    bias = np.zeros((len(x), len(names) * H))
    if layer.bias:
        bias = bias + (weights["bias_ih"] + weights["bias_hh"]).numpy()
    raw = (x @ weights["weight_ih"].numpy().T, before @ weights["weight_hh"].numpy().T)
    return {
        "unrolled": layer,
        "from_x": _columns(read(seen).numpy(), names),
        "from_h": _columns(hear(heard).numpy(), names),
        "bias": _columns(bias, names),
        "peepholes": {
            name.removeprefix("peephole_"): weight.numpy()
            for name, weight in weights.items()
            if name.startswith("peephole_")
        },
        "raw": tuple(_columns(part, names) for part in raw) if layer.layer_norm else None,
        "back": back,
        "to_input": lambda da: _vjp(read, seen, _packed(da, names)),
        "normalise": _normalise(layer, weights) if layer.layer_norm else None,
    }


def _normalise(
    layer: LSTMVariant, weights: Mapping[str, Tensor]
) -> Callable[[Array, Array], tuple[Array, Array]]:
    def normalise(c: Array, gradient: Array) -> tuple[Array, Array]:
        def shown(values: Tensor) -> Tensor:
            return layer._normalised_cell(values, weights)

        cell = torch.from_numpy(c)
        return shown(cell).numpy(), _vjp(shown, cell, gradient)

    return normalise


def _vjp(of: Callable[[Tensor], Tensor], at: Tensor, gradient: Array) -> Array:
    """The gradient of what `of` reads, from the gradient of what it gives."""
    with torch.enable_grad():
        leaf = at.clone().requires_grad_()
        (found,) = torch.autograd.grad(
            of(leaf), leaf, torch.from_numpy(np.ascontiguousarray(gradient))
        )
    return np.asarray(found.numpy())


def _packed(da: Gates, names: Sequence[str]) -> Array:
    like = next(iter(da.values()))
    return np.concatenate([da.get(gate, np.zeros_like(like)) for gate in names], axis=1)


def _blocks(packed: Array, names: Sequence[str]) -> Gates:
    """Gate -> its rows."""
    return dict(zip(names, np.split(packed, len(names)), strict=True))


def _columns(packed: Array, names: Sequence[str]) -> Gates:
    """Gate -> its columns."""
    return dict(zip(names, np.split(packed, len(names), axis=1), strict=True))


def _shifted(values: Array, first: Array | None) -> Array:
    """What came one step before."""
    return np.concatenate(
        (np.zeros_like(values[:1]) if first is None else first[None], values[:-1])
    )


def _float64(tensor: Tensor) -> Tensor:
    return tensor.detach().to("cpu", torch.float64)
