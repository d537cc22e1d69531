"""Whose turn it is, among runs that wait to be advanced: first come, first served.

It reads no clock and knows no model, only what each run says of itself.
"""

from collections import deque
from typing import Generic, NamedTuple, Protocol, TypeVar


class Waiting(Protocol):
    """What a run says of itself."""

    @property
    def run_id(self) -> str: ...

    @property
    def race(self) -> str:
        """What the runs of one race share; empty for one that trains alone."""

    @property
    def place(self) -> int:
        """Which further seed of a contender it is, from 1; 0 for the one that is watched."""

    @property
    def progress(self) -> float:
        """The share of its training that is done."""


Job = TypeVar("Job", bound=Waiting)


class _Group(NamedTuple):
    """Those among whom a turn goes to whoever is farthest behind."""

    name: str
    follows: bool


class Turns(Generic[Job]):
    """A queue of turns, one for each run that waits.

    A turn of a race goes to the contender that is farthest behind. The further seeds of a race have
    a single turn together, which they take as soon as none of the watched contenders waits: the
    lowest seed first, so that all contenders soon have one more. To other runs a race is thus never
    more than its watched contenders are.
    """

    def __init__(self) -> None:
        self._waiting: dict[str, Job] = {}
        self._resting: dict[str, tuple[float, Job]] = {}
        self._turns: deque[_Group] = deque()

    def __len__(self) -> int:
        return len(self._waiting)

    def __contains__(self, run_id: object) -> bool:
        return run_id in self._waiting or run_id in self._resting

    @property
    def waiting(self) -> list[Job]:
        """All that wait."""
        return list(self._waiting.values())

    def enter(self, job: Job) -> None:
        """Let a run wait for its turn, behind all others; once is enough."""
        self._waiting[job.run_id] = job
        self._balance(_group(job))

    def rest(self, job: Job, until: float) -> None:
        """Let a run wait for its turn from a time on, by the clock of whoever calls `wake`."""
        self._resting[job.run_id] = until, job

    def wake(self, now: float) -> None:
        """Those enter that rested until now."""
        for until, job in list(self._resting.values()):
            if until <= now:
                del self._resting[job.run_id]
                self.enter(job)

    @property
    def wakes(self) -> float | None:
        """When the next of those that rest enters; None where none rests."""
        return min((until for until, _job in self._resting.values()), default=None)

    def leave(self, run_id: str) -> None:
        """A run waits no longer."""
        self._resting.pop(run_id, None)
        job = self._waiting.pop(run_id, None)
        if job is not None:
            self._balance(_group(job))

    def take(self) -> Job:
        """Whose turn it is; it waits no longer until it enters again. One at least must wait."""
        while True:
            group = self._turns.popleft()
            if group.follows and _Group(group.name, follows=False) in self._turns:
                self._turns.append(group)
                continue
            job = min(self._members(group), key=lambda each: (each.place, each.progress))
            self.leave(job.run_id)
            return job

    def _members(self, group: _Group) -> list[Job]:
        return [job for job in self._waiting.values() if _group(job) == group]

    def _balance(self, group: _Group) -> None:
        """As many turns as the group has members; one at most for those that follow."""
        due = len(self._members(group))
        if group.follows:
            due = min(due, 1)
        for _ in range(self._turns.count(group), due):
            self._turns.append(group)
        for _ in range(due, self._turns.count(group)):
            self._turns.remove(group)


def _group(job: Waiting) -> _Group:
    return _Group(job.race or job.run_id, job.place > 0)
