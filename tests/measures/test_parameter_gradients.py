"""A peak is called an explosion where it is one, and clipping is named where it acted."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lstm_viz.measures.parameter_gradients import (
    clipped_points,
    largest_peak,
    said_clipped_means,
    said_clipping,
    said_peaks,
    said_without,
)

EPOCHS = np.arange(40.0)
NOISY = np.random.default_rng(0).lognormal(0.0, 1.0, 40)


def with_peak(times: float, at: int = 20) -> np.ndarray:
    norms = np.ones(40)
    norms[at] = times
    norms[0] = np.nan  # before the first update there is none
    return norms


def test_an_explosion_is_said_with_its_epoch_and_its_size() -> None:
    norms = with_peak(250.0)
    assert said_peaks(EPOCHS, norms) == (
        "It peaks at epoch 20.0, at 250 times the median around it."
    )
    assert "at 9.1·10¹¹ times the median" in said_peaks(EPOCHS, with_peak(906163680782.0))


@pytest.mark.parametrize(
    "norms",
    [
        NOISY,
        with_peak(30.0),  # the epoch at which a network learns
        np.linspace(5.0, 0.001, 40),
        np.full(40, np.nan),
        np.zeros(40),
        np.array([]),
    ],
)
def test_a_training_without_an_explosion_has_none(norms: np.ndarray) -> None:
    assert said_peaks(np.arange(float(len(norms))), norms) == ""


def test_a_level_that_rises_and_stays_is_no_peak() -> None:
    norms = np.where(EPOCHS < 20, 0.001, 1.0)
    assert said_peaks(EPOCHS, norms) == ""


@given(st.integers(0, 39), st.floats(2.0, 1e6))
def test_the_largest_peak_is_found_wherever_it_lies(at: int, times: float) -> None:
    norms = np.ones(40)
    norms[at] = times
    peak = largest_peak(norms)
    assert peak is not None
    assert peak.point == at
    assert peak.times == pytest.approx(times)


def test_clipping_is_said_where_it_acted_and_where_it_never_did() -> None:
    acted = said_clipping(37, 640, 12.0, 1.0)
    assert acted == ("Clipping acted at 37 of 640 updates (6%); the largest norm, 12, became 1.")
    never = said_clipping(0, 640, 0.5, 0.5)
    assert never.startswith("Clipping never acted: largest norm 0.5.")
    limited = said_clipping(0, 640, 0.998, 0.998, 1.0)
    assert limited.startswith("Clipping never acted: largest norm 0.998, limit 1.")
    assert "limit" not in never, "values alone are clipped"
    assert "acted at" not in never and "never" not in acted
    assert said_clipping(0, 0, np.nan, np.nan) == ""
    before = np.array([np.nan, 2.0, 0.5, 3.0])
    assert clipped_points(before, np.minimum(before, 1.0)) == 2
    assert "lowered 2 of 3 norms (means" in said_clipped_means(before, np.minimum(before, 1.0))
    assert said_clipped_means(before, before) == ""


def test_what_became_of_the_same_without_clipping_is_said_as_it_was() -> None:
    here = np.array([0.0, 10.0, 20.0]), np.array([1.0, 0.5, 0.25])
    there = np.array([0.0, 10.0, 15.0]), np.array([1.0, 0.75, np.nan])

    def said(diverged: int | None = None, diverged_here: int | None = None) -> str:
        return said_without(here, there, diverged=diverged, diverged_here=diverged_here)

    assert said() == (
        "After update 10 the validation loss is 0.75 without clipping, 0.5 with it: "
        "on this one seed."
    )
    assert said(16).endswith("diverged at update 16; with it, it did not.")
    assert said(16, 21).endswith("diverged at update 16; with it, at update 21.")
    assert "diverged" not in said(), "which ended"
    assert "diverged" not in said(99), "this one has not come so far"
    nothing = np.array([]), np.array([])
    assert said_without(here, nothing, diverged=None, diverged_here=None) == ""
