"""Which units respond, and where else they do: against every stretch looked at one by one."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from lstm_viz.measures.responding import (
    Window,
    busiest,
    held,
    responding,
    said_marks,
    said_responding,
    said_together,
    sides,
    together,
    windows,
)

STATES = arrays(np.float64, (6, 4), elements=st.sampled_from([-1.0, -0.2, 0.0, 0.3, 1.0]))


def responds(states: np.ndarray, unit: int, first: int, last: int, *asked: bool) -> int:
    """As it is said in words, one step after the other."""

    def on(t: int, side: int) -> bool:
        return side * states[t, unit] >= 0.5

    for side in (1, -1):
        inside = all(on(t, side) for t in range(first, last + 1))
        before = asked[0] and first > 0 and on(first - 1, side)
        after = asked[1] and last < len(states) - 1 and on(last + 1, side)
        if inside and not before and not after:
            return side
    return 0


@settings(max_examples=25)
@given(STATES, st.booleans(), st.booleans())
def test_units_respond_as_it_is_said(states: np.ndarray, before: bool, after: bool) -> None:
    on = sides(states, 0.5)
    for first in range(6):
        for last in range(first, 6):
            found = responding(on, (first, last), before=before, after=after)
            expected = [responds(states, k, first, last, before, after) for k in range(4)]
            assert found.tolist() == expected


def test_it_begins_where_most_units_respond() -> None:
    states = np.zeros((8, 5))
    states[:, 0], states[2:, 1], states[5:6, 1] = 1.0, 0.6, -0.6
    states[2:5, 2:4], states[6:7, 4] = 0.6, 0.9
    assert busiest(states) == ((2, 4), 0.6), "three units, of which one comes back"
    assert busiest(states, marked=[6]) == ((6, 6), 0.8)
    assert busiest(states, marked=[3]) == busiest(states)
    assert busiest(states[:, :1]) == ((0, 7), 0.8), "nothing else is there"
    assert busiest(0 * states) is None and busiest(states * np.nan) is None


@settings(max_examples=25)
@given(arrays(np.float64, (3, 6, 4), elements=st.sampled_from([-1.0, 0.0, 1.0])))
def test_windows_are_where_most_units_are_on_together(states: np.ndarray) -> None:
    wanted = np.array([1, -1, 0, 1], np.int8)
    counts = together(states, wanted, 0.5)
    expected = [
        [sum(side * row[k] >= 0.5 for k, side in enumerate(wanted) if side) for row in example]
        for example in states
    ]
    assert counts.tolist() == expected
    found = windows(counts, 2, most=9)
    assert len(found) == sum(map(any, expected))
    for each in found:
        row = expected[each.example]
        assert each.units == max(row)
        assert {*row[each.first : each.last + 1]} == {each.units}
        assert each.first == 0 or row[each.first - 1] != each.units
        assert each.last == 5 or row[each.last + 1] != each.units
    assert [each.units for each in found] == sorted((e.units for e in found), reverse=True)


def test_of_windows_that_share_a_row_the_better_one_counts() -> None:
    counts = np.array([[0, 2, 0, 0], [1, 1, 0, 0], [0, 0, 0, 2]])
    rows = np.array([0, 1, 3])
    best, weaker = [Window(0, 1, 1, 2), Window(2, 3, 3, 2)], [Window(1, 0, 1, 1)]
    assert windows(counts, 1, most=9) == best + weaker
    assert windows(counts, 1, most=9, rows=rows) == best
    assert windows(counts, 1, most=1, rows=rows) == best[:1]
    assert windows(0 * counts, 1, most=9) == []


def test_a_cell_state_is_held_between_minus_one_and_one() -> None:
    hidden, cell = np.array([3.0]), np.array([2.0])
    assert held(hidden, None) is hidden
    assert held(hidden, cell) == pytest.approx((np.exp(4) - 1) / (np.exp(4) + 1))


@pytest.mark.parametrize(
    ("units", "through", "outside", "said"),
    [
        (
            [3, 9],
            2,
            (True, True),
            "Units on at t = 4-6, and off just before and after: 3, 9.",
        ),
        ([3], 1, (True, False), "Units on at t = 4-6, and off just before: 3."),
        ([3], 1, (False, False), "Units on at t = 4-6: 3."),
        ([], 2, (True, True), "Units on at t = 4-6: 2, but also just outside."),
        ([], 0, (True, True), "No unit is on at all of t = 4-6."),
    ],
)
def test_what_is_said_of_the_units(
    units: list[int], through: int, outside: tuple[bool, bool], said: str
) -> None:
    asked = {"before": outside[0], "after": outside[1]}
    assert said in said_responding(units, through, (4, 6), steps=9, **asked)


def test_there_is_nothing_before_the_first_step_and_after_the_last() -> None:
    whole = said_responding([1], 1, (0, 8), before=True, after=True, steps=9)
    assert "off just" not in whole
    assert "off just after" in said_responding([1], 1, (0, 7), before=True, after=True, steps=9)
    alone = said_responding([1], 1, (4, 4), before=False, after=False, steps=9)
    assert alone == "Units on at t = 4: 1."


def test_what_is_said_of_the_other_examples() -> None:
    best, weaker = Window(0, 1, 2, 3), Window(1, 1, 2, 2)
    assert said_together(3, [best], 4, 50).endswith("the same are on, each on its side: 4 of 50.")
    assert "none of 50; at most 2 of 3 are" in said_together(3, [weaker], 0, 50)
    assert said_together(3, [], 0, 50).endswith("the same are on, each on its side: 0 of 50.")
    assert "No other validation example" in said_together(3, [], 0, 0)
    assert "> 99% are" in said_marks(8, 8, 0.996) and "< 1% are" in said_marks(0, 8, 0.004)
    assert said_marks(1, 8, 0.04) == (
        "Windows shown that begin at a marked step: 1 of 8 (of all steps, 4% are marked)."
    )
