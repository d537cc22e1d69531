"""A loss that reaches no traced layer is an error; nothing that ran is missing without a word."""

import warnings

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional
from torch.utils.checkpoint import checkpoint

from lstm_viz.errors import ConfigError, LstmVizWarning, UnsupportedModelError
from lstm_viz.instruments.trace import trace

B, T, D, H = 3, 6, 4, 5
x = torch.linspace(-1.0, 1.0, B * T * D).reshape(B, T, D)


class Model(nn.Module):
    """Two layers, the second on what `between` makes of the first."""

    def __init__(self, between=lambda h: h):
        super().__init__()
        self.first = nn.LSTM(D, H, batch_first=True)
        self.second = nn.GRU(H, H, batch_first=True)
        self.head = nn.Linear(H, 1)
        self.between = between

    def forward(self, x):
        return self.head(self.second(self.between(self.first(x)[0]))[0][:, -1])


def without_gradients(model, x):
    with torch.no_grad():
        return model.first(x)[0]


OUT_OF_REACH = {
    "a constant": lambda output, _: torch.zeros(()),
    "detached": lambda output, _: output.detach().sum(),
    "another leaf": lambda output, _: torch.ones(1, requires_grad=True),
    "rounded": lambda output, _: (output > 0).double().mean(),
}


@pytest.mark.parametrize("what", OUT_OF_REACH)
def test_a_loss_that_reaches_no_recurrent_layer_is_refused_with_the_way_out(what):
    model = Model()
    with pytest.raises(ConfigError, match=r"\(Model\).*first argument of 'loss_fn'"):
        trace(model, x, loss_fn=OUT_OF_REACH[what])


def test_a_model_that_detaches_all_its_layers_is_refused():
    model = nn.Sequential(nn.LSTM(D, H, batch_first=True))
    model.register_forward_hook(lambda module, args, output: output[0].detach())
    with pytest.raises(ConfigError, match="does not depend"):
        trace(model, x, loss_fn=lambda output, _: output.sum())


@pytest.mark.parametrize("between", [torch.Tensor.detach, torch.zeros_like])
def test_a_layer_out_of_reach_has_derivative_zero_beside_one_within_it(between):
    traces = trace(Model(between), x, loss_fn=lambda output, _: output.sum())
    assert traces["second.l0"].grad_hidden.all()
    assert not traces["first.l0"].grad_hidden.any()
    assert not traces["first.l0"].grad_cell.any()


class Checkpointed(Model):
    """A part of it in a checkpoint that autograd does not see into."""

    def forward(self, x):
        h = checkpoint(lambda x: self.first(x)[0], x, use_reentrant=True)
        return self.head(self.second(h)[0][:, -1])


@pytest.mark.filterwarnings("ignore:None of the inputs have requires_grad")
def test_a_reentrant_checkpoint_is_refused_where_derivatives_are_asked_for():
    with pytest.raises(UnsupportedModelError, match=r"'first' \(LSTM\).*use_reentrant=False"):
        trace(Checkpointed(), x, loss_fn=lambda output, _: output.sum())
    assert list(trace(Checkpointed(), x)) == ["first.l0", "second.l0"]


class DrawsInACheckpoint(Model):
    def forward(self, x):
        def drops(h):
            return self.second(functional.dropout(h, 0.5).square())[0]

        return checkpoint(drops, self.first(x)[0], use_reentrant=False)


def test_a_checkpoint_that_draws_is_refused_since_it_would_draw_again():
    with pytest.raises(UnsupportedModelError, match="inside a checkpoint"):
        trace(DrawsInACheckpoint(), x, loss_fn=lambda output, _: output.sum())


class MakesItsStateInACheckpoint(Model):
    def forward(self, x):
        def run(h):
            return self.second(functional.linear(h.sigmoid(), torch.eye(H)))[0]

        return self.head(checkpoint(run, self.first(x)[0], use_reentrant=False)[:, -1])


def test_what_a_checkpoint_runs_again_is_in_the_precision_of_the_trace():
    traces = trace(MakesItsStateInACheckpoint(), x, loss_fn=lambda output, _: output.sum())
    assert traces["first.l0"].grad_cell.any()


class Holds(nn.Module):
    """A model whose forward is the given function of (module, x)."""

    def __init__(self, run, **parts):
        super().__init__()
        self.run = run
        for name, part in parts.items():
            self.add_module(name, part)

    def forward(self, x):
        return self.run(self, x)


def by_forward(model, x):
    return model.gru(model.lstm.forward(x)[0])[0]


