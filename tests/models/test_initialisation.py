"""Each initialisation against its definition."""

import math

import numpy as np
import pytest
import torch
from torch import nn

from lstm_viz.errors import ConfigError
from lstm_viz.models import initialisation
from lstm_viz.models.layers import LSTMVariant, NestedLSTM

H = 6
LAYERS = {
    "rnn": lambda: nn.RNN(3, H, 2),
    "lstm": lambda: nn.LSTM(3, H, 2, bidirectional=True),
    "gru": lambda: nn.GRU(3, H),
    "variant": lambda: LSTMVariant(3, H, 2, output_gate=False),
    "nested": lambda: NestedLSTM(3, H),
}


def blocks(layer: nn.Module) -> list[torch.Tensor]:
    return [
        block
        for name, p in layer.named_parameters()
        if name.startswith("weight_hh")
        for block in p.detach().split(H)
    ]


def bias(layer: nn.Module, gate: str) -> np.ndarray:
    """b_ih + b_hh of a gate, every level and direction."""
    place = initialisation.packed_gates(layer).index(gate)
    named = dict(layer.named_parameters())
    sums = [
        p + named[name.replace("_ih", "_hh")]
        for name, p in named.items()
        if name.startswith("bias_ih")
    ]
    return np.concatenate([total.detach()[place * H : (place + 1) * H] for total in sums])


@pytest.mark.parametrize("kind", LAYERS)
def test_orthogonal_blocks_keep_lengths(kind: str) -> None:
    layer = LAYERS[kind]()
    initialisation.orthogonal(layer)
    for block in blocks(layer):
        torch.testing.assert_close(block.T @ block, torch.eye(H), atol=1e-5, rtol=0)


@pytest.mark.parametrize("kind", LAYERS)
@pytest.mark.parametrize("radius", [0.5, 1.0, 1.3])
def test_the_spectral_radius_is_what_was_asked_for(kind: str, radius: float) -> None:
    layer = LAYERS[kind]()
    initialisation.set_spectral_radius(layer, radius)
    for block in blocks(layer):
        assert np.abs(np.linalg.eigvals(block.double().numpy())).max() == pytest.approx(radius)


def test_the_identity_of_a_plain_rnn_has_no_bias() -> None:
    layer = nn.RNN(3, H, nonlinearity="relu")
    initialisation.identity(layer, scale=0.5)
    assert torch.equal(layer.weight_hh_l0, 0.5 * torch.eye(H))
    assert not layer.bias_ih_l0.any()
    assert not layer.bias_hh_l0.any()


def test_the_identity_of_a_gated_cell_leaves_its_gates_alone() -> None:
    layer = nn.LSTM(3, H)
    before = layer.weight_hh_l0.detach().clone()
    initialisation.identity(layer)
    assert torch.equal(layer.weight_hh_l0[2 * H : 3 * H], torch.eye(H))
    assert torch.equal(layer.weight_hh_l0[: 2 * H], before[: 2 * H])


@pytest.mark.parametrize("kind", ["lstm", "variant", "nested"])
def test_the_forget_bias_is_the_sum_of_both_vectors(kind: str) -> None:
    layer = LAYERS[kind]()
    initialisation.set_forget_bias(layer, 2.5)
    assert bias(layer, "forget") == pytest.approx(2.5)


@pytest.mark.parametrize(("kind", "gate"), [("lstm", "forget"), ("gru", "update")])
def test_chrono_spreads_time_constants_up_to_the_longest(kind: str, gate: str) -> None:
    torch.manual_seed(0)
    layer = nn.LSTM(3, 4000) if kind == "lstm" else nn.GRU(3, 4000)
    initialisation.chrono(layer, longest=101)
    named = initialisation.packed_gates(layer)
    place = named.index(gate)
    total = (layer.bias_ih_l0 + layer.bias_hh_l0).detach().split(4000)
    u = total[place].exp().numpy()
    assert u.min() >= 1 - 1e-5
    assert u.max() <= 100 + 1e-3
    assert u.mean() == pytest.approx(50.5, rel=0.05), "uniform from 1 to 100"
    if kind == "lstm":
        torch.testing.assert_close(total[named.index("input")], -total[place])


@pytest.mark.parametrize(
    ("make", "what"),
    [
        (lambda: initialisation.set_forget_bias(nn.GRU(3, H), 1.0), "forget-gate"),
        (lambda: initialisation.set_forget_bias(nn.LSTM(3, H, bias=False), 1.0), "forget-gate"),
        (lambda: initialisation.chrono(nn.RNN(3, H), 10), "forget-gate"),
        (
            lambda: initialisation.set_forget_bias(LSTMVariant(3, H, forget_gate=False), 1.0),
            "forget-gate",
        ),
    ],
)
def test_a_layer_without_that_gate_is_refused(make, what: str) -> None:
    with pytest.raises(ConfigError, match=what):
        make()


def test_pytorchs_own_start_is_within_its_bound() -> None:
    layer = LSTMVariant(3, H, peepholes=True)
    bound = 1 / math.sqrt(H)
    assert all(bool((p.abs() <= bound).all()) for p in layer.parameters())
