"""Trainers in processes of their own."""

import contextlib
import os
import subprocess
import sys
import threading
import time

from lstm_viz.errors import TrainerError
from lstm_viz.files import PACKAGE
from lstm_viz.runs import wire
from lstm_viz.runs.keeping import Keeping
from lstm_viz.runs.messages import Request
from lstm_viz.runs.trainer import Trainer
from lstm_viz.words import N_

QUICK_DEATH_SECONDS = 5.0


class ChildTrainer(Trainer):
    """A trainer in a process of its own, started again when it dies.

    It ends with this process, however that ends: its standard input closes.
    """

    def __init__(self, keeping: Keeping | None = None) -> None:
        super().__init__(keeping)
        self._lock = threading.Lock()
        self._closed = False
        self._child = self._start()

    @property
    def pid(self) -> int:
        return self._child.pid

    def _start(self) -> subprocess.Popen[bytes]:
        path = os.pathsep.join([str(PACKAGE.parent), *filter(None, [os.environ.get("PYTHONPATH")])])
        child = subprocess.Popen(
            [sys.executable, "-m", "lstm_viz.training.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,  # Ctrl-C in a terminal ends the app, which ends this
            env={**os.environ, "PYTHONPATH": path},
        )
        self._listener = threading.Thread(target=self._listen, args=(child,), daemon=True)
        self._listener.start()
        return child

    def _send(self, request: Request) -> None:
        with self._lock:
            assert self._child.stdin is not None
            try:
                wire.write(self._child.stdin, request)
            except (OSError, ValueError) as error:  # ValueError: the pipe is closed already
                raise TrainerError(
                    N_("The trainer is being started again. Try once more in a few seconds.")
                ) from error

    def _listen(self, child: subprocess.Popen[bytes]) -> None:
        assert child.stdin is not None
        assert child.stdout is not None
        started = time.monotonic()
        with child.stdout, contextlib.suppress(EOFError):
            while True:
                self._receive(wire.read(child.stdout))
        child.wait()
        with contextlib.suppress(OSError):
            child.stdin.close()
        self._lose()
        if time.monotonic() - started < QUICK_DEATH_SECONDS:
            time.sleep(QUICK_DEATH_SECONDS)  # one that cannot start must not be started in a storm
        with self._lock:
            if not self._closed:
                self._child = self._start()

    def close(self) -> None:
        with self._lock:
            self._closed = True
            assert self._child.stdin is not None
            self._child.stdin.close()
        self._listener.join()
