"""How a trainer's processes come to be, and how they end.

On Linux one process loads PyTorch and forks the others: each starts in milliseconds, and shares
the pages of what was loaded. Elsewhere each is started by itself.
"""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from abc import ABC, abstractmethod
from typing import IO, Any, Protocol

from lstm_viz.errors import TrainerError
from lstm_viz.files import PACKAGE
from lstm_viz.words import N_

QUICK_DEATH_SECONDS = 5.0
"""What dies younger is not started again before it would have been this old."""
END_SECONDS = 2.0
CAN_FORK = sys.platform == "linux"
"""Elsewhere a fork is not safe once PyTorch is loaded, or there is none."""
STARTING = N_("The trainer is starting again. Try once more in a few seconds.")


class Process(ABC):
    """A process that serves requests until they end."""

    events: IO[bytes]
    requests: IO[bytes]

    @abstractmethod
    def has_pid(self, pid: int) -> None:
        """It said its number."""

    @abstractmethod
    def close(self) -> None:
        """Send no more: it ends by itself, unless it is stopped."""

    @abstractmethod
    def kill(self) -> None:
        """End it now, whatever it does."""

    def free(self) -> None:
        """It is gone: let go of the ways to it."""
        for each in (self.events, self.requests):
            with contextlib.suppress(OSError):
                each.close()


class Processes(Protocol):
    """Where processes come from."""

    def start(self) -> Process:
        """One more. Raises TrainerError where there can be none at present."""

    def renew(self) -> None:
        """What was started does not come up: begin anew the next time."""

    def close(self) -> None:
        """There will be no more."""

    @property
    def pids(self) -> tuple[int, ...]:
        """The processes that serve no requests themselves."""


def processes() -> Processes:
    """The way that suits this machine."""
    return Forking() if CAN_FORK else Spawning()


class _Forked(Process):
    def __init__(self, way: socket.socket) -> None:
        self._way = way
        self.events, self.requests = way.makefile("rb"), way.makefile("wb")
        self._handle: int | None = None

    def has_pid(self, pid: int) -> None:
        # A handle keeps meaning this process, when the number already means another one.
        with contextlib.suppress(OSError):
            self._handle = os.pidfd_open(pid)

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self._way.shutdown(socket.SHUT_RDWR)

    def kill(self) -> None:
        self.close()
        handle, self._handle = self._handle, None
        if handle is not None:
            with contextlib.suppress(OSError):
                signal.pidfd_send_signal(handle, signal.SIGKILL)
            os.close(handle)

    def free(self) -> None:
        super().free()
        self._way.close()


class Forking:
    """A template that has loaded PyTorch, and forks."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._closed = False
        self._template: subprocess.Popen[bytes] | None = None

    @property
    def pids(self) -> tuple[int, ...]:
        return (self._template.pid,) if self._template else ()

    def _begin(self) -> None:
        self._began = time.monotonic()
        self._control, theirs = socket.socketpair()
        with theirs:
            self._template = _python("template", str(theirs.fileno()), pass_fds=(theirs.fileno(),))

    def start(self) -> Process:
        ours, theirs = socket.socketpair()
        with theirs, self._lock:
            if self._template is None and not self._closed:
                self._begin()
            elif self._template is None or self._template.poll() is not None:
                self._begin_again()
            try:
                socket.send_fds(self._control, [b"f"], [theirs.fileno()])
            except OSError as error:
                ours.close()
                raise TrainerError(STARTING) from error
        return _Forked(ours)

    def renew(self) -> None:
        """The template is of no use: end it, so that the next one takes its place."""
        if self._template:
            self._template.kill()

    def _begin_again(self) -> None:
        if self._closed or time.monotonic() - self._began < QUICK_DEATH_SECONDS:
            raise TrainerError(STARTING)
        self._control.close()
        self._begin()

    def close(self) -> None:
        with self._lock:
            self._closed = True
            if self._template is None:
                return
            self._control.close()
        try:
            self._template.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            self._template.kill()
            self._template.wait()


class _Spawned(Process):
    def __init__(self) -> None:
        self._child = _python("worker", stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        assert self._child.stdin is not None
        assert self._child.stdout is not None
        self.requests, self.events = self._child.stdin, self._child.stdout

    def has_pid(self, pid: int) -> None:
        """It was known before."""

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self.requests.close()

    def kill(self) -> None:
        self._child.kill()
        self._child.wait()


class Spawning:
    """Each process is started by itself, and loads what it needs."""

    pids: tuple[int, ...] = ()

    def start(self) -> Process:
        return _Spawned()

    def renew(self) -> None:
        """Each is its own."""

    def close(self) -> None:
        """Nothing to end."""


def _python(module: str, *arguments: str, **more: Any) -> subprocess.Popen[bytes]:
    path = os.pathsep.join([str(PACKAGE.parent), *filter(None, [os.environ.get("PYTHONPATH")])])
    return subprocess.Popen(
        [sys.executable, "-m", f"lstm_viz.training.{module}", *arguments],
        **{"stdin": subprocess.DEVNULL, **more},
        start_new_session=True,  # Ctrl-C in a terminal ends the app, which ends this
        env={**os.environ, "PYTHONPATH": path},
    )
