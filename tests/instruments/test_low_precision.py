"""What half precision loses inside a layer is said, not shown as if it were there."""

import numpy as np
import pytest
import torch
from torch import nn

from lstm_viz.errors import UnsupportedModelError
from lstm_viz.instruments.trace import trace
from lstm_viz.instruments.watch import watch
from lstm_viz.models.layers import LSTMVariant

T = 520


def counter(kind, size=1):
    """Adds about 0.0175 to c_t at every step: bfloat16 cannot go on from 4 or 8."""
    layer = kind(size, size)
    with torch.no_grad():
        for parameter in layer.parameters():
            parameter.zero_()
        layer.bias_ih_l0.copy_(torch.tensor([10.0, 20.0, 0.0175, 10.0]).repeat_interleave(size))
    return layer


def watched(layer, x, *, autocast):
    with watch(layer) as watcher:
        with torch.autocast("cpu", torch.bfloat16, enabled=autocast):
            output, (_, c_n) = layer(x)
        output.float().sum().backward()
    return watcher, c_n.detach().float()[-1]


@pytest.mark.parametrize(
    ("kind", "autocast"), [(nn.LSTM, False), (nn.LSTM, True), (LSTMVariant, False)]
)
def test_a_cell_state_that_half_precision_stopped_is_refused_with_both_numbers(kind, autocast):
    layer = counter(kind) if autocast else counter(kind).bfloat16()
    x = torch.zeros(T, 1, 1, dtype=torch.float32 if autocast else torch.bfloat16)
    watcher, c_n = watched(layer, x, autocast=autocast)
    assert c_n < 8.5
    where = "autocast" if autocast else "bfloat16"
    with pytest.raises(
        UnsupportedModelError, match=rf"c = {c_n.item():.4g}.*9\.\d+: {where} .*float32"
    ):
        _ = watcher.traces


def test_a_trace_in_half_precision_is_refused_and_one_in_float64_counts_on():
    layer, x = counter(nn.LSTM), torch.zeros(T, 1, 1)
    with pytest.raises(UnsupportedModelError, match="bfloat16 rounds too coarsely"):
        trace(layer, x, dtype=torch.bfloat16)
    np.testing.assert_allclose(
        trace(layer, x)["l0"].cell[0, -1], layer(x)[1][1].detach()[0, 0], rtol=1e-4
    )


def test_a_level_below_the_top_is_compared_with_its_own_last_state():
    below, layer = counter(nn.LSTM, 2), nn.LSTM(2, 2, 2)
    with torch.no_grad():
        for name, parameter in below.named_parameters():
            getattr(layer, name).copy_(parameter)
    watcher, _ = watched(layer.bfloat16(), torch.zeros(T, 1, 2).bfloat16(), autocast=False)
    with pytest.raises(UnsupportedModelError, match="bfloat16 rounds too coarsely"):
        _ = watcher.traces


@pytest.mark.parametrize("autocast", [True, False])
def test_a_layer_that_half_precision_can_carry_is_shown_and_ends_at_its_own_cell_state(autocast):
    torch.manual_seed(0)
    layer, x = nn.LSTM(3, 8, 2), torch.randn(60, 4, 3)
    if not autocast:
        layer, x = layer.bfloat16(), x.bfloat16()
    watcher, c_n = watched(layer, x, autocast=autocast)
    traced = watcher.traces["l1"]
    np.testing.assert_allclose(traced.cell[:, -1], c_n, atol=0.05)
    assert traced.grad_cell.any()
