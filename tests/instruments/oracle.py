"""The plain way: a recurrent layer as a Python loop, and autograd with retain_grad."""

from collections import defaultdict

import numpy as np
import torch
from torch import Tensor, nn

GATES = {
    "rnn_tanh": (),
    "rnn_relu": (),
    "lstm": ("input", "forget", "candidate", "output"),
    "gru": ("reset", "update", "candidate"),
}


class Unrolled(nn.Module):
    """Stands in for a fused layer in float64 and remembers every tensor inside it."""

    def __init__(self, fused: nn.RNNBase) -> None:
        super().__init__()
        self.fused = fused
        self.kind = fused.mode.lower()
        self.weights = {
            name: weight.detach().double().requires_grad_()
            for name, weight in fused.named_parameters()
        }
        self.inside: dict[str, dict[str, list[Tensor]]] = {}

    def forward(self, x, hx=None):
        fused = self.fused
        directions = ("", "_reverse") if fused.bidirectional else ("",)
        sequence = list((x.transpose(0, 1) if fused.batch_first else x).double().unbind())
        runs, batch = fused.num_layers * len(directions), len(sequence[0])
        sizes = fused.proj_size or fused.hidden_size, fused.hidden_size
        zeros = tuple(sequence[0].new_zeros(runs, batch, size) for size in sizes)
        given = zeros if hx is None else hx if isinstance(hx, tuple) else (hx, hx)
        last = []
        for level in range(fused.num_layers):
            columns = []
            for d, suffix in enumerate(directions):
                state = tuple(g[level * len(directions) + d].double() for g in given)
                column, end = self.run(f"l{level}{suffix}", sequence, state, reverse=d == 1)
                columns.append(column)
                last.append(end)
            sequence = [torch.cat(parts, dim=-1) for parts in zip(*columns, strict=True)]
        output = torch.stack(sequence)
        output = output.transpose(0, 1) if fused.batch_first else output
        h_n, c_n = (torch.stack(parts) for parts in zip(*last, strict=True))
        return output, ((h_n, c_n) if self.kind == "lstm" else h_n)

    def run(self, name, sequence, state, *, reverse):
        seen = self.inside[name] = defaultdict(list)
        h, c = state
        columns = []
        for x in reversed(sequence) if reverse else sequence:
            h, c = self.step(name, x, h, c, seen)
            seen["hidden"].append(h)
            seen["cell"].append(c)
            seen["input"].append(x)
            columns.append(h)
        for values in seen.values():
            for value in values:
                if value.requires_grad:
                    value.retain_grad()
        if reverse:
            for values in seen.values():
                values.reverse()
            columns.reverse()
        return columns, (h, c)

    def step(self, name, x, h, c, seen):
        W, U = self.weights[f"weight_ih_{name}"], self.weights[f"weight_hh_{name}"]
        b = self.weights.get(f"bias_ih_{name}", torch.zeros(len(W)).double())
        d = self.weights.get(f"bias_hh_{name}", torch.zeros(len(W)).double())
        from_x, from_h = x @ W.T + b, h @ U.T + d
        if self.kind == "rnn_tanh":
            return torch.tanh(from_x + from_h), c
        if self.kind == "rnn_relu":
            return torch.relu(from_x + from_h), c
        count = len(GATES[self.kind])
        a_x, a_h = from_x.chunk(count, dim=-1), from_h.chunk(count, dim=-1)
        if self.kind == "lstm":
            a = [p + q for p, q in zip(a_x, a_h, strict=True)]
            gates = [a[0].sigmoid(), a[1].sigmoid(), a[2].tanh(), a[3].sigmoid()]
            i, f, g, o = gates
            c = f * c + i * g
            h = o * torch.tanh(c)
            if (P := self.weights.get(f"weight_hr_{name}")) is not None:
                h = h @ P.T
        else:
            r, z = a_x[0] + a_h[0], a_x[1] + a_h[1]
            n = a_x[2] + r.sigmoid() * a_h[2]
            a, gates = [r, z, n], [r.sigmoid(), z.sigmoid(), n.tanh()]
            h = (1 - gates[1]) * gates[2] + gates[1] * h
        for gate, before, after in zip(GATES[self.kind], a, gates, strict=True):
            seen[f"a_{gate}"].append(before)
            seen[f"gate_{gate}"].append(after)
        return h, c

    def array(self, name: str, signal: str, *, grad: bool = False) -> np.ndarray:
        """(B, T, ...), in the order of the input."""
        steps = self.inside[name][signal]
        if grad:
            steps = [torch.zeros_like(s) if s.grad is None else s.grad for s in steps]
        return torch.stack(steps, dim=1).detach().numpy()


def assert_same(trace, oracle: Unrolled, name: str, *, atol: float = 1e-10) -> None:
    """Every array of a trace is the oracle's: absolutely, and relatively where not tiny."""

    def check(mine, signal, *, grad=False):
        np.testing.assert_allclose(
            mine, oracle.array(name, signal, grad=grad), rtol=1e-10, atol=atol, err_msg=signal
        )

    gates = GATES[oracle.kind]
    assert trace.kind == oracle.kind
    assert tuple(trace.gates) == tuple(trace.grad_gates) == gates
    check(trace.input, "input")
    check(trace.hidden, "hidden")
    check(trace.grad_hidden, "hidden", grad=True)
    for gate in gates:
        check(trace.gates[gate], f"gate_{gate}")
        check(trace.grad_gates[gate], f"a_{gate}", grad=True)
    if oracle.kind == "lstm":
        check(trace.cell, "cell")
        check(trace.grad_cell, "cell", grad=True)
    else:
        assert trace.cell is None
        assert trace.grad_cell is None


def assert_equal_traces(mine, theirs, *, atol=0.0):
    assert list(mine) == list(theirs)
    for name, a in mine.items():
        frame, other = a.to_frame(), theirs[name].to_frame()
        assert list(frame) == list(other)
        np.testing.assert_allclose(frame, other, rtol=atol, atol=atol)
