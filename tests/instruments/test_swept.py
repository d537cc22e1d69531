"""Steps that only hand their state on are differentiated in one sweep, with the same result.

The way through autograd, which the other tests hold against an unrolled network, is the oracle.
"""

import gc
import weakref
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torch.utils.checkpoint import checkpoint

from lstm_viz.instruments import joining, one_node, recorder
from lstm_viz.instruments.trace import trace

B, T, D, H = 3, 6, 4, 5
x = torch.linspace(-1.0, 1.0, B * T * D, dtype=torch.float64).sin().reshape(B, T, D)


Loop = Callable[[Any, Tensor], Tensor]


class Model(nn.Module):
    """A layer, and what a loop makes of it; the loss is the sum of squares of what comes out."""

    def __init__(self, layer: nn.Module, run: Callable[[Any, Tensor], Tensor]) -> None:
        super().__init__()
        self.layer, self.head, self.run = layer, nn.Linear(H, D), run
        self.other = nn.GRU(D, H, batch_first=True)

    def forward(self, x: Tensor) -> Tensor:
        return self.run(self, x)


def cell_loop(at_each: Callable[[Any, int, Any], Any], first: Any = None) -> Any:
    """Steps a cell; `at_each(model, t, state)` gives the next state and what is read of it."""

    def run(model: Any, x: Tensor) -> Tensor:
        state, read = first, []
        for t, x_t in enumerate(x.unbind(1)):
            state, of_it = at_each(model, t, model.layer(x_t, state))
            read.append(of_it)
        return torch.stack(read, 1)

    return run


def h_of(state: Any) -> Tensor:
    return state[0] if isinstance(state, tuple) else state


def plain(_model: Any, _t: int, state: Any) -> Any:
    return state, h_of(state)


def clipped(_model: Any, _t: int, state: Any) -> Any:
    h_of(state).register_hook(lambda gradient: gradient.clamp(-0.01, 0.01))
    return state, h_of(state)


def looked_at(_model: Any, _t: int, state: Any) -> Any:
    if (node := h_of(state).grad_fn) is not None:
        node.register_hook(lambda entered, _left: tuple(e if e is None else 2 * e for e in entered))
    return state, h_of(state)


def reads_c(_model: Any, _t: int, state: Any) -> Any:
    return state, state[0] * state[1]


def written_into(_model: Any, _t: int, state: Any) -> Any:
    h, c = state
    h[0] = 0.5
    return (h, c), h.clone()


def at_third(change: Callable[..., Any]) -> Loop:
    """What is done to the states after one step, in place; read before."""

    def changed(_model: Any, t: int, state: Any) -> Any:
        read = h_of(state).clone()
        if t == 2:
            change(*state)
        return state, read

    return cell_loop(changed)


def cut_off(*states: Tensor) -> None:
    for state in states:
        state.detach_()


def made_leaves(*states: Tensor) -> None:
    for state in states:
        state.detach_().requires_grad_()


def written_past_autograd(h: Tensor, c: Tensor) -> None:
    h.data = 0.5 * h.data
    c.detach().numpy()[0] = 0.0


def feeds_back(model: Any, x: Tensor) -> Tensor:
    """The first steps read the data, the others what came out."""
    state, read, x_t = None, [], x[:, 0]
    for t in range(T):
        state = model.layer(x[:, t] if t < 3 else x_t, state)
        x_t = model.head(state[0])
        read.append(x_t)
    return torch.stack(read, 1)


def samples_at_times(model: Any, x: Tensor) -> Tensor:
    """Scheduled sampling: some steps read what came out, and steps after them the data."""
    state, read, out = None, [], x[:, 0]
    for t in range(T):
        state = model.layer(out if t in (2, 4) else x[:, t], state)
        out = model.head(state[0])
        read.append(out)
    return torch.stack(read, 1)


