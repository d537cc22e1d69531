"""The LSTM family's equations a second time: gate by gate, unrolled, in float64, for autograd.

Written from the papers and not from the layers: no packing, no shared products, one weight
matrix a gate.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import torch
from torch import Tensor

from lstm_viz.models.layers import LSTMVariant, NestedLSTM

EPSILON = 1e-5


@dataclass
class Inside:
    """Every tensor of every step, in the order of the input."""

    hidden: list[Tensor] = field(default_factory=list)
    cell: list[Tensor] = field(default_factory=list)
    inner: list[Tensor] = field(default_factory=list)
    gates: dict[str, list[Tensor]] = field(default_factory=dict)
    before: dict[str, list[Tensor]] = field(default_factory=dict)

    def note(self, gate: str, a: Tensor, activation: Tensor) -> Tensor:
        self.gates.setdefault(gate, []).append(activation)
        self.before.setdefault(gate, []).append(a)
        return activation


def blocks(weights: Mapping[str, Tensor], name: str, gates: tuple[str, ...]) -> dict[str, Tensor]:
    size = len(weights[name]) // len(gates)
    return {gate: weights[name][k * size : (k + 1) * size] for k, gate in enumerate(gates)}


def weights_of(layer: torch.nn.Module) -> dict[str, Tensor]:
    """Level 0, forward: float64 leaves."""
    named = {name.removesuffix("_l0"): p for name, p in layer.named_parameters()}
    return {name: p.detach().double().requires_grad_() for name, p in named.items()}


def standardised(vector: Tensor) -> Tensor:
    mean = vector.mean(-1, keepdim=True)
    deviation = ((vector - mean) ** 2).mean(-1, keepdim=True)
    return (vector - mean) / torch.sqrt(deviation + EPSILON)


def variant(layer: LSTMVariant, weights: Mapping[str, Tensor], x: Tensor) -> Inside:
    """(T, B, D) through one level of an `LSTMVariant` in eval mode."""
    names, inside = layer.gates, Inside()
    h = c = torch.zeros(x.shape[1], layer.hidden_size, dtype=torch.float64)
    b_x, b_h = blocks(weights, "bias_ih", names), blocks(weights, "bias_hh", names)
    for x_t in x:
        read, heard = x_t @ weights["weight_ih"].T, h @ weights["weight_hh"].T
        if layer.options["layer_norm"]:
            read = standardised(read) * weights["gain_ih"]
            heard = standardised(heard) * weights["gain_hh"]
        size = layer.hidden_size
        a = {
            gate: read[:, k * size : (k + 1) * size]
            + heard[:, k * size : (k + 1) * size]
            + b_x[gate]
            + b_h[gate]
            for k, gate in enumerate(names)
        }

        def gate(name: str, seen: Tensor, a: dict[str, Tensor] = a) -> Tensor | float:
            if name not in a:
                return 1.0
            sum_ = a[name] + (
                weights[f"peephole_{name}"] * seen if layer.options["peepholes"] else 0
            )
            return inside.note(name, sum_, 1 / (1 + torch.exp(-sum_)))

        f = gate("forget", c)
        i = 1 - f if layer.options["coupled"] else gate("input", c)
        g = a["candidate"]
        inside.note("candidate", g, torch.tanh(g) if layer.options["input_activation"] else g * 1.0)
        new_c = f * c + i * inside.gates["candidate"][-1]
        shown = new_c
        if layer.options["layer_norm"]:
            shown = standardised(new_c) * weights["gain_cell"] + weights["bias_cell"]
        new_h = gate("output", new_c) * (
            torch.tanh(shown) if layer.options["output_activation"] else shown
        )
        keep = layer.zoneout  # with it, h_t is made of the c before the mixing
        h, c = (
            (keep * h + (1 - keep) * new_h, keep * c + (1 - keep) * new_c)
            if keep
            else (new_h, new_c)
        )
        inside.hidden.append(h)
        inside.cell.append(c)
    return inside


def nested(layer: NestedLSTM, weights: Mapping[str, Tensor], x: Tensor) -> Inside:
    """(T, B, D) through one level of a `NestedLSTM`."""
    inside = Inside()
    h = c = inner_c = torch.zeros(x.shape[1], layer.hidden_size, dtype=torch.float64)
    for x_t in x:
        i, f, g, o = _four(inside, "", weights, "", x_t, h, layer.gates)
        inner = _four(inside, "inner_", weights, "inner_", i * g, f * c, layer.gates)
        inner_c = inner[1] * inner_c + inner[0] * inner[2]
        c = inner[3] * torch.tanh(inner_c)
        h = o * torch.tanh(c)
        inside.hidden.append(h)
        inside.cell.append(c)
        inside.inner.append(inner_c)
    return inside


def _four(
    inside: Inside,
    said: str,
    weights: Mapping[str, Tensor],
    prefix: str,
    x: Tensor,
    h: Tensor,
    names: tuple[str, ...],
) -> list[Tensor]:
    W, U, b_x, b_h = (
        blocks(weights, prefix + name, names)
        for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
    )
    out = []
    for name in names:
        a = x @ W[name].T + h @ U[name].T + b_x[name] + b_h[name]
        y = torch.tanh(a) if name == "candidate" else 1 / (1 + torch.exp(-a))
        out.append(inside.note(said + name, a, y))
    return out
