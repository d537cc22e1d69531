"""The verdict on a forecast: said of series for which it must be, and not of those it must not."""

import numpy as np
import pytest

from lstm_viz.measures.baselines import naive, seasonal_naive
from lstm_viz.measures.comparison import Sample
from lstm_viz.measures.verdict import (
    Verdict,
    absolute_errors,
    better_at,
    said_better_at,
    said_constant,
    said_outside,
    verdict,
)

RANDOM = np.random.default_rng(0)
N = 200
SINE = np.sin(np.arange(N + 60) / 8)
WALK = RANDOM.normal(size=N + 60).cumsum()
FEW = np.array([1.0, 2.0, 1.5])


def judged(
    series: np.ndarray,
    forecast: np.ndarray,
    part: str = "test",
    season: int | None = None,
    rows: int = N,
) -> Verdict:
    """The verdict on one-step forecasts (rows,) of the last rows of a series."""
    origins = np.arange(len(series) - rows, len(series))
    truth = series[origins][:, None]
    seasonal = None if season is None else seasonal_naive(series, origins, 1, season)
    return verdict(
        part,
        absolute_errors(truth, forecast[:, None]),
        absolute_errors(truth, naive(series, origins, 1)),
        None if seasonal is None else absolute_errors(truth, seasonal),
    )


@pytest.mark.parametrize("part", ["training", "validation", "test"])
def test_what_is_learned_is_told_as_a_ratio_on_every_part_and_never_as_learned(part: str) -> None:
    found = judged(SINE, SINE[-N:] + 0.01 * RANDOM.normal(size=N), part)
    assert found.said.startswith(f"On the {part} set the MAE is 0.09")
    assert "times the naive forecast's (last value)" in found.said
    assert "learned" not in found.said
    assert found.better


def test_a_network_that_is_worse_is_told_by_the_same_ratio_and_is_no_good_news() -> None:
    found = judged(SINE, np.zeros(N))
    assert " is 7.98 times" in found.said
    assert not found.better


def test_a_part_of_one_value_is_said_to_judge_nothing() -> None:
    said = said_constant("test", np.full((20, 2), 21.5))
    assert "All values to forecast in the test set are 21.5: nothing can be judged" in said
    assert said_constant("test", np.append(np.full(19, 21.5), 21.6)) == ""
    assert said_constant("test", np.array([3.0])) == "", "one value is always one"


def test_a_walk_that_is_won_by_luck_is_not_better() -> None:
    """The naive forecast is the best there is; another is sometimes a little nearer."""
    told = 0
    for seed in range(100):
        random = np.random.default_rng(seed)
        walk = random.normal(size=N + 60).cumsum()
        told += judged(walk, walk[-N - 1 : -1] + 0.1 * random.normal(size=N)).better
    assert told <= 5


def test_what_copies_the_last_value_is_no_different_from_it() -> None:
    found = judged(WALK, WALK[-N - 1 : -1])
    assert found.said.startswith("On the test set the MAE, ") and "differ" in found.said
    assert not found.better


def test_errors_far_apart_are_not_called_equal_where_chance_cannot_be_ruled_out() -> None:
    """A forecast that drifts away: each of its errors is like the one before."""
    drift = np.linspace(0.5, 8.5, 20)
    alike = Sample(np.ones(20) + 0.01 * RANDOM.normal(size=20), in_order=True)
    found = verdict("test", alike.like(drift), alike, alike)
    assert " is 4.51 times the naive forecast's (last value)" in found.said
    assert "It is 4.51 times the seasonal naive one's (0.99" in found.said
    assert "differ" not in found.said
    assert "chance" not in found.said, "that it is far worse here is no more than a fact"
    assert not found.better
    lucky = verdict("test", alike, alike.like(drift), alike.like(drift))
    assert "It is nearer in 18 of 20; chance cannot be ruled out." in lucky.said
    assert lucky.said.count("chance cannot be ruled out") == 2
    assert not lucky.better
    near = verdict("test", alike, alike.like(alike.values[::-1].copy()), alike)
    assert "chance" not in near.said
    assert near.said.count("not differ measurably") == 2


