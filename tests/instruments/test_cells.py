"""Cells that are stepped by hand: every step of the loop, alone and beside layers."""

import copy
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from lstm_viz import attribution, intervene
from lstm_viz.errors import UnsupportedModelError
from lstm_viz.instruments.trace import trace
from lstm_viz.instruments.watch import watch

B, T, D, H = 3, 6, 4, 5
CELLS: dict[str, Callable[..., nn.RNNCellBase]] = {
    "rnn_tanh": nn.RNNCell,
    "rnn_relu": lambda *sizes, **how: nn.RNNCell(*sizes, nonlinearity="relu", **how),
    "lstm": nn.LSTMCell,
    "gru": nn.GRUCell,
}


class Reference(nn.Module):
    """The cell's equations, each tensor kept, with autograd."""

    def __init__(self, cell: nn.RNNCellBase, kind: str) -> None:
        super().__init__()
        self.cell, self.kind, self.steps = cell, kind, list[dict[str, Tensor]]()

    def forward(self, x: Tensor, state: Any = None) -> Any:
        cell, batched = self.cell, x.dim() == 2
        x = x if batched else x[None]
        zeros = x.new_zeros(len(x), H)
        h, c = state if isinstance(state, tuple) else (state, None)
        h, c = (zeros if s is None else s if batched else s[None] for s in (h, c))
        a = x @ cell.weight_ih.T + (cell.bias_ih if cell.bias else 0.0)
        u = h @ cell.weight_hh.T + (cell.bias_hh if cell.bias else 0.0)
        step: dict[str, Tensor] = {"input": x}
        if self.kind == "lstm":
            i, f, g, o = (a + u).chunk(4, 1)
            step |= {"a_input": i, "a_forget": f, "a_candidate": g, "a_output": o}
            c = f.sigmoid() * c + i.sigmoid() * g.tanh()
            h = o.sigmoid() * c.tanh()
            step["cell"] = c
        elif self.kind == "gru":
            (a_r, a_z, a_n), (u_r, u_z, u_n) = a.chunk(3, 1), u.chunk(3, 1)
            r, z = a_r + u_r, a_z + u_z
            n = a_n + r.sigmoid() * u_n
            step |= {"a_reset": r, "a_update": z, "a_candidate": n}
            h = (1 - z.sigmoid()) * n.tanh() + z.sigmoid() * h
        else:
            h = (a + u).tanh() if self.kind == "rnn_tanh" else (a + u).relu()
        step["hidden"] = h
        for tensor in step.values():
            if tensor.requires_grad:
                tensor.retain_grad()
        self.steps.append(step)
        h = h if batched else h[0]
        return (h, c if batched else c[0]) if self.kind == "lstm" else h

    def array(self, signal: str, steps: slice, *, grad: bool = False) -> np.ndarray:
        kept = [step[signal] for step in self.steps[steps]]
        found = [t.grad if t.grad is not None else torch.zeros_like(t) for t in kept]
        return torch.stack(found if grad else kept, 1).detach().numpy()


class Model(nn.Module):
    def __init__(self, kind: str, run: Any, **how: Any) -> None:
        super().__init__()
        self.cell = CELLS[kind](D, H, **how)
        self.below, self.head = nn.GRU(D, D, batch_first=True), nn.Linear(H, D)
        self.run = run

    def forward(self, x: Tensor) -> Tensor:
        return self.run(self, x)


def top(state: Any) -> Tensor:
    return state[0] if isinstance(state, tuple) else state


def over_time(model: Any, x: Tensor) -> Tensor:
    state, found = None, []
    for x_t in x.unbind(1):
        state = model.cell(x_t, state)
        found.append(top(state))
    return torch.stack(found, 1)


def feeds_back(model: Any, x: Tensor) -> Tensor:
    state, step, found = None, x[:, 0], []
    for _ in range(T):
        state = model.cell(step, state)
        step = model.head(top(state))
        found.append(step)
    return torch.stack(found, 1)


def above_a_layer(model: Any, x: Tensor) -> Tensor:
    return over_time(model, model.below(x)[0])


def twice(model: Any, x: Tensor) -> Tensor:
    return over_time(model, x) * over_time(model, x + 1.0)


def one_sample(model: Any, x: Tensor) -> Tensor:
    state, found = None, []
    for x_t in x[0]:
        state = model.cell(x_t, state)
        found.append(top(state))
    return torch.stack(found)[None]


def detaches(model: Any, x: Tensor) -> Tensor:
    state, found = None, []
    for t, x_t in enumerate(x.unbind(1)):
        state = model.cell(x_t, state)
        found.append(top(state))
        if t == 2:
            state = tuple(s.detach() for s in state) if isinstance(state, tuple) else state.detach()
    return torch.stack(found, 1)


RUNS: dict[str, Any] = {
    "over time": over_time,
    "feeds back": feeds_back,
    "above a layer": above_a_layer,
    "twice": twice,
    "one sample": one_sample,
    "detaches": detaches,
}


def loss_of(output: Tensor, _: Any = None) -> Tensor:
    weights = torch.linspace(-1.0, 2.0, output.numel(), dtype=output.dtype)
    return (output.square() * weights.reshape(output.shape)).sum() + output.sum()


