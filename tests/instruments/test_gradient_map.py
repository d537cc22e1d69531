import numpy as np
import pytest
import torch
from torch import Tensor

from lstm_viz import ConfigError, gradient_flow, gradient_map
from lstm_viz.models.network import Network
from tests.instruments.layers import LAYERS, T, made


def at_every_step(output: Tensor, targets: Tensor) -> Tensor:
    return (output - 0.3).square().sum()


@pytest.mark.parametrize("state", ["hidden", "joint"])
@pytest.mark.parametrize("kind", LAYERS)
def test_each_row_is_the_flow_from_its_step_alone(kind: str, state: str) -> None:
    layer, x = made(kind)
    model = Network(layer, 1, every_step=True).double()
    how = {"state": state, "loss_fn": at_every_step}
    found = gradient_map(model, x, sample=1, **how)
    expected = [gradient_flow(model, x, at=s, **how)[1] for s in range(T)]
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-14)


@pytest.mark.parametrize("name", ["l0", "l0_reverse", "l1_reverse"])
def test_of_a_stack_in_both_directions_without_a_loss_too(name: str) -> None:
    layer, x = made("lstm", num_layers=2, bidirectional=True)
    found = gradient_map(layer, x, layer=name)
    reverse = name.endswith("_reverse")
    # a negative step counts back in the order of the layer's run
    order = [-1 - s if reverse else s - T for s in range(T)]
    expected = [gradient_flow(layer, x, at=s, layer=name)[0] for s in order]
    np.testing.assert_allclose(found, expected, rtol=1e-9)
    np.testing.assert_allclose(np.diagonal(found), 1.0)
    assert not found[np.triu_indices(T, 1) if not reverse else np.tril_indices(T, -1)].any()


def test_a_step_at_which_nothing_enters_teaches_nobody() -> None:
    layer, x = made("gru")
    found = gradient_map(layer, x, loss_fn=lambda output, _: output[0][:, 2].square().sum())
    assert found[2, :3].all()
    assert not np.delete(found, 2, axis=0).any()


def test_another_state_is_refused() -> None:
    layer, x = made("gru")
    with pytest.raises(ConfigError, match="must be 'hidden' or 'joint', got 'cell'"):
        gradient_map(layer, x, state="cell")


def test_untrained_an_rnn_forgets_what_a_carousel_keeps() -> None:
    torch.manual_seed(0)
    layer, x = made("lstm")
    with torch.no_grad():
        layer.weight_hh_l0.zero_()
        layer.bias_ih_l0[4:8] = 800.0  # f = 1
    kept = gradient_map(layer, x, state="joint")[-1]
    assert (np.diff(kept[:-1]) == 0).all() and kept[0] > 0
