"""The terms of a step sum to what the trace measured, and so do the paths of the gradient."""

import copy
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from lstm_viz.errors import ConfigError, LstmVizError, UnsupportedModelError
from lstm_viz.instruments.anatomy import Anatomy, by_hand
from lstm_viz.instruments.dissecting import dissect
from lstm_viz.instruments.layer_trace import LayerTrace
from lstm_viz.instruments.trace import trace
from lstm_viz.models.layers import LSTMVariant, NestedLSTM
from lstm_viz.models.network import Network

T, D, H = 7, 2, 5
EXACT = {"rtol": 1e-10, "atol": 1e-10}
VARIANTS: dict[str, dict[str, Any]] = {
    "plain": {},
    "no input gate": {"input_gate": False},
    "no forget gate": {"forget_gate": False},
    "no output gate": {"output_gate": False},
    "carousel": {"input_gate": False, "forget_gate": False, "output_gate": False},
    "peepholes": {"peepholes": True},
    "coupled": {"coupled": True},
    "coupled with peepholes": {"coupled": True, "peepholes": True},
    "linear candidate": {"input_activation": False},
    "linear output": {"output_activation": False},
    "layer norm": {"layer_norm": True},
    "zoneout": {"zoneout": 0.3},
    "all at once": {
        "peepholes": True, "layer_norm": True, "zoneout": 0.2, "output_activation": False,
    },
    "without biases": {"bias": False, "peepholes": True},
}  # fmt: skip
SHAPE: dict[str, Any] = {"input_size": D, "hidden_size": H, "batch_first": True}
LAYERS: dict[str, Callable[..., nn.Module]] = {
    "rnn_tanh": lambda **more: nn.RNN(**SHAPE, **more),
    "rnn_relu": lambda **more: nn.RNN(**SHAPE, nonlinearity="relu", **more),
    "lstm": lambda **more: nn.LSTM(**SHAPE, **more),
    "gru": lambda **more: nn.GRU(**SHAPE, **more),
    **{
        f"variant, {name}": lambda parts=parts, **more: LSTMVariant(**SHAPE, **parts, **more)
        for name, parts in VARIANTS.items()
    },
}
every_layer = pytest.mark.parametrize("layer", LAYERS)


def opened(
    recurrent: nn.Module, name: str = "recurrent.l0", readout: str = "last"
) -> tuple[Anatomy, LayerTrace, Network, torch.Tensor, torch.Tensor]:
    network = Network(recurrent, 1, readout=readout)
    x, targets = torch.randn(1, T, D), torch.randn(1, 1)
    found = dissect(network, x, layer=name, loss_fn=square, targets=targets)
    whole = trace(network, x, loss_fn=square, targets=targets)
    return found, whole[name], network, x, targets


def square(output: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    return (output - targets).square().sum()


def sigmoid(a: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-a))


def terms(steps: Any, gate: str) -> np.ndarray:
    return sum(steps[f"{gate}.{term}"] for term in "xubp" if f"{gate}.{term}" in steps)


@every_layer
def test_the_terms_sum_to_the_traced_gate(layer: str) -> None:
    torch.manual_seed(1)
    found, traced, *_ = opened(LAYERS[layer]())
    steps = found.forward
    for gate, values in traced.gates.items():
        if (gate, found.kind) == ("candidate", "gru"):
            heard = steps["reset"] * steps["candidate.u"]
            a = steps["candidate.x"] + steps["candidate.b"] + heard
        else:
            a = terms(steps, gate)
        linear = gate == "candidate" and not found.options.get("input_activation", 1)
        shown = a if linear else np.tanh(a) if gate == "candidate" else sigmoid(a)
        np.testing.assert_allclose(shown, values[0], **EXACT)
        np.testing.assert_allclose(steps[gate], values[0], **EXACT)
        np.testing.assert_allclose(steps[f"{gate}.a"], a, **EXACT)
    if found.kind.startswith("rnn"):
        a = terms(steps, "candidate")
        h = np.tanh(a) if found.kind == "rnn_tanh" else np.maximum(a, 0)
        np.testing.assert_allclose(h, traced.hidden[0], **EXACT)


