"""What the diagram of a cell says is so, for every cell, part and pair of parts."""

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pytest
import torch

from lstm_viz.errors import ConfigError
from lstm_viz.figures.cell.view import cell_view, diagram_of
from lstm_viz.instruments.anatomy import Anatomy
from lstm_viz.instruments.dissecting import dissect
from lstm_viz.measures.gates import half_lives
from lstm_viz.models.diagram import PATH, Diagram, Operation
from lstm_viz.models.layers import layer_of
from lstm_viz.models.network import Network
from tests.figures.spoken import check_equations, named, signals_of, spoken, texts
from tests.models.variants import EVERY, said

T, D, H = 6, 2, 4
DRAWN = [each for each in EVERY if each[0] != "nested_lstm"]
every_cell = pytest.mark.parametrize(("kind", "options"), DRAWN, ids=said)


def opened(kind: str, options: Mapping[str, Any]) -> Anatomy:
    """Every step has a loss of its own, through a mean over the steps."""
    return _opened(kind, tuple(options.items()))


@cache
def _opened(kind: str, options: tuple[tuple[str, Any], ...]) -> Anatomy:
    torch.manual_seed(0)
    layer = layer_of(kind, dict(options), input_size=D, hidden_size=H, batch_first=True)
    return dissect(
        Network(layer, 1, readout="mean"),
        torch.randn(1, T, D),
        layer="recurrent.l0",
        loss_fn=lambda output, targets: (output - targets).square().sum(),
        targets=torch.ones(1, 1),
    )


def operations(diagram: Diagram) -> dict[str, Operation]:
    return {each.id: each for each in diagram.operations}


@every_cell
def test_the_numbers_of_every_operation_are_equations_that_hold(
    kind: str, options: dict[str, Any]
) -> None:
    found = opened(kind, options)
    signals, checked = signals_of(found), 0
    for operation in diagram_of(found).operations:
        for telling in (operation.forward, operation.backward):
            checked += check_equations(telling.numbers, signals)
    assert checked >= 4


@every_cell
def test_the_parts_that_the_told_step_names_add_up(kind: str, options: dict[str, Any]) -> None:
    """Wherever it says "{total}: {part} from here, {part} from there"."""
    found = opened(kind, options)
    signals, diagram, totals = signals_of(found), diagram_of(found), []
    for words in (*diagram.forward, *diagram.backward):
        for text in texts(words):
            total = re.match(r".*\{([\w.]+)\}: (.*)", text)
            if total and len(named(total[2])) > 1:
                parts = sum(signals[name] for name in named(total[2]))
                np.testing.assert_allclose(parts, signals[total[1]], rtol=1e-9, atol=1e-12)
                totals.append(total[1])
    assert "dc" in totals or "dh" in totals


@every_cell
def test_what_is_said_to_be_kept_and_added_is_the_new_state(
    kind: str, options: dict[str, Any]
) -> None:
    if kind.startswith("rnn"):
        return
    found = opened(kind, options)
    signals, told = signals_of(found), diagram_of(found).forward
    kept, _added, new, *shown = told
    before = signals["h_before" if diagram_of(found).state == "h" else "c_before"]
    (text,) = texts(kept)
    (share,) = [signals[name] for name in re.findall(r"\{(\w+)%\}", text)] or [1.0]
    np.testing.assert_allclose(share * before, signals["kept"], rtol=1e-12)
    (state, *mixed) = named(texts(new)[0])
    np.testing.assert_allclose(signals["kept"] + signals["added"], signals[state], rtol=1e-9)
    keep = options.get("zoneout", 0.0)
    assert mixed == (["c"] if keep else [])
    for words in shown:
        (text,) = texts(words)
        assert ("tanh(" in text, "LN(" in text) == (
            options.get("output_activation", True),
            options.get("layer_norm", False),
        )
        factors = [signals[name] for name in named(text) if name in ("output", "tanh_c")]
        new_h = np.prod(factors, axis=0) if factors else signals["tanh_c"]
        h = keep * signals["h_before"] + (1 - keep) * new_h
        np.testing.assert_allclose(h, signals["h"], rtol=1e-9, atol=1e-12)
        assert (f"Zoneout keeps {keep:g}" in text) == bool(keep)


def test_the_slope_of_a_gate_is_not_said_of_the_candidate() -> None:
    for kind, options in DRAWN:
        found = opened(kind, options)
        signals = signals_of(found)
        for name, operation in operations(diagram_of(found)).items():
            text = spoken(operation.backward.means, signals, 2, 1)
            assert ("slope of σ" in text) == (operation.sign == "σ"), (kind, options, name)
            if operation.sign == "tanh" and not operation.missing:
                assert "slope of tanh" in text or kind.startswith("rnn")
        linear = not options.get("input_activation", True)
        if linear:
            candidate = operations(diagram_of(found))["candidate"]
            assert "the slope is 1" in spoken(candidate.backward.means, signals, 2, 1)


@pytest.mark.parametrize(
    ("factor", "fragment"),
    [
        (1.0, "all of the gradient is kept"),
        (0.93, "multiplied by 0.93: at this rate, half is left after 9.55 steps"),
        (0.999, "half is left after 693 steps"),
        (0.61, "half is left after 1.4 steps"),
        (0.5, "0.5: 50% is left after one step"),
        (0.02, "0.02: 2% is left after one step"),
        (0.0, "0% is left after one step"),
    ],
)
def test_what_a_factor_does_to_a_gradient_is_said_from_the_factor(
    factor: float, fragment: str
) -> None:
    value = np.full((1, 1), factor)
    text = spoken(PATH, {"factor": value, "half_life": half_lives(value)}, 0, 0)
    assert fragment in text
    assert ("all of" in text) == (factor == 1.0)


def share_of_the_old(kind: str, gates: Mapping[str, np.ndarray]) -> np.ndarray:
    """By the equations in the cells' papers."""
    if kind == "gru":
        return gates["update"]
    if kind == "min_gru":
        return 1 - gates["update"]
    if kind == "min_lstm":
        return gates["forget"] / (gates["forget"] + gates["input"])
    return gates["forget"]


@every_cell
def test_the_path_of_the_state_says_its_own_factor(kind: str, options: dict[str, Any]) -> None:
    """What is left of a gradient that goes along the path of the state alone."""
    found = opened(kind, options)
    if kind.startswith("rnn"):
        return
    back, keep = found.backward, options.get("zoneout", 0.0)
    there = back["dc_state"] if "dc_state" in back else back["dh"]
    if not keep:  # with it, dc is a mixture of the path and of what enters through h
        sent = back["belt_back"] if "belt_back" in back else back["carry"]
        np.testing.assert_allclose(sent, back["factor"] * there, rtol=1e-9)
    expected = keep + (1 - keep) * share_of_the_old(kind, found.forward)
    np.testing.assert_allclose(back["factor"], expected, rtol=1e-12)
    operation = operations(diagram_of(found))["kept" if diagram_of(found).state == "h" else "keep"]
    text = spoken(operation.backward.means, signals_of(found), 2, 1)
    assert text and ("all of the gradient" in text) == (back["factor"][2, 1] == 1.0)


def test_a_cell_that_there_is_not_has_no_diagram() -> None:
    """It is not drawn as another one."""
    unknown = replace(opened("gru", {}), kind="mgu")
    for ask in (diagram_of, cell_view):
        with pytest.raises(ConfigError, match="no cell 'mgu'"):
            ask(unknown)