def decodes(model: Any, x: Tensor) -> Tensor:
    """From the state of another layer."""
    h = model.other(x)[1][0]
    return cell_loop(plain, (h, h))(model, x)


def at_times_in_a_checkpoint(model: Any, x: Tensor) -> Tensor:
    state, read = None, []
    for t, x_t in enumerate(x.unbind(1)):
        kept = t in (1, 4)
        state = checkpoint(model.layer, x_t, state, use_reentrant=False) if kept else (
            model.layer(x_t, state))  # fmt: skip
        read.append(state[0])
    return torch.stack(read, 1)


def a_saliency(model: Any, x: Tensor) -> Tensor:
    """A derivative of the model, as a number."""
    run = cell_loop(lambda _model, _t, state: (state, h_of(state)))
    h = run(model, x)
    first = h[:, 0].sum() + h[:, -1].sum()
    start = torch.zeros(B, H, requires_grad=True)
    end = model.layer(x[:, 1], model.layer(x[:, 0], (start, start)))[0]
    middle = torch.autograd.grad(end.sum(), start)[0]
    return h * (1 + middle.detach()[:, None]) + first


def checkpointed(model: Any, x: Tensor) -> Tensor:
    run = cell_loop(lambda _model, _t, state: (state, h_of(state)))
    return checkpoint(run, model, x, use_reentrant=False)


def stepped_layer(read: Callable[[Tensor, Any], Tensor]) -> Callable[[Any, Tensor], Tensor]:
    def run(model: Any, x: Tensor) -> Tensor:
        state, found = None, []
        for k in range(0, T, 2):
            output, state = model.layer(x[:, k : k + 2], state)
            found.append(read(output, state))
        return torch.cat(found, 1)

    return run


def turns_dropout_on(model: Any, x: Tensor) -> Tensor:
    """After its first steps, as one does to draw several answers."""
    state, found = None, []
    for k in range(0, T, 2):
        model.layer.train(k == T - 2)
        output, state = model.layer(x[:, k : k + 2], state)
        found.append(output)
    return torch.cat(found, 1)


def output_of(output: Tensor, _state: Any) -> Tensor:
    return output


def with_last(output: Tensor, state: Any) -> Tensor:
    return output + h_of(state)[0][:, None]


def with_last_cell(output: Tensor, state: Any) -> Tensor:
    return output + state[1][-1][:, None]


def lstm() -> nn.Module:
    return nn.LSTM(D, H, batch_first=True)


def two_levels() -> nn.Module:
    return nn.GRU(D, H, 2, batch_first=True)


def drops_out() -> nn.Module:
    return nn.LSTM(D, H, 2, batch_first=True, dropout=0.5)


LOOPS: dict[str, tuple[Callable[[], nn.Module], Loop, list[int]]] = {
    "LSTMCell": (lambda: nn.LSTMCell(D, H), cell_loop(plain), [T]),
    "GRUCell": (lambda: nn.GRUCell(D, H), cell_loop(plain), [T]),
    "RNNCell": (lambda: nn.RNNCell(D, H, nonlinearity="relu"), cell_loop(plain), [T]),
    "fed back": (lambda: nn.LSTMCell(D, H), feeds_back, [3]),
    "pieces": (lstm, stepped_layer(output_of), [3]),
    "pieces of two levels": (two_levels, stepped_layer(output_of), [3]),
    "dropout from a piece on": (drops_out, turns_dropout_on, [2]),
    "h_n of the pieces": (lstm, stepped_layer(with_last), [3]),
    "h_n of the level below": (two_levels, stepped_layer(with_last), []),
    "c_n of the pieces": (lstm, stepped_layer(with_last_cell), []),
    "c_t": (lambda: nn.LSTMCell(D, H), cell_loop(reads_c), []),
    "written into": (lambda: nn.LSTMCell(D, H), cell_loop(written_into), []),
    "cut off": (lambda: nn.LSTMCell(D, H), at_third(cut_off), [3, 3]),
    "one state cut off": (lambda: nn.LSTMCell(D, H), at_third(lambda _h, c: cut_off(c)), [3]),
    "made leaves": (lambda: nn.LSTMCell(D, H), at_third(made_leaves), [3]),
    "past autograd": (lambda: nn.LSTMCell(D, H), at_third(written_past_autograd), [3]),
    "a hook that clips": (lambda: nn.LSTMCell(D, H), cell_loop(clipped), []),
    "a hook in the graph": (lambda: nn.GRUCell(D, H), cell_loop(looked_at), []),
    "a derivative inside": (lambda: nn.LSTMCell(D, H), a_saliency, []),
    "fed back at times": (lambda: nn.LSTMCell(D, H), samples_at_times, [2]),
    "from another layer": (lambda: nn.LSTMCell(D, H), decodes, []),
    "at times in a checkpoint": (lambda: nn.LSTMCell(D, H), at_times_in_a_checkpoint, []),
    "a checkpoint": (lambda: nn.LSTMCell(D, H), checkpointed, []),
}
"""Name -> the layer, the loop, and how many calls a sweep takes in."""


