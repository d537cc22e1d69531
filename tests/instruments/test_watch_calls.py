"""How layers are called: what makes up a pass is shown whole, refused, or named as missing."""

import warnings

import numpy as np
import pytest
import torch
from torch import nn
from torch.func import functional_call, grad
from torch.utils.checkpoint import checkpoint

from lstm_viz.errors import ConfigError, LstmVizWarning, UnsupportedModelError
from lstm_viz.instruments.trace import trace
from lstm_viz.instruments.watch import watch
from tests.instruments.oracle import assert_equal_traces
from tests.instruments.two_parts import B, D, H, T, TwoParts, x

ones = torch.ones(T, B, H)


class Siamese(nn.Module):
    """Begins each time with a state that is learned, and returns its last one."""

    def __init__(self):
        super().__init__()
        self.first, self.gru = nn.Parameter(torch.zeros(1, 1, H)), nn.GRU(D, H)

    def forward(self, x):
        return self.gru(x, self.first.expand(-1, x.shape[1], -1).contiguous())[1]


def test_two_calls_that_do_not_go_on_from_each_other_are_two_passes():
    model = Siamese()
    with watch(model) as watcher:
        (model(x) - model(x + 1.0)).square().sum().backward()
        with pytest.warns(LstmVizWarning, match="only the last is shown"):
            traces = watcher.traces
        np.testing.assert_allclose(traces["gru.l0"].input, (x + 1.0).transpose(0, 1))
        for each in (x, x + 1.0):  # and passes with a backward pass of their own are no such pair
            model(each).sum().backward()
        assert quiet(watcher)


def test_calls_from_outside_of_forward_after_a_backward_pass_are_another_pass():
    model = TwoParts()
    with watch(model) as watcher:
        model.encode(x).sum().backward()
        model.decode(torch.ones(T, B, H)).sum().backward()
        with pytest.warns(LstmVizWarning, match=r"Missing from the traces: 'encoder' \(GRU\)\."):
            assert list(watcher.traces) == ["decoder.l0"]


def test_calls_from_outside_of_forward_that_nothing_connects_are_shown_with_a_warning():
    model = TwoParts()
    with watch(model) as watcher:
        model.encode(x)
        model.decode(torch.ones(T, B, H)).sum().backward()
        with pytest.warns(LstmVizWarning, match=r"Nothing connects 'encoder' \(GRU\)"):
            assert not watcher.traces["encoder.l0"].grad_hidden.any()


def test_two_calls_from_outside_with_a_backward_pass_each_may_be_two_passes():
    model = TwoParts()
    with watch(model) as watcher:
        losses = model.encode(x).sum(), model.decode(torch.ones(2, 1, H)).sum()
        for loss in losses:
            loss.backward()
        with pytest.warns(LstmVizWarning, match=r"Nothing connects 'encoder' \(GRU\)"):
            assert watcher.traces["decoder.l0"].hidden.shape == (1, 2, H)


def quiet(watcher):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return watcher.traces


@pytest.mark.parametrize(
    "step",
    [
        lambda model: model.decode(model.encode(x)).sum().backward(),
        lambda model: model.decode(model.encode(x).detach()).sum().backward(),
        lambda model: model.forward(x).sum().backward(),
        lambda model: (model.encode(x).sum() + model.decode(ones).sum()).backward(),
    ],
)
def test_calls_from_outside_of_forward_that_belong_together_are_shown_without_a_word(step):
    model = TwoParts()
    with watch(model) as watcher:
        for _ in range(2):
            step(model)
        assert list(quiet(watcher)) == ["encoder.l0", "decoder.l0"]


class Calls(TwoParts):
    def __init__(self, run):
        super().__init__()
        self.run = run

    def forward(self, x):
        return self.run(self, x)


def test_a_layer_called_by_its_forward_is_named_as_missing():
    model = Calls(lambda model, x: model.decode(model.encoder.forward(x)[0]))
    with watch(model) as watcher:
        model(x).sum().backward()
        with pytest.warns(
            LstmVizWarning, match=r"Missing.*'encoder' \(GRU\).*'self.lstm\(x\)'"
        ) as w:
            assert list(watcher.traces) == ["decoder.l0"]
    assert w[0].filename == __file__ and "did not run" in str(w[0].message)


