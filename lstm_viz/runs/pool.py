"""A trainer in processes of its own: some train, and others answer questions."""

import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TypeVar

from lstm_viz.errors import TrainerError
from lstm_viz.runs.asking import CANCELLED, TOO_LATE, Question, Queue
from lstm_viz.runs.connection import UNBORN_BEATS, Asker, Connection, Slow
from lstm_viz.runs.keeping import Keeping
from lstm_viz.runs.messages import Bound
from lstm_viz.runs.mishaps import logged
from lstm_viz.runs.place import Place
from lstm_viz.runs.processes import END_SECONDS, processes
from lstm_viz.runs.trainer import Trainer

BEAT_SECONDS = 1.0
IDLE_BEATS = 30
"""Beats after which a process ends that answers questions and is not asked any, or that is for
slow runs and holds none.
"""

KEPT_DATASETS = 3
"""Those asked about last, kept by a process that answers questions."""

_Kind = TypeVar("_Kind", bound=Connection)


class ChildTrainer(Trainer):
    """As many processes train as `Keeping.workers` says, each started when it is needed.

    Slow runs train in others, as many at most, so that no other run, and no command to it, waits
    for one of their steps. Questions are answered in others, at most `Keeping.askers` at once, so
    that no run waits for one; the process of a question that nobody waits for any more is ended,
    whatever it does.
    All end with this process, however that ends: what they read from closes.
    """

    def __init__(self, keeping: Keeping | None = None, rest: float = 0.0) -> None:
        """Nothing is loaded for `rest` seconds, unless it is needed or wanted before."""
        super().__init__(keeping)
        self._changed = threading.Condition()
        self._workers: list[Connection] = []
        self._slow: list[Slow] = []
        self._askers: list[Asker] = []
        self._resting: dict[Asker, int] = {}
        """Askers that are free, and for how many beats."""
        self._unused: dict[Slow, int] = {}
        """For how many beats one for slow runs has held none."""
        self._queue = Queue(self.runs.keeping.askers)
        self._patience = UNBORN_BEATS
        self._closed = threading.Event()
        self._processes = processes()
        self._wanted = threading.Event()
        if not rest:
            with self._changed:
                self._more(Connection, self._workers)
        self._heart = threading.Thread(
            target=self._beat, args=(rest,), name="heartbeat", daemon=True
        )
        self._heart.start()

    @property
    def pids(self) -> list[int]:
        """All processes that are known by now."""
        return [*self._processes.pids, *(each.pid for each in self._all if each.pid)]

    @property
    def worker_pids(self) -> list[int]:
        """Those that train."""
        return [each.pid for each in (*self._workers, *self._slow) if each.pid]

    @property
    def _all(self) -> list[Connection]:
        return [*self._workers, *self._slow, *self._askers]

    def close(self) -> None:
        """End all processes; takes seconds at most, also where some are stopped."""
        self._closed.set()
        self._wanted.set()
        with self._changed:
            ending = self._all
        for each in ending:
            each.close()
        until = time.monotonic() + END_SECONDS
        for each in ending:
            each.join(max(0.0, until - time.monotonic()))
        self._processes.close()
        self._heart.join(END_SECONDS)

    def _more(self, kind: type[_Kind], several: list[_Kind]) -> _Kind:
        """One more process; under the lock. Raises TrainerError where there can be none."""
        connection = kind(self._processes.start(), self._receive, self._lost)
        connection.patience = self._patience
        connection.send(Bound(self.runs.keeping.worker_bytes, kind.nice))
        several.append(connection)
        return connection

    def _lost(self, connection: Connection) -> None:
        """A process is gone: what was in it is lost, and nothing else."""
        with self._changed:
            self._workers = [each for each in self._workers if each is not connection]
            self._slow = [each for each in self._slow if each is not connection]
            self._unused = {s: n for s, n in self._unused.items() if s is not connection}
            self._askers = [each for each in self._askers if each is not connection]
            self._resting = {a: n for a, n in self._resting.items() if a is not connection}
            self._changed.notify_all()
        if not connection.pid and not self._closed.is_set():
            self._processes.renew()
            self._patience *= 2  # a slow disk must not have it begin anew for ever
        self._lose(connection)

    def _room_for(self, race: str, slow: bool) -> Place:
        """A race stays together: turns compare its contenders. Else where the fewest train."""
        together = [
            self._places[run.id]
            for run in self.runs.all
            if race and run.race == race and run.id in self._places
        ]
        if together:
            return together[0]
        with self._changed:
            if not slow:
                return self._freest(Connection, self._workers)
            place = self._freest(Slow, self._slow)
            self._unused[place] = 0
            return place

    def _freest(self, kind: type[_Kind], several: list[_Kind]) -> _Kind:
        load = {worker: 0 for worker in several if not worker.over}
        for run in self.runs.all:
            place = self._places.get(run.id)
            if run.training and isinstance(place, kind) and place in load:
                load[place] += 1
        free = min(load, key=lambda worker: load[worker], default=None)
        if free is None or (load[free] and len(load) < self._most_workers):
            return self._more(kind, several)
        return free

    @property
    def _most_workers(self) -> int:
        return self.runs.keeping.workers or max(1, _cores() - 1)

    @contextmanager
    def _answering(self, ends: float, question: Question) -> Iterator[Place]:
        asker = self._free_asker(ends, question)
        try:
            yield asker
        finally:
            if not asker.over:
                with logged("forgetting datasets"):
                    asker.unload_older(KEPT_DATASETS, self.runs.keeping.most_data // 2)
            with self._changed:
                self._queue.leave(question)
                if not asker.over:
                    self._resting[asker] = 0
                self._changed.notify_all()

    def _free_asker(self, ends: float, question: Question) -> Asker:
        with self._changed:
            self._queue.enter(question)
            asker = None
            try:
                while self._queue.next() is not question:
                    in_time = self._changed.wait(max(0.0, ends - time.monotonic()))
                    if question.called_off or self._closed.is_set() or not in_time:
                        raise TrainerError(CANCELLED if question.called_off else TOO_LATE)
                resting = self._resting.popitem()[0] if self._resting else None
                asker = resting or self._more(Asker, self._askers)
                self._queue.begin(question)
                return asker
            finally:
                if asker is None:
                    self._queue.leave(question)
                self._changed.notify_all()  # another's turn may have come

    def cancel(self, viewer: str) -> None:
        super().cancel(viewer)
        with self._changed:
            self._queue.call_off(viewer)
            self._changed.notify_all()

    def want(self) -> None:
        """Somebody is here: load what it takes to train."""
        self._wanted.set()

    def _beat(self, rest: float) -> None:
        self._wanted.wait(rest)
        while not self._closed.wait(BEAT_SECONDS):
            with logged("a heartbeat"):
                for each in self._all:
                    each.beat()
                with self._changed:
                    self._rest()
                    if not self._workers:
                        self._more(Connection, self._workers)

    def _rest(self) -> None:
        for asker in list(self._resting):
            self._resting[asker] += 1
            if self._resting[asker] > IDLE_BEATS:
                del self._resting[asker]
                asker.close()
        used = {self._places.get(run.id) for run in self.runs.all if run.resident}
        for slow in self._slow:
            self._unused[slow] = 0 if slow in used else self._unused.get(slow, 0) + 1
            if self._unused[slow] > IDLE_BEATS:
                slow.close()


def _cores() -> int:
    """Those that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
