"""Equal time for runs whose steps take longer than a slice: what one took, the others get first."""

from collections.abc import Iterable

from lstm_viz.training.turns import Job, Turns, Waiting


class Accounts:
    """Seconds that each run has had, those of a race for each of its turns.

    Turns come in order; a run that has had more than a slice beyond another that waits lets it go
    first. Who comes anew, or comes back, begins with what those have had who had least.
    """

    def __init__(self, slice_seconds: float) -> None:
        self._slice = slice_seconds
        self._used: dict[str, float] = {}

    def open(self, job: Waiting, waiting: Iterable[Waiting]) -> None:
        """A run begins to wait among others."""
        others = [self._used.get(_name(each), 0.0) for each in waiting if _name(each) != _name(job)]
        own = self._used.get(_name(job), 0.0)
        self._used[_name(job)] = max(own, min(others, default=own))

    def close(self, job: Waiting, others: Iterable[Waiting]) -> None:
        """A run is gone."""
        if all(_name(each) != _name(job) for each in others):
            self._used.pop(_name(job), None)

    def take(self, turns: Turns[Job]) -> Job:
        """Whose turn it is. One at least must wait."""
        for _ in range(len(turns)):
            least = min(self._used.get(_name(each), 0.0) for each in turns.waiting)
            job = turns.take()
            if self._used.get(_name(job), 0.0) <= least + self._slice:
                return job
            turns.enter(job)
        return turns.take()

    def charge(self, job: Waiting, seconds: float, waiting: Iterable[Waiting]) -> None:
        """A run has had a turn."""
        others = {each.run_id for each in waiting if _name(each) == _name(job) and not each.place}
        turns = len(others - {job.run_id}) + 1
        self._used[_name(job)] = self._used.get(_name(job), 0.0) + seconds / turns


def _name(job: Waiting) -> str:
    return job.race or job.run_id