def made(kind: str, run: str, **how: Any) -> tuple[Model, Tensor]:
    torch.manual_seed(0)
    return Model(kind, RUNS[run], **how).double(), torch.randn(B, T, D).double()


def assert_is_reference(traces: Any, model: Model, x: Tensor, kind: str, run: str) -> None:
    again = copy.deepcopy(model)
    reference: Any = Reference(model.cell, kind)
    again.cell = reference
    loss_of(again(x)).backward()
    names = ["cell", "cell#2"] if run == "twice" else ["cell"]
    assert [name for name in traces if name.startswith("cell")] == names
    for k, name in enumerate(names):
        found, steps = traces[name], slice(k * T, (k + 1) * T)
        assert found.kind == kind and found.calls == tuple(range(T))
        pairs = [(found.hidden, "hidden", False), (found.grad_hidden, "hidden", True)]
        pairs += [(found.input, "input", False)]
        if run != "feeds back":  # there an input reaches the loss by other ways, too
            fed = run == "above a layer"
            pairs += [(found.grad_input, "input", True)] if fed else []
        pairs += [(found.grad_gates[gate], f"a_{gate}", True) for gate in found.grad_gates]
        if kind == "lstm":
            pairs += [(found.cell, "cell", False), (found.grad_cell, "cell", True)]
        for mine, signal, grad in pairs:
            expected = reference.array(signal, steps, grad=grad)
            np.testing.assert_allclose(mine, expected, rtol=1e-10, atol=1e-10, err_msg=signal)


@pytest.mark.parametrize("kind", CELLS)
@pytest.mark.parametrize("run", RUNS)
def test_every_step_is_that_of_unrolled_autograd(kind: str, run: str) -> None:
    model, x = made(kind, run)
    assert_is_reference(trace(model, x, loss_fn=loss_of), model, x, kind, run)


@pytest.mark.parametrize("kind", CELLS)
def test_watching_shows_the_same_and_changes_no_bit_of_the_training(kind: str) -> None:
    model, x = made(kind, "above a layer", bias=False)
    plain, watcher = copy.deepcopy(model), watch(model)
    for each in (plain, model):
        optimizer = torch.optim.SGD(each.parameters(), lr=0.01)
        if each is model:
            watcher.start()
        for _ in range(2):
            before = copy.deepcopy(each.state_dict())
            optimizer.zero_grad()
            loss_of(each(x)).backward()
            optimizer.step()
    watcher.stop()
    for mine, theirs in zip(model.parameters(), plain.parameters(), strict=True):
        assert torch.equal(mine, theirs)
    model.load_state_dict(before)
    assert_is_reference(watcher.traces, model, x, kind, "above a layer")
    assert list(watcher.traces) == ["below.l0", "cell"]


def test_a_stack_of_cells_has_a_trace_for_each() -> None:
    class Stack(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.cells = nn.ModuleList([nn.LSTMCell(D, H), nn.LSTMCell(H, H)])

        def forward(self, x: Tensor) -> Tensor:
            states: list[Any] = [None, None]
            for x_t in x.unbind(1):
                states[0] = self.cells[0](x_t, states[0])
                states[1] = self.cells[1](states[0][0], states[1])
            return states[1][0]

    torch.manual_seed(0)
    model, layer = Stack(), nn.LSTM(D, H, 2, batch_first=True)
    for k, cell in enumerate(model.cells):
        for name, weight in cell.named_parameters():
            weight.data.copy_(getattr(layer, f"{name}_l{k}").data)
    x = torch.randn(B, T, D)
    stepped = trace(model, x, loss_fn=lambda h, _: h.square().sum())
    whole = trace(layer, x, loss_fn=lambda output, _: output[0][:, -1].square().sum())
    for name, level in (("cells.0", "l0"), ("cells.1", "l1")):
        for field in ("hidden", "cell", "grad_hidden", "grad_cell", "grad_input"):
            mine, theirs = getattr(stepped[name], field), getattr(whole[level], field)
            np.testing.assert_allclose(mine, theirs, rtol=1e-10, atol=1e-12)


def test_a_bare_cell_is_one_step_and_given_states_count() -> None:
    cell, states = nn.LSTMCell(D, H), torch.randn(2, B, H)
    found = trace(cell, torch.randn(B, D), tuple(states))
    assert list(found) == ["cell"] and found["cell"].hidden.shape == (B, 1, H)
    np.testing.assert_allclose(found["cell"].initial_cell, states[1], atol=1e-7)


@pytest.mark.parametrize(
    "instrument",
    [
        lambda m, x: attribution(m, x, target=0),
        lambda m, x: intervene(m, silence={}).__enter__(),
    ],
)
def test_an_instrument_for_whole_layers_names_the_cell(instrument: Any) -> None:
    with pytest.raises(UnsupportedModelError, match=r"steps '1' \(GRUCell\) by itself.*both"):
        instrument(nn.Sequential(nn.Embedding(9, D), nn.GRUCell(D, H)), torch.arange(B))
