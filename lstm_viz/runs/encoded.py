"""Messages that are encoded once, however many ask for them."""

import asyncio
import logging
import sys
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import ThreadPoolExecutor
from weakref import WeakValueDictionary

from lstm_viz.runs.topics import RefusedError

KEPT_BYTES = 32 * 2**20
"""Encoded messages that are remembered, the last asked for longest."""
ASKING = 8
"""Owners of runs about which a trainer is asked at the same time."""
ENTRY_BYTES = 1536
"""What remembering a message takes besides it and its key."""

Message = bytes | str
_LOG = logging.getLogger(__name__)


class Messages:
    """Messages by what they are of, made one at a time in a thread of their own.

    Those for which a trainer is `asked` have others: nothing else waits for the answers, and of
    those about the runs of one owner one is made at a time, so that no other's waits for them.
    """

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, "feed")
        self._asking = ThreadPoolExecutor(ASKING, "asking")
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._known: OrderedDict[Hashable, asyncio.Future[Message]] = OrderedDict()
        self.kept_bytes = 0
        self.encoded = 0
        """How many were ever made."""

    async def get(
        self, key: Hashable, make: Callable[[], Message], *, asked: str | None = None
    ) -> Message:
        """The message of this key; the first who asks lets `make` make it. An empty one says that
        there is none yet, and is made again when it is asked for again. `asked` is whose run a
        trainer is asked about; None where it is not.

        Raises RefusedError for what cannot be made; the log says why, if it should have been.
        """
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = asyncio.ensure_future(
                self._make(key, make, self._thread)
                if asked is None
                else self._in_turn(asked, key, make)
            )
        self._known.move_to_end(key)
        return known.result() if known.done() else await asyncio.shield(known)

    def close(self) -> None:
        """End the threads."""
        for thread in (self._thread, self._asking):
            thread.shutdown(wait=False, cancel_futures=True)

    async def _in_turn(self, owner: str, key: Hashable, make: Callable[[], Message]) -> Message:
        turn = self._turns.setdefault(owner, asyncio.Lock())
        async with turn:
            return await self._make(key, make, self._asking)

    async def _make(
        self, key: Hashable, make: Callable[[], Message], thread: ThreadPoolExecutor
    ) -> Message:
        try:
            message = await asyncio.get_running_loop().run_in_executor(thread, make)
        except Exception as error:
            self._known.pop(key, None)
            if not isinstance(error, RefusedError):
                _LOG.exception("A message could not be made: %s", key)
            raise RefusedError("cannot be drawn") from error
        if not message:
            self._known.pop(key, None)
            return message
        self.encoded += 1
        self.kept_bytes += _size_of(key, message)
        while self.kept_bytes > KEPT_BYTES:
            oldest = next((each for each in self._known if self._known[each].done()), None)
            if oldest is None:
                break
            self.kept_bytes -= _size_of(oldest, self._known.pop(oldest).result())
        return message


def _size_of(key: Hashable, message: Message) -> int:
    return ENTRY_BYTES + len(repr(key)) + sys.getsizeof(message)
