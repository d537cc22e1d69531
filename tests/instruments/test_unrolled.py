"""The package's own layers, traced and watched, against equations written a second time."""

from itertools import product

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from lstm_viz import trace, watch
from lstm_viz.errors import ConfigError
from lstm_viz.instruments.layer_trace import LayerTrace
from lstm_viz.models.layers import LSTMVariant, NestedLSTM
from tests.instruments import family_oracle
from tests.instruments.family_oracle import Inside

D, H, B, T = 3, 4, 2, 6
SWITCHES = ("input_gate", "forget_gate", "output_gate", "peepholes", "coupled")
PARTS = [dict(zip(SWITCHES, chosen, strict=True)) for chosen in product((False, True), repeat=5)]
ALLOWED = [
    parts
    for parts in PARTS
    if not (parts["coupled"] and not (parts["input_gate"] and parts["forget_gate"]))
    and not (
        parts["peepholes"]
        and not (parts["input_gate"] or parts["forget_gate"] or parts["output_gate"])
    )
]
MORE = [
    {"input_activation": False},
    {"output_activation": False},
    {"input_activation": False, "output_activation": False, "output_gate": False},
    {"layer_norm": True},
    {"layer_norm": True, "peepholes": True, "coupled": True},
    {"zoneout": 0.3},
    {"zoneout": 0.2, "layer_norm": True, "forget_gate": False},
]


def said(parts: dict[str, object]) -> str:
    return ",".join(name for name, on in parts.items() if on) or "none"


@pytest.fixture
def x() -> Tensor:
    return torch.randn(T, B, D, generator=torch.Generator().manual_seed(1))


def loss_of(hidden: Tensor, c_n: Tensor) -> Tensor:
    return (hidden[-1] ** 2).sum() + hidden[2].sum() + (c_n**3).sum()


def traced(layer: nn.Module, x: Tensor) -> LayerTrace:
    def loss_fn(output: tuple[Tensor, tuple[Tensor, ...]], _: object) -> Tensor:
        return loss_of(output[0], output[1][1][0])

    return trace(layer, x, loss_fn=loss_fn)["l0"]


def same(found: LayerTrace, inside: Inside) -> None:
    """Every array within 1e-10 of the oracle's."""
    loss = loss_of(torch.stack(inside.hidden), inside.cell[-1])

    def close(got: np.ndarray | None, tensors: list[Tensor], *, gradient: bool = False) -> None:
        values = tensors
        if gradient:
            given = torch.autograd.grad(loss, tensors, retain_graph=True, allow_unused=True)
            values = [
                torch.zeros_like(tensor) if each is None else each
                for tensor, each in zip(tensors, given, strict=True)
            ]
        expected = torch.stack(values).detach().transpose(0, 1).numpy()
        np.testing.assert_allclose(got, expected, rtol=1e-10, atol=1e-10)

    close(found.hidden, inside.hidden)
    close(found.cell, inside.cell)
    close(found.grad_hidden, inside.hidden, gradient=True)
    close(found.grad_cell, inside.cell, gradient=True)
    assert set(found.gates) == set(inside.gates)
    for gate, activations in inside.gates.items():
        close(found.gates[gate], activations)
        close(found.grad_gates[gate], inside.before[gate], gradient=True)
    if inside.inner:
        close(found.inner_cell, inside.inner)


@pytest.mark.parametrize("parts", [*ALLOWED, *MORE], ids=said)
def test_every_member_of_the_family_equals_its_equations(parts, x: Tensor) -> None:
    torch.manual_seed(0)
    layer = LSTMVariant(D, H, **parts)
    weights = family_oracle.weights_of(layer)
    same(traced(layer, x), family_oracle.variant(layer, weights, x.double()))


def test_the_nested_lstm_equals_its_equations(x: Tensor) -> None:
    torch.manual_seed(0)
    layer = NestedLSTM(D, H)
    weights = family_oracle.weights_of(layer)
    same(traced(layer, x), family_oracle.nested(layer, weights, x.double()))


