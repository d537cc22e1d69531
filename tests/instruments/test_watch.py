"""Watching shows what a trace shows, of the pass that trained, and changes no bit of it."""

import copy
import io

import numpy as np
import pytest
import torch
from torch import nn

from lstm_viz.errors import LstmVizWarning
from lstm_viz.instruments.trace import trace
from lstm_viz.instruments.watch import watch
from tests.instruments.oracle import Unrolled, assert_equal_traces, assert_same
from tests.instruments.two_parts import TwoParts

B, T, D, H = 3, 7, 4, 5
LAYERS = [nn.RNN, nn.LSTM, nn.GRU]


def mean_square(output, targets=None):
    return output[0].square().mean()


class Regressor(nn.Module):
    def __init__(self, layer=nn.LSTM, **options):
        super().__init__()
        self.recurrent = layer(D, H, 2, batch_first=True, **options)
        self.head = nn.Linear(H, 1)

    def forward(self, x):
        return self.head(self.recurrent(x)[0][:, -1])


@pytest.mark.parametrize("layer", LAYERS)
@pytest.mark.parametrize("bidirectional", [False, True])
def test_what_is_watched_in_float64_is_what_autograd_says(layer, bidirectional):
    torch.manual_seed(0)
    model = layer(D, H, 2, bidirectional=bidirectional, dtype=torch.float64)
    x, unrolled = torch.randn(T, B, D, dtype=torch.float64), Unrolled(model)
    mean_square(unrolled(x)).backward()
    with watch(model) as watcher:
        mean_square(model(x)).backward()
    assert list(watcher.traces) == list(unrolled.inside)
    for name, each in watcher.traces.items():
        assert_same(each, unrolled, name)


@pytest.mark.parametrize("layer", LAYERS)
def test_what_is_watched_in_float32_is_the_layers_own_pass(layer):
    torch.manual_seed(0)
    model, x = layer(D, H, 2), torch.randn(60, B, D)
    with watch(model) as watcher:
        output = model(x)
        mean_square(output).backward()
    traced = trace(model, x, loss_fn=mean_square)
    assert_equal_traces(watcher.traces, traced, atol=1e-5)
    h = output[0].detach().transpose(0, 1)
    np.testing.assert_array_equal(watcher.traces["l1"].hidden, h)
    if layer is nn.LSTM:
        again = watcher.traces["l1"]
        np.testing.assert_allclose(again.gates["output"] * np.tanh(again.cell), h, atol=1e-6)


def train(model, *, watched, steps=4, optimizer=torch.optim.Adam):
    torch.manual_seed(1)
    steps_taken = optimizer(model.parameters(), lr=0.05)
    watcher = watch(model)
    if watched:
        watcher.__enter__()
    for step in range(steps):
        x = torch.randn(B + step % 2, T, D)  # the last batch is often smaller
        model(x).square().mean().backward()
        steps_taken.step()
        steps_taken.zero_grad()
        if watched and step % 2:
            assert watcher.traces
    watcher.__exit__(None, None, None)
    return model


@pytest.mark.parametrize("layer", LAYERS)
@pytest.mark.parametrize("optimizer", [torch.optim.Adam, torch.optim.SGD])
def test_training_is_bit_for_bit_the_same(layer, optimizer):
    torch.manual_seed(0)
    model = Regressor(layer, dropout=0.5, bidirectional=False)
    plain = train(copy.deepcopy(model), watched=False, optimizer=optimizer)
    watched = train(copy.deepcopy(model), watched=True, optimizer=optimizer)
    assert not torch.equal(plain.head.weight, model.head.weight)
    for mine, theirs in zip(watched.parameters(), plain.parameters(), strict=True):
        assert torch.equal(mine, theirs)


def test_traces_are_of_the_weights_before_the_optimizer_changed_them():
    torch.manual_seed(0)
    model, x = nn.GRU(D, H), torch.randn(T, B, D)
    before = trace(model, x, loss_fn=mean_square)
    optimizer = torch.optim.SGD(model.parameters(), lr=1.0)
    with watch(model) as watcher:
        mean_square(model(x)).backward()
        optimizer.step()
        x.zero_()  # a batch buffer that is used again
        assert_equal_traces(watcher.traces, before, atol=1e-6)


def test_a_validation_pass_does_not_hide_the_last_training_pass():
    torch.manual_seed(0)
    model, x = Regressor(), torch.randn(B, T, D)
    with watch(model) as watcher:
        model(x).sum().backward()
        shown = watcher.traces
        with torch.no_grad():
            model.eval()(x + 1.0)
        with torch.inference_mode():
            model(x + 2.0)
        model(x + 3.0)  # with gradients, but nothing is done with it
        assert all(watcher.traces[name] is shown[name] for name in shown)
        model(x + 4.0).sum().backward()
        assert not np.array_equal(watcher.traces["recurrent.l0"].input, shown["recurrent.l0"].input)


@pytest.mark.parametrize("around", [torch.no_grad, torch.enable_grad, torch.inference_mode])
def test_before_any_backward_pass_the_last_forward_pass_is_shown(around):
    model, x = nn.LSTM(D, H), torch.randn(T, B, D)
    with watch(model) as watcher:
        with pytest.warns(LstmVizWarning, match="has not run yet"):
            assert watcher.traces == {}
        with around():
            model(x)
            model(x + 1.0)
        traced = watcher.traces["l0"]
    np.testing.assert_allclose(traced.input, (x + 1.0).transpose(0, 1))
    assert traced.grad_hidden is traced.grad_cell is traced.grad_gates is None


