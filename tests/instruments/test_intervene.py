"""Interventions against loops of their own, written gate by gate, and against what must agree."""

import copy

import numpy as np
import pytest
import torch
from torch import nn

from lstm_viz import (
    ConfigError,
    LSTMVariant,
    UnsupportedModelError,
    gradient_flow,
    intervene,
    jacobians,
    trace,
    watch,
)
from lstm_viz.models.network import Network
from tests.instruments.layers import LAYERS, B, D, H, T, made, step
from tests.instruments.oracle import GATES, Unrolled

ONE_LAYER = {"rnn_tanh": nn.RNN, "lstm": nn.LSTM, "gru": nn.GRU}


class Intervened(Unrolled):
    """The plain loop with gates held, units silenced and another first state."""

    def __init__(self, fused, clamp=None, silence=(), state=None):
        super().__init__(fused)
        self.clamp, self.silence, self.state = clamp or {}, list(silence), state or {}

    def run(self, name, sequence, state, *, reverse):
        if self.state and name == "l1":
            h, c = state
            state = self.state["hidden"].expand_as(h), self.state.get("cell", c).expand_as(c)
        return super().run(name, sequence, state, reverse=reverse)

    def step(self, name, x, h, c, seen):
        if name != "l1":
            return super().step(name, x, h, c, seen)
        names = GATES[self.kind]
        W, U = self.weights[f"weight_ih_{name}"], self.weights[f"weight_hh_{name}"]
        from_x = (x @ W.T + self.weights[f"bias_ih_{name}"]).chunk(max(1, len(names)), 1)
        from_h = (h @ U.T + self.weights[f"bias_hh_{name}"]).chunk(max(1, len(names)), 1)

        def gate(k, scale=1.0):
            a = from_x[k] + scale * from_h[k]
            y = torch.tanh(a) if names[k] == "candidate" else torch.sigmoid(a)
            if names[k] in self.clamp:
                value = torch.as_tensor(self.clamp[names[k]], dtype=torch.float64)
                value = value[len(seen[f"gate_{names[k]}"])] if value.dim() == 2 else value
                y = torch.where(value.isnan(), y, value)
            seen[f"a_{names[k]}"].append(a)
            seen[f"gate_{names[k]}"].append(y)
            return y

        if self.kind == "rnn_tanh":
            h = torch.tanh(from_x[0] + from_h[0])
        elif self.kind == "lstm":
            i, f, g, o = (gate(k) for k in range(4))
            c = f * c + i * g
            h = o * torch.tanh(c)
        else:
            r, z = gate(0), gate(1)
            n = gate(2, r)
            h = (1 - z) * n + z * h
        heard = torch.ones(H).double()
        heard[self.silence] = 0
        return h * heard, c


NAN = float("nan")
STRETCH = np.where(np.arange(T)[:, None] % 4 == 1, [1.0, NAN, 0.2, 0.0], NAN)
"""(T, H): at some steps three units are held, at the others none."""
CASES = [
    *[("lstm", {gate: STRETCH}, []) for gate in GATES["lstm"]],
    *[("gru", {gate: STRETCH}, [0]) for gate in GATES["gru"]],
    ("lstm", {"forget": [1.0, NAN, NAN, 0.5], "output": STRETCH}, [2]),
    *[("lstm", {gate: value}, []) for gate in GATES["lstm"] for value in (0.0, 0.3, 1.0)],
    *[("gru", {gate: value}, []) for gate in GATES["gru"] for value in (0.0, 0.3, 1.0)],
    ("lstm", {"forget": 1.0, "input": 0.0, "output": 0.5}, [1]),
    ("gru", {"update": 0.9}, [0, 3]),
    ("rnn_tanh", {}, [2]),
]


@pytest.mark.parametrize(("kind", "clamp", "silence"), CASES)
def test_a_trace_sees_it_as_an_unrolled_loop_does(kind, clamp, silence) -> None:
    torch.manual_seed(0)
    layer = ONE_LAYER[kind](D, H, 2, batch_first=True, bidirectional=True)
    begin = {"hidden": torch.randn(H).double()}
    if kind == "lstm":
        begin["cell"] = torch.randn(B, H).double()
    x = torch.randn(B, T, D)
    oracle = Intervened(layer, clamp, silence, begin)
    output, _ = oracle(x.double())
    output.square().sum().backward()
    with intervene(
        layer, clamp={"l1": clamp}, silence={"l1": silence}, state={"l1": begin}
    ) as given:
        found = trace(given, x, loss_fn=lambda output, _: output[0].square().sum())
        own, _last = layer(x)
    assert given is layer
    np.testing.assert_allclose(own.detach(), output.detach(), atol=1e-5)
    for name, layer_trace in found.items():
        for signal in ("hidden", *(["cell"] if kind == "lstm" else [])):
            for grad in (False, True):
                mine = getattr(layer_trace, f"grad_{signal}" if grad else signal)
                theirs = oracle.array(name, signal, grad=grad)
                np.testing.assert_allclose(mine, theirs, rtol=1e-10, atol=1e-12)
        for gate in GATES[kind]:
            np.testing.assert_allclose(
                layer_trace.gates[gate], oracle.array(name, f"gate_{gate}"), rtol=1e-12
            )
            np.testing.assert_allclose(
                layer_trace.grad_gates[gate],
                oracle.array(name, f"a_{gate}", grad=True),
                rtol=1e-10,
                atol=1e-12,
            )


