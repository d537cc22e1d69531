"""What holds of every instrument: models come back as they were, and a mistake is told in words."""

import copy
from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from lstm_viz import (
    ConfigError,
    LstmVizError,
    UnsupportedModelError,
    attribution,
    carousel,
    fixed_points,
    gradient_flow,
    gradient_map,
    intervene,
    jacobians,
    lyapunov_exponents,
    responding,
    trace,
    trajectories,
    verify,
)
from lstm_viz.models.network import Network
from tests.instruments.layers import B, D, H, T


def under_an_intervention(model: nn.Module, x: Any, **how: Any) -> None:
    layer = how.get("layer", "recurrent.l0")
    with intervene(model, clamp={layer: {"update": 1.0}}, silence={layer: [1]}):
        trace(model, x)


INSTRUMENTS: dict[str, Callable[..., object]] = {
    "gradient_flow": gradient_flow,
    "gradient_map": gradient_map,
    "carousel": carousel,
    "jacobians": jacobians,
    "lyapunov_exponents": lyapunov_exponents,
    "fixed_points": lambda model, x, **how: fixed_points(model, x[:1], starts=8, **how),
    "attribution": lambda model, x: attribution(model, x, target=0, method="integrated", steps=16),
    "verify": verify,
    "intervene": under_an_intervention,
    "responding": lambda model, x, **how: responding(model, x, stretch=(1, 2), **how),
    "trajectories": lambda model, x, **how: trajectories(model, x, dimensions=2, **how),
}
OF_A_LAYER = [name for name in INSTRUMENTS if name not in ("attribution", "verify")]
every_instrument = pytest.mark.parametrize("name", INSTRUMENTS)


class Failing(Network):
    """Something of the user's goes wrong in the middle of a run."""

    def forward(self, x: Tensor) -> Tensor:
        self.recurrent(x)
        raise ZeroDivisionError


@every_instrument
@pytest.mark.parametrize("fails", [False, True])
def test_the_model_the_input_and_the_thread_are_as_they_were(name: str, fails: bool) -> None:
    torch.manual_seed(0)
    layer = nn.GRU(D, H, 2, batch_first=True, bidirectional=True, dropout=0.5)
    model, x = (Failing if fails else Network)(layer, 1), torch.randn(B, T, D, requires_grad=True)
    model.readout.weight.requires_grad_(requires_grad=False)
    model.readout.bias.grad = torch.ones(1)
    weights = copy.deepcopy(model.state_dict())
    inside = {path: set(vars(part)) for path, part in model.named_modules()}
    before, random = x.clone(), torch.get_rng_state()
    try:
        INSTRUMENTS[name](model, x)
    except ZeroDivisionError:
        assert fails
    assert model.training and {path: set(vars(p)) for path, p in model.named_modules()} == inside
    assert all(torch.equal(each, weights[key]) for key, each in model.state_dict().items())
    assert all(each.dtype == torch.float32 for each in model.parameters())
    assert not model.readout.weight.requires_grad and layer.weight_hh_l0.requires_grad
    assert layer.weight_hh_l0.grad is None and torch.equal(model.readout.bias.grad, torch.ones(1))
    assert torch.equal(x, before) and x.grad is None
    assert torch.equal(torch.get_rng_state(), random) and torch.is_grad_enabled()
    assert not [hook for part in model.modules() for hook in part._forward_hooks]


@every_instrument
@pytest.mark.parametrize("mode", [torch.no_grad, torch.inference_mode])
def test_they_work_where_gradients_are_off(name: str, mode: Any) -> None:
    torch.manual_seed(0)
    model, x = Network(nn.GRU(D, H, batch_first=True), 1), torch.randn(B, T, D)
    with mode():
        INSTRUMENTS[name](model, x)


WRONG: list[tuple[str, dict[str, Any], type[LstmVizError], str]] = [
    *[
        (name, {"layer": "lstm.l7"}, ConfigError, "no layer called 'lstm.l7'")
        for name in OF_A_LAYER
    ],
    *[
        (name, {"sample": sample}, ConfigError, "between -2 and 1")
        for name in ("gradient_map", "jacobians", "lyapunov_exponents")
        for sample in (B, 0.5, True)
    ],
    *[
        (name, {"model": nn.Linear(D, 1)}, UnsupportedModelError, "no recurrent layer")
        for name in INSTRUMENTS
    ],
    *[
        (name, {"model": "an LSTM"}, ConfigError, "must be a torch.nn.Module")
        for name in INSTRUMENTS
    ],
    *[
        ("intervene", how, UnsupportedModelError, "proj_size")
        for how in [{"model": nn.LSTM(D, H, proj_size=2), "layer": "l0"}]
    ],
]


@pytest.mark.parametrize(("name", "wrong", "error", "fragment"), WRONG)
def test_a_mistake_is_told_with_the_way_out(
    name: str, wrong: dict[str, Any], error: type[LstmVizError], fragment: str
) -> None:
    how = {"model": Network(nn.GRU(D, H, batch_first=True), 1), **wrong}
    with pytest.raises(error, match=fragment):
        INSTRUMENTS[name](how.pop("model"), torch.randn(B, T, D), **how)


def test_a_single_step_is_a_sequence_too() -> None:
    for kind in (nn.LSTM, nn.RNN):
        layer, x = kind(D, H, batch_first=True), torch.randn(B, 1, D)
        S = 2 * H if kind is nn.LSTM else H
        assert jacobians(layer, x).shape == (1, S, S)
        assert lyapunov_exponents(layer, x).shape == (S,)
        assert gradient_map(layer, x).shape == (1, 1)
        assert verify(layer, x).ok
        assert attribution(layer, x, target=(0, 0)).shape == (B, 1, D)


@every_instrument
def test_weights_that_are_still_to_be_made_are_told(name: str) -> None:
    if name == "intervene":
        return  # its model is called by the user
    model = nn.Sequential(nn.LazyLinear(D), nn.GRU(D, H, batch_first=True))
    with pytest.raises(UnsupportedModelError, match="made by its first call"):
        INSTRUMENTS[name](model, torch.randn(B, T, D))
