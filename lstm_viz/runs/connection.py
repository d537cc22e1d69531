"""A process that serves requests, as the app knows it: nobody who talks to it ever waits for it."""

import queue
import threading
import time
from collections.abc import Callable

from lstm_viz.errors import TrainerError
from lstm_viz.runs import wire
from lstm_viz.runs.messages import Event, Ping, Ready, Request
from lstm_viz.runs.mishaps import logged
from lstm_viz.runs.place import Place
from lstm_viz.runs.processes import END_SECONDS, STARTING, Process

SILENT_BEATS = 15
"""Beats without a word after which a process counts as stopped, and is ended."""
UNBORN_BEATS = 60
"""The same before its first word: PyTorch may have to be loaded from a cold disk first."""


class Connection(Place):
    """What is sent waits in a queue; what comes is handed on, in a thread of its own."""

    nice = 0
    """By how much it lets others go first, beyond all that train."""

    def __init__(
        self,
        process: Process,
        take_in: Callable[[Event], None],
        ended: Callable[["Connection"], None],
    ) -> None:
        super().__init__()
        self.patience = UNBORN_BEATS
        """Beats that it may take to say its first word."""
        self.pid = 0
        """0 until it said its first word."""
        self._process, self._take_in, self._ended = process, take_in, ended
        self._requests: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._silent = 0
        self._over, self._born = threading.Event(), threading.Event()
        self._threads = [
            threading.Thread(target=each, daemon=True) for each in (self._write, self._listen)
        ]
        for thread in self._threads:
            thread.start()

    @property
    def over(self) -> bool:
        """Whether the process is gone, or soon will be."""
        return self._over.is_set()

    def send(self, request: Request) -> None:
        if self.over:
            raise TrainerError(STARTING)
        self._requests.put(wire.pack(request))

    def begin(self, seconds: float) -> float:
        began = time.monotonic()
        self._born.wait(seconds)
        return time.monotonic() - began

    def beat(self) -> bool:
        """Once a second: hear whether it lives, and end it where it does not; whether it does."""
        self._silent += 1
        if self._silent > (SILENT_BEATS if self.pid else self.patience):
            self.kill()
            return False
        if self.pid:
            self._requests.put(wire.pack(Ping()))
        return True

    def give_up(self) -> None:
        """What nobody waits for is dropped when it comes."""

    def kill(self) -> None:
        """End the process now, whatever it does."""
        self._over.set()
        self._born.set()  # for those who wait
        self._requests.put(None)
        self._process.kill()

    def close(self) -> None:
        """Let the process end."""
        self._over.set()
        self._requests.put(None)

    def join(self, seconds: float = END_SECONDS) -> None:
        """Wait these seconds for the end of the process, then end it."""
        self._threads[1].join(seconds)
        self._process.kill()
        self._threads[1].join(seconds)

    def _write(self) -> None:
        try:
            while (message := self._requests.get()) is not None:
                wire.write_packed(self._process.requests, message)
        except (OSError, ValueError):  # ValueError: it is closed already
            pass
        finally:
            self._process.close()

    def _listen(self) -> None:
        try:
            while True:
                event: Event = wire.read(self._process.events)
                self._silent = 0
                if isinstance(event, Ready):
                    self.pid = event.pid
                    self._process.has_pid(event.pid)
                    self._born.set()
                self._take_in(event)
        except (EOFError, OSError, ValueError):
            pass
        finally:
            self.kill()
            self._threads[0].join()
            self._process.free()
            with logged("the end of a trainer's process"):
                self._ended(self)


class Slow(Connection):
    """One for runs that nobody else's should wait for: beside another that trains on the same core
    it gets a third of it.
    """

    nice = 3


class Asker(Connection):
    """One that answers questions, one at a time, and nothing else."""

    def give_up(self) -> None:
        self.kill()
