"""The derivatives that are watched are those of `backward`, as they add up in `.grad`."""

import warnings

import numpy as np
import pytest
import torch
from torch import nn

from lstm_viz.errors import LstmVizWarning, UnsupportedModelError
from lstm_viz.instruments.watch import watch
from lstm_viz.models.layers import LSTMVariant
from tests.instruments.oracle import Unrolled, assert_same

B, T, D, H = 3, 7, 4, 5
LAYERS = [nn.RNN, nn.LSTM, nn.GRU]
float64 = {"dtype": torch.float64}


def mean_square(output):
    return output[0].square().mean()


def total(output):
    return output[0].sum()


def make(kind=nn.GRU):
    torch.manual_seed(0)
    return kind(D, H, 2, **float64), torch.randn(T, B, D, **float64, requires_grad=True)


def assert_is_of(watcher, layer, x, loss):
    unrolled = Unrolled(layer)
    loss(unrolled(x.detach())).backward()
    for name, each in watcher.traces.items():
        assert_same(each, unrolled, name)


ASKED = {
    "the input": lambda layer, x, output: x,
    "a weight": lambda layer, x, output: layer.weight_hh_l0,
    "several": lambda layer, x, output: [x, *layer.parameters()],
    "the output": lambda layer, x, output: output[0],
    "the last state": lambda layer, x, output: output[1],
}


@pytest.mark.parametrize("layer", LAYERS)
@pytest.mark.parametrize("asked", ASKED)
@pytest.mark.parametrize("create_graph", [False, True])
@pytest.mark.parametrize("order", ["before", "after"])
def test_what_autograd_grad_is_asked_for_is_no_part_of_the_training(
    layer, asked, create_graph, order
):
    layer, x = make(layer)
    with watch(layer) as watcher:
        output, last = layer(x)
        h_n = last if isinstance(last, torch.Tensor) else last[0]

        def ask():
            results = ASKED[asked](layer, x, (output, h_n))
            loss = output.square().sum() + h_n.sum()
            torch.autograd.grad(loss, results, retain_graph=True, create_graph=create_graph)

        def train():
            mean_square((output,)).backward(retain_graph=True)

        for step in (ask, train) if order == "before" else (train, ask):
            step()
        assert_is_of(watcher, layer, x, mean_square)


def test_a_pass_that_only_autograd_grad_went_through_is_not_the_one_that_trained():
    layer, x = make()
    with watch(layer) as watcher:
        mean_square(layer(x)).backward()
        torch.autograd.grad(layer(x + 1.0)[0].sum(), x)
        torch.autograd.functional.jacobian(lambda x: layer(x)[0].sum(dim=(0, 1)), x + 2.0)
        assert_is_of(watcher, layer, x, mean_square)


@pytest.mark.parametrize("kind", ["frozen", "weight norm", "variant"])
def test_it_does_not_matter_which_leaves_a_layer_has(kind):
    torch.manual_seed(0)
    layer = LSTMVariant(D, H).double() if kind == "variant" else nn.GRU(D, H, **float64)
    if kind == "frozen":
        layer.requires_grad_(requires_grad=False)
    elif kind == "weight norm":
        nn.utils.parametrizations.weight_norm(layer, "weight_hh_l0")
    below, x = nn.Linear(D, D, **float64), torch.randn(T, B, D, **float64)
    model = nn.Sequential(below, layer)
    leaves = [p for p in model.parameters() if p.requires_grad]
    seen = []
    for asked in ((), leaves[:1], leaves):
        with watch(model) as watcher:
            output = model(x)
            if asked:
                torch.autograd.grad(total(output), asked, retain_graph=True, allow_unused=True)
            mean_square(output).backward()
            seen.append(watcher.traces["1.l0"].grad_hidden)
    assert seen[0].any()
    for each in seen:
        np.testing.assert_array_equal(each, seen[0])


INPUTS = {
    "a leaf input": lambda model, x: [x],
    "a weight below": lambda model, x: [model[0].weight],
    "a weight of the layer": lambda model, x: [model[1].weight_hh_l0],
}


@pytest.mark.parametrize("inputs", INPUTS)
def test_backward_with_inputs_counts_where_it_passes_the_layer(inputs):
    layer, x = make()
    model = nn.Sequential(nn.Linear(D, D, **float64), layer)
    with watch(model) as watcher:
        output = model(x)
        mean_square(output).backward(inputs=INPUTS[inputs](model, x))
        unrolled = Unrolled(layer)
        mean_square(unrolled(model[0](x.detach()).detach())).backward()
        assert_same(watcher.traces["1.l1"], unrolled, "l1")


def test_backward_to_what_lies_above_the_layer_does_not_reach_it():
    layer, x = make()
    head = nn.Linear(H, 1, **float64)
    with watch(layer) as watcher:
        head(layer(x)[0]).sum().backward(inputs=list(head.parameters()))
        assert watcher.traces["l1"].grad_hidden is None


