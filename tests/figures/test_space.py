"""Paths in three components: what travels to the browser is what was measured, each axis fitted."""

import numpy as np

from lstm_viz.figures.space import space_view


def test_the_axes_fit_paths_and_points_and_give_the_numbers_back() -> None:
    places = np.random.default_rng(0).normal(size=(3, 5, 3)) * [9.0, 1.0, 1e-3]
    points = np.array([[20.0, 0.0, 0.0], [0.0, -5.0, 0.0]])
    view = space_view(
        places, 1, "cell", marked=[2], points=points, kinds=["saddle", "stable"],
        speeds=np.array([1e-7, 1e-20]), cursor=4, subject="run",
    )  # fmt: skip
    whole = np.concatenate([places.reshape(-1, 3), points])
    low, high = whole.min(axis=0), whole.max(axis=0)

    def back(inside: list) -> np.ndarray:
        return low + (np.asarray(inside) + 1) / 2 * (high - low)

    size = high - low
    assert (np.abs(back(view["own"]) - places[1]) <= 1e-4 * size).all()
    assert (np.abs(back(view["others"]) - places[[0, 2]]) <= 1e-4 * size).all()
    assert (np.abs(back([each["at"] for each in view["points"]]) - points) <= 1e-4 * size).all()
    assert [(each["shape"], each["rests"]) for each in view["points"]] == [
        ("cross", False),
        ("circle", True),
    ]
    assert view["points"][0]["said"] == "saddle, speed q = 10⁻⁷"
    for end, values in (("low", low), ("high", high)):
        said = [f"{each:.2g}".replace("-", "\N{MINUS SIGN}") for each in values]
        assert [each[end] for each in view["axes"]] == said
    assert min(low) < 0
    assert view["looks"]["light"]["full"] != view["looks"]["dark"]["full"]


def test_a_direction_in_which_nothing_moves_is_drawn_all_the_same() -> None:
    view = space_view(np.ones((1, 4, 3)), 0, "hidden")
    assert np.isfinite(view["own"]).all() and view["points"] == view["others"] == []
