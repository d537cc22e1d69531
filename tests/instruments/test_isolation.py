"""A trace leaves no mark, and copes with what real models do."""

import random
import warnings

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn.utils import parametrizations

from lstm_viz.errors import ConfigError
from lstm_viz.instruments.gradient_flow import gradient_flow
from lstm_viz.instruments.isolation import SMALL_LAYER
from lstm_viz.instruments.trace import trace

B, T, D, H = 3, 6, 4, 5


class Model(nn.Module):
    """Something of everything that has a state."""

    def __init__(self):
        super().__init__()
        self.normed = nn.BatchNorm1d(D)
        self.lstm = nn.LSTM(D, H, 2, batch_first=True, dropout=0.5, bidirectional=True)
        self.gru = nn.GRU(2 * H, H, batch_first=True)
        self.dropout = nn.Dropout(0.5)
        self.head = nn.Linear(H, 1)
        self.fails = False

    def forward(self, x):
        x = self.normed(x.transpose(1, 2)).transpose(1, 2)
        x = x + 0.1 * torch.randn_like(x) * random.random() * np.random.rand()  # noqa: NPY002
        out, _ = self.gru(self.lstm(x)[0])
        if self.fails:
            raise RuntimeError("the model fails")
        return self.head(self.dropout(out[:, -1]))


def mean_square(output, targets):
    return (output - targets).square().mean()


def everything(model):
    """All that a trace could change, in a form that compares."""
    kinds = ("_forward_hooks", "_forward_pre_hooks", "_backward_hooks", "_backward_pre_hooks")
    return {
        "weights": {k: (v.tolist(), v.dtype, v.device) for k, v in model.state_dict().items()},
        "identity": [id(p) for p in model.parameters()],
        "grads": [None if p.grad is None else p.grad.tolist() for p in model.parameters()],
        "requires": [p.requires_grad for p in model.parameters()],
        "training": [m.training for m in model.modules()],
        "hooks": [[list(getattr(m, kind)) for kind in kinds] for m in model.modules()],
        "attributes": [sorted(vars(m)) for m in model.modules()],
        "random": (torch.get_rng_state().tolist(), random.getstate()),
        "numpy": str(np.random.get_state()),  # noqa: NPY002
        "process": (torch.get_default_dtype(), torch.get_num_threads(), torch.is_grad_enabled()),
        "cudnn": torch.backends.cudnn.enabled,
    }


def failing_loss(output, targets):
    raise RuntimeError("the loss fails")


@pytest.mark.parametrize("training", [True, False])
@pytest.mark.parametrize("has_grads", [True, False])
@pytest.mark.parametrize(
    ("ending", "loss_fn", "error"),
    [
        ("well", mean_square, None),
        ("well", None, None),
        ("model", mean_square, RuntimeError),
        ("loss", failing_loss, RuntimeError),
        ("loss", lambda output, targets: output, ConfigError),
    ],
)
def test_a_trace_changes_nothing(training, has_grads, ending, loss_fn, error):
    torch.manual_seed(0)
    model, x, targets = Model(), torch.randn(B, T, D), torch.zeros(B, 1)
    if has_grads:
        mean_square(model(x), targets).backward()
    model.train(training)
    model.lstm.eval()
    model.fails = ending == "model"
    model.gru.register_forward_hook(lambda *_: None)
    model.lstm.register_full_backward_hook(lambda *_: None)
    before, given = everything(model), (x.clone(), targets.clone())
    if error is None:
        trace(model, x, loss_fn=loss_fn, targets=targets)
    else:
        with pytest.raises(error):
            trace(model, x, loss_fn=loss_fn, targets=targets)
    assert everything(model) == before
    assert torch.equal(x, given[0])
    assert torch.equal(targets, given[1])
    assert x.grad is None


@pytest.mark.parametrize(("hidden_size", "during"), [(SMALL_LAYER, 1), (SMALL_LAYER + 1, 3)])
def test_a_small_layer_runs_on_one_thread_and_the_threads_come_back(hidden_size, during):
    def loss_fn(output, targets):
        assert torch.get_num_threads() == during
        raise RuntimeError("the loss fails")

    before = torch.get_num_threads()
    torch.set_num_threads(3)
    try:
        with pytest.raises(RuntimeError, match="the loss fails"):
            trace(nn.RNN(1, hidden_size), torch.randn(1, 1, 1), loss_fn=loss_fn)
        assert torch.get_num_threads() == 3
    finally:
        torch.set_num_threads(before)


def test_dropout_is_off_and_batch_statistics_stand_still():
    torch.manual_seed(0)
    model, x = Model(), torch.randn(B, T, D)
    model.normed.momentum = 1.0
    random.seed(0)
    np.random.seed(0)  # noqa: NPY002
    first, second = trace(model, x), trace(model, x)
    for name in first:
        np.testing.assert_array_equal(first[name].hidden, second[name].hidden)


@pytest.mark.parametrize("around", [torch.no_grad, torch.inference_mode])
def test_a_caller_without_gradients_still_gets_them_traced(around):
    layer = nn.LSTM(D, H)
    with around():
        x = torch.randn(T, B, D)
        traced = trace(layer, x, loss_fn=lambda output, _: output[0].sum())["l0"]
    assert traced.grad_hidden.all()


