"""Closed forms of what gates say in numbers."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from lstm_viz.measures.gates import (
    distribution,
    said_time_constants,
    said_unkept,
    saturation,
    time_constants,
)

gates = arrays(np.float64, (2, 7, 3), elements=st.floats(0, 1))


@given(st.floats(0.01, 0.999))
def test_a_constant_forget_gate_has_the_textbooks_time_constant(forget: float) -> None:
    (tau,) = time_constants(np.full((30, 1), forget))
    assert tau == pytest.approx(-1 / np.log(forget))
    assert forget**tau == pytest.approx(1 / np.e)


@given(arrays(np.float64, (12, 2), elements=st.floats(0.05, 1)))
def test_over_its_steps_the_product_of_forget_gates_is_what_tau_says(forget: np.ndarray) -> None:
    tau = time_constants(forget)
    kept = np.where(np.isinf(tau), 1.0, np.exp(-len(forget) / np.minimum(tau, 1e300)))
    np.testing.assert_allclose(np.prod(forget, axis=0), kept, rtol=1e-9)


def test_a_unit_that_never_forgets_keeps_forever_and_one_that_always_does_keeps_nothing() -> None:
    assert time_constants(np.ones((5, 1)))[0] == np.inf
    assert time_constants(np.array([[0.9], [0.0], [0.9]]))[0] == 0


def test_examples_count_like_time_steps() -> None:
    forget = np.random.default_rng(0).uniform(0.1, 1, (4, 9, 2))
    np.testing.assert_allclose(time_constants(forget), time_constants(forget.reshape(36, 2)))


def test_saturation_counts_the_steps_beyond_a_tenth() -> None:
    gate = np.array([[0.05, 0.1], [0.95, 0.9], [0.99, 0.5], [0.5, 0.5]])
    left, right = saturation(gate)
    assert left.tolist() == [0.25, 0.0]
    assert right.tolist() == [0.5, 0.0]


@given(gates)
def test_a_distribution_is_shares_of_all_values(gate: np.ndarray) -> None:
    shares = distribution(gate, bins=10)
    assert shares.shape == (10,)
    assert shares.sum() == pytest.approx(1)


@pytest.mark.parametrize(
    ("tau", "said", "unsaid"),
    [
        ([2.0, 90.0, 60.0], "unit 5, τ = 90 time steps; ", "infinite"),
        ([2.0, 90.0, 60.0], "longer than the sequence (50): 2 of 3 units.", "infinite"),
        ([0.2, 0.4, 0.1], "longer than the sequence (50): 0 of 3 units.", "infinite"),
        ([2.0, np.inf, 60.0], "unit 5, τ = ∞", "every time constant"),
        ([np.inf, np.inf, np.inf], "every time constant is infinite", "Longest"),
        ([1.0, np.nan, 2.0], "not numbers", "Longest"),
    ],
)
def test_of_time_constants_the_longest_is_named_and_those_beyond_the_sequence_counted(
    tau: list[float], said: str, unsaid: str
) -> None:
    told = said_time_constants(np.array(tau), [3, 5, 9], steps=50, of=3)
    assert said in told
    assert unsaid not in told


def test_a_single_unit_is_not_one_of_several() -> None:
    told = said_time_constants(np.array([3.0]), [0], steps=50, of=1)
    assert told == "Unit 0: τ = 3 time steps, in a sequence of 50."


def test_of_a_wide_layer_it_is_said_that_not_all_units_are_shown() -> None:
    tau = np.linspace(1.0, 9.0, 64)
    told = said_time_constants(tau, range(0, 512, 8), steps=50, of=512)
    assert told.endswith("Shown: 64 of 512 units.")
    assert "Shown" not in said_time_constants(tau, range(64), steps=50, of=64)


def test_a_cell_whose_inner_memory_is_kept_is_only_told_that_its_c_is_not() -> None:
    assert "keeps a share of the cell state c:" in said_unkept(True)
    assert "cell state" not in said_unkept(False)
