"""A trace runs a copy; where the original runs as well, that is refused."""

import warnings

import numpy as np
import pytest
import torch
from torch import nn

from lstm_viz.errors import ConfigError, UnsupportedModelError
from lstm_viz.instruments.trace import trace
from lstm_viz.models.layers import LSTMVariant

B, T, D, H = 3, 6, 4, 5
KINDS = [nn.RNN, nn.LSTM, nn.GRU, LSTMVariant]
DTYPES = [torch.float32, torch.float64]


class Reader(nn.Module):
    """Reads with a layer, through a function that may hold on to the model."""

    def __init__(self, kind=nn.LSTM, run=None):
        super().__init__()
        self.layer, self.head = kind(D, H, batch_first=True), nn.Linear(H, 1)
        self.run = run

    def forward(self, x):
        h = self.run(x) if self.run else self.layer(x)[0]
        return self.head(h)


def inputs():
    torch.manual_seed(0)
    return torch.randn(B, T, D)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("differentiates", [True, False])
def test_a_function_in_the_model_that_runs_the_original_is_refused(kind, dtype, differentiates):
    model, x = Reader(kind), inputs()
    model.run = lambda x: model.layer(x)[0]
    loss_fn = (lambda output, _: output.sum()) if differentiates else None
    with pytest.raises(UnsupportedModelError, match=rf"the original's 'layer' \({kind.__name__}\)"):
        trace(model, x, loss_fn=loss_fn, dtype=dtype)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("dtype", DTYPES)
def test_a_loss_that_runs_the_model_again_is_refused(kind, dtype):
    model, x = Reader(kind), inputs()
    for again in (lambda _: model(x), lambda o: model(o.expand(B, T, D))):
        with pytest.raises(ConfigError, match=r"runs the model again \('layer'.*torch.no_grad"):
            trace(model, x, loss_fn=lambda o, _, f=again: o.sum() + f(o).sum(), dtype=dtype)


@pytest.mark.parametrize("kind", KINDS)
def test_a_target_that_the_model_gives_is_a_constant_of_the_loss(kind):
    model, x = Reader(kind), inputs()
    with torch.no_grad():
        target = model(x + 1.0)

    def consistent(output, _):
        with torch.no_grad():
            own = model(x + 1.0)
        return (output - own).square().sum()

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = trace(model, x, loss_fn=consistent)["layer.l0"]
    expected = trace(model, x, loss_fn=lambda o, t: (o - t).square().sum(), targets=target)
    np.testing.assert_allclose(found.grad_hidden, expected["layer.l0"].grad_hidden, atol=1e-6)


def test_the_weights_and_the_head_of_the_original_may_be_in_the_loss():
    model, x = Reader(), inputs()

    def penalised(output, _):
        weights = sum(parameter.square().sum() for parameter in model.parameters())
        return model.head(output.expand(B, T, H)).sum() + weights

    assert trace(model, x, loss_fn=penalised)["layer.l0"].grad_hidden.any()


def test_an_error_of_the_models_own_stays_its_own():
    def fails(x):
        raise RuntimeError("the model fails")

    with pytest.raises(RuntimeError, match="the model fails"):
        trace(Reader(run=fails), inputs())


class Turned(nn.Module):
    """Reads what complex weights, a complex buffer and a complex tensor make of x."""

    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.tensor([1 + 1j, 2 - 1j, 1j, 0.5]))
        self.register_buffer("turn", torch.tensor(1j))
        self.kept = torch.tensor(1 - 2j)
        self.layer = nn.GRU(D, H, batch_first=True)

    def forward(self, x):
        turned = x * self.weight * self.turn * self.kept
        return self.layer(turned.real + turned.imag.square())[0]


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("of_x", [1.0, 1j])
def test_complex_weights_and_inputs_stay_complex(dtype, of_x):
    model, x = Turned(), inputs() * of_x
    traced = trace(model, x, loss_fn=lambda output, _: output.sum(), dtype=dtype)["layer.l0"]
    np.testing.assert_allclose(traced.hidden, model(x).detach(), atol=1e-6)
    assert model.weight.dtype == model.turn.dtype == torch.complex64
