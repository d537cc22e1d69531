"""Turns are fair: without a clock, a slice is one step of made-up runs."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as some

from lstm_viz.training.turns import Turns


@dataclass
class Job:
    run_id: str
    race: str = ""
    place: int = 0
    steps: int = 10**9
    done: int = 0

    @property
    def progress(self) -> float:
        return self.done / self.steps


def race(contenders: int, seeds: int, steps: int = 4, name: str = "race") -> list[Job]:
    """Contender a, b, c, ... with a run for each seed: a0, b0, ..., a1, b1, ..."""
    return [
        Job(f"{name}.{chr(97 + k)}{place}", name, place, steps)
        for place in range(seeds)
        for k in range(contenders)
    ]


def waiting(jobs: Iterable[Job]) -> Turns[Job]:
    turns: Turns[Job] = Turns()
    for job in jobs:
        turns.enter(job)
    return turns


def advanced(turns: Turns[Job], slices: int = 10**6) -> list[str]:
    """Who had the turns, until all are over."""
    order = []
    while len(turns) and len(order) < slices:
        job = turns.take()
        job.done += 1
        order.append(job.run_id)
        if job.done < job.steps:
            turns.enter(job)
    return order


def test_runs_that_train_alone_take_turns_in_the_order_of_their_coming() -> None:
    turns = waiting([Job("ada", steps=2), Job("bo", steps=3), Job("cy", steps=1)])
    assert advanced(turns) == ["ada", "bo", "cy", "ada", "bo", "bo"]


def test_a_run_that_enters_twice_has_one_turn() -> None:
    job = Job("ada", steps=2)
    assert advanced(waiting([job, Job("bo", steps=1), job])) == ["ada", "bo", "ada"]


def test_a_turn_of_a_race_goes_to_the_contender_that_is_farthest_behind() -> None:
    slow, fast = Job("slow", "race", steps=40), Job("fast", "race", steps=10)
    advanced(waiting([fast, slow]), slices=25)
    assert abs(slow.progress - fast.progress) <= 1 / 10


@given(others=some.integers(0, 4), contenders=some.integers(1, 5), seeds=some.integers(2, 5))
def test_further_seeds_wait_until_no_watched_contender_does(
    others: int, contenders: int, seeds: int
) -> None:
    turns = waiting([*(Job(f"other {k}") for k in range(others)), *race(contenders, seeds)])
    order = advanced(turns, slices=40 * (others + contenders) * seeds)
    own = [each for each in order if each.startswith("race")]
    assert len(own) == contenders * seeds * 4, "none starves, whatever else trains"
    places = [int(each[-1]) for each in own]
    assert places == sorted(places), "the second seed of all, then the third"


@given(others=some.integers(1, 4), contenders=some.integers(1, 4), seeds=some.integers(2, 5))
def test_to_others_a_race_of_several_seeds_is_no_more_than_one_of_a_single_seed(
    others: int, contenders: int, seeds: int
) -> None:
    def jobs(seeds: int) -> list[Job]:
        return [*(Job(f"other {k}") for k in range(others)), *race(contenders, seeds)]

    order = advanced(waiting(jobs(seeds)), slices=60 * (others + contenders))
    began = next(k for k, each in enumerate(order) if each.startswith("race") and each[-1] != "0")
    assert order[:began] == advanced(waiting(jobs(seeds=1)), slices=began)
    places = [k for k, each in enumerate(order) if each == "other 0" and k >= began]
    gaps = [later - earlier for earlier, later in pairwise(places)]
    assert max(gaps) <= others + 1, "from then on it is one run"


def test_behind_their_watched_contenders_all_further_seeds_have_one_turn_a_round() -> None:
    order = advanced(waiting([Job("ada"), Job("bo"), *race(3, 3, steps=1)]), slices=20)
    assert order[:5] == ["ada", "bo", "race.a0", "race.b0", "race.c0"]
    assert order[5:11] == ["race.a1", "ada", "bo", "race.b1", "ada", "bo"]


def test_further_seeds_make_room_when_a_watched_contender_trains_on() -> None:
    watched, *_rest = jobs = race(2, 2, steps=3)
    turns = waiting(jobs)
    advanced(turns, slices=7)
    watched.steps = 5
    turns.enter(watched)
    assert advanced(turns, slices=3) == ["race.a0", "race.a0", "race.b1"]


def test_what_leaves_gets_no_turn_and_costs_the_others_none() -> None:
    jobs = [Job("ada", steps=2), *race(2, 3, steps=1)]
    turns = waiting(jobs)
    for gone in ("ada", "race.a0", "race.b1", "nobody"):
        turns.leave(gone)
    assert "ada" not in turns
    assert advanced(turns) == ["race.b0", "race.a1", "race.a2", "race.b2"]
