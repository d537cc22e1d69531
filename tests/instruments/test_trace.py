"""A trace is exact: unrolled float64 autograd says the same, wherever the layer stands."""

import copy
import itertools

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from lstm_viz.instruments.trace import trace
from tests.instruments.oracle import Unrolled, assert_same

B, T, D, H = 3, 7, 4, 5
KINDS = {
    "rnn_tanh": nn.RNN,
    "rnn_relu": lambda *args, **kwargs: nn.RNN(*args, nonlinearity="relu", **kwargs),
    "lstm": nn.LSTM,
    "gru": nn.GRU,
}
kinds = pytest.mark.parametrize("kind", KINDS)


def every_output(output, targets):
    """A loss that reads all that a layer returns, each number with a weight of its own."""
    sequence, last = output
    parts = (sequence, *(last if isinstance(last, tuple) else (last,)))
    weights = (
        torch.linspace(-1.0, 1.5, p.numel(), dtype=p.dtype, device=p.device).reshape(p.shape)
        for p in parts
    )
    return sum((p * w).square().sum() + (p * w).sum() for p, w in zip(parts, weights, strict=True))


def last_hidden(output, targets):
    return output[0][:, -1].square().sum()


class Started(nn.Module):
    """A layer that starts from given states."""

    def __init__(self, layer, *states):
        super().__init__()
        self.layer = layer
        self.states = states

    def forward(self, x):
        hx = self.states if isinstance(self.layer, nn.LSTM | Unrolled) else self.states[0]
        return self.layer(x, tuple(s.to(x.dtype) for s in hx) if isinstance(hx, tuple) else hx)


@kinds
@pytest.mark.parametrize(
    ("layers", "bidirectional", "batch_first", "bias"),
    list(itertools.product((1, 2, 3), *[(False, True)] * 3)),
)
def test_every_array_is_that_of_unrolled_autograd(kind, layers, bidirectional, batch_first, bias):
    torch.manual_seed(layers)
    fused = KINDS[kind](
        D, H, layers, bias=bias, batch_first=batch_first, bidirectional=bidirectional
    )
    x = torch.randn((B, T, D) if batch_first else (T, B, D))
    unrolled = Unrolled(fused)
    every_output(unrolled(x), None).backward()

    traces = trace(fused, x, loss_fn=every_output)

    assert list(traces) == list(unrolled.inside)
    for name, each in traces.items():
        assert_same(each, unrolled, name)


@kinds
@pytest.mark.parametrize("bidirectional", [False, True])
def test_given_initial_states_count(kind, bidirectional):
    torch.manual_seed(1)
    fused = KINDS[kind](D, H, 2, bidirectional=bidirectional, batch_first=True)
    states = torch.randn(2, (1 + bidirectional) * 2, B, H).unbind()
    x, unrolled = torch.randn(B, T, D), Unrolled(fused)
    hx = states if kind == "lstm" else states[0]
    every_output(unrolled(x, hx), None).backward()
    traces = trace(Started(fused, *states), x, loss_fn=every_output)
    for name in unrolled.inside:
        assert_same(traces[f"layer.{name}"], unrolled, name)


class Chain(nn.Module):
    """Layer -> linear -> another kind of layer -> read-out."""

    def __init__(self, first, second):
        super().__init__()
        self.first, self.between, self.second = first, nn.Linear(H, D), second
        self.readout = nn.Linear(H, 2)

    def forward(self, x):
        middle, _ = self.first(x)
        top, _ = self.second(torch.tanh(self.between(middle)))
        return self.readout(top[:, -1]) + middle.mean()


def test_a_layer_below_another_gets_the_gradient_that_comes_through_it():
    torch.manual_seed(2)
    model = Chain(nn.LSTM(D, H, batch_first=True), nn.GRU(D, H, 2, batch_first=True))
    x, targets = torch.randn(B, T, D), torch.randn(B, 2)
    unrolled = copy.deepcopy(model).double()
    unrolled.first, unrolled.second = Unrolled(model.first), Unrolled(model.second)
    nn.functional.mse_loss(unrolled(x.double()), targets.double()).backward()
    traces = trace(model, x, loss_fn=nn.functional.mse_loss, targets=targets)
    assert list(traces) == ["first.l0", "second.l0", "second.l1"]
    assert_same(traces["first.l0"], unrolled.first, "l0")
    assert_same(traces["second.l0"], unrolled.second, "l0")
    assert_same(traces["second.l1"], unrolled.second, "l1")


