"""Interventions through a trainer, for every cell, against a loop written here."""

import copy
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from lstm_viz.data.tasks.catalogue import make_task
from lstm_viz.errors import ConfigError
from lstm_viz.experiments.cost import check_intervened, examples_intervened
from lstm_viz.experiments.intervention import Intervention
from lstm_viz.experiments.settings import Settings
from lstm_viz.models.cells import CELLS
from lstm_viz.models.stepped import stepped
from lstm_viz.training import optimising
from lstm_viz.training.inprocess import InProcessTrainer
from lstm_viz.training.loop import Training
from tests.training.datasets import of_kind

NOTHING = Intervention()
UNITS, STRETCH, SILENCED, BEGIN = [0, 2], range(3, 7), 1, 0.25


def asked(intervention: Intervention, kind: str = "numbers", **settings: Any) -> dict[str, Any]:
    """What a trainer says of the second example, and the untrained network that it speaks of."""
    layer = settings.pop("layer", "recurrent.l0")
    more = {name: settings.pop(name) for name in ("like", "swapped") if name in settings}
    chosen = Settings.of(**{"hidden_size": 4, "epochs": 1, "device": "cpu", **settings})
    training = Training(chosen, of_kind(kind))
    x, y = training.probe.inputs[1:2], training.probe.targets[1:2]
    found: dict[str, Any] = InProcessTrainer().ask(
        "laboratory_of",
        settings=chosen,
        dataset=of_kind(kind),
        what="intervened",
        layer=layer,
        inputs=x,
        targets=y,
        intervention=intervention,
        **more,
    )
    model = copy.deepcopy(training.model).double().eval()
    return {**found, "training": training, "model": model, "x": x, "y": y}


def by_hand(
    kind: str, model: nn.Module, x: Tensor, held: dict[str, float]
) -> tuple[list[dict[str, Tensor]], Tensor]:
    """The one layer of a network, step by step: the cell's own equations, each gate as it comes
    out of its nonlinearity replaced by hand.
    """
    layer, now = model.recurrent, {"t": 0}
    cell, options = copy.copy(stepped(kind)), getattr(layer, "options", {})
    activate = cell.activate

    def given(gate: str, a: Tensor, options: Any) -> Tensor:
        y = activate(gate, a, options).clone()
        if gate in held and now["t"] in STRETCH:
            y[:, UNITS] = held[gate]
        return y

    cell.activate = given  # type: ignore[method-assign]
    weights = {name.removesuffix("_l0"): value for name, value in layer.named_parameters()}
    states = tuple(torch.full((len(x), 4), BEGIN).double() for _ in cell.states)
    heard, seen = torch.ones(4).double(), []
    heard[SILENCED] = 0
    for a in cell.from_input(x.transpose(0, 1), weights, options).unbind(0):
        step = cell.step(a, states, weights, options)
        states = (step.states[0] * heard, *step.states[1:])
        for state in states:
            state.retain_grad()
        seen.append({**step.gates, **dict(zip(cell.states, states, strict=True))})
        now["t"] += 1
    return seen, model.readout(states[0])


@pytest.mark.parametrize("cell", CELLS)
def test_gates_units_and_first_states_of_every_cell_are_what_a_loop_makes_of_them(
    cell: str,
) -> None:
    gates = [gate.name for gate in CELLS[cell].gates_of({})]
    held = {gate: 0.3 + 0.1 * k for k, gate in enumerate(gates)}
    wanted = Intervention(tuple(held.items()), (*UNITS,), (3, 6), (SILENCED,), BEGIN)
    found = asked(wanted, cell=cell)
    training, model = found["training"], found["model"]
    x, y = torch.from_numpy(found["x"]).double(), torch.from_numpy(found["y"].copy())
    seen, output = by_hand(cell, model, x, held)
    loss = training.probe_loss(output, y)
    loss.backward()
    for name, values in found["after"]["signals"].items():
        own = torch.stack([each[name][0] for each in seen]).detach()
        np.testing.assert_allclose(values, own, rtol=1e-5, atol=1e-6, err_msg=name)
    for name, norms in found["after"]["gradients"].items():
        own = [each[name.removeprefix("grad_")].grad.norm().item() for each in seen]
        np.testing.assert_allclose(norms, own, rtol=1e-9, atol=1e-15)
    assert found["after"]["loss"] == pytest.approx(loss.item(), rel=1e-5)
    np.testing.assert_allclose(found["after"]["answer"], output[0].detach(), rtol=1e-4, atol=1e-6)
    inputs, targets = training.dataset.part("validation")
    _, outputs = by_hand(cell, model, torch.from_numpy(inputs.copy()).double(), held)
    losses = optimising.loss_of(training.settings, training.dataset)(
        outputs, torch.from_numpy(targets.copy())
    )
    assert found["whole_after"] == pytest.approx(losses.mean().item(), rel=1e-5)
    assert found["whole_before"] == pytest.approx(training.frame().validation_loss, rel=1e-5)
    assert found["examples"] == len(inputs)
    assert set(found["after"]["signals"]) == {*gates, *CELLS[cell].states}


