"""The orders of units."""

from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from lstm_viz.figures.ordering import ordered, similar, sorts_of
from tests.figures.test_drawn_frames import lstm


def test_the_longest_time_constant_stands_at_the_top() -> None:
    layer = lstm(time_steps=4, units=3)
    forget = np.broadcast_to(np.array([0.5, 0.99, 0.9], np.float32), (2, 4, 3))
    layer = replace(layer, gates={**layer.gates, "forget": forget})
    assert ordered(layer, 0, "memory") == [1, 2, 0]


def test_units_stand_in_the_order_of_their_peaks() -> None:
    states = np.zeros((2, 5, 3), np.float32)
    for unit, t in enumerate([4, 0, 2]):
        states[1, t, unit] = -1.0
    assert ordered(replace(lstm(), cell=states), 1, "peak") == [1, 2, 0]


def test_those_alike_stand_together_also_as_mirror_images() -> None:
    t = np.linspace(0, 6, 50)
    families = [np.sin(t), np.cos(3 * t), t]
    courses = np.stack([sign * families[k % 3] + k for k, sign in enumerate([1, 1, 1, -1, 2, -3])])
    places = list(similar(courses))
    for first, second in [(0, 3), (1, 4), (2, 5)]:
        assert abs(places.index(first) - places.index(second)) == 1


@given(st.integers(0, 2**32 - 1), st.integers(1, 12))
def test_every_order_holds_every_unit_once(seed: int, units: int) -> None:
    layer = lstm(time_steps=4, units=units)
    broken = np.array(layer.cell)
    broken.flat[seed % broken.size] = np.nan
    broken[:, :, 0] = 0.0
    layer = replace(layer, cell=broken, units=np.arange(units) * 2)
    for sort in sorts_of(layer)[1:]:
        assert sorted(ordered(layer, 0, sort) or ()) == [2 * k for k in range(units)]


def test_an_order_that_says_nothing_is_not_offered() -> None:
    plain = replace(lstm(), kind="rnn_tanh", gates={}, cell=None)
    assert sorts_of(plain) == ["original", "peak", "similar"]
    assert ordered(plain, 0, "original") is None
