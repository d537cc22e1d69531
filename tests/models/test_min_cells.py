"""minGRU and minLSTM: the gradient through time is the exactly the product of the gates."""

import numpy as np
import pytest
import torch

from lstm_viz import gradient_flow, gradient_map, jacobians, lyapunov_exponents, trace
from lstm_viz.models.cells import cell_of
from lstm_viz.models.initialisation import set_forget_bias
from lstm_viz.models.layers import layer_of

B, T, D, H = 2, 9, 3, 4
KINDS = pytest.mark.parametrize("kind", ["min_gru", "min_lstm"])


def layer_and_input(kind: str) -> tuple[torch.nn.Module, torch.Tensor]:
    torch.manual_seed(0)
    layer = layer_of(kind, {}, input_size=D, hidden_size=H, batch_first=True).double()
    return layer, 3 * torch.randn(B, T, D).double()


@KINDS
def test_the_gradient_through_time_is_the_product_of_the_gates(kind: str) -> None:
    layer, x = layer_and_input(kind)
    gates = trace(layer, x)["l0"].gates
    if kind == "min_gru":
        factor = 1 - gates["update"]
    else:
        factor = gates["forget"] / (gates["forget"] + gates["input"])
    np.testing.assert_allclose(cell_of(kind).kept(gates, {}), factor, rtol=1e-12)
    products = np.cumprod(factor[:, ::-1], axis=1)[:, ::-1]
    expected = np.linalg.norm(products[:, 1:], axis=-1) / np.sqrt(H)
    np.testing.assert_allclose(gradient_flow(layer, x)[:, :-1], expected, rtol=1e-12)
    np.testing.assert_allclose(gradient_map(layer, x)[-1, :-1], expected[0], rtol=1e-12)
    diagonal = np.stack([np.diag(each) for each in factor[0]])
    np.testing.assert_allclose(jacobians(layer, x), diagonal, rtol=1e-12, atol=0)
    exponents = np.sort(np.log(factor[0]).mean(axis=0))[::-1]
    np.testing.assert_allclose(lyapunov_exponents(layer, x), exponents, rtol=1e-10)


@KINDS
def test_a_step_is_linear_in_the_state(kind: str) -> None:
    layer, x = layer_and_input(kind)
    one, other = torch.randn(2, 1, B, H).double()
    mean = layer(x, 0.3 * one + 0.7 * other)[0]
    torch.testing.assert_close(mean, 0.3 * layer(x, one)[0] + 0.7 * layer(x, other)[0])


@KINDS
def test_it_is_the_papers_parallel_form(kind: str) -> None:
    """A cumulative sum in log space in the place of the steps, for positive candidates."""
    layer, x = layer_and_input(kind)
    place = 1 if kind == "min_gru" else 2
    with torch.no_grad():
        layer.weight_ih_l0[place * H :].abs_()
        layer.bias_ih_l0[place * H :] = 1.0
    x = x.abs()
    gates = {name: torch.from_numpy(each) for name, each in trace(layer, x)["l0"].gates.items()}
    if kind == "min_gru":
        kept, added = 1 - gates["update"], gates["update"]
    else:
        total = gates["forget"] + gates["input"]
        kept, added = gates["forget"] / total, gates["input"] / total
    log_kept = kept.log().cumsum(1)
    log_added = (added * gates["candidate"]).log() - log_kept
    expected = (log_kept + log_added.logcumsumexp(1)).exp()
    torch.testing.assert_close(layer(x)[0], expected)


def test_gates_that_are_both_shut_leave_nothing_and_no_nan() -> None:
    layer, x = layer_and_input("min_lstm")
    with torch.no_grad():
        layer.bias_ih_l0[: 2 * H] = -1e4
    found = trace(layer, x, loss_fn=lambda output, _: output[0].sum())["l0"]
    assert not found.hidden.any() and np.isfinite(found.grad_hidden).all()


def test_a_forget_bias_can_be_set_where_there_is_one_bias_alone() -> None:
    layer, x = layer_and_input("min_lstm")
    set_forget_bias(layer, 5.0)
    layer.weight_ih_l0.data.zero_()
    np.testing.assert_allclose(trace(layer, x)["l0"].gates["forget"], 1 / (1 + np.exp(-5)))