@pytest.mark.parametrize("kind", [kind for kind in LAYERS if not kind.startswith("rnn")])
def test_a_gate_held_open_is_one_whose_bias_is_huge(kind: str) -> None:
    layer, x = made(kind)
    gates = trace(layer, x)["l0"].gates
    for gate in gates:
        if gate.endswith("candidate") and kind in ("linear", "min_gru", "min_lstm"):
            continue
        biased = copy.deepcopy(layer)
        inner = gate.startswith("inner_")
        order = [g for g in gates if g.startswith("inner_") is inner]
        with torch.no_grad():
            bias = getattr(biased, "inner_bias_ih_l0" if inner else "bias_ih_l0")
            bias.chunk(len(order))[order.index(gate)].fill_(1e4)
        with intervene(layer, clamp={"l0": {gate: 1.0}}):
            found = trace(layer, x)["l0"]
        expected = trace(biased, x)["l0"]
        np.testing.assert_allclose(found.hidden, expected.hidden, rtol=1e-10, atol=1e-12)
        assert (found.gates[gate] == 1.0).all()


def test_a_stretch_lies_at_the_same_places_of_the_input_also_backwards() -> None:
    torch.manual_seed(0)
    both, one = (nn.GRU(D, H, bidirectional=two).double() for two in (True, False))
    for name, weight in one.named_parameters():
        weight.data = getattr(both, f"{name}_reverse").data
    x = torch.randn(T, B, D).double()
    with intervene(both, clamp={"l0_reverse": {"update": STRETCH}}):
        found = trace(both, x)["l0_reverse"]
    with intervene(one, clamp={"l0": {"update": STRETCH[::-1].copy()}}):
        expected = trace(one, x.flip(0))["l0"]
    np.testing.assert_allclose(found.hidden, expected.hidden[:, ::-1], rtol=1e-12)
    held = np.isfinite(STRETCH)
    assert (found.gates["update"][:, held] == STRETCH[held]).all()
    with (
        intervene(one, clamp={"l0": {"update": STRETCH}}),
        pytest.raises(ConfigError, match=f"given for {T} steps, and the layer reads 1"),
    ):
        jacobians(one, x)  # takes the steps one by one, without their places


def test_every_instrument_sees_it_and_interventions_add_up() -> None:
    layer, x = made("lstm")
    with intervene(layer, clamp={"l0": {"forget": 0.25}}):
        with intervene(layer, clamp={"l0": {"input": 0.0}}, silence={"l0": range(H)}):
            both = trace(layer, x)["l0"]
            J = jacobians(layer, x)
            flow = gradient_flow(layer, x, state="cell")
        again = trace(layer, x)["l0"]
    assert (both.gates["forget"] == 0.25).all() and not both.gates["input"].any()
    assert not both.hidden.any()
    np.testing.assert_allclose(J[:, H:, H:], np.broadcast_to(0.25 * np.eye(H), (T, H, H)))
    assert not J[:, :, :H].any() and not flow[:, -1].any()
    assert (again.gates["forget"] == 0.25).all() and again.gates["input"].all()


def test_the_first_jacobian_is_by_the_state_that_the_run_begins_from() -> None:
    layer, x = made("gru")
    begin = torch.randn(H).double()
    with intervene(layer, state={"l0": {"hidden": begin}}):
        first = jacobians(layer, x)[0]
    expected = torch.autograd.functional.jacobian(
        lambda h: step(layer, x[:1, 0], h[None])[0], begin
    )
    np.testing.assert_allclose(first, expected, rtol=1e-10)


