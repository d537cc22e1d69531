import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some
from hypothesis.extra import numpy as arrays

from lstm_viz.data.thinning import thin
from lstm_viz.errors import ConfigError

lines = arrays.arrays(
    np.float64, some.integers(1, 300), elements=some.floats(-1e9, 1e9) | some.just(np.nan)
)


@given(lines, some.integers(4, 60))
def test_few_points_keep_the_ends_and_every_extreme(line: np.ndarray, points: int) -> None:
    rows = thin(line, points)
    assert len(rows) <= max(points, 4)
    assert (np.diff(rows) > 0).all()
    assert rows[0] == 0
    assert rows[-1] == len(line) - 1
    if np.isfinite(line).any():
        assert np.nanmax(line[rows]) == np.nanmax(line)
        assert np.nanmin(line[rows]) == np.nanmin(line)


def test_a_line_that_is_short_enough_stays_whole() -> None:
    np.testing.assert_array_equal(thin(np.zeros(7), 7), np.arange(7))


def test_a_single_spike_in_a_million_rows_is_drawn() -> None:
    line = np.zeros(1_000_000)
    line[765_432] = -1
    rows = thin(line, 1000)
    assert 765_432 in rows
    assert len(rows) <= 1000


def test_every_stretch_shows_its_range() -> None:
    rng = np.random.default_rng(0)
    line = rng.normal(size=10_000)
    kept = thin(line, 202)  # a hundred stretches of a hundred rows
    for begin in range(0, 10_000, 100):
        inside = line[kept[(kept >= begin) & (kept < begin + 100)]]
        stretch = line[begin : begin + 100]
        assert (inside.min(), inside.max()) == (stretch.min(), stretch.max())


def test_fewer_than_four_points_are_refused() -> None:
    with pytest.raises(ConfigError, match="at least"):
        thin(np.zeros(10), 3)