class Seq2Seq(nn.Module):
    """The decoder starts from where the encoder ends, and reads nothing else of it."""

    def __init__(self, encoder, decoder):
        super().__init__()
        self.decoder, self.encoder = decoder, encoder

    def forward(self, x):
        _, state = self.encoder(x["source"])
        return self.decoder(x["target"][0], hx=state)


def test_an_encoder_gets_its_gradient_through_its_final_states_alone():
    torch.manual_seed(3)
    encoder, decoder = nn.LSTM(D, H, 2), nn.LSTM(D, H, 2)
    x = {"source": torch.randn(T, B, D), "target": [torch.randn(4, B, D)]}
    unrolled = Seq2Seq(Unrolled(encoder), Unrolled(decoder))
    every_output(unrolled(x), None).backward()
    traces = trace(Seq2Seq(encoder, decoder), x, loss_fn=every_output)
    assert list(traces) == ["encoder.l0", "encoder.l1", "decoder.l0", "decoder.l1"]
    for name in ("l0", "l1"):
        assert_same(traces[f"encoder.{name}"], unrolled.encoder, name)
        assert_same(traces[f"decoder.{name}"], unrolled.decoder, name)
    assert np.abs(traces["encoder.l1"].grad_hidden).max() > 1e-6


class Nudged(Unrolled):
    """Adds a number to h_t, or to c_t, of one unit at one step."""

    def __init__(self, fused, state, sample, t, unit, size):
        super().__init__(fused)
        self.nudge = state, sample, t, unit, size

    def step(self, name, x, h, c, seen):
        state, sample, at, unit, size = self.nudge
        t = len(seen["hidden"])
        if self.kind == "lstm":
            h_plain, c_plain = super().step(name, x, h, c, seen)
            if t == at and state == "cell":
                o = seen["gate_output"][-1]
                bump = torch.zeros_like(c_plain)
                bump[sample, unit] = size
                return o * torch.tanh(c_plain + bump), c_plain + bump
            h, c = h_plain, c_plain
        else:
            h, c = super().step(name, x, h, c, seen)
        if t == at and state == "hidden":
            bump = torch.zeros_like(h)
            bump[sample, unit] = size
            h = h + bump
        return h, c


@pytest.mark.parametrize(("kind", "state"), [*((k, "hidden") for k in KINDS), ("lstm", "cell")])
def test_a_nudge_of_the_state_moves_the_loss_as_the_derivative_says(kind, state):
    torch.manual_seed(4)
    fused, x = KINDS[kind](D, H), torch.randn(T, B, D)
    traced = trace(fused, x, loss_fn=last_hidden)["l0"]
    derivative = getattr(traced, f"grad_{state}")
    for sample, t, unit in ((0, 0, 0), (2, 3, 4), (1, T - 1, 2)):
        up, down = (
            float(last_hidden(Nudged(fused, state, sample, t, unit, size)(x), None).detach())
            for size in (1e-5, -1e-5)
        )
        assert derivative[sample, t, unit] == pytest.approx((up - down) / 2e-5, rel=1e-5, abs=1e-9)


@pytest.mark.parametrize("kind", ["lstm", "gru"])
def test_gate_derivatives_add_up_to_those_of_the_fused_layers_own_parameters(kind):
    torch.manual_seed(5)
    layer, x = KINDS[kind](D, H, dtype=torch.float64), torch.randn(T, B, D, dtype=torch.float64)
    every_output(layer(x), None).backward()
    traced = trace(layer, x, loss_fn=every_output)["l0"]
    da = np.concatenate(list(traced.grad_gates.values()), axis=-1)
    np.testing.assert_allclose(da.sum((0, 1)), layer.bias_ih_l0.grad, rtol=1e-10, atol=1e-10)
    weight = np.einsum("btg,btd->gd", da, traced.input)
    np.testing.assert_allclose(weight, layer.weight_ih_l0.grad, rtol=1e-10, atol=1e-10)


