"""Charts of a run: their axes say units, their marks the values, and nothing impossible to draw."""

from collections.abc import Callable

import numpy as np
import pytest

from lstm_viz.figures import charts, classification, gate_charts
from lstm_viz.figures.forecasts import one_step
from lstm_viz.figures.residuals import residual_histogram
from lstm_viz.figures.telling import told
from lstm_viz.figures.vega import Spec
from lstm_viz.figures.windows import windows
from lstm_viz.measures.gates import time_constants
from tests.figures.reading_charts import (
    axis_titles,
    layer_of,
    layers,
    legend,
    levels,
    look_of,
    rows,
)

GATES = {
    "forget": np.random.default_rng(0).random((2, 9, 5)),
    "input": np.random.default_rng(1).random((2, 9, 5)),
    "candidate": np.random.default_rng(2).uniform(-1, 1, (2, 9, 5)),
}


def test_a_scatter_has_equal_axes_that_rest_and_their_diagonal() -> None:
    chart = charts.scatter(np.array([0.0, 1.0, np.nan]), np.array([0.5, 2.0, 1.0]))
    named = [(row["truth"], row["prediction"], row["example"]) for row in rows(chart)]
    assert named == [(0.0, 0.5, 0), (1.0, 2.0, 1)]
    beyond = charts.scatter(np.array([np.nan, 1.0]), np.array([1.0, 2.0]))
    assert rows(beyond)[0]["example"] == 1, "its place among all, also behind one without a dot"
    line, points = chart["layer"]
    scales = [layer["encoding"][axis]["scale"] for layer in (line, points) for axis in "xy"]
    assert [scale["domain"] for scale in scales] == [[0.0, 2.0]] * 4
    ends = [(row["truth"], row["prediction"]) for row in rows(chart, "diagonal")]
    assert ends == [(0.0, 0.0), (2.0, 2.0)]
    later = charts.scatter(np.array([0.0, 1.0]), np.array([0.4, 1.9]))
    assert look_of(later) == look_of(chart)


def test_the_distribution_shows_gates_and_no_candidate() -> None:
    table = rows(gate_charts.gate_distribution(GATES))
    assert {row["name"] for row in table} == {"forget gate f", "input gate i"}
    forget = [row for row in table if row["name"] == "forget gate f"]
    assert sum(row["share"] for row in forget[:-1]) == pytest.approx(1)
    assert forget[-1]["low"] == 1.0  # the outline ends at the axis
    assert forget[-1]["height"] == forget[-2]["share"] == forget[-2]["height"]


def test_a_bin_of_the_distribution_picks_the_unit_that_is_there_most_often() -> None:
    gate = np.array([[0.1, 0.9], [0.1, 0.9], [0.9, 0.1]])
    chart = gate_charts.gate_distribution({"forget": gate}, units=[3, 7])
    picked = {round(row["low"], 2): row["unit"] for row in rows(chart)}
    assert (picked.pop(0.08), picked.pop(0.88)) == ("3", "7")
    assert {*picked.values()} == {gate_charts.NO_UNIT}, "nobody is there"
    [pick] = chart["params"]
    assert pick["select"]["fields"] == ["unit"]


def test_a_histogram_reads_out_its_bins_and_none_beyond_them() -> None:
    gates = gate_charts.gate_distribution({"forget": np.full((4, 2), 0.99)})
    answers = classification.probabilities(np.array([0, 1]), np.array([0.99, 0.99]), 0.5)
    for chart in (gates, answers):
        [points] = [each for each in layers(chart) if each["mark"]["type"] in ("point", "bar")]
        read = [row for row in rows(chart, "shares") if row[points["encoding"]["y"]["field"]] >= 0]
        assert max(row["low"] for row in read) < 1
        assert "greatest 100.0%" in told(chart) and "from 1.00" not in told(chart)


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


def test_marks_of_gates_that_agree_stand_beside_each_other() -> None:
    gate = np.full((4, 1), 0.05)
    alike = {"input": gate, "forget": gate, "output": np.full((4, 1), 0.5)}
    table = rows(gate_charts.saturation(alike))
    assert [(row["left"], row["right"]) for row in table] == [(1.0, 0.0), (1.0, 0.0), (0.0, 0.0)]
    first, second, apart = (row["at"] for row in table)
    assert second - first > 0.02 and (first + second) / 2 == pytest.approx(1.0)
    assert apart == 0.0, "which is alone at its place"


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
    assert legend(chart) == ["window: 50 steps"], "no line is drawn of a unit"


@pytest.mark.parametrize("forget", [np.ones((5, 3)), np.zeros((5, 3))])
def test_time_constants_without_one_finite_value_can_be_drawn(forget: np.ndarray) -> None:
    assert len(rows(gate_charts.time_constants(time_constants(forget), window=5))) == 3


def test_a_long_name_beside_an_axis_is_no_longer_than_the_plot() -> None:
    name = "net generation of all power stations north of the river" * 4
    chart = one_step(np.arange(5), np.ones(5), np.ones(5), y_title=name)
    assert chart["config"]["axisY"]["titleLimit"] <= chart["height"] - 60
    below = windows(np.ones(60), window=5, horizon=1, y_title=name)
    assert below["config"]["axisY"]["titleLimit"] == max(v["height"] for v in below["vconcat"])
    bars = residual_histogram(np.ones(5), name)
    assert layer_of(bars, "bar")["encoding"]["x"]["axis"]["titleLimit"] < 250