@pytest.mark.parametrize("bidirectional", [False, True])
def test_with_all_parts_on_it_is_pytorchs_lstm(bidirectional: bool, x: Tensor) -> None:
    sizes = {"num_layers": 2, "bidirectional": bidirectional}
    layers = []
    for kind in (nn.LSTM, LSTMVariant):
        torch.manual_seed(0)
        layers.append(kind(D, H, **sizes).double())
    plain, variant = layers
    assert [n for n, _ in plain.named_parameters()] == [n for n, _ in variant.named_parameters()]
    for layer in layers:
        output, (h_n, c_n) = layer(x.double())
        (loss_of(output, c_n) + h_n.sum()).backward()
    for one, other in zip(plain.parameters(), variant.parameters(), strict=True):
        torch.testing.assert_close(one, other, rtol=0, atol=0)
        torch.testing.assert_close(one.grad, other.grad, rtol=1e-12, atol=1e-12)

    def loss_fn(output, _):
        return loss_of(output[0], output[1][1])

    one, other = (trace(layer, x, loss_fn=loss_fn) for layer in layers)
    assert list(one) == list(other)
    for name, layer in one.items():
        for array in ("input", "hidden", "cell", "grad_hidden", "grad_cell"):
            np.testing.assert_allclose(
                getattr(other[name], array), getattr(layer, array), rtol=1e-10, atol=1e-12
            )


@pytest.mark.parametrize(
    "make",
    [
        lambda: LSTMVariant(D, H, 2, dropout=0.4, batch_first=True),
        lambda: LSTMVariant(D, H, zoneout=0.3, batch_first=True),
        lambda: LSTMVariant(D, H, 2, zoneout=0.3, dropout=0.2, bidirectional=True),
        lambda: NestedLSTM(D, H, 2, dropout=0.4),
    ],
)
def test_a_watched_pass_is_replayed_with_the_noise_it_drew(make, x: Tensor) -> None:
    torch.manual_seed(0)
    layer = make()
    assert layer.training
    kept = {}
    with watch(layer) as watcher:
        output, states = layer(x)
        output.retain_grad()
        loss = (output**2).sum() + states[1].sum()
        loss.backward()
        kept = watcher.traces
    top = list(kept.values())[-2 if layer.bidirectional else -1 :]
    hidden = np.concatenate([each.hidden for each in top], axis=-1)
    seen = output if layer.batch_first else output.transpose(0, 1)
    np.testing.assert_allclose(hidden, seen.detach().numpy(), atol=1e-5)


def test_watching_leaves_the_training_bit_for_bit_alone(x: Tensor) -> None:
    results = []
    for watched in (False, True):
        torch.manual_seed(0)
        layer = LSTMVariant(D, H, 2, peepholes=True, zoneout=0.2, dropout=0.3)
        optimizer = torch.optim.Adam(layer.parameters())
        for _ in range(3):
            optimizer.zero_grad()
            if watched:
                with watch(layer):
                    layer(x)[0].square().sum().backward()
            else:
                layer(x)[0].square().sum().backward()
            optimizer.step()
        results.append([p.detach().clone() for p in layer.parameters()])
    for one, other in zip(*results, strict=True):
        assert torch.equal(one, other)


def test_a_trace_leaves_no_mark_on_a_layer(x: Tensor) -> None:
    layer = LSTMVariant(D, H, zoneout=0.5)
    before = {name: p.clone() for name, p in layer.named_parameters()}
    random = torch.get_rng_state()
    traced(layer, x)
    assert layer.training
    assert torch.equal(random, torch.get_rng_state())
    assert not layer._forward_hooks
    assert not layer._forward_pre_hooks
    for name, parameter in layer.named_parameters():
        assert torch.equal(parameter, before[name])
        assert parameter.grad is None


