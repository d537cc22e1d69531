"""What is said of units that were silenced one by one."""

import numpy as np

from lstm_viz.measures.silencing import said_silencing


def said(whole: float, *each: float, examples: int = 50) -> str:
    return said_silencing(whole, np.array(each), [4, 7, 9][: len(each)], examples)


def test_the_dearest_unit_is_named_and_the_cheap_ones_are_counted() -> None:
    assert said(0.004, 0.0041, 0.56, 0.3) == (
        "On 50 validation examples unit 7 costs most: silenced, it raises the loss from 0.004 to "
        "0.56. 1 unit costs at most a tenth of that."
    )
    assert "tenth" not in said(0.1, 0.5, 0.56, 0.3)
    assert "On 1 validation example unit 7" in said(0.1, 0.5, 0.56, 0.3, examples=1)


def test_where_none_is_missed_none_is_named() -> None:
    assert said(0.5, 0.5, 0.504, 0.3).count("no unit is missed") == 1
    assert "no unit is missed" not in said(0.5, 0.5, 0.51, 0.3)


def test_a_loss_that_is_no_number_ranks_nothing() -> None:
    assert "diverged" in said(np.nan, 0.1)
    assert "diverged" in said(0.1, np.inf, 0.2)
