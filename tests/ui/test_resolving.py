"""Choices are resolved once for everybody, and do not pile up."""

from lstm_viz.data.choice import DataChoice
from lstm_viz.data.resolved import Resolved
from lstm_viz.ui.resolving import MOST, UNASKED, Resolving


def resolved(seed: int) -> Resolved:
    return Resolved(DataChoice("task", "adding", {"count": 200, "length": 20}, seed=seed))


def test_the_same_choice_is_the_same_object_for_everybody() -> None:
    kept = Resolving()
    first = kept.of("a", resolved(0))
    assert kept.of("a", resolved(0)) is first
    assert kept.of("b", resolved(1)) is not first


def test_what_was_not_asked_for_longest_goes_when_bytes_run_out() -> None:
    kept = Resolving(most_bytes=3 * resolved(0).dataset.values.nbytes)
    made = [kept.of(seed, resolved(seed)) for seed in range(3)]
    for each in made:
        each.dataset  # noqa: B018 - made when it is asked for
    kept.of(0, resolved(0))
    kept.of(3, resolved(3)).dataset  # noqa: B018
    kept.of(4, resolved(4))
    assert kept.size <= kept.most_bytes
    assert kept.of(0, resolved(0)) is made[0]
    assert kept.of(1, resolved(1)) is not made[1]


def test_there_are_never_more_than_so_many() -> None:
    kept = Resolving()
    for seed in range(3 * MOST):
        kept.of(seed, resolved(seed))
    assert len(kept) == MOST


def test_what_nobody_asks_for_goes_and_what_somebody_does_stays() -> None:
    kept = Resolving()
    first, other = kept.of("a", resolved(0)), kept.of("b", resolved(1))
    for _ in range(UNASKED):
        assert kept.of("a", resolved(0)) is first
        kept.tidy()
    assert len(kept) == 1
    assert kept.of("b", resolved(1)) is not other
