"""A layer that runs more than once: one sequence where a call goes on from another, else passes."""

import copy
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from lstm_viz.instruments.trace import trace
from lstm_viz.instruments.watch import watch
from tests.instruments.oracle import GATES, Unrolled

B, T, D, H = 3, 6, 4, 5


class Called(Unrolled):
    """The oracle that remembers every call."""

    def __init__(self, fused: nn.RNNBase) -> None:
        super().__init__(fused)
        self.calls: list[Any] = []

    def forward(self, x: Tensor, hx: Any = None) -> Any:
        self.inside = {}
        output = super().forward(x, hx)
        self.calls.append(self.inside)
        return output

    def over(self, calls: list[int], name: str, signal: str, *, grad: bool = False) -> np.ndarray:
        parts = []
        for k in calls:
            self.inside = self.calls[k]
            parts.append(self.array(name, signal, grad=grad))
        return np.concatenate(parts, axis=1)


class Model(nn.Module):
    def __init__(self, layer: nn.Module, run: Callable[..., Any]) -> None:
        super().__init__()
        self.rnn, self.run = layer, run
        self.head, self.mix = nn.Linear(H, D), nn.Linear(H, H)

    def forward(self, x: Tensor) -> Tensor:
        return self.run(self, x)


def each(state: Any, change: Callable[[Tensor], Tensor]) -> Any:
    return tuple(map(change, state)) if isinstance(state, tuple) else change(state)


def top(state: Any) -> Tensor:
    return (state[0] if isinstance(state, tuple) else state)[-1]


def stepped(between: Callable[..., Any] = lambda state, *_: state, split: Any = 1) -> Any:
    def run(model: Any, x: Tensor) -> Tensor:
        state, found = None, []
        for t, part in enumerate(x.split(split, dim=1)):
            output, state = model.rnn(part, state)
            found.append(output)
            state = between(state, t, model)
        return torch.cat(found, dim=1)

    return run


def forecaster(model: Any, x: Tensor) -> Tensor:
    output, state = model.rnn(x)
    found, step = [], model.head(output[:, -1:])
    for _ in range(4):
        output, state = model.rnn(step, state)
        step = model.head(output)
        found.append(step)
    return torch.cat(found, dim=1)


def attends(model: Any, x: Tensor) -> Tensor:
    keys, state = model.mix(torch.tanh(x @ model.head.weight)), None
    found = [x.new_zeros(len(x), 1, H)]
    for _ in range(4):
        weights = (keys * found[-1]).sum(-1, keepdim=True).softmax(dim=1)
        output, state = model.rnn((weights * x).sum(1, keepdim=True), state)
        found.append(output)
    return torch.cat(found, dim=1)


def resets(state: Any, t: int, _model: Any) -> Any:
    done = torch.tensor([t == 1, t in (1, 3), False]).double()[:, None]
    return each(state, lambda s: s * (1 - done))


def resets_all(state: Any, t: int, _model: Any) -> Any:
    return each(state, lambda s: s * float(t != 2))


def reordered(state: Any, *_: Any) -> Any:
    return each(state, lambda s: s.index_select(1, torch.tensor([1, 1, 0])))


def siamese(model: Any, x: Tensor) -> Tensor:
    return model.rnn(x)[0] - model.rnn(x + 1.0)[0]


def anew(model: Any, x: Tensor) -> Tensor:
    output, state = model.rnn(x)
    zeros = each(state, torch.zeros_like)
    return output * model.rnn(x * 2.0, each(zeros, lambda s: s.to(top(state)[0])))[0]


def triplet(model: Any, x: Tensor) -> Tensor:
    with torch.no_grad():
        negative = model.rnn(x - 1.0)[0]
    return model.rnn(x)[0] * model.rnn(x[:, :4] + 1.0)[0].mean() + negative


def interleaved(model: Any, x: Tensor) -> Tensor:
    a = b = None
    found = []
    for part in x.split(2, dim=1):
        output, a = model.rnn(part, a)
        other, b = model.rnn(part * 2.0, b)
        found.append(output * other)
    return torch.cat(found, dim=1)


def two_decoders(model: Any, x: Tensor) -> Tensor:
    _, state = model.rnn(x)
    return model.rnn(x[:, :2], state)[0] + model.rnn(x[:, 2:4], state)[0]


