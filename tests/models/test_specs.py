"""What cells say of themselves is what their layers do."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
import torch

from lstm_viz import LSTMVariant, trace
from lstm_viz.errors import ConfigError
from lstm_viz.instruments.layer_trace import LayerTrace
from lstm_viz.measures.gates import time_constants
from lstm_viz.models.cells import CELLS, cell_of
from lstm_viz.models.layers import layer_of, spec_of
from tests.models.variants import EVERY, said
from tests.models.written import Written

B, T, D, H = 2, 7, 3, 4
every_cell = pytest.mark.parametrize(("kind", "options"), EVERY, ids=said)


def traced(kind: str, options: Mapping[str, Any]) -> tuple[LayerTrace, dict[str, np.ndarray]]:
    torch.manual_seed(0)
    layer = layer_of(kind, options, input_size=D, hidden_size=H, batch_first=True).double()
    weights = {name.removesuffix("_l0"): p.detach().numpy() for name, p in layer.named_parameters()}
    x = torch.randn(B, T, D, dtype=torch.float64)
    return trace(layer, x, loss_fn=lambda output, _: output[0].square().sum())["l0"], weights


@every_cell
def test_the_formulas_give_what_the_trace_measures(kind: str, options: dict[str, Any]) -> None:
    found, weights = traced(kind, options)
    written = Written(found, weights)
    compared = written.check(cell_of(kind).formulas(found.options))
    assert compared >= written.traced.keys() - {"i"}, "a coupled input gate has no trace"


def test_the_other_convention_gives_the_same_states_with_z_turned_round() -> None:
    found, weights = traced("gru", {})
    written = Written(found, weights)
    *_gates, state = cell_of("gru").swapped_formulas({})
    written.values["z"] = 1 - written.values["z"]
    assert written.check([state]) == {"h"}
    with pytest.raises(AssertionError):
        written.check([cell_of("gru").formulas({})[-1]])


@every_cell
def test_the_signals_are_what_a_trace_holds(kind: str, options: dict[str, Any]) -> None:
    found, _ = traced(kind, options)
    arrays = {
        "hidden": found.hidden,
        "cell": found.cell,
        "inner_cell": found.inner_cell,
        "grad_hidden": found.grad_hidden,
        "grad_cell": found.grad_cell,
        **found.gates,
    }
    there = {name for name, values in arrays.items() if values is not None}
    assert sorted(cell_of(kind).signals(options)) == sorted(there)


@every_cell
def test_what_is_kept_is_the_share_of_the_old_state_in_the_new(
    kind: str, options: dict[str, Any]
) -> None:
    """Two traces that differ in the first state alone: without U, only what is kept tells them."""
    layer = layer_of(kind, options, input_size=D, hidden_size=H, batch_first=True).double()
    for name, parameter in layer.named_parameters():
        if name.startswith(("weight_hh", "peephole")):
            torch.nn.init.zeros_(parameter)
    states = [torch.zeros(1, 1, H, dtype=torch.float64) for _ in cell_of(kind).states]
    x = torch.randn(1, 1, D, dtype=torch.float64)

    def after(shift: float) -> tuple[np.ndarray, LayerTrace]:
        first = [state.clone() for state in states]
        first[-1 if len(first) == 2 else 0] += shift
        model = Started(layer, tuple(first) if len(first) > 1 else first[0])
        found = trace(model, x)["layer.l0"]
        return (found.hidden if found.cell is None else found.cell)[0, 0], found

    (one, found), (other, _) = after(0.0), after(0.1)
    kept = cell_of(kind).kept(found.gates, found.options)
    if kept is None:
        assert kind in ("rnn_tanh", "rnn_relu", "nested_lstm")
        return
    np.testing.assert_allclose(kept[0, 0], (other - one) / 0.1, rtol=1e-9)


class Started(torch.nn.Module):
    def __init__(self, layer: torch.nn.Module, states: Any) -> None:
        super().__init__()
        self.layer, self.states = layer, states

    def forward(self, x: torch.Tensor) -> Any:
        return self.layer(x, self.states)


def test_time_constants_follow_what_is_kept() -> None:
    half = {"forget": np.full((5, 1), 0.5), "candidate": np.zeros((5, 1))}
    variant = cell_of("lstm_variant")
    (plain,) = time_constants(variant.kept(half, {}))
    (zoned,) = time_constants(variant.kept(half, {"zoneout": 0.4}))
    (without,) = time_constants(variant.kept(half, {"forget_gate": False}))
    assert plain == pytest.approx(-1 / np.log(0.5))
    assert zoned == pytest.approx(-1 / np.log(0.4 + 0.6 * 0.5))
    assert without == np.inf
    gru = {"update": np.full((5, 1), 0.9)}
    assert time_constants(cell_of("gru").kept(gru, {})) == pytest.approx(-1 / np.log(0.9))


@every_cell
def test_a_layers_weights_are_packed_in_the_order_that_its_cell_says(
    kind: str, options: dict[str, Any]
) -> None:
    """A bias of 800 opens the gate of that place and no other."""
    layer = layer_of(kind, options, input_size=D, hidden_size=H, batch_first=True).double()
    spec, own = spec_of(layer)
    names = spec.packed(own)
    weights = dict(layer.named_parameters())
    assert weights["weight_ih_l0"].shape == (len(names) * H, D)
    assert ("weight_hh_l0" in weights) == spec.recurrent_weights
    if spec.recurrent_weights:
        assert weights["weight_hh_l0"].shape == (len(names) * H, H)
    for place, name in enumerate(names):
        if not spec.gates:
            continue
        with torch.no_grad():
            for parameter in layer.parameters():
                parameter.zero_()
            dict(layer.named_parameters())["bias_ih_l0"][place * H : (place + 1) * H] = 800.0
        gates = trace(layer, torch.zeros(1, 1, D, dtype=torch.float64))["l0"].gates
        opened = {gate for gate, values in gates.items() if (values >= 1.0).all()}
        assert opened == {name}


@pytest.mark.parametrize(
    "ask", [cell_of, lambda kind: layer_of(kind, {}, input_size=1, hidden_size=1)]
)
def test_a_cell_that_there_is_not_is_refused_with_those_that_there_are(ask: Any) -> None:
    with pytest.raises(ConfigError, match=r"no cell 'mgu'.*rnn_tanh.*nested_lstm"):
        ask("mgu")


def test_the_variants_settings_are_what_its_layer_takes() -> None:
    spec = CELLS["lstm_variant"]
    defaults = {
        name: option.limit.default for name, option in spec.options.items() if not option.starts
    }
    assert LSTMVariant(D, H).options == defaults


@pytest.mark.parametrize(("squashes", "h"), [(True, np.tanh), (False, lambda c: c)])
def test_what_is_said_of_a_missing_output_gate_is_what_the_hidden_state_is(squashes, h) -> None:
    found, _weights = traced("lstm_variant", {"output_gate": False, "output_activation": squashes})
    np.testing.assert_allclose(found.hidden, h(found.cell), rtol=1e-6)
    said = " ".join(cell_of("lstm_variant").without(found.options))
    assert ("is tanh of the cell state" in said) == squashes
    assert ("shows the whole cell state" in said) == (not squashes)
