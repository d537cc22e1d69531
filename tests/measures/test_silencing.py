"""What is said of units that were silenced one by one."""

import numpy as np

from lstm_viz.measures.silencing import said_silencing


def said(whole: float, *each: float, examples: int = 50, size: int = 3) -> str:
    return said_silencing(whole, np.array(each), [4, 7, 9][: len(each)], examples, size)


def test_the_dearest_unit_is_named_and_the_cheap_ones_are_counted() -> None:
    assert said(0.004, 0.0041, 0.56, 0.3) == (
        "On 50 validation examples unit 7 costs most: silenced, it raises the loss from 0.004 to "
        "0.56. 1 unit costs at most a tenth of that."
    )
    assert "tenth" not in said(0.1, 0.5, 0.56, 0.3)
    assert "On 1 validation example unit 7" in said(0.1, 0.5, 0.56, 0.3, examples=1)


def test_what_is_little_is_the_cost_and_not_the_loss() -> None:
    assert "1 unit costs at most a tenth" in said(0.5, 0.52, 1.0, 0.9)
    assert "tenth" not in said(0.5, 0.56, 1.0, 0.9)


def test_where_none_is_missed_none_is_named() -> None:
    assert said(0.5, 0.5, 0.504, 0.3).count("no silenced unit raises") == 1
    assert "no silenced unit raises" not in said(0.5, 0.5, 0.51, 0.3)


def test_units_without_which_the_loss_is_lower_are_counted() -> None:
    lower = "Units whose silence lowers the loss by more than 1%: {}."
    assert said(0.5, 0.4, 0.48, 0.499).endswith(lower.format(2))
    assert said(0.5, 0.4, 0.9, 0.8).endswith(lower.format(1)), "beside units that cost something"
    assert "lowers" not in said(0.5, 0.496, 0.9, 0.5)


def test_a_loss_that_is_no_number_ranks_nothing() -> None:
    assert "diverged" in said(np.nan, 0.1)
    assert "diverged" in said(0.1, np.inf, 0.2)


def test_where_only_some_were_silenced_it_says_so() -> None:
    for loss in (0.1, 0.9):
        assert said(0.1, 0.1, loss, 0.1, size=512).startswith("Silenced: 3 of 512 units")
    assert "Silenced:" not in said(0.1, 0.1, 0.9, 0.1)


def test_a_percent_is_seen_in_the_numbers() -> None:
    assert "from 0.19 to 0.193." in said(0.19, 0.193, 0.19, 0.19)
