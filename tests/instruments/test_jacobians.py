import numpy as np
import pytest
import torch
from torch import nn

from lstm_viz import ConfigError, gradient_flow, jacobians, trace
from lstm_viz.instruments import jacobians as module
from tests.instruments.layers import LAYERS, H, T, made, states, step


@pytest.mark.parametrize("kind", LAYERS)
def test_each_is_what_autograd_says_of_the_layers_own_step(kind: str) -> None:
    layer, x = made(kind)
    before = states(layer, x)
    expected = [
        torch.autograd.functional.jacobian(
            lambda s, t=t: step(layer, x[1:2, t], s[None])[0], before[t, 1].detach()
        ).numpy()
        for t in range(T)
    ]
    np.testing.assert_allclose(jacobians(layer, x, sample=1), expected, rtol=1e-10, atol=1e-14)


@pytest.mark.parametrize("kind", ["rnn_tanh", "lstm", "gru", "peepholes"])
def test_their_product_carries_the_gradient_back_through_a_stack_in_both_directions(
    kind: str,
) -> None:
    layer, x = made(kind, num_layers=2, bidirectional=True)
    for name in trace(layer, x):
        J, flow = jacobians(layer, x, layer=name), gradient_flow(layer, x, layer=name)[0]
        order = slice(None, None, -1 if name.endswith("_reverse") else None)
        assert J.shape == (T, *[2 * H if kind in ("lstm", "peepholes") else H] * 2)
        gradient, norms = np.zeros(J.shape[-1]), []
        gradient[:H] = 1 / np.sqrt(H)
        for J_t in J[order][::-1]:
            norms.append(np.linalg.norm(gradient[:H]))
            gradient = gradient @ J_t
        np.testing.assert_allclose(norms[::-1], flow[order], rtol=1e-10)


def test_a_tanh_step_never_stretches_more_than_its_weights_do() -> None:
    torch.manual_seed(0)
    layer, x = nn.RNN(2, 8, batch_first=True), torch.randn(1, 30, 2)
    bound = torch.linalg.matrix_norm(layer.weight_hh_l0, 2).item()  # Pascanu et al. 2013
    stretch = np.linalg.norm(jacobians(layer, x), 2, axis=(1, 2))
    assert stretch.max() <= bound * (1 + 1e-6)


def test_what_would_not_fit_is_refused_before_it_is_computed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "MAX_BYTES", 8 * 3 * H * H)
    layer, x = made("rnn_tanh")
    with pytest.raises(ConfigError, match="at most 3 steps"):
        jacobians(layer, x)
