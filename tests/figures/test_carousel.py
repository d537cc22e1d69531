"""The chart of what rides the state: a line that leaves it says where to."""

import numpy as np

from lstm_viz.figures.carousel import both_ways
from lstm_viz.measures.carousel import Ways

ONE = np.ones(11)


def test_a_line_that_leaves_the_chart_says_at_its_edge_with_which_part() -> None:
    alone = np.array([1.0, 0.9, -0.4, 3.1, 50.0, np.nan, 0.2, 0.1, 0.0, -6.0, -3e5])
    once = np.full(11, 0.8)
    once[2] = 1.6
    drawn = both_ways(Ways(ONE, ONE, ONE, alone, once), 10, "cell")[1]
    beyond = drawn["datasets"]["beyond"]
    assert beyond[["back", "value", "name", "label"]].to_numpy().tolist() == [
        [2, 1.5, "in this one step", "▲ 160%"],
        [9, -0.5, "all the way", "−600% ▼"],
        [3, 1.5, "all the way", "▲ 310%"],
    ]
    parts = drawn["datasets"]["parts"]
    drawn_parts = parts[parts["name"] == "all the way"]["value"].to_numpy()
    np.testing.assert_array_equal(drawn_parts, alone[1:])  # the line runs to the edge
    lines = [each["mark"] for each in drawn["layer"] if each["mark"]["type"] == "line"]
    assert [each["clip"] for each in lines] == [True]
    assert drawn["layer"][0]["encoding"]["y"]["scale"]["domain"] == [-0.5, 1.5]


def test_nothing_is_said_at_the_edge_of_a_chart_that_no_line_leaves() -> None:
    drawn = both_ways(Ways(ONE, ONE, ONE, ONE * 1.2, ONE), 10, "hidden")[1]
    assert drawn["datasets"]["beyond"].empty
    assert drawn["layer"][0]["encoding"]["y"]["scale"]["domain"] == [0.0, 1.2]
