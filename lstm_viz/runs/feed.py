"""The feed: what happens to runs, sent to those who watch them, as it happens.

The frames of a film each travel once to each watcher, the newest first; of any other topic the
newest message alone. A message is encoded once, however many watch, and nobody has a queue: what a
slow watcher gets next is decided when it is ready for it.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Collection, Hashable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Protocol

from lstm_viz.runs.encoded import Message, Messages
from lstm_viz.runs.frames import Frame
from lstm_viz.runs.messages import Progress
from lstm_viz.runs.phases import phase_of, state_message, version_of
from lstm_viz.runs.registry import Runs
from lstm_viz.runs.run import Run
from lstm_viz.runs.topics import ASKED, FRAMES, STATE, Leave, RefusedError, Topic, read_wish

PAUSE = 0.5
"""Seconds between two messages of a topic that is no film, but for a change of state."""
REST_AFTER = 3.0
"""What a trainer is asked for rests so many times as long as it took to come."""
CROWD = 150
"""Watchers of a run that make its pauses twice as long, so that many cost little more than few."""
MOST_WATCHERS = 2000
MOST_TOPICS = 24
"""Of one watcher."""
WISHES, WISHES_AT_ONCE = 20.0, 60.0
"""Messages a second that a watcher may send, and how many at once after a rest."""
PATIENCE = 60.0
"""Seconds in which a watcher must take a message."""


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


@dataclass(eq=False)
class _Watched:
    """One topic of one watcher."""

    topic: Topic
    have: set[int]
    """Training steps of the frames that the watcher has, or was sent."""
    version: Hashable = None
    """What its runs had come to at the newest message."""
    phases: Hashable = None
    newest: Message = ""
    """That message: the same one is not sent twice."""
    at: float = -PAUSE
    alarm: asyncio.TimerHandle | None = None
    """Rings when the pause after that message is over."""
    asked: asyncio.Task[Message] | None = None
    """What a trainer is asked for: nothing else waits until it comes."""


@dataclass(eq=False)
class _Watcher:
    """A connected browser."""

    topics: dict[str, _Watched] = field(default_factory=dict)
    awake: asyncio.Event = field(default_factory=asyncio.Event)
    asking: asyncio.Task[Message] | None = None
    """What a trainer was asked for it last: one question at a time, whatever it watches."""
    credit: float = WISHES_AT_ONCE
    at: float = field(default_factory=time.monotonic)

    def take(self, message: object) -> None:
        """Take in a message. Raises RefusedError for one that breaks the rules."""
        now = time.monotonic()
        self.credit = min(WISHES_AT_ONCE, self.credit + WISHES * (now - self.at)) - 1
        self.at = now
        if self.credit < 0:
            raise RefusedError("too many messages")
        wish = read_wish(message)
        if isinstance(wish, Leave):
            self.topics.pop(wish.topic.text, None)
            return
        if len(self.topics) >= MOST_TOPICS and wish.topic.text not in self.topics:
            raise RefusedError("too many topics")
        self.topics[wish.topic.text] = _Watched(wish.topic, set(wish.have))
        self.awake.set()


def _is_no_film(watched: _Watched) -> bool:
    return watched.topic.name not in FRAMES


class Feed:
    """All who watch the runs of a registry."""

    def __init__(self, runs: Runs, encoder: Encoder) -> None:
        self._runs, self._encoder = runs, encoder
        self._watchers: set[_Watcher] = set()
        self._watching: dict[str, set[_Watcher]] = {}
        self._noted: set[str] = set()
        self._progressed: set[str] = set()
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
        watcher = _Watcher()
        self._watchers.add(watcher)
        sending = asyncio.create_task(self._send(watcher, socket))
        hearing = asyncio.create_task(self._hear(watcher, socket))
        try:
            done, _ = await asyncio.wait((sending, hearing), return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            self._watchers.discard(watcher)
            self._follow(watcher, ())
            sending.cancel()
            hearing.cancel()
            await asyncio.gather(sending, hearing, return_exceptions=True)

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
        for watcher in self._watching.get(run_id, ()):
            watcher.awake.set()

    async def _hear(self, watcher: _Watcher, socket: Socket) -> None:
        while (message := await socket.receive()) is not None:
            watcher.take(message)
            topics = [watched.topic for watched in watcher.topics.values()]
            self._follow(watcher, {run for topic in topics for run in topic.runs})

    def _follow(self, watcher: _Watcher, runs: Collection[str]) -> None:
        """Wake a watcher when something happens to these runs, and to no others."""
        for run in [*self._watching]:
            if run not in runs:
                self._watching[run].discard(watcher)
                if not self._watching[run]:
                    del self._watching[run]
        for run in runs:
            self._watching.setdefault(run, set()).add(watcher)

    async def _send(self, watcher: _Watcher, socket: Socket) -> None:
        """Send what is due, films first, a message of each topic in turn; then rest."""
        while True:
            await watcher.awake.wait()
            watcher.awake.clear()
            due = sorted(watcher.topics.values(), key=_is_no_film)
            while due and not watcher.awake.is_set():
                for watched in [*due]:
                    message = await self._next(watched, watcher)
                    if message is not None and watched.topic.text in watcher.topics:
                        async with asyncio.timeout(PATIENCE):
                            await socket.send(message)
                    if message is None or _is_no_film(watched):  # of others the newest went
                        due.remove(watched)

    async def _next(self, watched: _Watched, watcher: _Watcher) -> Message | None:
        """What a watcher lacks of a topic, one message of it; None where it lacks nothing."""
        runs = [self._runs.get(run) for run in watched.topic.runs if run in self._runs]
        if watched.topic.name not in FRAMES:
            return await self._newest(watched, watcher, runs)
        frames = runs[0].film.frames if runs else []
        if not frames:
            return None
        lacking = [frame for frame in frames if frame.step not in watched.have]
        if not lacking:
            watched.have &= {frame.step for frame in frames}  # what was thinned out never returns
            return None
        frame = lacking[-1] if lacking[-1] is frames[-1] else lacking[0]
        message = await self.messages.get(
            (watched.topic, frame.step),
            partial(self._encoder.frame, watched.topic, runs[0], frame),
        )
        watched.have.add(frame.step)
        return message

    async def _newest(
        self, watched: _Watched, watcher: _Watcher, runs: Sequence[Run]
    ) -> Message | None:
        if watched.asked is not None:
            return self._answered(watched, watched.asked, watcher)
        version = version_of(watched.topic, runs)
        phases = tuple(phase_of(run) for run in runs)
        if (version, phases) == (watched.version, watched.phases):
            return None
        crowd = max((len(self._watching.get(run.id, ())) for run in runs), default=0)
        rest = watched.at + PAUSE * (1 + crowd / CROWD) - time.monotonic()
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
        self, watched: _Watched, asked: asyncio.Task[Message], watcher: _Watcher
    ) -> Message | None:
        """What was asked for, if it has come."""
        if not asked.done():
            return None
        now = time.monotonic()
        watched.asked, watched.at = None, now + REST_AFTER * (now - watched.at)
        watcher.awake.set()  # there may be a newer one
        return self._news(watched, asked.result())

    @staticmethod
    def _news(watched: _Watched, message: Message) -> Message | None:
        """A message that is another one than the newest."""
        if message == watched.newest:
            return None
        watched.newest = message
        return message
