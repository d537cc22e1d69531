"""The joint flow counts each way back once: the oracle goes on from states that are leaves."""

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from lstm_viz import gradient_flow
from lstm_viz.models.layers import LSTMVariant, NestedLSTM

B, T, D, H = 2, 6, 3, 4


def squares(output: Tensor) -> Tensor:
    return (output - 0.3).square().sum()


VARIANTS = {
    "lstm": nn.LSTM,
    "gru": nn.GRU,
    "nested": NestedLSTM,
    "variant": LSTMVariant,
    "peepholes": lambda *args, **more: LSTMVariant(*args, peepholes=True, **more),
    "normalised": lambda *args, **more: LSTMVariant(*args, layer_norm=True, **more),
    "zoneout": lambda *args, **more: LSTMVariant(*args, zoneout=0.3, peepholes=True, **more),
    "bare": lambda *args, **more: LSTMVariant(
        *args, output_gate=False, output_activation=False, forget_gate=False, **more
    ),
}


@pytest.mark.parametrize("at", [3, -1])
@pytest.mark.parametrize("kind", VARIANTS)
def test_the_joint_flow_is_the_gradient_by_the_states_that_a_step_hands_on(
    kind: str, at: int
) -> None:
    torch.manual_seed(0)
    layer, x = (
        VARIANTS[kind](D, H, batch_first=True).double().eval(),
        torch.randn(B, T, D, dtype=torch.float64),
    )
    output, _ = layer(x)
    h = output.detach().requires_grad_()
    (direct,) = torch.autograd.grad(squares(h), h)
    s = at % T
    expected = np.zeros((B, T))
    expected[:, s] = direct[:, s].norm(dim=-1)
    for t in range(s):
        _, states = layer(x[:, : t + 1])
        alone = isinstance(states, Tensor)
        leaves = [state.detach().requires_grad_() for state in ((states,) if alone else states)]
        rest, _ = layer(x[:, t + 1 : s + 1], leaves[0] if alone else tuple(leaves))
        gradients = torch.autograd.grad((rest[:, -1] * direct[:, s]).sum(), leaves)
        expected[:, t] = torch.cat(gradients, dim=-1)[0].norm(dim=-1)

    found = gradient_flow(
        layer, x, at=at, state="joint", loss_fn=lambda output, _: squares(output[0])
    )
    np.testing.assert_allclose(found, expected, rtol=1e-10, atol=1e-14)
