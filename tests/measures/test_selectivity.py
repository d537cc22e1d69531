import numpy as np
import pytest

from lstm_viz.measures.selectivity import (
    Writing,
    contrast,
    said_contrast,
    said_writing,
    writes_at_marks,
)

MARKED = np.array([False, True, False, False, True, False])


def unit(at_marks: float, elsewhere: float) -> np.ndarray:
    return np.where(MARKED, at_marks, elsewhere)[:, None]


def state(*changes: float) -> np.ndarray:
    return np.cumsum(changes)[:, None]


STAIR = state(0, 0.8, 0, 0, 0.3, 0)


def test_a_gate_that_opens_at_the_marks_stands_out() -> None:
    gates = np.hstack([unit(0.2, 0.9), unit(0.9, 0.1), unit(0.5, 0.5)])
    assert contrast(gates, MARKED).tolist() == pytest.approx([-0.7, 0.8, 0.0])
    assert contrast(gates, np.zeros(6, bool)).tolist() == [0, 0, 0]


def test_the_unit_that_stores_the_marked_values_is_found_with_its_numbers() -> None:
    gates = np.hstack([unit(0.5, 0.5), unit(0.9, 0.1)])
    found = writes_at_marks(gates, np.hstack([STAIR * 0, STAIR]), MARKED)
    assert found is not None
    assert found.unit == 1
    assert (found.at_marks, found.elsewhere) == pytest.approx((0.9, 0.1))
    assert (found.jumps, found.drift) == pytest.approx((0.3, 0.0))


@pytest.mark.parametrize(
    ("gate", "cell"),
    [
        (unit(0.4, 0.1), STAIR),  # never open
        (unit(0.9, 0.6), STAIR),  # always open
        (np.maximum(unit(0.9, 0.1), np.eye(6)[:, 2:3]), STAIR),  # open at one more step
        (unit(0.1, 0.9), STAIR),  # the wrong way round
        (unit(0.9, 0.1), state(0, 0.8, 0, 0.35, 0.3, 0)),  # as much written at another step
        (unit(0.9, 0.1), state(0, 0.8, 0, 0, 0, 0)),  # the second mark is not stored
        (unit(0.9, 0.1), state(0.5, 0.8, 0, 0, 0.3, 0)),  # a first step that is not marked
    ],
)
def test_no_unit_is_named_that_does_not_store_the_marked_values(
    gate: np.ndarray, cell: np.ndarray
) -> None:
    assert writes_at_marks(gate, cell, MARKED) is None


def test_without_marks_there_is_nothing_to_tell_apart() -> None:
    assert writes_at_marks(unit(0.9, 0.1), STAIR, np.ones(6, bool)) is None
    assert writes_at_marks(unit(0.9, 0.1), STAIR, np.zeros(6, bool)) is None


def test_a_unit_is_named_only_where_its_gate_tells_marks_apart() -> None:
    assert "its input gate is 0.40 higher" in said_contrast(7, 0.4)
    assert "its input gate is 0.40 lower" in said_contrast(7, -0.4)
    for difference in (0.05, 0.0, -0.05):  # the largest of all units
        assert "no input gate tells marked steps from others" in said_contrast(7, difference)
        assert "higher" not in said_contrast(7, difference)


def test_a_stair_is_told_with_its_unit_its_numbers_and_its_beginning() -> None:
    stores = Writing(1, at_marks=0.83, elsewhere=0.02, jumps=0.2, drift=0.05)
    told = said_writing([4, 9], [0.0, 1.0, 2.0], [None, stores, stores])
    assert told.startswith("Unit 9, from epoch 1.0 on: its input gate opens at the two marks only")
    assert "at the end 0.83 or more, elsewhere 0.02 at most" in told
    untold = said_writing([4, 9], [0.0, 1.0, 2.0], [None, stores, None])
    assert "opens" not in untold
    assert "jumps" not in untold
