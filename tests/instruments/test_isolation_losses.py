"""Losses, hooks and models of every make are traced without a mark left on them."""

import numpy as np
import pytest
import torch
from torch import nn
from torch.utils.checkpoint import checkpoint

from lstm_viz.errors import UnsupportedModelError
from lstm_viz.instruments.trace import trace
from lstm_viz.instruments.watch import watch

B, T, D, H = 3, 6, 4, 5


def mean_square(output, targets):
    return (output - targets).square().mean()


class Last(nn.Module):
    def forward(self, returned):
        return returned[0][:, -1]


class HasItsOwnLoss(nn.Module):
    def __init__(self):
        super().__init__()
        self.gru = nn.GRU(D, H, batch_first=True)
        self.scale = nn.Parameter(torch.ones(H))
        self.calls = 0

    def forward(self, x):
        return self.gru(x)[0]

    def loss(self, output, targets):
        self.calls += 1
        return (output @ self.scale - targets).square().mean()


def test_a_loss_that_is_a_method_of_the_model_is_that_of_the_copy():
    model = HasItsOwnLoss()
    traced = trace(model, torch.randn(B, T, D), loss_fn=model.loss, targets=torch.zeros(B, T))
    assert traced["gru.l0"].grad_hidden.any()
    assert model.calls == 0


def test_a_trace_inside_a_watched_loop_is_not_part_of_it():
    model, x = nn.LSTM(D, H), torch.randn(T, B, D)
    with watch(model) as watcher:
        model(x)[0].sum().backward()
        seen = watcher.traces["l0"]
        trace(model, x + 1.0, loss_fn=lambda output, _: output[0].square().sum())
        assert watcher.traces["l0"] is seen


@pytest.mark.parametrize("dtype", [torch.float32, torch.float16, torch.bfloat16])
def test_a_trace_in_low_precision_runs_the_model_in_it(dtype):
    torch.manual_seed(0)
    layer, x = nn.LSTM(D, H), torch.randn(T, B, D)
    exact = trace(layer, x, loss_fn=lambda output, _: output[0].sum())["l0"]
    rough = trace(layer, x, loss_fn=lambda output, _: output[0].sum(), dtype=dtype)["l0"]
    assert rough.hidden.dtype == np.float64
    assert not np.array_equal(rough.hidden, exact.hidden)
    np.testing.assert_allclose(rough.hidden, exact.hidden, atol=0.02)
    np.testing.assert_allclose(rough.grad_cell, exact.grad_cell, atol=0.1)


def test_two_layers_of_one_model_run_in_the_order_of_the_calls():
    class Backwards(nn.Module):
        def __init__(self):
            super().__init__()
            self.a, self.b = nn.RNN(H, H), nn.RNN(D, H)

        def forward(self, x):
            return self.a(self.b(x)[0])[0]

    assert list(trace(Backwards(), torch.randn(T, B, D))) == ["b.l0", "a.l0"]


class Checkpointed(nn.Module):
    """Runs its layers again in the backward pass."""

    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(D, H, 2)

    def forward(self, x):
        return checkpoint(lambda x: self.lstm(x)[0], x, use_reentrant=False)


def test_a_checkpointed_layer_is_traced_and_watched_like_any_other():
    torch.manual_seed(0)
    model, x = Checkpointed(), torch.randn(T, B, D)
    traces = trace(model, x, loss_fn=lambda output, _: output.sum())
    plain = trace(model.lstm, x, loss_fn=lambda output, _: output[0].sum())
    with watch(model) as watcher:
        model(x).sum().backward()
    for name in plain:
        mine, watched = traces[f"lstm.{name}"], watcher.traces[f"lstm.{name}"]
        np.testing.assert_array_equal(mine.grad_hidden, plain[name].grad_hidden)
        np.testing.assert_allclose(watched.grad_hidden, plain[name].grad_hidden, atol=1e-5)


@pytest.mark.parametrize("layer", [nn.RNN, nn.LSTM, nn.GRU])
def test_an_empty_batch_gives_empty_arrays(layer):
    traced = trace(layer(D, H, 2), torch.randn(T, 0, D), loss_fn=lambda output, _: output[0].sum())
    assert traced["l1"].grad_norm("hidden").shape == (0, T)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_a_model_that_diverged_is_shown_as_it_is(dtype):
    torch.manual_seed(0)
    layer = nn.RNN(D, H, 2, nonlinearity="relu")
    with torch.no_grad():
        layer.weight_hh_l0.fill_(1e30)
    x = torch.ones(40, B, D)
    traced = trace(layer, x, loss_fn=lambda output, _: output[0].sum(), dtype=dtype)["l0"]
    assert not np.isfinite(traced.hidden[:, -1]).any()
    with torch.no_grad():
        layer.weight_hh_l1.fill_(torch.nan)
    traced = trace(layer, x, loss_fn=lambda output, _: output[0].sum(), dtype=dtype)["l1"]
    assert np.isnan(traced.grad_norm("hidden")[:, 0]).all()


def test_what_cannot_be_copied_is_said():
    model = nn.Sequential(nn.LSTM(D, H))
    model.generator = (n for n in range(3))
    with pytest.raises(UnsupportedModelError, match=r"cannot be copied.*generator"):
        trace(model, torch.randn(T, B, D))


def test_a_loss_that_is_a_module_follows_the_trace_into_float64():
    layer = nn.Sequential(nn.Embedding(10, D), nn.LSTM(D, H, batch_first=True))
    layer.append(Last())
    loss_fn = nn.CrossEntropyLoss(weight=torch.ones(H))
    tokens, targets = torch.randint(10, (B, T)), torch.randint(H, (B,))
    traced = trace(layer, tokens, loss_fn=loss_fn, targets=targets)["1.l0"]
    assert traced.grad_hidden.any()
    assert loss_fn.weight.dtype == torch.float32


class Slope(nn.Module):
    """An answer made of h², and its derivative by the input or by h."""

    def __init__(self, by, only):
        super().__init__()
        self.lstm, self.by, self.only = nn.LSTM(D, H, batch_first=True), by, only

    def forward(self, x):
        x = x.requires_grad_()
        h = self.lstm(x)[0]
        answer = h if self.by == "a linear answer" else h**2
        by = h if self.by == "h" else x
        (slope,) = torch.autograd.grad(answer.sum(), by, create_graph=True)
        return slope if self.only else (answer, slope)


@pytest.mark.parametrize("by", ["x", "a linear answer"])
@pytest.mark.parametrize("only", [False, True])
def test_a_derivative_through_a_layer_in_the_loss_is_refused(by, only):
    def loss(given, _):
        return given.square().sum() if only else given[0].sum() + given[1].square().sum()

    model, x = Slope(by, only), torch.randn(B, T, D)
    with pytest.raises(UnsupportedModelError, match=r"create_graph=True.*Leave that part out"):
        trace(model, x, loss_fn=loss)
    if not only:
        assert trace(model, x, loss_fn=lambda given, _: given[0].sum())["lstm.l0"].grad_hidden.any()


def test_a_derivative_that_goes_through_no_layer_is_traced_exactly():
    model, x = Slope("h", only=True), torch.randn(B, T, D)
    penalised = trace(model, x, loss_fn=lambda slope, _: slope.square().sum())  # (2 h)²
    plain = trace(model.lstm, x, loss_fn=lambda given, _: 4 * given[0].square().sum())
    np.testing.assert_allclose(penalised["lstm.l0"].grad_hidden, plain["l0"].grad_hidden)
