"""Those who watch runs by the feed, and what each has of what it watches."""

import asyncio
import math
import time
from collections.abc import Hashable
from dataclasses import dataclass, field

from lstm_viz.runs.encoded import Message
from lstm_viz.runs.topics import FRAMES, Leave, RefusedError, Topic, read_wish

MOST_TOPICS = 24
"""Of one watcher."""
WISHES, WISHES_AT_ONCE = 20.0, 60.0
"""Messages a second that a watcher may send, and how many at once after a rest."""


@dataclass(eq=False)
class Watched:
    """One topic of one watcher."""

    topic: Topic
    have: set[int]
    """Training steps of the frames that the watcher has, or was sent."""
    version: Hashable = None
    """What its runs had come to at the newest message."""
    phases: Hashable = None
    newest: Message = ""
    """That message: the same one is not sent twice."""
    at: float = -math.inf
    """When that was."""
    alarm: asyncio.TimerHandle | None = None
    """Rings when the pause after that message is over."""
    asked: asyncio.Task[Message] | None = None
    """What a trainer is asked for: nothing else waits until it comes."""


@dataclass(eq=False)
class Watcher:
    """A connected browser."""

    topics: dict[str, Watched] = field(default_factory=dict)
    awake: asyncio.Event = field(default_factory=asyncio.Event)
    asking: asyncio.Task[Message] | None = None
    """What a trainer was asked for it last: one question at a time, whatever it watches."""
    credit: float = WISHES_AT_ONCE
    at: float = field(default_factory=time.monotonic)
    sent: int = 0
    """Messages that it took."""
    sending: bool = False
    """Whether one more is on its way."""

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
        self.topics[wish.topic.text] = Watched(wish.topic, set(wish.have))
        self.awake.set()


def is_no_film(watched: Watched) -> bool:
    """Whether of what is watched the newest message alone counts."""
    return watched.topic.name not in FRAMES
