"""Room for data where runs train: a run keeps its dataset there for as long as its model."""

from collections.abc import Callable, Iterable

from lstm_viz.data.dataset import Dataset
from lstm_viz.errors import TrainerError
from lstm_viz.runs.run import Run
from lstm_viz.words import N_

NO_ROOM = N_(
    "There is no room for these data now. Choose fewer or shorter sequences, or try again when "
    "some runs have ended."
)


def make_room(
    residents: Iterable[Run], run: Run, max_bytes: int, drop: Callable[[str], None]
) -> None:
    """See to it that a run's dataset has room beside those of the residents, all of one place.

    All together take at most `max_bytes`, and one that comes to others leaves as much free as it
    takes, so that large ones do not shut out small ones. For it the models of ended runs are
    dropped, those of the same owner first, then those that nobody looks at. Raises TrainerError
    where there is no room all the same, and drops none then.
    """
    there = list(residents)
    own = [each for each in there if each.over and each.owner and each.owner == run.owner]
    unseen = [each for each in there if each.over and not each.viewers and each not in own]
    spare = own + sorted(unseen, key=lambda each: each.unseen_since)
    if not _fits([each for each in there if each not in spare], run.dataset, max_bytes):
        raise TrainerError(NO_ROOM)
    for each in spare:
        if _fits(there, run.dataset, max_bytes):
            return
        there.remove(each)
        drop(each.id)


def _fits(residents: Iterable[Run], dataset: Dataset, max_bytes: int) -> bool:
    held = {run.dataset.fingerprint: run.dataset.nbytes for run in residents}
    wanted = dataset.nbytes * (2 if held else 1)
    return dataset.fingerprint in held or sum(held.values()) + wanted <= max_bytes