@every_layer
def test_what_is_kept_and_added_is_the_traced_state(layer: str) -> None:
    torch.manual_seed(2)
    found, traced, *_ = opened(LAYERS[layer]())
    steps, keep = found.forward, found.options.get("zoneout", 0.0)
    if found.kind == "gru":
        np.testing.assert_allclose(steps["kept"] + steps["added"], traced.hidden[0], **EXACT)
    if traced.cell is not None:
        new = steps["kept"] + steps["added"]
        c = keep * steps["c_before"] + (1 - keep) * new
        np.testing.assert_allclose(c, traced.cell[0], **EXACT)
        h = keep * steps["h_before"] + (1 - keep) * steps["output"] * steps["tanh_c"]
        np.testing.assert_allclose(h, traced.hidden[0], **EXACT)
        np.testing.assert_array_equal(steps["c_before"][1:], traced.cell[0][:-1])
    np.testing.assert_array_equal(steps["h_before"][1:], traced.hidden[0][:-1])
    np.testing.assert_array_equal(steps["h_before"][0], 0)


@every_layer
@pytest.mark.parametrize("readout", ["last", "mean", "attention"])
def test_the_paths_sum_to_the_traced_gradient(layer: str, readout: str) -> None:
    torch.manual_seed(3)
    found, traced, *_ = opened(LAYERS[layer](), readout=readout)
    back, keep = found.backward, found.options.get("zoneout", 0.0)
    np.testing.assert_allclose(back["direct"] + back["later"], traced.grad_hidden[0], **EXACT)
    for gate, values in (traced.grad_gates or {}).items():
        np.testing.assert_allclose(back[f"da.{gate}"], values[0], **EXACT)
    if traced.grad_cell is None:
        return
    if keep:
        np.testing.assert_allclose(back["carry_in"], traced.grad_cell[0], **EXACT)
    else:
        paths = back["carry_in"] + back["via_h"] + back["peep_here"]
        np.testing.assert_allclose(paths, traced.grad_cell[0], **EXACT)
        np.testing.assert_allclose(back["dc"], traced.grad_cell[0], **EXACT)


@every_layer
def test_a_gates_gradient_is_the_product_of_what_is_on_its_way(layer: str) -> None:
    """dL/da = dL/d(gate) · slope: no path is forgotten before the nonlinearity either."""
    torch.manual_seed(4)
    found, traced, *_ = opened(LAYERS[layer]())
    back = found.backward
    for gate, values in (traced.grad_gates or {}).items():
        product = back[f"d.{gate}"] * back[f"slope.{gate}"]
        np.testing.assert_allclose(product, values[0], **EXACT)


@every_layer
def test_the_direct_part_is_what_autograd_finds_outside_of_the_layer(layer: str) -> None:
    torch.manual_seed(5)
    found, _traced, network, x, targets = opened(LAYERS[layer](), readout="mean")
    twin = copy.deepcopy(network).double().eval()
    hidden = twin.recurrent(x.double())[0].detach().requires_grad_()
    loss = square(twin.readout(twin.pool(hidden, False)), targets.double())
    (direct,) = torch.autograd.grad(loss, hidden)
    np.testing.assert_allclose(found.backward["direct"], direct[0], **EXACT)


