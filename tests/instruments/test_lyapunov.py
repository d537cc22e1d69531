import numpy as np
import pytest
import torch
from torch import nn

from lstm_viz import jacobians, lyapunov_exponents, trace
from lstm_viz.instruments.lyapunov import exponents_of
from tests.instruments.layers import made


def linear(U: torch.Tensor, gain: float = 1.0) -> nn.RNN:
    """h_t = U h_{t-1} + x_t of H ones, and never off: relu of large numbers."""
    layer = nn.RNN(1, len(U), nonlinearity="relu", bias=False, batch_first=True).double()
    with torch.no_grad():
        layer.weight_hh_l0.copy_(U)
        layer.weight_ih_l0.fill_(gain)
    return layer


def test_of_fresh_gaussian_matrices_they_are_the_closed_form() -> None:
    """λ_i = ½ [ln(2 g²/N) + ψ((N - i + 1)/2)]: Newman 1986."""
    matrices = np.random.default_rng(0).standard_normal((6000, 8, 8)) / np.sqrt(8)
    closed = [-0.065, -0.142, -0.232, -0.342, -0.482, -0.675, -0.982, -1.675]
    np.testing.assert_allclose(exponents_of([matrices]), closed, atol=0.03)


def test_of_a_linear_network_they_are_the_logarithms_of_its_eigenvalues() -> None:
    U = torch.tensor([[0.9, 0.2, 0.1], [0.1, 0.5, 0.3], [0.0, 0.1, 0.3]])
    found = lyapunov_exponents(linear(U), torch.ones(1, 2000, 1))
    expected = np.sort(np.log(np.abs(np.linalg.eigvals(U.double().numpy()))))[::-1]
    np.testing.assert_allclose(found, expected, atol=2e-3)


@pytest.mark.parametrize("rate", [1e-3, 0.5, 1.0, 1.2])
def test_a_product_far_below_the_smallest_number_is_still_one(rate: float) -> None:
    found = lyapunov_exponents(linear(rate * torch.eye(2).double()), torch.ones(1, 400, 1))
    np.testing.assert_allclose(found, np.log(rate), atol=1e-12)


def test_of_an_lstm_without_recurrent_weights_half_follow_the_forget_gates_and_half_are_gone() -> (
    None
):
    layer, x = made("lstm")
    nn.init.zeros_(layer.weight_hh_l0)
    forget = np.log(trace(layer, x)["l0"].gates["forget"][1]).mean(axis=0)
    expected = [*np.sort(forget)[::-1], *[-np.inf] * 4]
    np.testing.assert_allclose(lyapunov_exponents(layer, x, sample=1), expected, rtol=1e-10)


def test_directions_that_weights_of_low_rank_do_not_have_are_gone() -> None:
    torch.manual_seed(1)
    U = torch.rand(4, 2).double() @ torch.rand(2, 4).double() / 4
    found = lyapunov_exponents(linear(U), torch.ones(1, 20, 1))
    assert np.isfinite(found[:2]).all() and (found[2:] == -np.inf).all()


def test_a_saturated_unit_fades_fast_and_is_not_gone() -> None:
    layer, x = made("rnn_tanh")
    with torch.no_grad():
        layer.bias_ih_l0[0] = 17.0  # 1 - tanh(17)² is 2e-15: close to what rounding leaves of 0
    found = lyapunov_exponents(layer, x)
    assert np.isfinite(found).all() and found[-1] < -20


def test_large_random_weights_stretch_and_small_ones_do_not() -> None:
    torch.manual_seed(0)
    W = torch.randn(100, 100).double() / 10
    largest = []
    for g in (0.9, 2.0):  # Sompolinsky, Crisanti & Sommers 1988
        layer = nn.RNN(1, 100, bias=False, batch_first=True).double()
        with torch.no_grad():
            layer.weight_hh_l0.copy_(g * W)
        largest.append(lyapunov_exponents(layer, torch.randn(1, 60, 1).double())[0])
    assert largest[0] < 0 < largest[1]


def test_they_sum_to_the_logarithm_of_the_volume_that_is_left() -> None:
    layer, x = made("gru", bidirectional=True)
    volume = np.linalg.slogdet(jacobians(layer, x, layer="l0_reverse"))[1].mean()
    np.testing.assert_allclose(lyapunov_exponents(layer, x, layer="l0_reverse").sum(), volume)