def test_it_is_found_inside_a_model_and_named_by_its_path(x: Tensor) -> None:
    class Model(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.memory = LSTMVariant(D, H, bidirectional=True, coupled=True)

        def forward(self, x: Tensor) -> Tensor:
            return self.memory(x)[0].mean()

    found = trace(Model(), x)
    assert list(found) == ["memory.l0", "memory.l0_reverse"]
    assert found["memory.l0"].kind == "lstm_variant"
    assert list(found["memory.l0"].gates) == ["forget", "candidate", "output"]
    assert found["memory.l0"].grad_hidden is None


@pytest.mark.parametrize(
    ("parts", "fragment"),
    [
        ({"coupled": True, "input_gate": False}, "Coupled"),
        ({"coupled": True, "forget_gate": False}, "Coupled"),
        (
            {
                "peepholes": True,
                "input_gate": False,
                "forget_gate": False,
                "output_gate": False,
            },
            "Peepholes",
        ),
    ],
)
def test_parts_that_exclude_each_other_are_refused(parts, fragment: str) -> None:
    with pytest.raises(ConfigError, match=fragment):
        LSTMVariant(D, H, **parts)


@pytest.mark.parametrize("share", [-0.1, 1.0])
@pytest.mark.parametrize("name", ["dropout", "zoneout"])
def test_a_share_of_noise_is_below_one(name: str, share: float) -> None:
    with pytest.raises(ConfigError, match=f"'{name}' of a layer .* got {share}"):
        LSTMVariant(D, H, **{name: share})


WRONG = {
    "a switch that is a word": ({"peepholes": "no"}, "'peepholes' must be True or False"),
    "a direction that is a word": (
        {"bidirectional": "no"},
        "'bidirectional' must be True or False",
    ),
    "no layers": ({"num_layers": 0}, "'num_layers' of a layer .* at least 1, got 0"),
    "no units": ({"hidden_size": 0}, "'hidden_size' of a layer .* at least 1, got 0"),
    "a size that is a word": ({"hidden_size": "3"}, "whole number .* got '3'"),
    "half a layer": ({"num_layers": 1.5}, r"whole number .* got 1\.5"),
    "zoneout that is a word": ({"zoneout": "a"}, "'zoneout' of a layer .* got 'a'"),
}


@pytest.mark.parametrize("what", WRONG)
def test_what_a_layer_cannot_be_is_refused(what: str) -> None:
    changes, said = WRONG[what]
    with pytest.raises(ConfigError, match=said):
        LSTMVariant(**({"input_size": D, "hidden_size": H} | changes))


STATE = torch.zeros(2, B, H)
WRONG_STATES = {
    "one state": (STATE, r"\(2, 2, 4\)\.$"),
    "one state in a tuple": ((STATE,), "a tensor for each of: hidden, cell"),
    "three states": ((STATE,) * 3, "hidden, cell"),
    "another batch": ((STATE[:, :1],) * 2, r"shape \(2, 2, 4\): .* Got \(2, 1, 4\)"),
    "one of two layers": ((STATE[:1],) * 2, r"Got \(1, 2, 4\), \(1, 2, 4\)"),
    "no tensor": ((STATE, 0.0), r"Got \(2, 2, 4\), float"),
}


@pytest.mark.parametrize("what", WRONG_STATES)
def test_first_states_that_do_not_fit_are_refused(what: str, x: Tensor) -> None:
    hx, said = WRONG_STATES[what]
    with pytest.raises(ConfigError, match=said):
        LSTMVariant(D, H, 2).double()(x, hx)


def test_sequences_that_do_not_fit_are_refused(x: Tensor) -> None:
    layer = LSTMVariant(D + 1, H).double()
    for wrong, said in ((x, f"features: {D}"), (x[:0], "Steps given: 0")):
        with pytest.raises(ConfigError, match=said):
            layer(wrong)


def test_in_float32_it_is_pytorchs_lstm_within_1e_6(x: Tensor) -> None:
    layers = []
    for kind in (nn.LSTM, LSTMVariant):
        torch.manual_seed(0)
        layers.append(kind(D, H, 2))
        output, (h_n, c_n) = layers[-1](x)
        (loss_of(output, c_n) + h_n.sum()).backward()
    for one, other in zip(layers[0].parameters(), layers[1].parameters(), strict=True):
        torch.testing.assert_close(one.grad, other.grad, rtol=1e-6, atol=1e-6)
    torch.testing.assert_close(layers[0](x), layers[1](x), rtol=1e-6, atol=1e-6)
