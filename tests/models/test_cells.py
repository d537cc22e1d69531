"""The equations against what is known in closed form."""

import weakref
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

from lstm_viz.instruments.trace import trace
from lstm_viz.models.cell import SMALL_PRODUCT, Weights, product, sigmoid
from lstm_viz.models.cells import CELLS, cell_of
from lstm_viz.models.rnn import TanhRNNSpec
from lstm_viz.models.unrolled import Unrolled

T, B, D, H = 12, 2, 3, 6


class LinearRNN(TanhRNNSpec):
    """h_t = W x_t + U h_{t-1}."""

    def activation(self, a):
        return a

    def slope(self, h):
        return np.ones_like(h)


def backward_of_linear(U, steps, dh_last):
    weights = Weights(np.zeros((len(U), 1)), U, np.zeros(len(U)), np.zeros(len(U)))
    zeros = np.zeros((steps, 1, len(U)))
    replay = LinearRNN().forward(weights, zeros[..., :1], zeros, zeros[0])
    dh = zeros.copy()
    dh[-1] = dh_last
    return LinearRNN().backward(weights, replay, dh, zeros[0])


@pytest.mark.parametrize("scale", [0.5, 1.0, 1.2])
def test_a_scaled_rotation_scales_the_gradient_by_lambda_a_step(scale):
    generator = np.random.default_rng(0)
    Q, _ = np.linalg.qr(generator.normal(size=(H, H)))
    dh = backward_of_linear(scale * Q, T, generator.normal(size=H)).hidden
    norms = np.linalg.norm(dh[:, 0], axis=-1)
    np.testing.assert_allclose(norms, norms[-1] * scale ** np.arange(T - 1, -1, -1), rtol=1e-12)


def test_half_the_identity_halves_the_gradient_a_step():
    layer = nn.RNN(1, 1, nonlinearity="relu", bias=False)
    with torch.no_grad():
        layer.weight_ih_l0.fill_(1.0)
        layer.weight_hh_l0.fill_(0.5)
    traced = trace(layer, torch.ones(3, 1, 1), loss_fn=lambda output, _: output[0][-1].sum())["l0"]
    np.testing.assert_array_equal(traced.grad_norm("hidden"), [[0.25, 0.5, 1.0]])


def biased_lstm(**biases: float) -> nn.LSTM:
    """An LSTM with the given gate biases, the rest as PyTorch draws it."""
    layer = nn.LSTM(D, H, batch_first=True)
    order = CELLS["lstm"].packed({})
    with torch.no_grad():
        for gate, bias in biases.items():
            k = order.index(gate)
            layer.bias_ih_l0[k * H : (k + 1) * H] = bias
            layer.bias_hh_l0[k * H : (k + 1) * H] = 0.0
    return layer


def last_cell(output, _):
    return output[1][1].sum()


def test_without_recurrent_weights_the_cell_gradient_is_the_product_of_forget_gates():
    torch.manual_seed(0)
    layer = biased_lstm(forget=1.0)
    nn.init.zeros_(layer.weight_hh_l0)
    traced = trace(layer, torch.randn(B, T, D), loss_fn=last_cell)["l0"]
    f = traced.gates["forget"]
    after = np.concatenate([f[:, 1:], np.ones((B, 1, H))], axis=1)
    products = np.cumprod(after[:, ::-1], axis=1)[:, ::-1]
    np.testing.assert_allclose(traced.grad_cell, products, rtol=1e-12)


def test_a_constant_forget_gate_halves_the_cell_gradient_every_half_life():
    f = 0.5 ** (1 / 4)  # half-life ln 2 / -ln f = 4 steps
    layer = biased_lstm(forget=float(np.log(f / (1 - f))))
    nn.init.zeros_(layer.weight_hh_l0)
    nn.init.zeros_(layer.weight_ih_l0)
    traced = trace(layer, torch.randn(B, T, D), loss_fn=last_cell)["l0"]
    halves = 0.5 ** (np.arange(T - 1, -1, -1) / 4)
    np.testing.assert_allclose(traced.grad_cell[0, :, 0], halves, rtol=1e-6)


class StartedLSTM(nn.Module):
    def __init__(self, layer, c_0):
        super().__init__()
        self.layer, self.c_0 = layer, c_0

    def forward(self, x):
        return self.layer(x, (torch.zeros_like(self.c_0), self.c_0))


def test_forget_gate_of_one_keeps_the_cell_state_and_its_gradient():
    torch.manual_seed(1)
    c_0 = torch.randn(1, B, H)
    model = StartedLSTM(biased_lstm(forget=800.0, input=-800.0), c_0)
    traced = trace(model, torch.randn(B, T, D), loss_fn=last_cell)["layer.l0"]
    kept = np.broadcast_to(c_0.double().transpose(0, 1), (B, T, H))
    np.testing.assert_array_equal(traced.cell, kept)
    np.testing.assert_array_equal(traced.grad_cell, np.ones((B, T, H)))


def test_update_gate_of_one_keeps_the_hidden_state_of_a_gru():
    layer = nn.GRU(D, H)
    with torch.no_grad():
        layer.bias_ih_l0[H : 2 * H] = 800.0
    traced = trace(layer, torch.randn(T, B, D))["l0"]
    assert not traced.hidden.any()


def test_relu_has_slope_zero_where_it_is_off_and_at_zero():
    slope = CELLS["rnn_relu"].slope(np.array([0.0, 2.0]))
    np.testing.assert_array_equal(slope, [0.0, 1.0])


def test_sigmoid_is_exact_at_both_ends():
    a = np.array([-800.0, -40.0, 0.0, 40.0, 800.0])
    np.testing.assert_allclose(sigmoid(a), [0.0, np.exp(-40.0), 0.5, 1.0, 1.0], rtol=1e-15)


def test_large_and_small_products_are_the_same_product():
    generator = np.random.default_rng(0)
    a, b = generator.normal(size=(80, 70)), generator.normal(size=(70, 60))
    assert len(a) * b.size > SMALL_PRODUCT
    rows = np.concatenate([product(row[None], b) for row in a])
    np.testing.assert_allclose(product(a, b), rows, rtol=1e-12, atol=1e-13)


@pytest.mark.parametrize("cell", ["lstm_variant", "nested_lstm", "min_gru", "min_lstm"])
def test_a_pass_that_nothing_learns_from_keeps_no_gates(
    cell: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    layer = Unrolled(cell_of(cell), 3, 4, num_layers=2, batch_first=True)
    x, gates = torch.randn(2, 30, 3), list[weakref.ref[torch.Tensor]]()
    step, most = layer.spec.step, [0]

    def noting(*taken: Any) -> Any:
        made = step(*taken)
        gates.extend(map(weakref.ref, made.gates.values()))
        most[0] = max(most[0], sum(each() is not None for each in gates))
        return made

    monkeypatch.setattr(type(layer.spec), "step", staticmethod(noting))
    learned = layer(x)[0]
    kept = most[0]
    gates.clear()
    most[0] = 0
    with torch.no_grad():
        torch.testing.assert_close(layer(x)[0], learned)
    assert kept > 10 * most[0] > 0
