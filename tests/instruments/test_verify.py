from functools import partialmethod

import pytest
import torch
from torch import nn

from lstm_viz import UnsupportedModelError, intervene, verify
from lstm_viz.instruments.replay import _FusedPass
from lstm_viz.models.gru import GRUSpec
from lstm_viz.models.lstm import LSTMSpec
from lstm_viz.models.network import Network
from tests.instruments.layers import LAYERS, B, D, H, T, made


@pytest.mark.parametrize("kind", LAYERS)
def test_what_is_shown_of_every_kind_of_layer_holds(kind: str) -> None:
    layer, x = made(kind, num_layers=2, bidirectional=True)
    for dtype in (torch.float64, torch.float32):
        found = verify(layer.to(dtype), x.to(dtype))
        assert found.ok and not found.broken and set(found.residuals) == set(found.tolerances)
        assert found.residuals["replay"] < (1e-12 if dtype == torch.float64 else 1e-5)
        assert 0 < found.share_checked <= 1


def test_of_a_saturated_an_exploding_and_an_intervened_network_too() -> None:
    torch.manual_seed(0)
    rnn, x = nn.RNN(D, 30, batch_first=True), torch.randn(B, 120, D)
    with torch.no_grad():
        rnn.weight_hh_l0.mul_(20.0)
    assert verify(rnn, 100 * x).ok and verify(rnn, x).ok
    lstm = Network(nn.LSTM(D, H, batch_first=True), 1)
    with intervene(lstm, clamp={"recurrent.l0": {"forget": 1.0}}, silence={"recurrent.l0": [0]}):
        assert verify(lstm, x).ok


def test_of_a_network_whose_states_are_infinite_nothing_is_compared_and_nothing_is_warned_of() -> (
    None
):
    rnn = nn.RNN(1, 4, nonlinearity="relu", batch_first=True)
    with torch.no_grad():
        for weight in rnn.parameters():
            weight.fill_(1e6)
    found = verify(rnn, torch.ones(1, 20, 1))
    assert not found.ok and found.residuals["replay"] != found.residuals["replay"]


def test_of_a_network_whose_states_are_huge_too() -> None:
    torch.manual_seed(0)
    rnn, x = nn.RNN(2, 12, nonlinearity="relu", batch_first=True), torch.rand(2, 40, 2)
    with torch.no_grad():
        rnn.weight_hh_l0.mul_(6.0)
    assert rnn(x)[0].abs().max() > 1e9
    assert verify(rnn, x).ok


def test_where_numbers_that_were_rounded_cancel_the_replay_is_not_blamed() -> None:
    torch.manual_seed(10)
    rnn = nn.RNN(2, 16, nonlinearity="relu", batch_first=True)
    with torch.no_grad():
        for weight in rnn.parameters():
            weight.mul_(5.0)
    assert verify(rnn, torch.rand(1, 20, 2)).ok


def test_a_gradient_that_no_difference_shows_beside_a_huge_state_is_left_out() -> None:
    """The first unit grows to 1e30. A nudge of the second that does not drown beside it crosses
    the kink of the third.
    """
    rnn = nn.RNN(1, 3, nonlinearity="relu", batch_first=True)
    with torch.no_grad():
        for weight in rnn.parameters():
            weight.zero_()
        rnn.weight_hh_l0.copy_(torch.tensor([[4.0, 1.0, 0.0], [0.0, 0.0, 0.0], [0.0, 1.0, 0.0]]))
        rnn.bias_ih_l0.copy_(torch.tensor([1.0, 0.0, 1.0]))
    found = verify(rnn, torch.zeros(1, 50, 1))
    assert found.ok and found.share_checked == pytest.approx(9 / 150)


@pytest.mark.parametrize("beyond", [3e-6, -2e-7, 0.0])
def test_a_gradient_beside_a_kink_is_checked_on_its_own_side_of_it(beyond: float) -> None:
    """The first unit comes to rest at 2; the second is then so far beyond where it begins."""
    rnn = nn.RNN(1, 2, nonlinearity="relu", batch_first=True).double()
    with torch.no_grad():
        for weight in rnn.parameters():
            weight.zero_()
        rnn.weight_hh_l0.copy_(torch.tensor([[0.5, 0.0], [-1.0, 0.0]]))
        rnn.bias_ih_l0.copy_(torch.tensor([1.0, 2.0 + beyond]))
    found = verify(rnn, torch.zeros(1, 60, 1))
    assert found.ok and found.share_checked == (pytest.approx(8 / 120) if beyond else 5 / 120)


def test_more_seeds_check_other_coordinates_and_say_how_many() -> None:
    layer, x = made("gru")
    assert verify(layer, x).share_checked == 4 * 6 / (T * B * H)
    assert verify(layer, x, seed=1).residuals != verify(layer, x, seed=2).residuals


def without_the_way_through_z(self, weights, replay, dh, dc_n):
    replay.signals["update"][:] *= 0.99
    return backward(self, weights, replay, dh, dc_n)


backward = GRUSpec.backward


def test_a_backward_recursion_that_is_wrong_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    layer, x = made("gru")
    monkeypatch.setattr(GRUSpec, "backward", without_the_way_through_z)
    found = verify(layer, x)
    assert found.broken == ("backward",) and not found.ok


def test_a_carousel_left_out_of_the_joint_gradient_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    layer, x = made("lstm")
    monkeypatch.setattr(_FusedPass, "within_steps", lambda self, totals: {})
    assert verify(layer, x).broken == ("backward",)


def test_a_jacobian_that_is_wrong_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    layer, x = made("lstm")
    right = LSTMSpec.jacobians
    monkeypatch.setattr(LSTMSpec, "jacobians", lambda *given: right(*given) * (1 + 1e-5))
    assert verify(layer, x).broken == ("jacobian",)


def test_equations_that_are_not_the_layers_are_told_and_why(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    layer, x = made("lstm")
    right = LSTMSpec.forward
    monkeypatch.setattr(LSTMSpec, "forward", partialmethod(_with_other_inputs, right))
    found = verify(layer, x)
    assert "replay" in found.broken and not found.ok
    assert "other values than its equations" in found.reason


def _with_other_inputs(spec, right, weights, x, before, c_0):
    return right(spec, weights, 1.001 * x, before, c_0)


def test_what_cannot_be_traced_is_no_failed_check() -> None:
    with pytest.raises(UnsupportedModelError, match="no recurrent layer"):
        verify(nn.Linear(2, 2), torch.ones(1, 2))
