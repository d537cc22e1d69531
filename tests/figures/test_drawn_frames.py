"""A layer's frame as it is drawn: every signal on its own scale, and thinned by the stated rule."""

from math import ceil

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lstm_viz.figures.drawn_frames import (
    FEWEST_UNITS,
    FRAME_BYTES,
    Thinning,
    drawn_frame,
    linear_ends,
    log_ends,
    round_step,
    units_of,
)
from lstm_viz.runs.frames import LayerFrame


def lstm(time_steps: int = 5, units: int = 3, samples: int = 2) -> LayerFrame:
    random = np.random.default_rng(0)
    shape = samples, time_steps, units
    gates = {
        name: random.random(shape, np.float32)
        for name in ("input", "forget", "candidate", "output")
    }
    logs = np.log10(random.random(shape, np.float32))
    norms = random.random(shape[:2])
    states = 3 * random.standard_normal(shape).astype(np.float32)
    return LayerFrame(
        "lstm",
        units,
        np.arange(units),
        np.tanh(states),
        states,
        gates,
        norms,
        norms,
        logs,
        logs,
        {"hidden": norms, "cell": norms / 2},
        np.full(samples, time_steps - 1),
    )


def test_a_moment_holds_the_chosen_example_unit_by_time() -> None:
    layer = lstm()
    drawn = drawn_frame(layer, 1, 40, Thinning())
    assert drawn.step == 40
    np.testing.assert_array_equal(drawn.signals["forget"].values, layer.gates["forget"][1].T)
    np.testing.assert_array_equal(
        drawn.signals["grad_cell_norm"].values, np.log10(layer.grad_cell_norm[1])
    )
    assert (drawn.signals["forget"].low, drawn.signals["forget"].high) == (0, 1)
    cell = drawn.signals["cell"]
    assert cell.low == -cell.high
    assert np.abs(layer.cell).max() <= cell.high
    assert drawn.signals["grad_hidden"].scale == "log"


@given(st.integers(1, 4000), st.integers(1, 64))
def test_a_moment_stays_in_its_budget_and_loses_units_before_time(
    time_steps: int, units: int
) -> None:
    layer = lstm(time_steps, units, samples=1)
    every = Thinning.of(layer)
    size = 8 * ceil(units / every.units) * ceil(time_steps / every.steps)
    assert size <= FRAME_BYTES
    if every.steps > 1:
        assert ceil(units / (2 * every.units)) < FEWEST_UNITS
    if every != Thinning():
        looser = Thinning(max(1, every.units // 2), every.steps)
        if every.steps > 1:
            looser = Thinning(every.units, every.steps // 2)
        assert 8 * ceil(units / looser.units) * ceil(time_steps / looser.steps) > FRAME_BYTES


def test_a_thinned_moment_keeps_whole_norms_and_names_its_units() -> None:
    layer = lstm(time_steps=6000, units=64, samples=1)
    every = Thinning.of(layer)
    drawn = drawn_frame(layer, 0, 0, every)
    assert every == Thinning(units=4, steps=4)
    assert drawn.signals["cell"].values.shape == (16, 1500)
    assert drawn.signals["grad_hidden_norm"].values.shape == (6000,)
    assert units_of(layer, every) == list(range(0, 64, 4))


def test_a_film_of_the_promised_size_is_not_thinned() -> None:
    assert Thinning.of(lstm(time_steps=200, units=64, samples=1)) == Thinning()


def test_an_axis_of_zeros_alone_still_has_room() -> None:
    assert log_ends(np.full(3, -np.inf)) == (-1, 1)
    assert linear_ends(np.zeros(3)) == (0, 0.2)


@pytest.mark.parametrize("span", [1e-7, 0.4, 1.0, 7.0, 123.0, 1e9])
def test_a_round_step_cuts_a_span_into_five_to_thirteen(span: float) -> None:
    assert 5 <= span / round_step(span) < 13