def test_several_losses_over_one_pass_add_up():
    layer, x = make()
    with watch(layer) as watcher:
        output = layer(x)
        mean_square(output).backward(retain_graph=True)
        torch.autograd.grad(total(output), x, retain_graph=True)
        total(output).backward()
        assert_is_of(watcher, layer, x, lambda output: mean_square(output) + total(output))


def penalty(layer, x):
    output = layer(x)
    (slope,) = torch.autograd.grad(total(output), x, create_graph=True)
    return mean_square(output), slope.square().sum()


@pytest.mark.parametrize("layer", LAYERS)
@pytest.mark.parametrize("alone", [False, True])
@pytest.mark.parametrize("to_weights", [False, True])
def test_a_backward_pass_through_a_derivative_is_refused(layer, alone, to_weights):
    layer, x = make(layer)
    with watch(layer) as watcher:
        loss, slope = penalty(layer, x)
        inputs = list(layer.parameters()) if to_weights else None
        (slope if alone else loss + slope).backward(inputs=inputs)
        with pytest.raises(UnsupportedModelError, match=r"create_graph=True.*pass of its own"):
            _ = watcher.traces


def test_a_gradient_that_was_graphed_by_backward_and_gone_through_is_refused():
    layer, x = make()
    with watch(layer) as watcher, warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # of the cycle that create_graph makes
        mean_square(layer(x)).backward(create_graph=True)
        assert_is_of(watcher, layer, x, mean_square)
        sum(p.grad.square().sum() for p in layer.parameters()).backward()
        with pytest.raises(UnsupportedModelError, match="through a derivative"):
            _ = watcher.traces
    layer.zero_grad()


def test_a_derivative_that_was_graphed_and_not_gone_through_changes_nothing():
    layer, x = make()
    with watch(layer) as watcher:
        penalty(layer, x)[0].backward()
        assert_is_of(watcher, layer, x, mean_square)


def test_a_penalty_on_a_pass_of_its_own_leaves_the_next_one_exact():
    layer, x = make()
    with watch(layer) as watcher:
        _, slope = penalty(layer, x + 1.0)
        (slope + mean_square(layer(x))).backward()
        assert_is_of(watcher, layer, x, mean_square)


@pytest.mark.parametrize("create_graph", [False, True])
def test_what_is_asked_for_and_the_penalty_are_bit_for_bit_those_of_an_unwatched_model(
    create_graph,
):
    def gradients(*, watched):
        layer, x = make(nn.LSTM)
        watcher = watch(layer)
        if watched:
            watcher.__enter__()
        loss, slope = penalty(layer, x)
        (loss + slope if create_graph else loss).backward()
        watcher.__exit__(None, None, None)
        return [slope, x.grad, *(p.grad for p in layer.parameters())]

    for mine, theirs in zip(gradients(watched=True), gradients(watched=False), strict=True):
        assert torch.equal(mine, theirs)


def test_an_output_without_a_gradient_does_not_end_the_loop():
    layer, x = nn.LSTM(D, H), torch.randn(2, T, B, D)
    with watch(layer) as watcher:
        first, state = layer(x[0])
        first.sum().backward(retain_graph=True)
        layer(x[1], state)[0].sum().backward()
        del first, state
        assert watcher.traces["l0"].calls == (0, T)


def test_a_loss_that_a_scaler_scaled_is_shown_unscaled_and_the_scaler_is_as_it_was():
    layer, x = make(nn.LSTM)
    scale, scaler = torch.amp.GradScaler.scale, torch.amp.GradScaler("cpu", init_scale=1024.0)
    with watch(layer) as watcher:
        with watch(layer):
            pass
        scaler.scale(mean_square(layer(x))).backward()
        assert_is_of(watcher, layer, x, mean_square)
        mean_square(layer(x)).backward()
        assert_is_of(watcher, layer, x, mean_square)
        off = torch.amp.GradScaler("cpu", enabled=False)
        off.scale(mean_square(layer(x))).backward()
        assert_is_of(watcher, layer, x, mean_square)
    assert torch.amp.GradScaler.scale is scale


def test_a_loop_of_autograd_grad_is_told_why_it_has_no_derivatives():
    layer, x = make()
    with watch(layer, every=1) as watcher:
        torch.autograd.grad(mean_square(layer(x)), list(layer.parameters()))
        for read in (lambda: watcher.traces, lambda: watcher.history):
            with pytest.warns(LstmVizWarning, match=r"autograd.grad.*Call 'loss.backward\(\)'"):
                read()
        mean_square(layer(x)).backward()
        assert_is_of(watcher, layer, x, mean_square)
        assert len(watcher.history) == 1
