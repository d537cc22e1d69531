"""Paths of a state, against scikit-learn's principal components."""

import numpy as np
import pytest
import torch
from sklearn.decomposition import PCA
from torch import nn

from lstm_viz import ConfigError, fixed_points, trace, trajectories
from tests.instruments.layers import B, T, made


@pytest.mark.parametrize("kind", ["lstm", "gru"])
@pytest.mark.parametrize("dimensions", [1, 3])
def test_they_lie_where_scikit_learn_puts_the_states(kind: str, dimensions: int) -> None:
    layer, x = made(kind)
    found = trajectories(layer, x, dimensions=dimensions)
    (seen,) = trace(layer, x).values()
    states = seen.hidden if seen.cell is None else seen.cell
    assert found.state == ("cell" if kind == "lstm" else "hidden")
    oracle = PCA(dimensions).fit(states.reshape(B * T, -1))
    places = oracle.transform(states.reshape(B * T, -1)).reshape(B, T, dimensions)
    signs = np.sign((places * found.places).sum(axis=(0, 1)))
    np.testing.assert_allclose(found.places, places * signs, atol=1e-10)
    assert found.share == pytest.approx(oracle.explained_variance_ratio_.sum())


def test_points_are_drawn_in_the_same_space() -> None:
    layer, x = made("gru")
    found = trajectories(layer, x)
    points = fixed_points(layer, x[:1], starts=8)
    drawn = found.directions.places(points.states)
    assert drawn.shape == (len(points.states), 3)
    np.testing.assert_allclose(found.directions.places(found.directions.mean), 0, atol=1e-12)


def test_a_state_that_moves_in_fewer_directions_has_no_such_picture() -> None:
    layer = nn.RNN(1, 4, batch_first=True)
    with torch.no_grad():
        for each in layer.parameters():
            each.fill_(0.5)
    with pytest.raises(ConfigError, match="moves in fewer than 2 directions"):
        trajectories(layer, torch.randn(2, 6, 1), dimensions=2)
    with pytest.raises(ConfigError, match="dimensions"):
        trajectories(layer, torch.randn(2, 6, 1), dimensions=5)


def test_samples_of_several_lengths_end_where_they_end() -> None:
    layer, x = made("gru")
    packed = nn.utils.rnn.pack_padded_sequence(x, [T, *[T - 2] * (B - 1)], batch_first=True)
    found = trajectories(layer, packed, dimensions=2)
    assert np.isnan(found.places[1, T - 2 :]).all() and np.isfinite(found.places[1, : T - 2]).all()
    assert 0 < found.share <= 1