def test_gradient_accumulation_shows_its_last_batch():
    torch.manual_seed(0)
    model, batches = nn.LSTM(D, H), torch.randn(3, T, B, D)
    with watch(model) as watcher:
        for x in batches:
            mean_square(model(x)).backward()
    assert_equal_traces(watcher.traces, trace(model, x, loss_fn=mean_square), atol=1e-6)


def test_two_forward_passes_under_one_loss_show_the_second():
    torch.manual_seed(0)
    model, (a, b) = nn.LSTM(D, H), torch.randn(2, T, B, D)
    with watch(model) as watcher:
        (mean_square(model(a)) + mean_square(model(b))).backward()
    with pytest.warns(LstmVizWarning, match=r"several forward passes.* one batch"):
        traces = watcher.traces
    assert_equal_traces(traces, trace(model, b, loss_fn=mean_square), atol=1e-6)


def test_two_backward_passes_over_one_forward_pass_add_up_as_in_grad():
    torch.manual_seed(0)
    model, x = nn.LSTM(D, H), torch.randn(T, B, D)
    with watch(model) as watcher:
        loss = mean_square(model(x))
        loss.backward(retain_graph=True)
        once = watcher.traces["l0"]
        loss.backward()
        twice = watcher.traces["l0"]
    np.testing.assert_allclose(twice.grad_cell, 2.0 * once.grad_cell)


def test_layers_called_from_outside_of_forward_make_up_a_pass_together():
    torch.manual_seed(0)
    model = TwoParts()
    with watch(model) as watcher:
        for x in torch.randn(2, T, B, D):
            model.decode(model.encode(x)).square().sum().backward()
    traces = watcher.traces
    assert list(traces) == ["encoder.l0", "decoder.l0"]
    np.testing.assert_allclose(traces["encoder.l0"].input, x.transpose(0, 1))
    np.testing.assert_array_equal(traces["decoder.l0"].input, traces["encoder.l0"].hidden)
    assert traces["encoder.l0"].grad_hidden.any()


class Repeats(nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn = nn.RNN(D, H)

    def forward(self, x):
        return self.rnn(x)[0] + self.rnn(x)[0]


def test_a_pass_that_failed_is_not_mixed_with_the_next():
    model, x = nn.Sequential(nn.LSTM(D, H)), torch.randn(T, B, D)
    fails = model.register_forward_hook(lambda *_: 1 / 0)
    with watch(model) as watcher:
        with pytest.raises(ZeroDivisionError):
            model(x)
        fails.remove()
        mean_square(model(x)).backward()
        assert watcher.traces["0.l0"].grad_hidden.any()


def hooks_of(model):
    kinds = ("_forward_hooks", "_forward_pre_hooks", "_backward_hooks", "_backward_pre_hooks")
    return sum(len(getattr(module, kind)) for module in model.modules() for kind in kinds)


@pytest.mark.parametrize("fails", [False, True])
def test_no_hook_stays_behind(fails):
    model = Regressor(dropout=0.2)
    model.head.register_forward_hook(lambda *_: None)
    try:
        with watch(model) as watcher:
            output = model(torch.randn(B, T, D))
            assert hooks_of(model) > 1
            if fails:
                raise KeyboardInterrupt
    except KeyboardInterrupt:
        pass
    assert hooks_of(model) == 1
    output.sum().backward()
    assert watcher.traces["recurrent.l0"].grad_hidden is None


def test_a_model_can_be_watched_again_and_by_two_at_once():
    torch.manual_seed(0)
    model, x = nn.LSTM(D, H), torch.randn(T, B, D)
    with watch(model) as first, watch(model) as second:
        mean_square(model(x)).backward()
        assert_equal_traces(first.traces, second.traces)
    with first:
        mean_square(model(x + 1.0)).backward()
    assert not np.array_equal(first.traces["l0"].input, second.traces["l0"].input)


def test_copies_and_pickles_of_a_watched_model_are_not_watched():
    model, x = nn.LSTM(D, H), torch.randn(T, B, D)
    with watch(model) as watcher:
        mean_square(model(x)).backward()
        seen = watcher.traces["l0"]
        saved = io.BytesIO()
        torch.save(model, saved)
        assert b"lstm_viz" not in saved.getvalue()
        saved.seek(0)
        for twin in (copy.deepcopy(model), torch.load(saved, weights_only=False)):
            mean_square(twin(x + 1.0)).backward()
            assert watcher.traces["l0"] is seen


@pytest.mark.parametrize("batch_first", [True, False])
def test_the_loop_may_write_into_what_the_layer_returned(batch_first):
    torch.manual_seed(0)
    model, x = nn.LSTM(D, H, batch_first=batch_first), torch.randn(B, T, D)
    with watch(model) as watcher:
        output, _ = model(x)
        kept = output.detach().clone()
        output.mul_(3.0).sum().backward()
        traced = watcher.traces["l0"]
    np.testing.assert_array_equal(traced.hidden, kept if batch_first else kept.transpose(0, 1))
    np.testing.assert_allclose(traced.grad_hidden[:, -1], 3.0)


def test_a_frozen_layer_has_no_derivatives_and_one_the_loss_skips_has_zeros():
    torch.manual_seed(0)
    model, x = TwoParts(), torch.randn(T, B, D)
    model.encoder.requires_grad_(requires_grad=False)
    with watch(model) as watcher:
        model.decode(model.encode(x)).sum().backward()
        assert watcher.traces["encoder.l0"].grad_hidden is None
        assert watcher.traces["decoder.l0"].grad_hidden.all()
        model.encoder.requires_grad_()
        model.decode(model.encode(x).detach()).sum().backward()
        assert not watcher.traces["encoder.l0"].grad_hidden.any()
