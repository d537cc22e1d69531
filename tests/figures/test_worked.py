"""An example in numbers, and the steps that it marks."""

import numpy as np
import pytest

from lstm_viz.data.choice import DataChoice
from lstm_viz.data.marks import marks_of
from lstm_viz.data.resolved import dataset_of
from lstm_viz.data.tasks.catalogue import adding_problem
from lstm_viz.figures.worked import worked
from tests.training.datasets import of_kind, waves


def example(*marked: float) -> np.ndarray:
    """Ten values of 0.5 without a mark, these marked beside them."""
    inputs = np.full((10, 2), [0.5, 0.0], np.float32)
    for place, value in enumerate(marked):
        inputs[3 * place + 1] = value, 1.0
    return inputs


@pytest.mark.parametrize(
    ("marked", "target", "said"),
    [
        ((0.82, 0.31), 1.13, "0.82 + 0.31 = 1.13, the network says {answer}"),
        ((0.124, 0.124), 0.248, "0.12 + 0.12 ≈ 0.25, the network says {answer}"),
        ((0.82, 0.31), 0.31, "The target is 0.31, the network says {answer}"),
        ((0.82,), 0.82, "The target is 0.82, the network says {answer}"),
        ((0.82,), -9.64, "The target is −9.64, the network says {answer}"),
    ],
)
def test_a_sum_is_said_where_the_marked_values_add_up(
    marked: tuple[float, ...], target: float, said: str
) -> None:
    assert worked(adding_problem(20, 10), example(*marked), np.array([target])) == said


def test_the_marks_are_those_of_the_example() -> None:
    task = adding_problem(20, 10)
    x, y = task.part("training")
    marks = marks_of(task, x[0])
    assert len(marks) == 2
    assert x[0][marks, 0].sum() == pytest.approx(float(y[0, 0]))


@pytest.mark.parametrize("name", ["temporal_order", "first_symbol"])
def test_symbols_that_tell_among_distractors_are_marked(name: str) -> None:
    task = dataset_of(DataChoice("task", name, {"length": 30, "count": 20}))
    x, _y = task.part("training")
    for example in x:
        marks = marks_of(task, example)
        assert [task.symbols[int(example[t, 0])] in "XY" for t in marks] == [True, True]
        assert not {"X", "Y"} & {task.symbols[int(c)] for c in np.delete(example[:, 0], marks)}


def test_what_has_no_one_number_on_the_axis_is_not_worked_out() -> None:
    order = of_kind("classes")
    x, y = order.part("training")
    assert worked(order, x[0], y[0]) == ""
    scaled = waves(horizon=1, targets=("a",))
    x, y = scaled.part("training")
    assert worked(scaled, x[0], y[0]) == ""