RUNS: dict[str, tuple[Any, dict[str, list[int]], list[int]]] = {
    # what runs -> (its forward, sequence -> its calls, where each call of the first begins)
    "step by step": (stepped(), {"": [*range(6)]}, [*range(6)]),
    "in chunks": (stepped(split=[3, 1, 2]), {"": [0, 1, 2]}, [0, 3, 4]),
    "truncated": (stepped(lambda s, *_: each(s, Tensor.detach), 2), {"": [0, 1, 2]}, [0, 2, 4]),
    "detached copies": (
        stepped(lambda s, *_: each(s, lambda t: t.detach().clone()), 2), {"": [0, 1, 2]}, [0, 2, 4],
    ),
    "through NumPy": (
        stepped(lambda s, *_: each(s, lambda t: torch.from_numpy(t.detach().numpy().copy())), 3),
        {"": [0, 1]}, [0, 3],
    ),
    "a feedback forecaster": (forecaster, {"": [*range(5)]}, [0, 6, 7, 8, 9]),
    "a decoder with attention": (attends, {"": [*range(4)]}, [*range(4)]),
    "resets": (stepped(resets), {"": [*range(6)]}, [*range(6)]),
    "resets of all": (stepped(resets_all), {"": [*range(6)]}, [*range(6)]),
    "a beam": (stepped(reordered, 3), {"": [0, 1]}, [0, 3]),
    "a network between": (
        stepped(lambda s, _, m: each(s, lambda t: torch.tanh(m.mix(t))), 3), {"": [0, 1]}, [0, 3],
    ),
    "begun anew": (anew, {"": [0], "#2": [1]}, [0]),
    "siamese": (siamese, {"": [0], "#2": [1]}, [0]),
    "triplet": (triplet, {"": [0], "#2": [1], "#3": [2]}, [0]),
    "interleaved": (interleaved, {"": [0, 2, 4], "#2": [1, 3, 5]}, [0, 2, 4]),
    "two decoders": (two_decoders, {"": [0, 1], "#2": [2]}, [0, 6]),
}  # fmt: skip
LAYERS: dict[str, Callable[[], Any]] = {
    "rnn": lambda: nn.RNN(D, H, batch_first=True),
    "gru": lambda: nn.GRU(D, H, batch_first=True),
    "lstm": lambda: nn.LSTM(D, H, 2, batch_first=True),
}


def loss_of(output: Tensor, _: Any = None) -> Tensor:
    weights = torch.linspace(-1.0, 2.0, output.numel(), dtype=output.dtype)
    return (output.square() * weights.reshape(output.shape)).sum() + output.sum()


def made(kind: str, what: str) -> tuple[Model, Tensor]:
    torch.manual_seed(0)
    return Model(LAYERS[kind](), RUNS[what][0]).double(), torch.randn(B, T, D).double()


def assert_is_reference(found: Any, model: Model, x: Tensor, what: str) -> None:
    reference = copy.deepcopy(model)
    oracle = reference.rnn = Called(model.rnn)
    loss_of(reference(x)).backward()
    _, sequences, begins = RUNS[what]
    levels = [*oracle.calls[0]]
    assert sorted(found) == sorted(f"rnn.{level}{s}" for s in sequences for level in levels)
    assert list(found[f"rnn.{levels[0]}"].calls) == begins

    for suffix, calls in sequences.items():
        for level in levels:
            mine = found[f"rnn.{level}{suffix}"]

            def same(values: Any, signal: str, *, grad: bool = False) -> None:
                expected = oracle.over(calls, level, signal, grad=grad)  # noqa: B023
                np.testing.assert_allclose(values, expected, rtol=1e-10, atol=1e-10)

            same(mine.hidden, "hidden")
            same(mine.input, "input")
            if mine.grad_hidden is not None:  # under no_grad there is none in a watched training
                same(mine.grad_hidden, "hidden", grad=True)
            for gate in GATES[oracle.kind]:
                same(mine.gates[gate], f"gate_{gate}")
                if mine.grad_gates is not None:
                    same(mine.grad_gates[gate], f"a_{gate}", grad=True)
            if mine.cell is not None:
                same(mine.cell, "cell")


@pytest.mark.parametrize("kind", LAYERS)
@pytest.mark.parametrize("what", RUNS)
def test_every_call_is_that_of_unrolled_autograd(kind: str, what: str) -> None:
    model, x = made(kind, what)
    found = trace(model, x, loss_fn=loss_of)
    assert_is_reference(found, model, x, what)
    assert not found.left_out
    plain = trace(model, x)  # and the same sequences without a loss
    assert list(plain) == list(found)
    assert [each.calls for each in plain.values()] == [each.calls for each in found.values()]


@pytest.mark.parametrize("what", RUNS)
def test_watching_shows_the_same_and_changes_no_bit_of_the_training(what: str) -> None:
    model, x = made("lstm", what)
    plain, watcher = copy.deepcopy(model), watch(model)
    for each_one in (plain, model):
        optimizer = torch.optim.Adam(each_one.parameters(), lr=0.05)
        if each_one is model:
            watcher.start()
        for _ in range(2):
            before = copy.deepcopy(each_one.state_dict())
            optimizer.zero_grad()
            loss_of(each_one(x)).backward()
            optimizer.step()
    watcher.stop()
    for mine, theirs in zip(model.parameters(), plain.parameters(), strict=True):
        assert torch.equal(mine, theirs)
    model.load_state_dict(before)
    assert_is_reference(watcher.traces, model, x, what)
