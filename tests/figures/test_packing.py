"""What the browser reads back is what was measured, to a stated bound."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from lstm_viz.figures.packing import LEVELS, logarithm, pack, quantise
from tests.figures.message import restore, unpack

ends = st.tuples(
    st.floats(-1e6, 1e6, allow_subnormal=False), st.floats(1e-6, 1e6, allow_subnormal=False)
).map(lambda pair: (pair[0], pair[0] + pair[1]))
shares = arrays(np.float64, (3, 5), elements=st.floats(0, 1))


@given(ends, shares)
def test_a_linear_value_is_off_by_half_a_level_at_most(
    ends: tuple[float, float], share: np.ndarray
) -> None:
    low, high = ends
    values = low + share * (high - low)
    error = np.abs(restore(quantise(values, low, high), low, high) - values)
    rounding = 1e-9 * (high - low) + 1e-12 * abs(low)
    assert error.max() <= (high - low) / LEVELS / 2 + rounding


@given(st.integers(-300, 290), st.integers(1, 60), shares)
def test_a_log_value_is_off_by_half_a_level_of_its_exponent_at_most(
    exponent: int, span: int, share: np.ndarray
) -> None:
    span = min(span, 300 - exponent)
    low, high = float(exponent), float(exponent + span)
    values = 10.0 ** (exponent + share * span)
    read = 10.0 ** restore(quantise(logarithm(values), low, high), low, high)
    error = np.abs(np.log10(read) - np.log10(values))
    assert error.max() <= span / LEVELS / 2 + 1e-9


@given(ends)
def test_the_middle_of_an_odd_number_of_levels_is_exact(ends: tuple[float, float]) -> None:
    reach = abs(ends[1]) + 1
    (read,) = restore(quantise(np.zeros(1), -reach, reach), -reach, reach)
    assert abs(read) <= 1e-14 * reach


def test_what_is_no_number_has_its_own_code() -> None:
    values = np.array([np.nan, np.inf, -np.inf, 0.5])
    assert quantise(values, 0, 1).tolist() == [0, 0, 0, 128]
    assert np.isnan(restore(np.zeros(2, np.uint8), 0, 1)).all()


def test_what_lies_outside_is_drawn_at_the_ends() -> None:
    assert quantise(np.array([-5.0, 0.0, 1.0, 5.0]), 0, 1).tolist() == [1, 1, LEVELS, LEVELS]


def test_a_logarithm_of_zero_is_minus_infinity_and_one_below_zero_is_none() -> None:
    assert logarithm(np.array([0.0, 100.0])).tolist() == [-np.inf, 2.0]
    assert np.isnan(logarithm(np.array([-1.0])))[0]


def test_arrays_come_back_in_order_and_begin_where_their_type_may_begin() -> None:
    given_arrays = [
        np.arange(7, dtype=np.uint8),
        np.linspace(0, 1, 6, dtype=np.float32).reshape(2, 3),
        np.ones((1, 2, 3), np.uint8),
    ]
    data = pack({"words": "‖dL/dh‖₂"}, given_arrays)
    header, arrays_back = unpack(data)
    assert header["words"] == "‖dL/dh‖₂"
    for sent, back in zip(given_arrays, arrays_back, strict=True):
        np.testing.assert_array_equal(sent, back)
        assert sent.dtype == back.dtype
    start = 4 + int.from_bytes(data[:4], "little")
    assert start % 4 == 0
    assert header["arrays"][1]["offset"] % 4 == 0