@pytest.mark.parametrize("kind", ["numbers", "binary", "classes", "classes at every step", "text"])
def test_without_an_intervention_nothing_changes(kind: str) -> None:
    found = asked(NOTHING, kind, cell="gru", bidirectional=kind == "classes", layers=2)
    assert found["whole_before"] == found["whole_after"]
    assert found["before"]["loss"] == pytest.approx(found["after"]["loss"], abs=1e-12)
    for name, values in found["before"]["signals"].items():
        np.testing.assert_array_equal(values, found["after"]["signals"][name])


def test_weights_inputs_and_states_come_from_elsewhere() -> None:
    layer = "recurrent.l1_reverse"
    how: dict[str, Any] = {"layers": 2, "bidirectional": True, "readout": "attention"}
    name = "recurrent.weight_hh_l1_reverse"
    plain = asked(NOTHING, layer=layer, **how)
    model, x = plain["model"], torch.from_numpy(plain["x"].copy()).double()

    def loss(of: nn.Module, read: Tensor) -> Any:
        y = torch.from_numpy(plain["y"].copy())
        return plain["training"].probe_loss(of(read), y).item()

    other = torch.randn(16, 4)
    found = asked(
        Intervention(swap=("weight_hh", 3)), swapped={name: other.numpy()}, layer=layer, **how
    )
    changed = copy.deepcopy(model)
    changed.recurrent.weight_hh_l1_reverse.data = other.double()
    assert found["after"]["loss"] == pytest.approx(loss(changed, x), rel=1e-5)
    assert found["before"]["loss"] == pytest.approx(loss(model, x), rel=1e-5)
    assert found["whole_after"] != found["whole_before"]

    found = asked(Intervention(change=(4, 0, -0.75)), layer=layer, **how)
    x[0, 4, 0] = -0.75
    assert found["after"]["loss"] == pytest.approx(loss(model, x), rel=1e-5)
    assert found["whole_after"] == found["whole_before"], "the change is of this example alone"

    like = plain["training"].probe.inputs[:1]
    found = asked(Intervention(begin_like=0), layer=layer, like=like, **how)
    _, (h, c) = model.recurrent(torch.from_numpy(like.copy()).double())
    x = torch.from_numpy(plain["x"].copy()).double()
    zeros = torch.zeros(4, 1, 4).double()
    first = [torch.cat([zeros[:3], state[3:]]) for state in (h, c)]
    output, _ = model.recurrent(x, tuple(first))
    answer = model.readout(model.pool(output, True))
    np.testing.assert_allclose(found["after"]["answer"], answer[0].detach(), rtol=1e-5)


def test_what_takes_too_long_is_refused_and_fewer_examples_are_taken_of_a_slow_network() -> None:
    small, large = Settings.of(hidden_size=4), Settings.of(hidden_size=512, layers=4)
    short, long = of_kind("numbers"), make_task("adding", {"count": 100, "length": 500})
    check_intervened(small, short)
    assert examples_intervened(small, short) > 512 > examples_intervened(large, long)
    with pytest.raises(ConfigError, match=r"about \d+ s. It fits with sequences of \d+ steps"):
        check_intervened(large, long)
