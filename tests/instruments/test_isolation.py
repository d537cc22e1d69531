"""A trace leaves no mark, and copes with what real models do."""

import random
import warnings

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn.utils import parametrizations
from torch.utils.checkpoint import checkpoint

from lstm_viz.errors import ConfigError, UnsupportedModelError
from lstm_viz.instruments.isolation import SMALL_LAYER
from lstm_viz.instruments.trace import trace
from lstm_viz.instruments.watch import watch

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


def test_a_loss_that_is_a_module_follows_the_trace_into_float64():
    layer = nn.Sequential(nn.Embedding(10, D), nn.LSTM(D, H, batch_first=True))
    layer.append(Last())
    loss_fn = nn.CrossEntropyLoss(weight=torch.ones(H))
    tokens, targets = torch.randint(10, (B, T)), torch.randint(H, (B,))
    traced = trace(layer, tokens, loss_fn=loss_fn, targets=targets)["1.l0"]
    assert traced.grad_hidden.any()
    assert loss_fn.weight.dtype == torch.float32


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


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
@pytest.mark.parametrize("layer", [nn.RNN, nn.LSTM, nn.GRU])
def test_a_model_on_cuda_gives_the_same_trace_and_stays_there(layer):
    torch.manual_seed(0)
    model, x = layer(D, H, 2, bidirectional=True), torch.randn(T, B, D)
    on_cpu = trace(model, x, loss_fn=lambda output, _: output[0].square().sum())
    model.cuda()
    state = torch.cuda.get_rng_state()
    on_cuda = trace(model, x.cuda(), loss_fn=lambda output, _: output[0].square().sum())
    assert torch.equal(state, torch.cuda.get_rng_state())
    assert next(model.parameters()).device.type == "cuda"
    for name in on_cpu:
        for field in ("hidden", "grad_hidden"):
            mine, theirs = getattr(on_cuda[name], field), getattr(on_cpu[name], field)
            np.testing.assert_allclose(mine, theirs, rtol=1e-10, atol=1e-10)