def test_a_layer_called_by_its_forward_is_traced_like_any_other():
    torch.manual_seed(0)
    parts = {"lstm": nn.LSTM(D, H, batch_first=True), "gru": nn.GRU(H, H, batch_first=True)}
    loss_fn = lambda output, _: output.square().sum()  # noqa: E731
    mine = trace(Holds(by_forward, **parts), x, loss_fn=loss_fn)
    plain = trace(Holds(lambda m, x: m.gru(m.lstm(x)[0])[0], **parts), x, loss_fn=loss_fn)
    assert list(mine) == ["lstm.l0", "gru.l0"]
    for name, each in mine.items():
        np.testing.assert_array_equal(each.grad_hidden, plain[name].grad_hidden)
    assert "forward" not in vars(parts["lstm"])


def by_weights(model, x):
    h, _ = model.lstm(x)
    return torch.gru_cell(h[:, -1], h[:, 0], *model.cell.parameters())


def by_function(model, x):
    h, _ = model.lstm(x)
    return nn.GRU.forward(model.cell, h)[0]


@pytest.mark.parametrize(
    ("run", "cell", "names"),
    [
        (by_weights, nn.GRUCell(H, H), r"'cell' \(GRUCell\)"),
        (by_function, nn.GRU(H, H, batch_first=True), r"'cell' \(GRU\)"),
    ],
)
def test_what_runs_beside_the_traced_layers_is_named_at_the_callers_line(run, cell, names):
    model = Holds(run, lstm=nn.LSTM(D, H, batch_first=True), cell=cell)
    with pytest.warns(LstmVizWarning, match=rf"Left out of the traces: {names}\.") as caught:
        traces = trace(model, x, loss_fn=lambda output, _: output.sum())
    assert caught[0].filename == __file__
    assert list(traces) == ["lstm.l0"] and "as a module" in traces.left_out["cell"]
    assert traces["lstm.l0"].grad_hidden.any()


def test_a_cell_that_does_not_run_is_not_named():
    model = Holds(lambda m, x: m.lstm(x)[0], lstm=nn.LSTM(D, H), cell=nn.LSTMCell(H, H))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert list(trace(model, x)) == ["lstm.l0"]


class LossRunsALayer(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = nn.LSTM(D, H, batch_first=True)
        self.decoder = nn.GRU(H, H, batch_first=True)

    def forward(self, x):
        return self.encoder(x)[0]

    def loss(self, output, _):
        return self.decoder(output)[0][:, -1].sum()


def test_a_layer_that_the_loss_runs_is_traced_too():
    traces = trace(model := LossRunsALayer(), x, loss_fn=model.loss)
    assert list(traces) == ["encoder.l0", "decoder.l0"]
    assert traces["decoder.l0"].grad_hidden.all()
    assert traces["encoder.l0"].grad_hidden.any()


weights = torch.linspace(0.5, 2.0, H)
labels = torch.arange(B) % H
LOSSES_WITH_FLOAT32 = {
    "class weights": lambda h: functional.cross_entropy(h, labels, weight=weights),
    "a module's class weights": lambda h: nn.CrossEntropyLoss(weight=weights)(h, labels),
    "a product": lambda h: (h @ weights).sum(),
    "an element-wise product": lambda h: (h * weights).sum(),
    "a dot product": lambda h: torch.dot(h[0], weights),
    "a linear layer": lambda h: functional.linear(h, weights[None]).sum(),
    "written into": lambda h: torch.zeros(H).index_add_(0, torch.arange(H), h[0]).dot(weights),
    "in lists": lambda h: torch.stack([h[0], weights]).prod(0).sum(),
}


@pytest.mark.parametrize("what", LOSSES_WITH_FLOAT32)
def test_a_loss_may_hold_float32_constants(what):
    torch.manual_seed(0)
    layer, loss = nn.LSTM(D, H, batch_first=True), LOSSES_WITH_FLOAT32[what]
    traced = trace(layer, x, loss_fn=lambda output, _: loss(output[0][:, -1]))["l0"]
    h = layer(x)[0].detach()[:, -1].requires_grad_()
    loss(h).backward()
    np.testing.assert_allclose(traced.grad_hidden[:, -1], h.grad, atol=1e-5)


def test_an_error_of_the_models_own_is_not_hidden():
    layer = nn.LSTM(D, H, batch_first=True)
    with pytest.raises(RuntimeError, match="size"):
        trace(layer, x, loss_fn=lambda output, _: (output[0] @ weights[:2]).sum())
