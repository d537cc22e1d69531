"""Gradients are drawn relative to where they entered, and what is exactly 0 is said."""

from dataclasses import replace

import altair
import numpy as np
import pytest

from lstm_viz.figures.gradients import (
    FlowLine,
    enters_once,
    flow_chart,
    flow_row,
    gradient_row,
)
from lstm_viz.figures.rows import FLOAT32_FLOOR, Rule, describe
from lstm_viz.figures.tracks import FLOOR, FLOW_SHARE, Thinning, flow_of, moment_of
from lstm_viz.figures.vega import Spec
from lstm_viz.measures.gradient_flow import GradientFlow
from tests.training.frames_for_tests import layer_frame


def flow(*norms: float, entered: int = 9, state: str = "hidden") -> GradientFlow:
    return GradientFlow(np.array(norms), entered, state)


def valid(chart: Spec) -> Spec:
    tables = {name: table.to_dict("records") for name, table in chart["datasets"].items()}
    altair.Chart.from_dict({**chart, "datasets": tables})
    return chart


def channel(chart: Spec, axis: str) -> Spec:
    lines = next(each for each in chart["layer"] if each["mark"]["type"] == "line")
    return lines["encoding"][axis]


def test_every_line_starts_at_one_where_the_gradient_enters() -> None:
    lines = [
        FlowLine(flow(2.0, 0.2, 0.02), "RNN, untrained", 1, untrained=True),
        FlowLine(flow(5.0, 5.0, 5.0, state="cell"), "LSTM, epoch 2.0", 0),
    ]
    chart = valid(flow_chart(lines))
    table = chart["datasets"]["flow"]
    assert table["back"].tolist() == [0, 1, 2, 0, 1, 2]
    np.testing.assert_allclose(table["value"], [1, 0.1, 0.01, 1, 1, 1])
    assert [channel(chart, axis)["title"] for axis in "xy"] == [
        "steps back from step 9, where the gradient enters",
        "share that arrives",
    ]
    assert "zeros" not in chart["datasets"]


def test_what_is_exactly_zero_is_said_at_its_first_step() -> None:
    chart = valid(flow_chart([FlowLine(flow(1.0, 0.5, 0.0, 0.0), "epoch 1.0")]))
    assert chart["datasets"]["flow"]["back"].tolist() == [0, 1]
    (zero,) = chart["datasets"]["zeros"].to_dict("records")
    assert (zero["back"], zero["label"]) == (2, "exactly 0 from here on")
    low, _high = channel(chart, "y")["scale"]["domain"]
    assert zero["value"] == low


@pytest.mark.parametrize("norms", [(1.0,), (1.0, np.nan), (0.0, 0.0), (1.0, np.inf), (1.0, 1e-300)])
def test_no_gradient_breaks_the_chart(norms: tuple[float, ...]) -> None:
    valid(flow_chart([FlowLine(flow(*norms), "now"), FlowLine(flow(1.0, 0.1, entered=3), "x")]))


def test_an_axis_of_many_decades_names_one_and_a_few_powers_of_ten() -> None:
    chart = flow_chart([FlowLine(flow(*10.0 ** -np.arange(0.0, 41.0)), "now")])
    axis = channel(chart, "y")["axis"]
    assert 1.0 in axis["values"]
    assert 4 <= len(axis["values"]) <= 10
    assert '"10\\u207b\\u00b9\\u2070"' in axis["labelExpr"]


def test_the_films_flow_is_the_frames_and_its_share_is_relative_to_where_it_entered() -> None:
    layer = replace(layer_frame(), flow_from=np.array([4, 2]))
    tracks = moment_of(layer, 1, 0, Thinning()).tracks
    cell = np.log10(layer.flow_norms["cell"][1])
    np.testing.assert_allclose(tracks[flow_of("cell")].values, cell)
    np.testing.assert_allclose(tracks[FLOW_SHARE].values, cell - cell[2])
    row = flow_row(layer, 1)
    assert row.title == "gradient that enters at step 2 alone"
    assert [line.track for line in row.lines] == ["flow_hidden", "flow_cell"]
    assert row.rules == [Rule(FLOAT32_FLOOR, "smallest float32 number: 1.4e-45")]


@pytest.mark.parametrize("row_of", [lambda layer, **how: flow_row(layer, 0, **how), gradient_row])
def test_the_fixed_axis_of_gradients_lets_an_exploding_one_widen_it(row_of) -> None:
    layer = layer_frame()
    fixed = describe(row_of(layer, to_floor=True), [0], [], {})
    assert fixed["ends"] == [FLOOR, 0.0]
    assert not fixed["fixed"], "the browser widens it to what it draws"
    assert describe(row_of(layer), [0], [], {})["ends"] == [None, None]


def test_a_loss_enters_once_where_the_flow_is_the_total_gradient() -> None:
    layer = layer_frame()
    assert not enters_once(layer, 0)
    assert enters_once(replace(layer, flow_norms={"hidden": layer.grad_hidden_norm}), 0)
