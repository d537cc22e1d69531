"""What enters a layer at one step arrives as autograd and closed forms say, and nothing else does.

The oracle lets the gradient of the loss enter an unrolled layer at one step only.
"""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor, nn

from lstm_viz import gradient_flow
from lstm_viz.errors import ConfigError
from lstm_viz.instruments.gradient_flow import flows
from lstm_viz.instruments.twin import Twin
from lstm_viz.models.layers import LSTMVariant, NestedLSTM
from lstm_viz.models.network import Network
from tests.instruments import family_oracle
from tests.instruments.oracle import Unrolled

B, T, D, H = 2, 6, 3, 4
FUSED = {
    "rnn_tanh": nn.RNN,
    "rnn_relu": lambda *args, **more: nn.RNN(*args, nonlinearity="relu", **more),
    "lstm": nn.LSTM,
    "gru": nn.GRU,
}
OURS = {"lstm_variant": LSTMVariant, "nested_lstm": NestedLSTM}
READOUTS = ("last", "mean", "attention", "every step")
STATES = ("hidden", "cell", "inner")


def layer_of(kind: str, **more: object) -> nn.Module:
    torch.manual_seed(3)
    return (FUSED | OURS)[kind](D, H, batch_first=True, **more)


def inputs() -> Tensor:
    return torch.randn(B, T, D, generator=torch.Generator().manual_seed(1), dtype=torch.float64)


def network(recurrent: nn.Module, readout: str) -> Network:
    torch.manual_seed(5)
    every_step = readout == "every step"
    pool = "last" if every_step else readout
    return Network(recurrent, 2, readout=pool, every_step=every_step)


def squares(output: Tensor, _: object) -> Tensor:
    return (output - 0.3).square().sum()


def direct_of(model: Network, hidden: Tensor) -> Tensor:
    """dL/d(the layer's output) (B, T, ·), not through the layer itself."""
    model = model.double()
    leaf = pooled = hidden.detach().requires_grad_()
    if model.pool is not None:
        pooled = model.pool(leaf, model._layer.bidirectional)
    (direct,) = torch.autograd.grad(squares(model.readout(pooled), None), leaf)
    return direct


def states_of(layer: nn.Module, x: Tensor) -> dict[str, list[list[Tensor]]]:
    """Layer name -> its h_t, its c_t, ... of an unrolled pass in the order of the input."""
    if isinstance(layer, nn.RNNBase):
        oracle = Unrolled(layer)
        oracle(x)
        states = ["hidden", "cell"] if oracle.kind == "lstm" else ["hidden"]
        return {name: [seen[each] for each in states] for name, seen in oracle.inside.items()}
    step = family_oracle.nested if isinstance(layer, NestedLSTM) else family_oracle.variant
    inside = step(layer, family_oracle.weights_of(layer), x.transpose(0, 1))
    return {"l0": [getattr(inside, each) for each in STATES if getattr(inside, each)]}


def swept(states: list[list[Tensor]], direct: Tensor, s: int) -> list[np.ndarray]:
    """(B, T) norms for each state, where `direct` (B, H) enters h_s and nothing else does."""
    flat = [tensor for each in states for tensor in each]
    found = torch.autograd.grad(
        states[0][s], flat, direct, retain_graph=True, materialize_grads=True
    )
    norms = torch.stack([each.norm(dim=-1) for each in found], dim=1).numpy()
    return np.split(norms, len(states), axis=1)


CASES = [(kind, direction) for kind in FUSED for direction in (False, True)]
CASES += [(kind, False) for kind in OURS]


@pytest.mark.parametrize("readout", READOUTS)
@pytest.mark.parametrize(("kind", "bidirectional"), CASES)
def test_every_step_alone_arrives_as_autograd_says(
    kind: str, bidirectional: bool, readout: str
) -> None:
    layer, x = layer_of(kind, bidirectional=bidirectional), inputs()
    model = network(layer, readout)
    oracle = states_of(layer, x)
    hidden = torch.cat([torch.stack(each[0], dim=1) for each in oracle.values()], dim=-1)
    parts = direct_of(model, hidden).chunk(len(oracle), dim=-1)
    direct = dict(zip(oracle, parts, strict=True))
    for name, states in oracle.items():
        for s in range(T):
            if not direct[name][:, s].any():
                continue
            expected = swept(states, direct[name][:, s], s)
            for state, norms in zip(("hidden", "cell", "inner_cell"), expected, strict=False):
                mine = gradient_flow(
                    model, x, at=s, layer=f"recurrent.{name}", state=state, loss_fn=squares
                )
                np.testing.assert_allclose(mine, norms, rtol=1e-9, atol=1e-14)


