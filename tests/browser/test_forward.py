"""The forward pass that the browser computes, against traces of the same network in PyTorch."""

import itertools
from typing import Any

import numpy as np
import pytest
import torch
from playwright.sync_api import Page

from lstm_viz import trace
from lstm_viz.instruments.dissecting import dissect
from lstm_viz.models.layers import layer_of
from lstm_viz.models.network import Network
from lstm_viz.training.predicting import answers

CLOSE = 1e-10
RUN = """
async ({ model, weights, x, changes, problem, classes }) => {
  const { forward, answersOf } = await import("/forward.js");
  for (const each of Object.values(weights)) each.values = Float32Array.from(each.values);
  const { dissected } = await import("/touch/dissect.js");
  const { layers, output } = forward(model, weights, Float64Array.from(x), changes);
  const list = (values) => values && [...values];
  const told = ({ gates, cell, hidden }) => ({
    hidden: list(hidden), cell: list(cell),
    gates: Object.fromEntries(Object.entries(gates).map(([name, values]) => [name, list(values)])),
  });
  const apart = ([name, pass]) => {
    const { H, steps, reverse } = pass;
    const where = { units: [...Array(H).keys()], first: 0, steps, reverse };
    const signals = Object.entries(dissected(pass, where));
    const places = [...Array(steps * H).keys()];
    const all = (value) => places.map((at) => value(Math.floor(at / H), at % H));
    return [name, Object.fromEntries(signals.map(([name, value]) => [name, all(value)]))];
  };
  return {
    apart: Object.fromEntries(Object.entries(layers).map(apart)),
    layers: Object.fromEntries(Object.entries(layers).map(([name, pass]) => [name, told(pass)])),
    output: list(output), answers: list(answersOf(problem, output, classes)),
  };
}
"""


def network(kind: str, seed: int, **how: Any) -> tuple[Network, dict[str, Any], torch.Tensor]:
    """A random network of random size, what the browser is told of it, and an input (1, T, D)."""
    draw = np.random.default_rng(seed)
    H, D, P = (int(draw.integers(1, most)) for most in (14, 5, 4))
    steps, symbols = int(draw.integers(1, 30)), how.get("symbols", 0)
    layers, both = how.get("layers", 1), how.get("bidirectional", False)
    readout = how.get("readout", "last")
    shape = {"hidden_size": H, "num_layers": layers, "bidirectional": both, "batch_first": True}
    torch.manual_seed(seed)
    recurrent = layer_of(kind, {}, input_size=symbols or D, **shape)
    every = readout == "every"
    made = Network(
        recurrent, P, symbols=symbols, readout="last" if every else readout, every_step=every
    ).eval()
    for each in made.parameters():  # far from 0, so that gates saturate here and there
        torch.nn.init.normal_(each, std=0.3 if kind == "rnn_relu" else 1.2)
    model = {"kind": kind, "layers": layers, "bidirectional": both, "symbols": symbols}
    x = torch.randint(symbols, (1, steps, 1)) if symbols else torch.randn(1, steps, D)
    return made, model | {"readout": readout}, x


def in_browser(
    page: Page, made: Network, model: dict[str, Any], x: torch.Tensor, **changes: Any
) -> dict[str, Any]:
    weights = {
        name: {"shape": list(values.shape), "values": values.flatten().tolist()}
        for name, values in made.state_dict().items()
    }
    about = {"model": model, "weights": weights, "x": x.flatten().tolist(), "changes": changes}
    problem = changes.pop("problem", "regression")
    told: dict[str, Any] = page.evaluate(
        RUN, about | {"problem": problem, "classes": made.readout.out_features}
    )
    return told


def agrees(told: dict[str, Any], made: Network, x: torch.Tensor) -> None:
    """Every gate, state and answer is that of the trace."""
    traces = trace(made, x)
    assert set(told["layers"]) == set(traces)
    for name, layer in traces.items():
        seen, H = told["layers"][name], layer.hidden.shape[-1]

        def at_steps(values: list[float], H: int = H) -> np.ndarray:
            return np.reshape(values, (-1, H))

        np.testing.assert_allclose(at_steps(seen["hidden"]), layer.hidden[0], CLOSE, CLOSE)
        assert (seen["cell"] is None) == (layer.cell is None)
        if layer.cell is not None:
            np.testing.assert_allclose(at_steps(seen["cell"]), layer.cell[0], CLOSE, CLOSE)
        assert set(seen["gates"]) == set(layer.gates)
        for gate, values in layer.gates.items():
            np.testing.assert_allclose(at_steps(seen["gates"][gate]), values[0], CLOSE, CLOSE)
    expected = made.double()(x if made.symbols else x.double()).detach().numpy().ravel()
    np.testing.assert_allclose(told["output"], expected, CLOSE, CLOSE)


