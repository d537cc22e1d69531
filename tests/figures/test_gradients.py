"""Gradients as rows of the film."""

from dataclasses import replace

import numpy as np
import pytest

from lstm_viz.figures.drawn_frames import FLOOR, FLOW_SHARE, Thinning, drawn_frame, flow_of
from lstm_viz.figures.gradients import enters_once, flow_row, gradient_row
from lstm_viz.figures.rows import FLOAT32_FLOOR, Rule, describe
from tests.training.frames_for_tests import layer_frame


def test_the_films_flow_is_the_frames_and_its_share_is_relative_to_where_it_entered() -> None:
    layer = replace(layer_frame(), flow_from=np.array([4, 2]))
    signals = drawn_frame(layer, 1, 0, Thinning()).signals
    cell = np.log10(layer.flow_norms["cell"][1])
    np.testing.assert_allclose(signals[flow_of("cell")].values, cell)
    np.testing.assert_allclose(signals[FLOW_SHARE].values, cell - cell[2])
    row = flow_row(layer, 1)
    assert row.title == "gradient that enters at step 2 alone"
    assert [line.source for line in row.lines] == ["flow_hidden", "flow_cell"]
    assert row.rules == [Rule(FLOAT32_FLOOR, "smallest float32 number: 1.4·10⁻⁴⁵")]


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
    gone = np.full_like(layer.grad_hidden_norm, np.nan)  # of a network that has diverged
    assert enters_once(replace(layer, flow_norms={"hidden": gone}, grad_hidden_norm=gone), 0)