@pytest.mark.parametrize("readout", READOUTS)
@pytest.mark.parametrize("kind", [*FUSED, *OURS])
def test_a_frames_flow_is_that_of_the_last_step_at_which_the_loss_enters(
    kind: str, readout: str
) -> None:
    model, x = network(layer_of(kind), readout), inputs()
    (_, flow), *_ = flows(Twin(model), x, loss_fn=squares, targets=None).values()
    assert flow.entered.tolist() == [T - 1] * B
    for state, norms in flow.norms.items():
        assert np.array_equal(norms, gradient_flow(model, x, state=state, loss_fn=squares))


@pytest.mark.parametrize("kind", [*FUSED, *OURS])
def test_a_lower_layer_is_swept_alone_from_what_the_layer_above_sends_it(kind: str) -> None:
    """As if the two layers of a stack were two modules, of which the lower one's loss is asked."""
    stack, x = layer_of(kind, num_layers=2), inputs()
    lower = layer_of(kind)
    upper = (FUSED | OURS)[kind](H, H, batch_first=True)
    for name, weight in stack.named_parameters():
        home = lower if name.endswith("_l0") else upper
        getattr(home, name.replace("_l1", "_l0")).data.copy_(weight.data)
    model, states = network(stack, "mean"), states_of(lower, x)["l0"]
    leaf = torch.stack(states[0], dim=1).detach().requires_grad_()
    above = upper.double()(leaf)[0]
    (direct,) = torch.autograd.grad(above, leaf, direct_of(model, above))
    for s in (2, T - 1):
        expected = swept(states, direct[:, s], s)[0]
        mine = gradient_flow(model, x, at=s, layer="recurrent.l0", loss_fn=squares)
        np.testing.assert_allclose(mine, expected, rtol=1e-9, atol=1e-14)


def test_samples_whose_losses_end_at_different_steps_have_steps_of_their_own() -> None:
    model, x = network(layer_of("gru"), "every step"), inputs()

    def until(output: Tensor, ends: Tensor) -> Tensor:
        asked = torch.arange(T) <= ends[:, None]
        return (output.square().sum(-1) * asked).sum()

    (_, flow), *_ = flows(Twin(model), x, loss_fn=until, targets=torch.tensor([4, 2])).values()
    assert flow.entered.tolist() == [4, 2]
    last = gradient_flow(model, x, loss_fn=until, targets=torch.tensor([4, 2]))
    assert np.array_equal(last, flow.norms["hidden"])
    assert ((last > 0).sum(axis=1) == [5, 3]).all()
    for sample, s in enumerate((4, 2)):
        alone = gradient_flow(model, x, at=s, loss_fn=until, targets=torch.tensor([4, 2]))
        np.testing.assert_allclose(flow.norms["hidden"][sample], alone[sample], rtol=1e-12)


def orthogonal(seed: int) -> Tensor:
    random = torch.randn(H, H, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)
    return torch.linalg.qr(random)[0]


@given(
    factor=st.floats(0.01, 20.0),
    seed=st.integers(0, 1000),
    at=st.integers(0, T - 1),
    readout=st.sampled_from(READOUTS),
    reverse=st.booleans(),
)
def test_a_scaled_rotation_gives_a_power_of_its_scale(
    factor: float, seed: int, at: int, readout: str, reverse: bool
) -> None:
    """With x = 0 the hidden state rests at 0, where tanh has slope 1: the Jacobian is U = λQ."""
    rnn = nn.RNN(D, H, bias=False, bidirectional=True, batch_first=True).double()
    with torch.no_grad():
        rnn.weight_hh_l0.copy_(factor * orthogonal(seed))
        rnn.weight_hh_l0_reverse.copy_(factor * orthogonal(seed + 1))
    x = torch.zeros(1, T, D, dtype=torch.float64)
    at = at if readout != "last" else 0 if reverse else T - 1
    layer = "recurrent.l0_reverse" if reverse else "recurrent.l0"
    flow = gradient_flow(network(rnn, readout), x, at=at, layer=layer, loss_fn=squares)[0]
    steps = np.arange(T) - at if reverse else at - np.arange(T)
    expected = np.where(steps >= 0, factor ** np.maximum(steps, 0.0), 0.0)
    np.testing.assert_allclose(flow / flow[at], expected, rtol=1e-9)


@pytest.mark.parametrize("readout", READOUTS)
@pytest.mark.parametrize("kind", ["rnn_tanh", "rnn_relu"])
def test_without_recurrence_nothing_arrives_one_step_back(kind: str, readout: str) -> None:
    rnn = layer_of(kind, bidirectional=True)
    with torch.no_grad():
        rnn.weight_hh_l0.zero_(), rnn.weight_hh_l0_reverse.zero_()
    for trace, flow in flows(
        Twin(network(rnn, readout)), inputs(), loss_fn=squares, targets=None
    ).values():
        assert trace.grad_hidden is not None
        arrives = flow.norms["hidden"] > 0
        assert arrives.sum(axis=1).tolist() == [1] * B


