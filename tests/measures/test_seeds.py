"""What is said over seeds, and of which seeds it must not be said."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from lstm_viz.measures.ranking import Kind
from lstm_viz.measures.seeds import median_course, ranking, said_ranking, said_seeds, said_spread

LUCKY = [1.0, 0.26, 0.25]
"""One seed in three solves the task."""
ALWAYS, NEVER = [1.0, 0.998, 1.0], [0.25, 0.26, 0.25]


def test_a_contender_leads_whose_every_seed_is_better() -> None:
    assert said_ranking({"RNN": NEVER, "GRU": ALWAYS}, "accuracy") == (
        "Best median accuracy: GRU (100.0%, 99.8% to 100.0%). Behind: RNN (25.0%, 25.0% to 26.0%)."
    )


@pytest.mark.parametrize("other", [LUCKY, [0.99, 1.0, 0.99]])
def test_one_lucky_seed_makes_neither_a_leader_nor_a_loser(other: list[float]) -> None:
    found = ranking({"A": other, "GRU": ALWAYS}, "accuracy")
    assert (found.leaders, found.others) == (("GRU", "A"), ())
    assert "No further apart than the seeds" in said_ranking(
        {"A": other, "GRU": ALWAYS}, "accuracy"
    )


def test_those_that_share_the_lead_are_named_together() -> None:
    said = said_ranking({"RNN": NEVER, "GRU": ALWAYS, "LSTM": [0.99, 0.995, 1.0]}, "accuracy")
    assert said.startswith("Best median accuracy: GRU (")
    assert "No further apart than the seeds: LSTM (99.5%, 99.0% to 100.0%). Behind: RNN" in said


def test_of_many_contenders_the_names_alone_are_said() -> None:
    scores = dict.fromkeys("ABCD", ALWAYS) | {"RNN": NEVER}
    assert said_ranking(scores, "accuracy") == (
        "Best median accuracy: A. No further apart than the seeds: B, C and D. Behind: RNN."
    )


@pytest.mark.parametrize(("seeds", "led"), [(2, False), (3, True), (5, True)])
def test_two_seeds_name_no_leader(seeds: int, led: bool) -> None:
    scores = {"A": [0.9] * seeds, "B": [0.3] * seeds}
    assert bool(ranking(scores, "accuracy").others) is led
    assert (
        "Too few seeds to name the best median accuracy" in said_ranking(scores, "accuracy")
    ) is not led


@pytest.mark.parametrize(("kind", "led"), [("loss", True), ("mae", True), ("accuracy", False)])
def test_the_smaller_loss_is_better_and_counts_in_powers_of_ten(kind: Kind, led: bool) -> None:
    scores = {"A": [0.01, 0.012, 0.03], "B": [0.2, 0.3, 0.5]}  # wider apart than 0.5 - 0.2 at most
    found = ranking(scores, kind)
    assert (found.leaders[0], bool(found.others)) == (("A", True) if led else ("B", False))


def test_seeds_that_lie_apart_by_less_than_they_scatter_are_not_told_apart() -> None:
    assert not ranking({"A": [0.9, 0.7, 0.6], "B": [0.58, 0.5, 0.3]}, "accuracy").others


@given(
    some.lists(some.floats(0.01, 1.0), min_size=3, max_size=5),
    some.floats(0.01, 1.0),
)
def test_no_contender_leads_its_equal(scores: list[float], other: float) -> None:
    shuffled = [*scores[1:], scores[0]]
    for kind in ("accuracy", "loss"):
        assert not ranking({"A": scores, "B": shuffled}, kind).others  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("done", "planned", "going", "said"),
    [
        (1, 3, True, "So far on 1 of 3 seeds."),
        (2, 3, False, "On 2 of 3 seeds: the others did not train to the end."),
        (3, 3, False, "On 3 seeds."),
        (1, 1, False, "On 1 seed: another may end differently."),
    ],
)
def test_a_verdict_says_on_how_many_seeds_it_stands(
    done: int, planned: int, going: bool, said: str
) -> None:
    assert said_seeds(done, planned, going=going) == said


def test_seeds_that_agree_have_no_spread() -> None:
    assert said_spread([0.5, 0.5], "loss") == "0.5"


@given(count=some.sampled_from([1, 3, 5]), points=some.integers(1, 20))
def test_the_median_of_one_course_again_and_again_is_that_course(count: int, points: int) -> None:
    steps, values = np.arange(points) * 3, np.random.default_rng(points).random(points)
    every, middle = median_course([steps] * count, [values] * count)
    assert every.tolist() == steps.tolist()
    np.testing.assert_allclose(middle, values)


def test_the_median_goes_through_seeds_that_were_measured_at_other_steps() -> None:
    steps = [np.array([0, 4, 8]), np.array([0, 8]), np.array([0, 2])]
    values = [np.array([9.0, 9.0, 9.0]), np.array([0.0, 8.0]), np.array([5.0, np.nan])]
    every, middle = median_course(steps, values)
    assert every.tolist() == [0, 2, 4, 8]
    assert middle.tolist() == [5.0, 5.0, 5.0, 8.0], "the third keeps its last known value"


@pytest.mark.parametrize("count", [2, 4, 8])
def test_of_equal_contenders_hardly_ever_one_is_left_behind(count: int) -> None:
    behind = 0
    for seed in range(400):
        losses = np.exp(np.random.default_rng(seed).normal(size=(count, 3)))
        behind += ranking({str(k): each for k, each in enumerate(losses)}, "loss").others != ()
    assert behind / 400 < 0.09