@kinds
def test_h_is_what_the_float32_layer_itself_returns(kind):
    torch.manual_seed(6)
    layer, x = KINDS[kind](D, 32, 2, bidirectional=True, batch_first=True), torch.randn(B, 50, D)
    traces = trace(layer, x)
    both = np.concatenate([traces["l1"].hidden, traces["l1_reverse"].hidden], axis=-1)
    np.testing.assert_allclose(both, layer(x)[0].detach(), atol=1e-5)


def test_without_a_loss_there_are_no_derivatives():
    traced = trace(nn.LSTM(D, H), torch.randn(T, B, D))["l0"]
    assert traced.grad_hidden is traced.grad_cell is traced.grad_gates is None


def test_the_targets_reach_the_loss_as_they_were_given_and_none_as_none():
    seen = []

    def loss_fn(output, targets):
        seen.append(targets)
        return output[0].sum()

    layer, x = nn.GRU(D, H), torch.randn(T, B, D)
    trace(layer, x, loss_fn=loss_fn)
    trace(layer, x, loss_fn=loss_fn, targets=(torch.zeros(2), {"label": torch.ones(1).long()}))
    assert seen[0] is None
    assert seen[1][0].dtype == torch.float64
    assert seen[1][1]["label"].dtype == torch.int64


def test_float64_shows_the_gradient_that_float32_autograd_loses():
    torch.manual_seed(1)
    layer, x = nn.RNN(1, 8, batch_first=True), torch.rand(2, 200, 1)
    weight_ih, weight_hh, bias_ih, bias_hh = layer.parameters()
    h, states = torch.zeros(2, 8), []
    for t in range(200):
        h = torch.tanh(x[:, t] @ weight_ih.T + bias_ih + h @ weight_hh.T + bias_hh)
        h.retain_grad()
        states.append(h)
    h.square().mean().backward()
    assert not any(state.grad.any() for state in states[:100])
    traced = trace(layer, x, loss_fn=lambda output, _: output[0][:, -1].square().mean())["l0"]
    lost = traced.grad_norm("hidden")[:, :100]
    assert ((lost > 1e-120) & (lost < 1e-45)).all()


@kinds
def test_a_vanished_gradient_is_as_exact_as_a_large_one(kind):
    torch.manual_seed(0)
    layer, x = KINDS[kind](2, 32, batch_first=True), torch.rand(2, 100, 2)
    unrolled = Unrolled(layer)
    last_hidden(unrolled(x), None).backward()
    norms = np.linalg.norm(unrolled.array("l0", "hidden", grad=True), axis=-1)
    assert (norms[:, 0] < 1e-18).all()
    traced = trace(layer, x, loss_fn=last_hidden)["l0"]
    np.testing.assert_allclose(traced.grad_norm("hidden"), norms, rtol=1e-12)


@settings(max_examples=25, deadline=None)
@given(
    kind=st.sampled_from(["lstm", "gru"]),
    seed=st.integers(0, 10**6),
    sizes=st.tuples(*[st.integers(1, 5)] * 4),
    scale=st.floats(0.1, 4.0),
)
def test_gates_lie_in_0_1_candidates_in_minus_1_1_and_make_up_the_next_state(
    kind, seed, sizes, scale
):
    batch, steps, inputs, hidden_size = sizes
    torch.manual_seed(seed)
    layer = KINDS[kind](inputs, hidden_size, batch_first=True)
    traced = trace(layer, scale * torch.randn(batch, steps, inputs))["l0"]
    for name, values in traced.gates.items():
        assert ((values > (-1 if name == "candidate" else 0)) & (values < 1)).all()
    g = traced.gates
    before = np.zeros((batch, 1, hidden_size))
    if kind == "gru":
        h_before = np.concatenate([before, traced.hidden[:, :-1]], axis=1)
        again = (1 - g["update"]) * g["candidate"] + g["update"] * h_before
    else:
        c_before = np.concatenate([before, traced.cell[:, :-1]], axis=1)
        c = g["forget"] * c_before + g["input"] * g["candidate"]
        np.testing.assert_allclose(traced.cell, c, atol=1e-15)
        again = g["output"] * np.tanh(c)
    np.testing.assert_allclose(traced.hidden, again, atol=1e-14)