def without_recurrence(kind: str) -> Network:
    layer = layer_of(kind)
    with torch.no_grad():
        for name, weight in layer.named_parameters():
            if "weight_hh" in name:
                weight.zero_()
    return network(layer, "mean")


def decays(norms: np.ndarray, start: np.ndarray, factors: np.ndarray) -> None:
    """From the last step on a gradient (B, H) is multiplied by the factors (B, T, H), no more."""
    gradient = start
    for t in reversed(range(T)):
        np.testing.assert_allclose(norms[:, t], np.linalg.norm(gradient, axis=-1), rtol=1e-12)
        gradient = gradient * factors[:, t]


@pytest.mark.parametrize("kind", ["lstm", "lstm_variant"])
def test_without_recurrence_a_cell_state_passes_on_the_product_of_its_forget_gates(
    kind: str,
) -> None:
    model = without_recurrence(kind)
    ((trace, flow),) = flows(Twin(model), inputs(), loss_fn=squares, targets=None).values()
    direct = direct_of(model, torch.tensor(trace.hidden))[:, -1].numpy()
    slope = trace.gates["output"][:, -1] * (1 - np.tanh(trace.cell[:, -1]) ** 2)
    decays(flow.norms["cell"], direct * slope, trace.gates["forget"])
    assert (flow.norms["hidden"][:, :-1] == 0).all()
    joint = gradient_flow(model, inputs(), state="joint", loss_fn=squares)
    np.testing.assert_allclose(joint[:, :-1], flow.norms["cell"][:, :-1], rtol=1e-12)
    np.testing.assert_allclose(joint[:, -1], flow.norms["hidden"][:, -1], rtol=1e-12)


def test_without_recurrence_a_gru_passes_on_the_product_of_its_update_gates() -> None:
    model = without_recurrence("gru")
    ((trace, flow),) = flows(Twin(model), inputs(), loss_fn=squares, targets=None).values()
    direct = direct_of(model, torch.tensor(trace.hidden))[:, -1].numpy()
    decays(flow.norms["hidden"], direct, trace.gates["update"])


def test_without_recurrence_only_the_inner_memory_of_a_nested_lstm_passes_anything_on() -> None:
    model = without_recurrence("nested_lstm")
    ((trace, flow),) = flows(Twin(model), inputs(), loss_fn=squares, targets=None).values()
    for state in ("hidden", "cell"):
        assert (flow.norms[state][:, :-1] == 0).all()
        assert (flow.norms[state][:, -1] > 0).all()
    direct = direct_of(model, torch.tensor(trace.hidden))[:, -1].numpy()
    dc = direct * trace.gates["output"][:, -1] * (1 - np.tanh(trace.cell[:, -1]) ** 2)
    inner = trace.gates["inner_output"][:, -1] * (1 - np.tanh(trace.inner_cell[:, -1]) ** 2)
    decays(flow.norms["inner_cell"], dc * inner, trace.gates["inner_forget"])


def test_without_a_loss_a_vector_of_length_one_enters() -> None:
    flow = gradient_flow(layer_of("gru", bidirectional=True), inputs(), layer="l0_reverse")
    np.testing.assert_allclose(flow[:, 0], 1.0)  # where the reverse layer's run ended
    assert (flow > 0).all()
    assert (gradient_flow(layer_of("gru"), inputs(), at=2)[:, 3:] == 0).all()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"layer": "l7"}, "no layer called 'l7'"),
        ({"state": "cell"}, "must be one of hidden, joint"),
        ({"at": 6}, "between -6 and 5"),
        ({"at": 1.5}, r"whole number, got 1\.5"),
        ({"at": None}, "whole number, got None"),
        ({"at": "last"}, "whole number, got 'last'"),
        ({"at": True}, "whole number, got True"),
        ({"layer": lambda: 3}, "no layer called"),
        ({"state": lambda: 3}, "must be one of hidden, joint"),
        ({"at": lambda: 3}, "whole number, got <function"),
        ({"loss_fn": "mse"}, "must be a function of the output and the targets, got str"),
        ({"at": 2, "loss_fn": lambda out, _: out[0][:, 4].sum()}, "last step with"),
        ({"loss_fn": lambda out, _: (out[0] * 0.0).sum()}, "sends no gradient to the layer"),
    ],
)
def test_what_cannot_be_asked_is_said(changes: dict[str, object], said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        gradient_flow(layer_of("gru"), inputs(), **changes)


def test_a_loss_that_reaches_nothing_flows_nowhere() -> None:
    model = network(layer_of("lstm"), "every step")
    ((_, flow),) = flows(
        Twin(model), inputs(), loss_fn=lambda out, _: out.sum() * 0.0, targets=None
    ).values()
    assert not any(norms.any() for norms in flow.norms.values())
