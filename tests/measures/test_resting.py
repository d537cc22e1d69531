"""The plane in which a state moves, and what the points at which it rests say of its memory."""

import numpy as np
import pytest
from sklearn.decomposition import PCA

from lstm_viz.measures.resting import Directions, said_plane, said_points

RANDOM = np.random.default_rng(0)


@pytest.mark.parametrize("count", [2, 3])
def test_the_directions_are_the_first_principal_components(count: int) -> None:
    states = RANDOM.normal(size=(3, 20, 5)) * [3.0, 0.1, 2.0, 1.0, 0.1]
    found = Directions.of(states, count)
    assert found is not None
    oracle = PCA(count).fit(states.reshape(-1, 5))
    signs = np.sign((found.axes * oracle.components_).sum(axis=1))
    np.testing.assert_allclose(found.axes, oracle.components_ * signs[:, None], atol=1e-10)
    placed = oracle.transform(states.reshape(-1, 5)) * signs
    np.testing.assert_allclose(found.places(states).reshape(-1, count), placed, atol=1e-10)
    assert found.share(states) == pytest.approx(oracle.explained_variance_ratio_.sum())


@pytest.mark.parametrize(
    "states",
    [np.zeros((1, 9, 4)), RANDOM.normal(size=(1, 9, 1)), np.full((1, 9, 4), np.nan)],
    ids=["still", "one unit", "not a number"],
)
def test_what_moves_in_fewer_directions_has_none(states: np.ndarray) -> None:
    assert Directions.of(states) is None
    assert Directions.of(RANDOM.normal(size=(1, 9, 2)), 3) is None


def said(kinds: list[str], moduli: list[float], speed: float = 1e-20) -> str:
    return said_points(kinds, np.full(len(kinds), speed), np.array(moduli))


def test_one_stable_point_holds_nothing() -> None:
    text = said(["stable"], [0.65])
    assert text.startswith("With this input held: 1 point (1 × stable).")
    assert "multiplied by 0.65 a step or less in the long run: half is left after 1.61" in text
    assert "hold a value" not in text and "apart" not in text
    assert "by 0.9959 a step or less in the long run: half is left after 169 steps" in said(
        ["stable"], [0.9959]
    )


def test_a_line_of_points_holds_a_value() -> None:
    text = said(["line attractor"] * 4, [0.9991] * 4, 1e-8)
    assert "multiplied by 0.9991 a step" in text
    assert f"half of it for {np.log(2) / -np.log(0.9991):,.0f} steps" in text
    assert "hold a value" in said(["line attractor"] * 3, [1.0] * 3)
    assert "hold a value" not in said(["line attractor"], [0.9991]), "a point is no line"


def test_several_stable_points_hold_states_apart_and_slow_ones_do_not() -> None:
    assert "keep 8 states apart" in said(["stable"] * 8 + ["saddle"] * 12, [0.5] * 8 + [1.5] * 12)
    assert "apart" not in said(["stable"] * 2, [0.99] * 2, 1e-8)
    assert "apart" not in said(["saddle"] * 2, [1.5] * 2)


def test_where_nothing_was_found_it_is_said() -> None:
    assert said([], []) == "With this input held, no fixed or slow point was found."


def test_a_picture_says_which_share_of_the_variance_it_holds() -> None:
    assert said_plane(0.634, "hidden state h") == ("63% of the variance of hidden state h.")
    assert said_plane(0.9996, "h") == "> 99% of the variance of h."