def test_a_watched_training_step_sees_it() -> None:
    torch.manual_seed(0)
    model = Network(nn.LSTM(D, H, 2, batch_first=True, dropout=0.5), 1)
    x = torch.randn(B, T, D)
    with (
        intervene(model, clamp={"recurrent.l1": {"output": 0.5}}),
        watch(model) as watcher,
    ):
        model(x).sum().backward()
        found = watcher.traces["recurrent.l1"]
    assert (found.gates["output"] == 0.5).all()
    assert model.recurrent.weight_hh_l1.grad.any()


@pytest.mark.parametrize("wrong", [False, True])
def test_the_model_is_as_it_was_also_when_something_raises(wrong: bool) -> None:
    torch.manual_seed(0)
    model = Network(nn.GRU(D, H, batch_first=True, dropout=0.0), 1)
    x, random = torch.randn(B, T, D), torch.get_rng_state()
    before, weights = model(x), copy.deepcopy(model.state_dict())
    inside = {name: set(vars(module)) for name, module in model.named_modules()}
    try:
        with intervene(model, clamp={"recurrent.l0": {"update": 1.0}}):
            assert torch.equal(model(x)[0], model.readout.bias)  # nothing enters h
            if wrong:
                raise KeyError
    except KeyError:
        assert wrong
    assert torch.equal(model(x), before) and torch.equal(torch.get_rng_state(), random)
    assert {name: set(vars(module)) for name, module in model.named_modules()} == inside
    assert all(torch.equal(model.state_dict()[name], weights[name]) for name in weights)
    assert model.training and all(weight.grad is None for weight in model.parameters())


class Passing(type(LSTMVariant(1, 1).spec)):
    """A step that takes its forget gate from nowhere else."""

    def activate(self, gate, a, options):
        return a.sigmoid()

    def step(self, a, before, weights, options):
        step = super().step(a, before, weights, options)
        return step._replace(gates={**step.gates, "forget": step.preactivations["forget"].sin()})


@pytest.mark.parametrize(
    ("how", "fragment"),
    [
        ({"clamp": {"l9": {"forget": 1.0}}}, "no layer called 'l9'. It has: l0, l1"),
        ({"clamp": {"l0": {"update": 1.0}}}, "no gate called 'update'. It has: input, forget"),
        ({"clamp": {"l0": {"forget": [1.0, 0.0]}}}, r"'forget'' must be finite .* got \(2,\)"),
        ({"clamp": {"l0": {"forget": float("nan")}}}, "must be finite numbers"),
        ({"clamp": {"l0": {"forget": [NAN] * H}}}, "must be finite numbers"),
        ({"clamp": {"l0": {"forget": [1.0, NAN, NAN, float("inf")]}}}, "must be finite numbers"),
        ({"state": {"l0": {"hidden": [0.0, NAN, 0.0, 0.0]}}}, "must be finite numbers"),
        ({"clamp": {"l0": {"forget": "open"}}}, "must be finite numbers"),
        ({"clamp": {"l0": 1.0}}, "values by name"),
        ({"clamp": 1.0}, "by layer"),
        ({"silence": {"l0": [H]}}, f"between -{H} and {H - 1}"),
        ({"silence": {"l0": [0.5]}}, "whole numbers"),
        ({"silence": {"l0": 3}}, "whole numbers"),
        ({"state": {"l0": {"memory": torch.zeros(H)}}}, "no state called 'memory'. It has: hidden"),
        ({"state": {"l0": {"hidden": torch.zeros(H + 1)}}}, "of shape"),
    ],
)
def test_what_there_is_not_is_refused_and_nothing_touched(how, fragment) -> None:
    layer = nn.LSTM(D, H, 2, batch_first=True)
    before = set(vars(layer))
    with pytest.raises(ConfigError, match=fragment), intervene(layer, **how):
        pass
    assert set(vars(layer)) == before


def test_a_state_for_another_batch_and_a_cell_that_passes_its_gate_by_are_refused() -> None:
    layer, x = made("lstm")
    with (
        intervene(layer, state={"l0": {"cell": torch.zeros(B + 1, H)}}),
        pytest.raises(ConfigError, match="Give one of shape"),
    ):
        trace(layer, x)
    own = LSTMVariant(D, H)
    own.spec = Passing()
    with (
        pytest.raises(UnsupportedModelError, match="cannot be held"),
        intervene(own, clamp={"l0": {"forget": 1.0}}),
    ):
        pass


def test_a_trace_cannot_be_intervened_in_and_the_way_out_is_told() -> None:
    traces = trace(nn.LSTM(D, H, batch_first=True), torch.zeros(B, T, D))
    for seen in (traces, traces["l0"]):
        with pytest.raises(ConfigError, match="Give the model itself"):  # noqa: SIM117
            with intervene(seen, clamp={"l0": {"forget": 1.0}}):
                pass
