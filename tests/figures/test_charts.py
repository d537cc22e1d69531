"""Charts of a run: their axes say units, their marks the values, and nothing impossible to draw."""

from collections.abc import Callable

import numpy as np
import pytest

from lstm_viz.figures import charts, gate_charts
from lstm_viz.figures.palette import LOOKS, ask_theme
from lstm_viz.figures.vega import Spec
from lstm_viz.measures.gates import time_constants
from tests.figures.reading_charts import axis_titles, levels, look_of, rows

HISTORY = {
    "epoch": [0.0, 0.5, 1.0],
    "step": [0, 10, 20],
    "train_loss": [np.nan, 0.5, 0.05],
    "validation_loss": [1.0, 0.4, 0.0],
    "grad_norm": [np.nan, 3.0, 0.5],
    "clipped_grad_norm": [np.nan, 1.0, 0.5],
}
GATES = {
    "forget": np.random.default_rng(0).random((2, 9, 5)),
    "input": np.random.default_rng(1).random((2, 9, 5)),
    "candidate": np.random.default_rng(2).uniform(-1, 1, (2, 9, 5)),
}


def test_the_loss_leaves_out_what_a_log_axis_cannot_show() -> None:
    drawn = [(row["name"], row["value"]) for row in rows(charts.loss(HISTORY))]
    assert drawn == [
        ("training loss", 0.5),
        ("training loss", 0.05),
        ("validation loss", 1.0),
        ("validation loss", 0.4),
    ]
    linear = [row["value"] for row in rows(charts.loss(HISTORY, log=False))]
    assert 0.0 in linear


def test_the_loss_says_what_a_constant_answer_costs_in_its_legend() -> None:
    chart = charts.loss(HISTORY, chance=0.1767)
    assert axis_titles(chart) == {
        "mean squared error (scaled)",
        "epoch (passes over the training data)",
    }
    assert levels(chart) == {"constant answer: 0.177": 0.1767}


@pytest.mark.parametrize("chance", [None, 0.0, np.nan])
def test_a_constant_answer_that_has_no_place_on_the_axis_is_not_drawn(chance: float | None) -> None:
    assert not levels(charts.loss(HISTORY, chance=chance))


def test_a_loss_has_the_colours_of_its_signals_in_the_readers_theme() -> None:
    assert LOOKS["train_loss"].light in look_of(charts.loss(HISTORY))
    ask_theme(lambda: "dark")
    try:
        assert LOOKS["train_loss"].dark in look_of(charts.loss(HISTORY))
    finally:
        ask_theme(lambda: "light")


def test_a_scatter_has_equal_axes_that_rest_and_their_diagonal() -> None:
    chart = charts.scatter(np.array([0.0, 1.0, np.nan]), np.array([0.5, 2.0, 1.0]))
    assert rows(chart) == [{"truth": 0.0, "prediction": 0.5}, {"truth": 1.0, "prediction": 2.0}]
    line, points = chart["layer"]
    scales = [layer["encoding"][axis]["scale"] for layer in (line, points) for axis in "xy"]
    assert [scale["domain"] for scale in scales] == [[0.0, 2.0]] * 4
    ends = [(row["truth"], row["prediction"]) for row in rows(chart, "diagonal")]
    assert ends == [(0.0, 0.0), (2.0, 2.0)]
    later = charts.scatter(np.array([0.0, 1.0]), np.array([0.4, 1.9]))
    assert look_of(later) == look_of(chart)


@pytest.mark.parametrize(("clip", "names"), [(0.0, {"before"}), (1.0, {"before", "after"})])
def test_clipping_is_drawn_only_where_there_is_some(clip: float, names: set[str]) -> None:
    chart = charts.parameter_gradients(HISTORY, clip)
    assert {row["name"].split()[0] for row in rows(chart)} == names
    assert levels(chart) == ({"clipped above 1": 1.0} if clip else {})
    assert "parameter gradient ‖dL/dθ‖₂" in axis_titles(chart)


def test_the_distribution_shows_gates_and_no_candidate() -> None:
    table = rows(gate_charts.gate_distribution(GATES))
    assert {row["name"] for row in table} == {"forget gate f", "input gate i"}
    forget = [row for row in table if row["name"] == "forget gate f"]
    assert sum(row["share"] for row in forget[:-1]) == pytest.approx(1)
    assert forget[-1]["low"] == 1.0  # the outline ends at the axis


@pytest.mark.parametrize("draw", [gate_charts.gate_distribution, gate_charts.saturation])
def test_without_gates_there_is_nothing_to_draw(draw: Callable[..., Spec]) -> None:
    assert rows(draw({"candidate": GATES["candidate"]})) == []


def test_saturation_has_a_point_a_unit_and_gate() -> None:
    chart = gate_charts.saturation(GATES)
    table = rows(chart)
    assert sum(row["count"] for row in table) == 10
    assert axis_titles(chart) == {"share of time with gate < 0.1", "share of time with gate > 0.9"}


def test_units_at_the_same_place_are_one_mark_that_names_them() -> None:
    open_half_the_time = np.array([[0.95, 0.5]] * 2 + [[0.5, 0.95]] * 2)
    gate = np.concatenate([open_half_the_time, np.full((4, 1), 0.05)], axis=1)
    table = rows(gate_charts.saturation({"forget": gate}, units=[3, 7, 11]))
    assert [(row["left"], row["right"], row["count"], row["units"]) for row in table] == [
        (0.0, 0.5, 2, "3, 7"),
        (1.0, 0.0, 1, "11"),
    ]


def test_time_constants_are_sorted_and_what_has_no_place_stands_at_the_edge() -> None:
    tau = np.array([30.0, np.inf, 0.0, 2.0])
    chart = gate_charts.time_constants(tau, window=50, units=[4, 5, 6, 7])
    table = rows(chart)
    assert [row["unit"] for row in table] == ["6", "7", "4", "5"]
    assert [row["said"] for row in table] == ["0", "2", "30", "∞"]
    assert [row["shape"] for row in table] == ["triangle-down", "circle", "circle", "triangle-up"]
    assert table[0]["value"] == 1.0
    assert table[3]["value"] == 100.0
    assert "time constant τ (time steps)" in axis_titles(chart)
    assert levels(chart) == {"window: 50 steps": 50}


@pytest.mark.parametrize("forget", [np.ones((5, 3)), np.zeros((5, 3))])
def test_time_constants_without_one_finite_value_can_be_drawn(forget: np.ndarray) -> None:
    assert len(rows(gate_charts.time_constants(time_constants(forget), window=5))) == 3


@pytest.mark.parametrize("frames", [0, 1])
def test_a_run_that_has_just_begun_can_be_drawn(frames: int) -> None:
    history = {name: values[:frames] for name, values in HISTORY.items()}
    assert axis_titles(charts.loss(history))
    assert axis_titles(charts.parameter_gradients(history, 1.0))
