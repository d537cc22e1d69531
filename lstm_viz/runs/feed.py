"""The feed: what happens to runs, sent to those who watch them, as it happens.

The frames of a film each travel once to each watcher, the newest first; of any other topic the
newest message alone. A message is encoded once, however many watch, and nobody has a queue: what a
slow watcher gets next is decided when it is ready for it.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Collection, Hashable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import Protocol

from lstm_viz.runs.encoded import Message, Messages
from lstm_viz.runs.frames import Frame
from lstm_viz.runs.messages import Progress
from lstm_viz.runs.phases import phase_of, state_message, version_of
from lstm_viz.runs.registry import Runs
from lstm_viz.runs.run import Run
from lstm_viz.runs.topics import ASKED, FRAMES, STATE, RefusedError, Topic
from lstm_viz.runs.watchers import Watched, Watcher, is_no_film

PAUSE = 0.5
"""Seconds between two messages of a topic that is no film, but for a change of state."""
REST_AFTER = 3.0
"""What a trainer is asked for rests so many times as long as it took to come."""
CROWD = 150
"""Watchers of a run that make its pauses twice as long, so that many cost little more than few."""
MOST_WATCHERS = 2000
PATIENCE = 60.0
"""Seconds after which a watcher is given up that has not taken a message; twice as many at most."""


class Encoder(Protocol):
    """What messages hold. It is called in the feed's own thread, for one message at a time.

    Raises RefusedError for a topic that there is not.
    """

    def frame(self, topic: Topic, run: Run, frame: Frame) -> Message:
        """A frame of a film, the network in it, or what is wrong with it."""

    def picture(self, topic: Topic, runs: Sequence[Run]) -> Message:
        """How a topic stands now that is neither a film nor a state."""


class Socket(Protocol):
    """The way to one browser."""

    async def receive(self) -> object:
        """Its next message; None once it has gone."""

    async def send(self, message: Message) -> None:
        """Returns when there is room for the next one."""


@dataclass(frozen=True, eq=False)
class _Standing:
    """What the runs of a topic have come to, read once for all who watch it."""

    runs: Sequence[Run]
    frames: Sequence[Frame]
    """Of the first."""
    version: Hashable
    phases: Hashable
    crowd: int
    """Watchers of that run which most watch."""


class Feed:
    """All who watch the runs of a registry."""

    def __init__(self, runs: Runs, encoder: Encoder) -> None:
        self._runs, self._encoder = runs, encoder
        self._watchers: set[Watcher] = set()
        self._watching: dict[str, set[Watcher]] = {}
        self._noted: set[str] = set()
        self._progressed: set[str] = set()
        self._standings: dict[str, _Standing] = {}
        """By a topic's text, since something happened last."""
        self.messages = Messages()

    @property
    def watchers(self) -> int:
        """How many browsers are connected."""
        return len(self._watchers)

    @asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        """Listen to the runs for as long as this lasts."""
        self._loop = asyncio.get_running_loop()
        stop = self._runs.listen(self._happened)
        try:
            yield
        finally:
            stop()
            self.messages.close()

    async def serve(self, socket: Socket) -> None:
        """Serve a browser until it goes. Raises RefusedError where it breaks the rules, and
        TimeoutError where it takes nothing for `PATIENCE` seconds.
        """
        if len(self._watchers) >= MOST_WATCHERS:
            raise RefusedError("too many watchers")
        watcher = Watcher()
        self._watchers.add(watcher)
        doing = (self._send(watcher, socket), self._hear(watcher, socket), _mind(watcher))
        tasks = [*map(asyncio.create_task, doing)]
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            self._watchers.discard(watcher)
            self._follow(watcher, ())
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    def _happened(self, run_id: str, event: object) -> None:
        """In the thread of whoever applied an event: wake the loop, once for many events.

        Of mere progress it is told after a pause: there are tens of it a second.
        """
        if run_id not in self._watching:
            return
        if isinstance(event, Progress):
            if run_id not in self._progressed:
                self._progressed.add(run_id)
                self._loop.call_soon_threadsafe(self._loop.call_later, PAUSE, self._wake, run_id)
        elif run_id not in self._noted:
            self._noted.add(run_id)
            self._loop.call_soon_threadsafe(self._wake, run_id)

    def _wake(self, run_id: str) -> None:
        # before anything is read, so that nothing is missed
        self._noted.discard(run_id)
        self._progressed.discard(run_id)
        self._standings.clear()
        for watcher in self._watching.get(run_id, ()):
            watcher.awake.set()

    async def _hear(self, watcher: Watcher, socket: Socket) -> None:
        while (message := await socket.receive()) is not None:
            watcher.take(message)
            topics = [watched.topic for watched in watcher.topics.values()]
            self._follow(watcher, {run for topic in topics for run in topic.runs})

    def _follow(self, watcher: Watcher, runs: Collection[str]) -> None:
        """Wake a watcher when something happens to these runs, and to no others."""
        for run in [*self._watching]:
            if run not in runs:
                self._watching[run].discard(watcher)
                if not self._watching[run]:
                    del self._watching[run]
        for run in runs:
            self._watching.setdefault(run, set()).add(watcher)
        self._standings.clear()

    async def _send(self, watcher: Watcher, socket: Socket) -> None:
        """Send what is due, films first, a message of each topic in turn; then rest."""
        while True:
            await watcher.awake.wait()
            watcher.awake.clear()
            due = sorted(filter(self._may_lack, watcher.topics.values()), key=is_no_film)
            while due and not watcher.awake.is_set():
                for watched in [*due]:
                    message, more = await self._next(watched, watcher)
                    if message is not None and watched.topic.text in watcher.topics:
                        watcher.sending = True
                        await socket.send(message)
                        watcher.sending = False
                        watcher.sent += 1
                    if not more:
                        due.remove(watched)

    def _may_lack(self, watched: Watched) -> bool:
        """Whether it is worth a closer look what a watcher lacks of a topic."""
        if watched.topic.name in FRAMES or watched.asked is not None:
            return True
        standing = self._standing(watched.topic)
        return (standing.version, standing.phases) != (watched.version, watched.phases)

    async def _next(self, watched: Watched, watcher: Watcher) -> tuple[Message | None, bool]:
        """What a watcher lacks of a topic, one message of it, and whether it lacks more; None where
        it lacks nothing.
        """
        standing = self._standing(watched.topic)
        if watched.topic.name not in FRAMES:
            return await self._newest(watched, watcher, standing), False
        frames = standing.frames
        lacking = [frame for frame in frames if frame.step not in watched.have]
        if len(watched.have) + len(lacking) > len(frames):  # what was thinned out never returns
            watched.have &= {frame.step for frame in frames}
        if not lacking:
            return None, False
        frame = lacking[-1] if lacking[-1] is frames[-1] else lacking[0]
        message = await self.messages.get(
            (watched.topic, frame.step),
            partial(self._encoder.frame, watched.topic, standing.runs[0], frame),
        )
        watched.have.add(frame.step)
        return message, len(lacking) > 1

    def _standing(self, topic: Topic) -> _Standing:
        known = self._standings.get(topic.text)
        if known is None:
            runs = [self._runs.get(run) for run in topic.runs if run in self._runs]
            known = self._standings[topic.text] = _Standing(
                runs,
                runs[0].film.frames if runs else (),
                version_of(topic, runs),
                tuple(phase_of(run) for run in runs),
                max((len(self._watching.get(run.id, ())) for run in runs), default=0),
            )
        return known

    async def _newest(
        self, watched: Watched, watcher: Watcher, standing: _Standing
    ) -> Message | None:
        if watched.asked is not None:
            return self._answered(watched, watched.asked, watcher)
        version, phases, runs = standing.version, standing.phases, standing.runs
        rest = watched.at + PAUSE * (1 + standing.crowd / CROWD) - time.monotonic()
        if rest > 0 and phases == watched.phases:
            if watched.alarm is None or watched.alarm.when() < self._loop.time():
                watched.alarm = self._loop.call_later(rest, watcher.awake.set)
            return None
        asks = watched.topic.name in ASKED
        if asks and watcher.asking is not None and not watcher.asking.done():
            return None  # which wakes the watcher when it is done
        watched.version, watched.phases, watched.at = version, phases, time.monotonic()
        make = state_message if watched.topic.name == STATE else self._encoder.picture
        making = partial(make, watched.topic, runs)
        key = watched.topic, version, phases
        if not asks:
            return self._news(watched, await self.messages.get(key, making))
        watched.asked = watcher.asking = asyncio.create_task(
            self.messages.get(key, making, asked=next((run.owner for run in runs), ""))
        )
        watched.asked.add_done_callback(lambda task: task.cancelled() or task.exception())
        watched.asked.add_done_callback(lambda _task: watcher.awake.set())
        return None

    def _answered(
        self, watched: Watched, asked: asyncio.Task[Message], watcher: Watcher
    ) -> Message | None:
        """What was asked for, if it has come."""
        if not asked.done():
            return None
        now = time.monotonic()
        watched.asked, watched.at = None, now + REST_AFTER * (now - watched.at)
        watcher.awake.set()  # there may be a newer one
        return self._news(watched, asked.result())

    @staticmethod
    def _news(watched: Watched, message: Message) -> Message | None:
        """A message that is another one than the newest."""
        if message == watched.newest:
            return None
        watched.newest = message
        return message


async def _mind(watcher: Watcher) -> None:
    """Raise TimeoutError once a watcher does not take a message."""
    while True:
        before, waited = watcher.sent, watcher.sending
        await asyncio.sleep(PATIENCE)
        if waited and watcher.sending and watcher.sent == before:
            raise TimeoutError
