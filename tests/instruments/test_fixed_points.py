import numpy as np
import pytest
import torch
from torch import Tensor, nn

from lstm_viz import ConfigError, fixed_points
from lstm_viz.models.network import Network
from tests.instruments.layers import LAYERS, D, H, made, step


def one_unit(weight: float, bias: float = 0.0) -> nn.RNN:
    layer = nn.RNN(1, 1, batch_first=True).double()
    with torch.no_grad():
        for name, parameter in layer.named_parameters():
            parameter.fill_({"weight_hh_l0": weight, "bias_ih_l0": bias}.get(name, 0.0))
    return layer


def linear(U: Tensor) -> nn.RNN:
    """H = U h + x, where it is above 0."""
    layer = nn.RNN(len(U), len(U), nonlinearity="relu", bias=False, batch_first=True).double()
    with torch.no_grad():
        layer.weight_ih_l0.copy_(torch.eye(len(U)))
        layer.weight_hh_l0.copy_(U)
    return layer


@pytest.mark.parametrize(
    ("weight", "states", "kinds"),
    [
        (0.5, [0.0], ["stable"]),
        (2.0, [-0.957504024772, 0.0, 0.957504024772], ["stable", "unstable", "stable"]),
        (-2.0, [0.0], ["unstable"]),
    ],
)
def test_of_one_tanh_unit_they_are_the_roots_of_h_equal_to_tanh_wh(weight, states, kinds) -> None:
    found = fixed_points(one_unit(weight), [0.0], starts=64, tolerance=1e-16)
    order = np.argsort(found.states[:, 0])
    np.testing.assert_allclose(found.states[order, 0], states, atol=1e-7)
    assert [found.kind[k] for k in order] == kinds
    slope = weight * (1 - np.square(states))
    np.testing.assert_allclose(found.eigenvalues[order, 0], slope, atol=1e-6)
    assert found.reached.sum() == 64


def test_of_a_linear_network_there_is_one_with_the_weights_own_eigenvalues() -> None:
    U = torch.tensor([[0.5, 0.2, 0.0], [0.1, 1.4, 0.2], [0.0, 0.0, 0.3]]).double()
    x = (torch.eye(3).double() - U) @ torch.tensor([1.0, 2.0, 3.0]).double()
    found = fixed_points(linear(U), x, starts=torch.rand(9, 3).double() + 1)
    np.testing.assert_allclose(found.states, [[1.0, 2.0, 3.0]], rtol=1e-7)
    expected = np.linalg.eigvals(U.numpy())
    np.testing.assert_allclose(np.sort(found.eigenvalues[0].real), np.sort(expected), rtol=1e-9)
    assert found.kind == ("saddle",) and (found.speed < 1e-20).all()


def test_a_line_of_them_is_a_line_attractor_and_a_rotation_has_a_centre() -> None:
    starts = torch.rand(64, 2, generator=torch.Generator().manual_seed(0)) + 0.5
    line = fixed_points(
        linear(torch.diag(torch.tensor([1.0, 0.5])).double()), [0.0, 1.0], starts=starts
    )
    assert set(line.kind) == {"line attractor"} and len(line.kind) > 20
    np.testing.assert_allclose(line.states[:, 1], 2.0, atol=1e-5)
    turn = torch.tensor([[0.6, -0.8], [0.8, 0.6]]).double()
    x = (torch.eye(2).double() - turn) @ torch.tensor([3.0, 3.0]).double()
    assert fixed_points(linear(turn), x, starts=torch.full((4, 2), 3.1)).kind == ("centre",)


@pytest.mark.parametrize("kind", LAYERS)
def test_every_kind_of_layer_stands_still_there_and_does_as_the_eigenvalues_say(kind: str) -> None:
    layer, x = made(kind)
    constant = x[:1, :1].expand(1, 5, D)
    found = fixed_points(layer, constant, starts=32)
    assert len(found.states) > 0
    for state, values, name in zip(found.states, found.eigenvalues, found.kind, strict=True):
        at = torch.from_numpy(state)[None]
        with torch.no_grad():
            after = step(layer, x[0, :1], at)
        np.testing.assert_allclose(after[0], state, atol=1e-5)
        J = torch.autograd.functional.jacobian(
            lambda s: step(layer, x[0, :1], s[None])[0], at[0]
        ).numpy()
        expected = np.linalg.eigvals(J)
        np.testing.assert_allclose(
            np.sort_complex(np.round(values, 7)), np.sort_complex(np.round(expected, 7)), atol=1e-6
        )
        assert name != "stable" or (np.abs(values) < 1).all()


def test_slow_points_come_with_a_larger_tolerance() -> None:
    # tanh(2h + b) meets h three times up to b = 0.5328; just above, two are gone: it is slow there
    ghost, starts = one_unit(2.0, 0.535), torch.tensor([[-0.72], [-0.69], [0.9]])
    exact = fixed_points(ghost, [0.0], starts=starts, tolerance=1e-20)
    slow = fixed_points(ghost, [0.0], starts=starts, tolerance=1e-5)
    np.testing.assert_allclose(np.sort(slow.states[:, 0]), [-np.sqrt(0.5), 0.9868], atol=0.01)
    np.testing.assert_allclose(exact.states, [[slow.states.max()]])


def test_of_a_stack_the_layer_is_named_and_its_own_input_is_held() -> None:
    torch.manual_seed(0)
    model = Network(nn.GRU(D, H, 2, batch_first=True), 1).double()
    x = torch.randn(1, 1, D).double().expand(1, 200, D)
    settled = model.recurrent(x)[0][0, -1].detach().numpy()
    upper = fixed_points(model, x, starts=32)
    np.testing.assert_allclose(upper.states[upper.kind.index("stable")], settled, atol=1e-6)
    lower = fixed_points(model, x[0, 0], starts=32, layer="recurrent.l0")
    again = fixed_points(model, x, starts=32, layer="recurrent.l0")
    np.testing.assert_allclose(lower.states, again.states, atol=1e-8)


@pytest.mark.parametrize(
    ("how", "fragment"),
    [
        ({"inputs": [0.0]}, "must be 3 finite numbers"),
        ({"inputs": [0.0, 1.0, np.nan]}, "must be 3 finite numbers"),
        ({"inputs": torch.randn(2, 4, D)}, "end with different inputs"),
        ({"starts": 0}, "a number of states to draw"),
        ({"starts": True}, "a number of states to draw"),
        ({"starts": "many"}, "a number of states to draw"),
        ({"starts": torch.zeros(5, H)}, r"hidden, cell side by side. Got \(5, 4\)"),
        ({"tolerance": 0.0}, "above 0"),
        ({"tolerance": "small"}, "above 0"),
        ({"layer": "l7"}, "no layer called 'l7'"),
    ],
)
def test_what_is_no_constant_input_or_start_is_refused(how, fragment) -> None:
    arguments = {"inputs": torch.zeros(D), **how}
    with pytest.raises(ConfigError, match=fragment):
        fixed_points(nn.LSTM(D, H, batch_first=True), **arguments)


def test_of_a_model_that_makes_its_layers_input_what_the_layer_last_received_is_held() -> None:
    torch.manual_seed(0)
    model = nn.Sequential(nn.Embedding(9, 4), nn.GRU(4, 5, batch_first=True)).double()
    codes = torch.tensor([[3, 1, 4, 2]])  # as many of them as the layer has inputs
    found = fixed_points(model, codes, starts=8)
    held = fixed_points(model, model[0](codes)[0, -1], starts=8)
    np.testing.assert_allclose(found.states, held.states, atol=1e-9)