def test_a_model_that_calls_no_layer_as_a_module_is_refused():
    model = Calls(lambda model, x: model.decoder.forward(model.encoder.forward(x)[0])[0])
    with watch(model) as watcher:
        model(x).sum().backward()
        with pytest.raises(UnsupportedModelError, match=r"\(Calls\) ran as a module"):
            _ = watcher.traces


def test_a_layer_that_runs_without_gradients_in_a_training_step_stays_in_its_pass():
    def run(model, x):
        with torch.no_grad():
            code = model.encode(x)
        return model.decode(code)

    model = Calls(run)
    with watch(model) as watcher:
        for _ in range(2):
            model(x).sum().backward()
            traces = quiet(watcher)
            assert traces["encoder.l0"].grad_hidden is None
            assert traces["decoder.l0"].grad_hidden.all()


def test_a_watcher_that_was_never_started_says_so():
    model = nn.LSTM(D, H)
    watcher = watch(model)
    model(x)[0].sum().backward()
    with pytest.raises(ConfigError, match=r"never started.*'with watch\(model\) as watcher:'"):
        _ = watcher.traces


def test_a_watcher_that_runs_already_says_so_and_runs_on():
    model = nn.LSTM(D, H)
    with watch(model) as watcher:
        with pytest.raises(ConfigError, match=r"running already.*'watch\(model\)'"):
            watcher.__enter__()
        model(x)[0].sum().backward()
        assert quiet(watcher)
    with watcher:  # and may be started again after its block
        model(x)[0].sum().backward()
    assert not model._forward_hooks


@pytest.mark.parametrize("path", ["late", "encoder"])
def test_a_layer_that_the_model_got_later_is_named(path):
    model = TwoParts()
    with watch(model) as watcher:
        model.add_module(path, nn.GRU(D, H))
        model(x).sum().backward()
        with pytest.warns(LstmVizWarning, match=rf"Missing.*: '{path}' \(GRU\)\. It was added"):
            assert "decoder.l0" in watcher.traces


def test_a_layer_that_the_model_got_before_the_block_is_watched():
    model = TwoParts()
    watcher = watch(model)
    model.encoder = nn.GRU(D, H)
    with watcher:
        model(x).sum().backward()
    assert list(quiet(watcher)) == ["encoder.l0", "decoder.l0"]


def test_a_watcher_of_a_model_that_did_not_run_says_so():
    with watch(nn.LSTM(D, H)) as watcher:
        pass
    with pytest.warns(LstmVizWarning, match="has not run yet"):
        assert watcher.traces == {}


@pytest.mark.parametrize("whole", [False, True])
def test_a_reentrant_checkpoint_is_refused(whole):
    def run(model, x):
        return model.decode(x if whole else checkpoint(model.encode, x, use_reentrant=True))

    if whole:
        model = TwoParts()
        call = lambda x: checkpoint(model, x, use_reentrant=True)  # noqa: E731
    else:
        call = model = Calls(run)
    with watch(model) as watcher:
        for _ in range(2):
            call(x.clone().requires_grad_()).sum().backward()
            with pytest.raises(
                UnsupportedModelError, match=r"'encoder' \(GRU\).*use_reentrant=False"
            ):
                _ = watcher.traces
        if whole:
            model(x).sum().backward()
            assert watcher.traces["encoder.l0"].grad_hidden.any()


def test_a_checkpoint_of_the_whole_model_is_watched_like_the_model():
    model = TwoParts()
    expected = trace(model, x, loss_fn=lambda output, _: output.sum())
    with watch(model) as watcher:
        for _ in range(2):
            checkpoint(model, x, use_reentrant=False).sum().backward()
        assert_equal_traces(watcher.traces, expected, atol=1e-5)


def test_a_functional_call_trains_and_a_functional_derivative_does_not():
    model = TwoParts()
    weights = {name: p.detach().clone() for name, p in model.named_parameters()}
    with watch(model) as watcher:
        leaves = {name: weight.clone().requires_grad_() for name, weight in weights.items()}
        functional_call(model, leaves, (x,)).sum().backward()
        seen = watcher.traces
        assert seen["encoder.l0"].grad_hidden.any()
        grad(lambda weights: functional_call(model, weights, (x + 1.0,)).sum())(weights)
        assert all(watcher.traces[name] is seen[name] for name in seen)