def test_a_season_that_is_copied_is_better_than_the_last_value_and_not_than_the_season() -> None:
    season = np.tile(RANDOM.normal(size=20), 13) + 0.3 * RANDOM.normal(size=260)
    found = judged(season, season[-N - 20 : -20], season=20)
    assert "times the naive forecast's (last value)" in found.said
    assert "does not differ measurably from the seasonal naive one's" in found.said
    assert not found.better
    clean = judged(season, season[-N:] + 0.01, season=20)
    assert "times the seasonal naive one's" in clean.said
    assert clean.better
    exact = judged(np.tile(RANDOM.normal(size=20), 13), season[-N:], season=20)
    assert exact.said.endswith("The seasonal naive forecast is exact.")
    assert not exact.better
    unknown = judged(np.append(season[:-1], np.nan), season[-N:], season=20)
    assert "seasonal" not in unknown.said


@pytest.mark.parametrize(
    ("model", "naive_", "said"),
    [
        (np.zeros(9), np.zeros(9), "are both exact"),
        (np.full(9, 0.5), np.zeros(9), "is exact; the network's MAE is 0.5"),
        (FEW / 10, FEW, "too few forecasts to compare"),
        (np.zeros(0), np.zeros(0), "The test set holds no forecast to judge."),
        (np.full(9, np.inf), np.ones(9), "some forecasts are not finite."),
    ],
)
def test_at_the_edges_only_what_is_known_is_said(
    model: np.ndarray, naive_: np.ndarray, said: str
) -> None:
    found = verdict("test", Sample(model), Sample(naive_))
    assert said in found.said
    assert not found.better
    assert "learning rate" not in found.said, "an overflow on new data is no divergence"


def test_a_forecast_of_several_steps_is_judged_over_all_of_them() -> None:
    truth, prediction = RANDOM.normal(size=(2, 30, 12))
    errors = absolute_errors(truth, prediction)
    assert errors.mean == pytest.approx(np.abs(truth - prediction).mean())
    assert errors.in_order


def horizons(fade: np.ndarray) -> list[int]:
    """Where forecasts whose error grows like `fade`, of the naive one's, are better."""
    truth = np.zeros((80, 6))
    naive_ = RANDOM.normal(size=(80, 6))
    return better_at(truth, naive_ * fade, naive_)


def test_up_to_how_many_steps_the_forecast_is_better_is_measured() -> None:
    assert horizons(np.array([0.2, 0.5, 0.8, 1.0, 1.2, 1.5])) == [1, 2, 3]
    assert said_better_at([1, 2, 3], 6) == "Better than the naive forecast up to 3 steps ahead."
    assert said_better_at([1], 6) == "Better than the naive forecast up to 1 step ahead."


def test_of_many_steps_ahead_none_is_called_better_by_chance() -> None:
    told = 0
    for seed in range(200):
        noise = np.random.default_rng(seed).normal(size=(3, 100, 20))
        told += better_at(*noise) != []
    assert told / 200 < 0.1


def test_lines_that_cross_the_other_way_or_never_are_told_as_they_are() -> None:
    assert horizons(np.array([1.5, 1.2, 1.0, 0.8, 0.5, 0.2])) == [4, 5, 6]
    assert said_better_at([4, 5, 6], 6).endswith("than the naive forecast 4-6 steps ahead.")
    assert said_better_at([10], 10).endswith("than the naive forecast 10 steps ahead.")
    assert said_better_at([], 6).startswith("At no step ahead")
    assert said_better_at([*range(1, 7)], 6).startswith("At every step ahead")


def test_what_lies_outside_the_trained_range_is_told_and_nothing_where_all_is_inside() -> None:
    training = np.array([0.0, 10.0])
    assert said_outside("test", np.array([5.0, 11.0, 12.0, -1.0]), training) == (
        "75% of the test set lies outside the training range (0 to 10)."
    )
    assert said_outside("test", np.array([0.0, 10.0]), training) == ""
    scaled_back = np.array([9.864e-07, 154.4])
    assert said_outside("test", np.array([200.0]), scaled_back).endswith("(0 to 154.4).")
    assert said_outside("training", np.array([11.0]), training) == ""
    assert said_outside("test", np.append(np.zeros(999), 11.0), training).startswith("< 1% of the")
    assert said_outside("test", np.full(9, 11.0), training).startswith("100% of the test set lies")
    changes = said_outside("test", np.array([11.0, 1.0]), training, differences=True)
    assert changes == (
        "As differences, 50% of the test set lies outside the training range (0 to 10)."
    )
    peaks = np.sin(np.arange(80) / 8)
    assert said_outside("test", np.sin(np.arange(80, 500) / 8), peaks) == "", "peaks of one sine"