KINDS = ("rnn_tanh", "rnn_relu", "lstm", "gru")
SHAPES: list[dict[str, Any]] = [
    *({"layers": layers, "readout": how, "bidirectional": both} for layers, how, both in
      itertools.product((1, 2, 3), ("last", "mean", "every"), (False, True))),
    {"symbols": 7},
    {"symbols": 30, "layers": 2, "readout": "every"},
]  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_it_is_that_of_the_trace_for_every_shape_of_network(nowhere: Page, kind: str) -> None:
    for seed, how in enumerate(SHAPES):
        made, model, x = network(kind, seed, **how)
        agrees(in_browser(nowhere, made, model, x), made, x)


@pytest.mark.parametrize("kind", KINDS)
def test_a_step_is_made_of_what_the_diagram_says(nowhere: Page, kind: str) -> None:
    for seed, both in itertools.product((300, 301), (False, True)):
        made, model, x = network(kind, seed, layers=2, bidirectional=both)
        told = in_browser(nowhere, made, model, x)
        for layer, signals in told["apart"].items():
            expected = dissect(made, x, layer=layer).forward
            assert set(signals) == set(expected)
            for name, values in expected.items():
                found = np.reshape(signals[name], values.shape)
                np.testing.assert_allclose(found, values, 1e-5, 1e-6, err_msg=name)


@pytest.mark.parametrize("kind", KINDS)
def test_who_is_silenced_is_heard_by_nobody(nowhere: Page, kind: str) -> None:
    """In PyTorch: nothing reads the unit, since its column in all that reads it is 0."""
    for seed, both in itertools.product(range(3), (False, True)):
        made, model, x = network(kind, 100 + seed, layers=2, bidirectional=both)
        H, unit = made._layer.hidden_size, 0
        silenced = {"recurrent.l0": [unit], "recurrent.l1": [H - 1]}
        told = in_browser(nowhere, made, model, x, silenced=silenced)
        weights = made.recurrent.state_dict()
        for name, values in weights.items():
            if name.startswith("weight_ih_l1"):
                values[:, unit] = 0
        weights["weight_hh_l0"][:, unit] = weights["weight_hh_l1"][:, H - 1] = 0
        made.readout.weight.data[:, H - 1] = 0
        expected = trace(made, x)
        output = made.double()(x.double()).detach().numpy().ravel()
        np.testing.assert_allclose(told["output"], output, CLOSE, CLOSE)
        for layer, (silent,) in silenced.items():
            heard = np.reshape(told["layers"][layer]["hidden"], (-1, H))
            np.testing.assert_allclose(
                np.delete(heard, silent, 1),
                np.delete(expected[layer].hidden[0], silent, 1),
                CLOSE,
                CLOSE,
            )
            assert not heard[:, silent].any()


@pytest.mark.parametrize(("kind", "gate", "block"), [("lstm", "forget", 1), ("gru", "update", 1)])
def test_a_gate_that_is_set_is_what_its_bias_alone_could_make_it(
    nowhere: Page, kind: str, gate: str, block: int
) -> None:
    made, model, x = network(kind, 7, layers=2)
    H, unit, value = made._layer.hidden_size, 0, 0.8
    held = {"layer": "recurrent.l0", "gate": gate, "unit": unit, "value": value}
    plain = in_browser(nowhere, made, model, x)
    late, steps = x.shape[1] - 1, x.shape[1]
    once = in_browser(nowhere, made, model, x, held=[held | {"t": late}])
    for told, name in itertools.product((plain, once), ("hidden", gate)):
        layer = told["layers"]["recurrent.l0"]
        told[name] = np.reshape(layer.get(name) or layer["gates"][name], (steps, H))
    assert once[gate][late, unit] == value
    np.testing.assert_array_equal(once["hidden"][:late], plain["hidden"][:late])
    assert once["hidden"][late, unit] != plain["hidden"][late, unit]

    told = in_browser(nowhere, made, model, x, held=[held | {"t": None}])
    state, row = made.recurrent.state_dict(), block * H + unit
    for name in ("weight_ih_l0", "weight_hh_l0"):
        state[name][row] = 0
    made.double()
    state = made.recurrent.state_dict()
    state["bias_ih_l0"][row], state["bias_hh_l0"][row] = np.log(value / (1 - value)), 0
    agrees(told, made, x)


def test_answers_are_those_of_a_frame(nowhere: Page) -> None:
    for seed, problem in itertools.product(range(3), ("regression", "binary", "classes")):
        readout = "every" if problem == "classes" else "last"
        made, model, x = network("gru", 200 + seed, readout=readout)
        told = in_browser(nowhere, made, model, x, problem=problem)
        expected = answers(made.double()(x.double()).detach(), problem)
        np.testing.assert_allclose(told["answers"], np.ravel(expected), CLOSE, CLOSE)
