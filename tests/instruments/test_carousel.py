"""The gates' product is what autograd carries back when no other way is open, and with all the
ways it is the total derivative.
"""

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from lstm_viz import ConfigError, carousel, gradient_flow
from tests.instruments.layers import LAYERS, H, T, made


def autograd(layer: nn.Module, x: Tensor, at: int, *, straight: bool) -> np.ndarray:
    """(B, T, H) dL_s/dc_t of an LSTM, dL_s/dh_t of a GRU, of a loop of its own; `straight` cuts
    every way but the one from state to state.
    """
    W, U, b, b_h = layer.parameters()
    h = c = x.new_zeros(len(x), H).requires_grad_()
    states, given = [], []
    for x_t in x.unbind(1):
        seen = h.detach() if straight else h
        a, a_h = x_t @ W.T + b, seen @ U.T + b_h
        if isinstance(layer, nn.LSTM):
            i, f, g, o = (a + a_h).chunk(4, -1)
            c = f.sigmoid() * c + i.sigmoid() * g.tanh()
            c.retain_grad()
            h = o.sigmoid() * c.tanh()
        else:
            (r, z, n), (h_r, h_z, h_n) = a.chunk(3, -1), a_h.chunk(3, -1)
            z = (z + h_z).sigmoid()
            h = (1 - z) * (n + (r + h_r).sigmoid() * h_n).tanh() + z * h
            h.retain_grad()
        states.append(c if isinstance(layer, nn.LSTM) else h)
        given.append(h)
    (given[at].sum() / np.sqrt(H)).backward()
    zero = torch.zeros_like(states[0])
    return torch.stack([zero if s.grad is None else s.grad for s in states], 1).numpy()


@pytest.mark.parametrize("kind", ["lstm", "gru"])
@pytest.mark.parametrize("at", [T - 1, 2])
def test_both_are_what_autograd_says_with_and_without_the_other_ways(kind: str, at: int) -> None:
    layer, x = made(kind)
    found = carousel(layer, x, at=at)
    assert (found.entered == at).all()
    for measured, straight in ((found.total, False), (found.alone, True)):
        expected = autograd(layer, x, at, straight=straight)
        np.testing.assert_allclose(measured, expected, rtol=1e-10, atol=1e-15)
    assert np.abs(found.total - found.alone)[:, 0].max() > 1e-6, "and the two differ"


@pytest.mark.parametrize("kind", ["min_gru", "min_lstm"])
@pytest.mark.parametrize("layer", ["l0", "l0_reverse"])
def test_of_a_minimal_cell_the_product_is_the_gradient(kind: str, layer: str) -> None:
    model, x = made(kind, bidirectional=True)
    found = carousel(model, x, layer=layer)
    np.testing.assert_allclose(found.alone, found.total, rtol=1e-12)
    np.testing.assert_allclose(found.once, found.total, rtol=1e-12)
    norms = np.linalg.norm(found.total, axis=-1)
    np.testing.assert_allclose(norms, gradient_flow(model, x, layer=layer), rtol=1e-12)


@pytest.mark.parametrize("kind", ["lstm", "gru", "peepholes", "linear", "normalised"])
def test_of_a_cell_whose_state_has_no_weights_nothing_comes_round(kind: str) -> None:
    layer, x = made(kind)
    with torch.no_grad():
        for name, weight in layer.named_parameters():
            if "weight_hh" in name or "peephole" in name or "weight_c" in name:
                weight.zero_()
    found = carousel(layer, x)
    scale = np.abs(found.total).max()
    np.testing.assert_allclose(found.alone, found.total, rtol=1e-10, atol=1e-14 * scale)
    assert found.state == ("hidden" if kind == "gru" else "cell")


@pytest.mark.parametrize("kind", sorted(LAYERS))
def test_every_cell_has_one_or_says_that_it_keeps_nothing(kind: str) -> None:
    layer, x = made(kind)
    if kind in ("rnn_tanh", "rnn_relu", "nested_lstm"):
        with pytest.raises(ConfigError, match="keeps no share of its state"):
            carousel(layer, x)
        return
    found = carousel(layer, x)
    for way in (found.once, found.alone):
        np.testing.assert_array_equal(way[:, -1], found.total[:, -1])
    np.testing.assert_array_equal(found.once[:, -2], found.alone[:, -2])


def test_a_gradient_that_enters_early_is_nowhere_after_it() -> None:
    layer, x = made("lstm")
    found = carousel(layer, x, at=0)
    for way in (found.total, found.once, found.alone):
        assert way[:, 0].any() and not way[:, 1:].any()
