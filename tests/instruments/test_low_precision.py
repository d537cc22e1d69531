"""In half precision, what is shown is what the layer rounded to, not what float64 would make."""

import numpy as np
import pytest
import torch
from torch import nn

from lstm_viz.errors import UnsupportedModelError
from lstm_viz.instruments.trace import trace
from lstm_viz.instruments.watch import watch
from lstm_viz.models.layers import LSTMVariant, NestedLSTM

T = 520
WAYS = {"bfloat16": torch.bfloat16, "float16": torch.float16, "autocast": torch.float32}


def counter(kind, size=1):
    """Adds about 0.0175 to c_t at every step, which half precision soon rounds away; an x of 1
    closes the forget gate.
    """
    layer = kind(size, size)
    with torch.no_grad():
        for parameter in layer.parameters():
            parameter.zero_()
        layer.bias_ih_l0.copy_(torch.tensor([10.0, 20.0, 0.0175, 10.0]).repeat_interleave(size))
        layer.weight_ih_l0[size : 2 * size] = -60.0
    return layer


def watched(layer, x, way):
    with watch(layer) as watcher:
        with torch.autocast("cpu", torch.bfloat16, enabled=way == "autocast"):
            output, states = layer(x)
        output.float().sum().backward()
    return watcher.traces, output, states


def own_cell(layer, x, way, steps):
    """(B, H): c after so many steps, as the layer itself gives it."""
    with torch.no_grad(), torch.autocast("cpu", torch.bfloat16, enabled=way == "autocast"):
        return layer(x[:steps])[1][1].float()[-1]


@pytest.mark.parametrize("kind", [nn.LSTM, LSTMVariant])
@pytest.mark.parametrize("way", WAYS)
def test_a_cell_state_that_half_precision_stopped_is_shown_as_stopped(kind, way):
    layer, x = counter(kind).to(WAYS[way]), torch.zeros(T, 1, 1)
    x[-5:] = 1.0  # at the end the two cell states are the same again
    x = x.to(WAYS[way])
    traces, *_ = watched(layer, x, way)
    for steps in (200, T - 5, T):
        np.testing.assert_array_equal(
            traces["l0"].cell[:, steps - 1], own_cell(layer, x, way, steps)
        )
    stops = way != "autocast" or kind is nn.LSTM  # our layers keep c_t in float32 there
    exact = trace(layer, x)["l0"].cell[0, T - 6, 0]
    assert (abs(traces["l0"].cell[0, T - 6, 0] - exact) > 0.02 * exact) == stops


def test_a_trace_in_half_precision_stops_and_one_in_float64_counts_on():
    layer, x = counter(nn.LSTM), torch.zeros(T, 1, 1)
    half = trace(layer, x, dtype=torch.bfloat16)["l0"].cell[0, -1]
    np.testing.assert_array_equal(half, layer.bfloat16()(x.bfloat16())[1][1].detach().float()[0, 0])
    np.testing.assert_allclose(
        trace(layer.float(), x)["l0"].cell[0, -1], layer(x)[1][1].detach()[0, 0], rtol=1e-4
    )


KINDS = [nn.RNN, nn.GRU, nn.LSTM, LSTMVariant, NestedLSTM]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("way", WAYS)
def test_every_level_and_direction_ends_at_its_own_last_states(kind, way):
    torch.manual_seed(0)
    layer, x = kind(3, 8, 2, bidirectional=True, dropout=0.3), torch.randn(60, 4, 3)
    traces, _, states = watched(layer.to(WAYS[way]), x.to(WAYS[way]), way)
    h_n, *others = states if isinstance(states, tuple) else (states,)
    for run, (name, traced) in enumerate(traces.items()):
        end = 0 if name.endswith("_reverse") else -1
        last = {"hidden": h_n, "cell": others[0] if others else None}
        for state, own in last.items():
            if own is not None and (state == "cell" or isinstance(layer, LSTMVariant)):
                np.testing.assert_array_equal(
                    getattr(traced, state)[:, end], own[run].detach().float()
                )
        np.testing.assert_allclose(traced.hidden[:, end], h_n[run].detach().float(), atol=0.02)
        assert traced.grad_hidden.any()


def test_derivatives_around_the_rounded_states_are_those_of_float32_but_for_rounding():
    torch.manual_seed(0)
    for kind in KINDS:
        layer, x = kind(3, 8, 2), torch.randn(30, 4, 3)
        exact, *_ = watched(layer, x, "")
        rough, *_ = watched(layer.bfloat16(), x.bfloat16(), "bfloat16")
        for name, traced in exact.items():
            np.testing.assert_allclose(rough[name].grad_hidden, traced.grad_hidden, atol=0.1)


def test_sums_that_half_precision_rounds_away_are_refused_by_its_name():
    layer, x = nn.RNN(1, 1, nonlinearity="relu"), torch.ones(T, 1, 1)
    with torch.no_grad():
        for parameter, value in zip(layer.parameters(), (1.0, 0.0, 1e3, -1e3), strict=True):
            parameter.fill_(value)  # h_t = x_t, but 1001 is 1000 in bfloat16
    assert trace(layer, x)["l0"].hidden.all()
    with pytest.raises(UnsupportedModelError, match=r"bfloat16 is too coarse.*float32"):
        watched(layer.bfloat16(), x.bfloat16(), "bfloat16")


@pytest.mark.parametrize("differentiated", [False, True])
def test_float16_is_rounded_as_it_was_with_autograd_or_without(differentiated):
    torch.manual_seed(0)
    layer, x = nn.LSTM(3, 8), torch.randn(60, 4, 3)
    loss = {"loss_fn": lambda output, _: output[0].float().sum()} if differentiated else {}
    cell = trace(layer, x, dtype=torch.float16, **loss)["l0"].cell[:, -1]
    with torch.set_grad_enabled(differentiated):
        own = layer.half()(x.half())[1][1].detach().float()[0]
    np.testing.assert_array_equal(cell, own)