class KeepsItsState(nn.Module):
    """Starts each batch where the last one ended; the stored state belongs to a graph."""

    def __init__(self):
        super().__init__()
        self.rnn = nn.RNN(D, H, batch_first=True)
        self.state = None
        self.history = [{}]

    def forward(self, x):
        out, self.state = self.rnn(x, self.state)
        self.history[0]["last"] = self.state
        return out


def test_a_model_that_keeps_its_last_hidden_state_starts_from_it_and_keeps_it():
    torch.manual_seed(0)
    model, x = KeepsItsState(), torch.randn(B, T, D)
    model(x)
    kept = model.state
    traced = trace(model, x, loss_fn=lambda output, _: output.sum())["rnn.l0"]
    assert model.state is kept is model.history[0]["last"]
    assert kept.grad_fn is not None
    with torch.no_grad():
        np.testing.assert_allclose(traced.hidden, model(x), atol=1e-5)


class MakesItsOwnState(nn.Module):
    """As most tutorials write it; and a cast to float32 of the input."""

    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(D, H, 2, batch_first=True)

    def forward(self, x):
        h_0 = torch.zeros(2, x.size(0), H)
        c_0 = torch.ones(2, x.size(0), H, dtype=torch.float32)
        return self.lstm(x.float(), (h_0, c_0))[0]


def test_a_model_that_makes_its_first_state_in_float32_is_traced():
    torch.manual_seed(0)
    model, x = MakesItsOwnState(), torch.randn(B, T, D)
    traced = trace(model, x, loss_fn=lambda output, _: output.sum())["lstm.l1"]
    np.testing.assert_allclose(traced.hidden, model(x).detach(), atol=1e-5)


class Overwrites(nn.Module):
    """Writes into its input and into what the layers return."""

    def __init__(self, *, batch_first):
        super().__init__()
        self.lstm = nn.LSTM(D, H, batch_first=batch_first)

    def forward(self, x):
        x.mul_(2.0)
        out, (_, c_n) = self.lstm(x)
        out.mul_(3.0).relu_()
        c_n.zero_()
        return out.sum() + c_n.sum()


@pytest.mark.parametrize("batch_first", [True, False])
def test_a_model_may_write_into_what_it_gets(batch_first):
    torch.manual_seed(0)
    model, x = Overwrites(batch_first=batch_first), torch.randn(B, T, D)
    kept = x.clone()
    traced = trace(model, x, loss_fn=lambda output, _: output)["lstm.l0"]
    assert torch.equal(x, kept)
    h = model.lstm(2 * x)[0].detach()
    if not batch_first:
        h = h.transpose(0, 1)
    np.testing.assert_allclose(traced.hidden, h, atol=1e-5)
    np.testing.assert_array_equal(traced.grad_hidden[:, -1], 3.0 * (traced.hidden[:, -1] > 0))


@pytest.mark.parametrize("normalised", ["old", "new", "spectral"])
def test_normalised_weights_are_those_that_the_layer_ran_with(normalised):
    torch.manual_seed(0)
    layer, x = nn.GRU(D, H, batch_first=True), torch.randn(B, T, D)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)
        if normalised == "old":
            nn.utils.weight_norm(layer, "weight_hh_l0")
        elif normalised == "new":
            parametrizations.weight_norm(layer, "weight_hh_l0")
        else:
            parametrizations.spectral_norm(layer, "weight_hh_l0")
    layer(x)[0].sum().backward()
    layer.eval()
    traced = trace(layer, x, loss_fn=lambda output, _: output[0].sum())["l0"]
    np.testing.assert_allclose(traced.hidden, layer(x)[0].detach(), atol=1e-5)


def test_a_users_hook_that_changes_the_output_changes_the_derivative_and_not_h():
    torch.manual_seed(0)
    layer, x = nn.RNN(D, H), torch.randn(T, B, D)
    plain = trace(layer, x, loss_fn=lambda output, _: output[0].sum())["l0"]
    layer.register_forward_hook(lambda module, args, output: (2.0 * output[0], output[1]))
    hooked = trace(layer, x, loss_fn=lambda output, _: output[0].sum())["l0"]
    np.testing.assert_array_equal(hooked.hidden, plain.hidden)
    np.testing.assert_allclose(hooked.grad_hidden, 2.0 * plain.grad_hidden)


def test_a_users_backward_hook_is_not_called():
    calls, layer = [], nn.LSTM(D, H)
    layer.register_full_backward_hook(lambda *_: calls.append(1))
    trace(layer, torch.randn(T, B, D), loss_fn=lambda output, _: output[0].sum())
    assert not calls


def test_a_spectral_norm_in_training_mode_is_read_as_in_eval_mode() -> None:
    torch.manual_seed(3)
    rnn = nn.utils.parametrizations.spectral_norm(nn.RNN(3, 4, batch_first=True), "weight_hh_l0")
    rnn, x = rnn.double(), torch.randn(2, 12, 3, dtype=torch.float64)
    assert rnn.training
    hidden, flow = trace(rnn, x)["l0"].hidden, gradient_flow(rnn, x)
    rnn.eval()
    np.testing.assert_allclose(hidden, rnn(x)[0].detach(), rtol=0, atol=1e-14)
    np.testing.assert_allclose(flow, gradient_flow(rnn, x), rtol=0, atol=1e-14)
