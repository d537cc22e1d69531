"""Any model in the plain way: each recurrent layer of a copy as a Python loop over autograd.

Whatever the model does around its layers stays its own: masks, packing, attention, feedback.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import PackedSequence

from lstm_viz.instruments.layer_trace import LayerTrace

GATES = {
    "lstm": ("input", "forget", "candidate", "output"),
    "gru": ("reset", "update", "candidate"),
}
SHIFT = {"lstm": 4, "gru": 3}
KINDS = (nn.LSTM, nn.GRU, nn.RNN, nn.LSTMCell, nn.GRUCell, nn.RNNCell)
Steps = list[tuple[int, dict[str, Tensor]]]
"""(t, signal -> (the samples that have this step, H)), of one level and direction."""


class Call:
    """What was inside of one call: by level and direction, in (B, T, H) with NaN beyond ends."""

    def __init__(self, T: int, B: int, unsorted: Tensor | None) -> None:
        self.T, self.B, self.unsorted = T, B, unsorted
        self.runs = list[Steps]()

    def array(self, run: int, signal: str, *, grad: bool = False) -> Any:
        steps = [(t, step[signal]) for t, step in self.runs[run]]
        found = np.full((self.B, self.T, steps[0][1].shape[-1]), np.nan)
        for t, value in steps:
            arrived = torch.zeros_like(value) if value.grad is None else value.grad
            found[: len(value), t] = (arrived if grad else value).detach().numpy()
        return found if self.unsorted is None else found[self.unsorted.numpy()]


class WholeModel:
    """A model, given away for this, in float64 and eval mode, with loops for layers."""

    def __init__(self, model: nn.Module) -> None:
        self.model = model.double().eval()
        self.calls: dict[str, list[Call]] = {}
        """By the paths of the layers."""
        self.kinds: dict[str, str] = {}
        for path, module in self.model.named_modules():
            if isinstance(module, KINDS):
                _stand_in(module, partial(self._run, path, module))

    def _run(self, path: str, layer: Any, *args: Any, **kwargs: Any) -> Any:
        x, hx = (*args, *kwargs.values(), None)[:2]
        cell = isinstance(layer, nn.RNNCellBase)
        kind = type(layer).__mro__
        self.kinds[path] = next(k for k in ("lstm", "gru", "rnn") if any(
            k.upper() in c.__name__.upper() and c in KINDS for c in kind))  # fmt: skip
        batched = x.dim() == (2 if cell else 3) if isinstance(x, Tensor) else True
        if cell:
            x = x[None] if batched else x[None, None]
            hx = _map(hx, lambda s: s[None] if batched else s[None, None])
        elif not batched:
            x, hx = x.unsqueeze(0 if layer.batch_first else 1), _map(hx, lambda s: s[:, None])
        output, last = self._sequence(path, layer, x, hx)
        if cell:
            return _map(last, lambda s: s[0] if batched else s[0, 0])
        if not batched:
            output, last = (
                output.squeeze(0 if layer.batch_first else 1),
                _map(last, lambda s: s[:, 0]),
            )
        return output, last

    def _sequence(self, path: str, layer: Any, x: Any, hx: Any) -> Any:
        packed = x if isinstance(x, PackedSequence) else None
        first = bool(getattr(layer, "batch_first", False))
        if packed is not None:
            sizes, sort, unsort = packed.batch_sizes.tolist(), *packed[2:]
            steps = list(packed.data.double().split(sizes))
        else:
            steps = list((x.transpose(0, 1) if first else x).double().unbind())
            sizes, sort, unsort = [len(step) for step in steps], None, None
        call = Call(len(steps), sizes[0], unsort)
        self.calls.setdefault(path, []).append(call)
        levels = getattr(layer, "num_layers", 1)
        directions = 1 + bool(getattr(layer, "bidirectional", False))
        sizes_of = getattr(layer, "proj_size", 0) or layer.hidden_size, layer.hidden_size
        if hx is None:
            given = [steps[0].new_zeros(levels * directions, sizes[0], n) for n in sizes_of]
        else:
            given = [s.double() for s in (hx if isinstance(hx, tuple) else (hx, hx))]
            if sort is not None:
                given = [s[:, sort] for s in given]
        last = []
        for level in range(levels):
            columns = []
            for d in range(directions):
                run = level * directions + d
                begin = [s[run] for s in given]
                column, end = self._one(path, layer, call, run, steps, begin, reverse=bool(d))
                columns.append(column)
                last.append(end)
            steps = [torch.cat(parts, -1) for parts in zip(*columns, strict=True)]
        h_n, c_n = (torch.stack(parts) for parts in zip(*last, strict=True))
        if unsort is not None:
            h_n, c_n = h_n[:, unsort], c_n[:, unsort]
        if packed is not None:
            output: Any = PackedSequence(torch.cat(steps), *packed[1:])
        else:
            output = torch.stack(steps, 1 if first else 0)
        return output, ((h_n, c_n) if self.kinds[path] == "lstm" else h_n)

    def _one(
        self, path: str, layer: Any, call: Call, run: int, steps: Sequence[Tensor],
        begin: Sequence[Tensor], *, reverse: bool,
    ) -> Any:  # fmt: skip
        weights = _weights(layer, run)
        h, c = begin
        column, seen = [None] * len(steps), list[tuple[int, dict[str, Tensor]]]()
        for t in reversed(range(len(steps))) if reverse else range(len(steps)):
            n = len(steps[t])
            x = steps[t].clone()
            inside = _step(self.kinds[path], layer, weights, x, h[:n], c[:n])
            inside["input"] = x
            for value in inside.values():
                if value.requires_grad:
                    value.retain_grad()
            seen.append((t, inside))
            h, c = torch.cat([inside["hidden"], h[n:]]), torch.cat([inside["cell"], c[n:]])
            column[t] = inside["hidden"]
        call.runs.append(seen)
        return column, (h, c)


def _stand_in(module: nn.Module, run: Callable[..., Any]) -> None:
    known = next(kind for kind in type(module).__mro__ if kind in KINDS)
    if type(module).forward is known.forward:
        module.forward = run
        return

    def forward(_: Any, *args: Any, **kwargs: Any) -> Any:
        return run(*args, **kwargs)

    below = type(known.__name__, (known,), {"forward": forward})
    module.__class__ = type(type(module).__name__, (type(module), below), {})


def _map(state: Any, of: Callable[[Tensor], Tensor]) -> Any:
    if state is None:
        return None
    return tuple(map(of, state)) if isinstance(state, tuple | list) else of(state)


def _weights(layer: Any, run: int) -> Mapping[str, Any]:
    names = "weight_ih", "weight_hh", "bias_ih", "bias_hh", "weight_hr"
    if isinstance(layer, nn.RNNCellBase):
        return {name: getattr(layer, name, None) for name in names}
    directions = 1 + layer.bidirectional
    suffix = f"_l{run // directions}" + ("_reverse" if run % directions else "")
    return {name: getattr(layer, name + suffix, None) for name in names}


def _step(
    kind: str, layer: Any, weights: Mapping[str, Any], x: Tensor, h: Tensor, c: Tensor
) -> dict[str, Tensor]:
    from_x, from_h = x @ weights["weight_ih"].double().T, h @ weights["weight_hh"].double().T
    if weights["bias_ih"] is not None:
        from_x = from_x + weights["bias_ih"].double()
        from_h = from_h + weights["bias_hh"].double()
    if kind == "rnn":
        a = from_x + from_h
        relu = layer.nonlinearity == "relu"
        return {"hidden": a.relu() if relu else a.tanh(), "cell": c}
    a_x, a_h = from_x.chunk(SHIFT[kind], -1), from_h.chunk(SHIFT[kind], -1)
    if kind == "lstm":
        a = [p + q for p, q in zip(a_x, a_h, strict=True)]
        gates = [a[0].sigmoid(), a[1].sigmoid(), a[2].tanh(), a[3].sigmoid()]
        c = gates[1] * c + gates[0] * gates[2]
        h = gates[3] * c.tanh()
        if weights["weight_hr"] is not None:
            h = h @ weights["weight_hr"].double().T
    else:
        a = [a_x[0] + a_h[0], a_x[1] + a_h[1]]
        gates = [each.sigmoid() for each in a]
        a.append(a_x[2] + gates[0] * a_h[2])
        gates.append(a[2].tanh())
        h = (1 - gates[1]) * gates[2] + gates[1] * h
        c = c.clone()
    names = GATES[kind]
    return {
        "hidden": h, "cell": c, **{f"gate_{n}": g for n, g in zip(names, gates, strict=True)},
        **{f"a_{n}": each for n, each in zip(names, a, strict=True)},
    }  # fmt: skip


def assert_reads(
    model: nn.Module,
    run: Callable[[nn.Module], Tensor],
    traces: Mapping[str, LayerTrace],
    *,
    tolerance: float = 1e-10,
) -> None:
    """Every call of every layer is in the traces as the loops have it, and nothing else is.

    `run(model)` gives the loss.
    """
    whole = WholeModel(model)
    run(whole.model).backward()
    paths = list(whole.calls)
    pieces = _pieces(traces)
    for path in paths:
        cell = isinstance(whole.model.get_submodule(path), nn.RNNCellBase)
        names = [path or "cell"] if cell else _names(path, whole.model.get_submodule(path))
        for run_of, name in enumerate(names):
            mine = pieces.pop(name)
            calls = whole.calls[path]
            assert len(mine) == len(calls), (name, len(mine), len(calls))
            for call in calls:
                k = _same_piece(
                    mine, call.array(run_of, "hidden"), call.array(run_of, "input"), tolerance
                )
                assert k is not None, f"{name}: no call has these states"
                _compare(mine.pop(k), call, run_of, name, whole.kinds[path], tolerance)
    assert not pieces, f"nothing but {paths}: {list(pieces)}"


def _names(path: str, layer: Any) -> list[str]:
    begin = f"{path}." if path else ""
    ends = ("", "_reverse") if layer.bidirectional else ("",)
    return [f"{begin}l{k}{end}" for k in range(layer.num_layers) for end in ends]


def _pieces(traces: Mapping[str, LayerTrace]) -> dict[str, list[tuple[LayerTrace, slice]]]:
    found: dict[str, list[tuple[LayerTrace, slice]]] = {}
    for name, each in traces.items():
        ends = [*each.calls[1:], each.hidden.shape[1]]
        whole = [(each, slice(a, b)) for a, b in zip(each.calls, ends, strict=True)]
        found.setdefault(name.split("#")[0], []).extend(whole)
    return found


def _padded(values: Any, samples: int) -> Any:
    """With NaN for samples that have ended before."""
    beyond = np.full((samples - len(values), *values.shape[1:]), np.nan)
    return np.concatenate([values, beyond])


def _same_piece(
    pieces: Sequence[tuple[LayerTrace, slice]], hidden: Any, given: Any, tolerance: float
) -> int | None:
    for k, (each, steps) in enumerate(pieces):
        pairs = [
            (mine[:, steps], _padded(own, len(mine)) if len(own) < len(mine) else own)
            for mine, own in ((each.hidden, hidden), (each.input, given))
        ]
        near = 10 * tolerance
        if all(
            a.shape == b.shape and np.allclose(a, b, near, near, equal_nan=True) for a, b in pairs
        ):
            return k
    return None


def _compare(
    piece: tuple[LayerTrace, slice], call: Call, run: int, name: str, kind: str, tolerance: float
) -> None:
    each, steps = piece

    def check(mine: Any, signal: str, *, grad: bool = False) -> None:
        expected = _padded(call.array(run, signal, grad=grad), len(mine))
        np.testing.assert_allclose(
            mine[:, steps], expected, tolerance, tolerance, err_msg=f"{name} {signal} {grad}"
        )

    check(each.hidden, "hidden")
    check(each.grad_hidden, "hidden", grad=True)
    if kind == "lstm":
        check(each.cell, "cell")
        check(each.grad_cell, "cell", grad=True)
    for gate in GATES.get(kind, ()):
        check(each.gates[gate], f"gate_{gate}")
        check(each.grad_gates[gate], f"a_{gate}", grad=True)