@pytest.mark.parametrize("layer", ["rnn_tanh", "lstm", "gru", "variant, layer norm"])
@pytest.mark.parametrize("name", ["l0", "l0_reverse", "l1", "l1_reverse"])
def test_stacks_and_both_directions_add_up(layer: str, name: str) -> None:
    torch.manual_seed(7)
    stack = LAYERS[layer](num_layers=2, bidirectional=True)
    found, traced, *_ = opened(stack, f"recurrent.{name}")
    turn = slice(None, None, -1 if found.reverse else 1)
    assert found.reverse == name.endswith("reverse")
    np.testing.assert_allclose(found.forward["h"], traced.hidden[0][turn], **EXACT)
    paths = found.backward["direct"] + found.backward["later"]
    np.testing.assert_allclose(paths, traced.grad_hidden[0][turn], **EXACT)
    if name.startswith("l1"):  # the read-out asks for the last step of each direction alone
        assert np.count_nonzero(found.backward["direct"][:-1]) == 0


def test_without_a_forget_gate_nothing_is_lost_on_the_belt() -> None:
    found, *_ = opened(LAYERS["variant, no forget gate"]())
    np.testing.assert_array_equal(found.backward["gain"], 1.0)


@pytest.mark.parametrize("layer", ["lstm", "gru"])
def test_what_is_left_on_the_belt_is_the_product_of_the_later_gates(layer: str) -> None:
    found, *_ = opened(LAYERS[layer]())
    gate = found.forward["forget" if layer == "lstm" else "update"]
    for t in range(T):
        np.testing.assert_allclose(found.backward["gain"][t], gate[t + 1 :].prod(axis=0))


def test_without_a_loss_there_is_no_gradient() -> None:
    found = dissect(nn.GRU(**SHAPE), torch.randn(1, T, D), layer="l0")
    assert found.backward == {}


@pytest.mark.parametrize(
    ("model", "layer", "error", "fragment"),
    [
        (nn.GRU(**SHAPE), "l7", ConfigError, "no layer called 'l7'"),
        (NestedLSTM(**SHAPE), "l0", UnsupportedModelError, "holds a second LSTM"),
    ],
)
def test_what_cannot_be_taken_apart_is_refused_in_words(
    model: nn.Module, layer: str, error: type[LstmVizError], fragment: str
) -> None:
    with pytest.raises(error, match=fragment):
        dissect(model, torch.randn(1, T, D), layer=layer)


def test_taking_apart_leaves_the_model_as_it_was() -> None:
    network = Network(nn.LSTM(**SHAPE), 1).train()
    before = {name: value.clone() for name, value in network.state_dict().items()}
    dissect(
        network,
        torch.randn(1, T, D),
        layer="recurrent.l0",
        loss_fn=square,
        targets=torch.ones(1, 1),
    )
    assert network.training
    assert all(torch.equal(before[name], value) for name, value in network.state_dict().items())
    assert all(parameter.grad is None for parameter in network.parameters())


gates = st.lists(st.floats(0, 1), min_size=T, max_size=T).map(np.array)


@settings(deadline=None, max_examples=50)
@given(
    x=st.lists(st.floats(-1, 1), min_size=T, max_size=T).map(np.array),
    forget=gates,
    write=gates,
    output=gates,
)
def test_gates_set_by_hand_obey_the_equations(
    x: np.ndarray, forget: np.ndarray, write: np.ndarray, output: np.ndarray
) -> None:
    steps = by_hand(x, forget, write, output).forward
    c = 0.0
    for t in range(T):
        c = forget[t] * c + write[t] * x[t]
        assert steps["c"][t, 0] == pytest.approx(c, abs=1e-12)
        assert steps["h"][t, 0] == pytest.approx(output[t] * np.tanh(c), abs=1e-12)
    assert np.abs(steps["c"]).max() <= np.abs(x).sum() + 1e-9


def test_gates_taken_from_a_trained_layer_give_its_states() -> None:
    found, traced, *_ = opened(nn.LSTM(D, 1, batch_first=True))
    gates_of = {gate: values[0, :, 0] for gate, values in traced.gates.items()}
    steps = by_hand(
        gates_of["candidate"], gates_of["forget"], gates_of["input"], gates_of["output"]
    ).forward
    np.testing.assert_allclose(steps["c"], found.forward["c"], **EXACT)
    np.testing.assert_allclose(steps["h"], found.forward["h"], **EXACT)