@pytest.mark.parametrize("name", LOOPS)
def test_one_sweep_over_the_steps_finds_what_autograd_finds(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, run, swept = LOOPS[name]
    torch.manual_seed(0)
    model = Model(made(), run).double()
    sweeps = list[int]()
    as_one = joining._as_one
    monkeypatch.setattr(joining, "_as_one", lambda of: sweeps.append(len(of)) or as_one(of))

    def traced() -> Any:
        return trace(model, x, loss_fn=lambda output, _: output.square().sum())

    mine = traced()
    assert sweeps == swept
    monkeypatch.setattr(one_node.Sweep, "can_take", lambda *_: False)
    oracle = traced()
    assert list(mine) == list(oracle)
    for key, each in mine.items():
        assert each.calls == oracle[key].calls
        for signal in ("input", "hidden", "cell", "grad_hidden", "grad_cell", "grad_input"):
            _same(getattr(each, signal), getattr(oracle[key], signal))
        for gate, values in each.gates.items():
            _same(values, oracle[key].gates[gate])
            _same(each.grad_gates[gate], oracle[key].grad_gates[gate])


@pytest.mark.parametrize("name", ["LSTMCell", "GRUCell", "RNNCell", "pieces"])
def test_steps_that_go_on_from_each_other_ask_the_layer_no_more(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, run, (steps,) = LOOPS[name]
    model, asked, record = Model(made(), run).double(), list[str](), recorder.record
    monkeypatch.setattr(recorder, "record", lambda *a, **k: asked.append(a[0]) or record(*a, **k))
    traces = trace(model, x, loss_fn=lambda output, _: output.square().sum())
    assert asked == ["layer"] * 2 and len(next(iter(traces.values())).calls) == steps


def _same(found: Any, expected: Any) -> None:
    if expected is None:
        assert found is None
        return
    np.testing.assert_allclose(found, expected, rtol=1e-10, atol=1e-12)


class Own(nn.LSTMCell):
    """Calls PyTorch's own step from a `forward` of its own."""

    def forward(self, x: Tensor, state: Any = None) -> Any:
        return super().forward(x, state)


@pytest.mark.parametrize("layer", [nn.LSTMCell(D, H), Own(D, H)])
def test_nothing_of_a_trace_is_left_once_its_traces_are_gone(layer: nn.Module) -> None:
    left: list[Any] = []

    def noted(_model: Any, _t: int, state: Any) -> Any:
        left.append(weakref.ref(state[0]))
        return state, state[0]

    model = Model(layer, cell_loop(noted))
    assert [*trace(model, x, loss_fn=lambda output, _: output.sum())] == ["layer"]
    gc.collect()
    assert len(left) == T and not any(each() is not None for each in left)
