import math

import pytest

from lstm_viz.data.dataset import Problem
from lstm_viz.measures.solved import is_solved, said_solved


@pytest.mark.parametrize(
    ("problem", "accuracy", "loss", "solved"),
    [
        ("classes", 0.99, 9.0, True),
        ("binary", 0.9899, 0.0, False),
        ("classes", math.nan, 0.0, False),
        ("regression", math.nan, 0.0166, True),
        ("regression", math.nan, 0.0168, False),
        ("regression", math.nan, math.nan, False),
        ("regression", math.nan, math.inf, False),
    ],
)
def test_a_task_is_solved_by_the_criterion_of_its_kind(
    problem: Problem, accuracy: float, loss: float, solved: bool
) -> None:
    assert is_solved(problem, accuracy, loss, constant=0.167) is solved


def test_seeds_that_solve_are_counted_the_most_first() -> None:
    seeds = {"RNN": [False] * 3, "LSTM": [True, False, True], "GRU": [True] * 3}
    seeds["Coupled"] = [True] * 3
    assert said_solved(seeds, "classes", 1.4) == (
        "Seeds that solved the task (accuracy at least 99%): GRU and Coupled 3 of 3; "
        "LSTM 2 of 3; RNN 0 of 3."
    )
    assert said_solved({"A": [True], "B": [False]}, "regression", 0.2) == (
        "Seeds that solved the task (loss below a tenth of a constant answer's, 0.02): "
        "A 1 of 1; B 0 of 1."
    )


def test_no_level_is_named_where_each_loss_has_its_own() -> None:
    words = said_solved({"MSE": [True], "MAE": [False]}, "regression", None)
    assert "of each one's constant" in words
    assert "0." not in words
