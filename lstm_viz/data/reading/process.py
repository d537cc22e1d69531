"""A process that opens files for this one, bounded in memory and time.

Whatever a file does to the libraries that read it, it does there: the process may grow to its
limit, hang or crash, and this one says so in a sentence.
"""

import contextlib
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import lstm_viz
from lstm_viz.data.reading import wire
from lstm_viz.data.reading.ceilings import MAX_BYTES, check_bytes
from lstm_viz.data.reading.how import How
from lstm_viz.data.reading.reading import Reading
from lstm_viz.errors import DataError
from lstm_viz.words import N_

SECONDS = 10.0
"""For one file."""
START_SECONDS = 60.0
WORKER = "lstm_viz.data.reading.worker"


class Apart:
    """Has files opened, one at a time, in a process of its own, which stays for the next one.

    It is started at the first file, and ends with `close`, or as soon as this process is gone.
    """

    worker = WORKER
    """The module that is run there: see `worker.serve`."""
    too_slow = N_(
        "'{file}' takes more than {seconds:g} seconds to read. Keep the columns and rows you "
        "need, or save them as CSV."
    )
    died = N_(
        "'{file}' cannot be read: the program that reads it ran out of memory, or the file is "
        "damaged. Save the table as CSV."
    )

    def __init__(self, seconds: float = SECONDS) -> None:
        self.seconds = seconds
        self._process: subprocess.Popen[bytes] | None = None
        self._is_ready = False
        self._used = 0.0
        self._lock = threading.Lock()

    def ask(self, filename: str, head: dict[str, Any], data: bytes) -> wire.Message:
        """What it answers of a file. Raises DataError where it does not within its bounds."""
        check_bytes(filename, len(data), MAX_BYTES)
        late = threading.Event()
        with self._lock:
            try:
                process = self._ready()
                with _deadline(process, self.seconds) as late:
                    wire.send(_pipe(process.stdin), head, data)
                    return wire.receive(_pipe(process.stdout))
            except (wire.EndedError, OSError, ValueError) as error:
                self._end()
                said = self.too_slow if late.is_set() else self.died
                raise DataError(said, file=filename, seconds=self.seconds) from error

    def start(self) -> None:
        """Start the process, so that the first file need not wait for it."""
        with self._lock:
            self._started()

    def rest(self, seconds: float) -> None:
        """End the process where it was not needed for so long."""
        if self._process is not None and time.monotonic() - self._used > seconds:
            self.close()

    def close(self) -> None:
        """End the process."""
        with self._lock:
            self._end()

    def __del__(self) -> None:
        self._end()

    def _ready(self) -> subprocess.Popen[bytes]:
        """The process, once it has loaded its libraries; however long that takes, within reason."""
        process = self._started()
        if not self._is_ready:
            with _deadline(process, START_SECONDS):
                wire.receive(_pipe(process.stdout))
            self._is_ready = True
        return process

    def _started(self) -> subprocess.Popen[bytes]:
        self._used = time.monotonic()
        if self._process is None or self._process.poll() is not None:
            self._end()
            self._is_ready = False
            home = str(Path(lstm_viz.__file__).parents[1])
            told = (home, os.environ.get("PYTHONPATH"), *sys.path)  # what is found here is there
            path = os.pathsep.join(dict.fromkeys(each for each in told if each))
            lean = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")
            lean["ARROW_DEFAULT_MEMORY_POOL"] = "system"  # others claim gigabytes in advance
            self._process = subprocess.Popen(
                [sys.executable, "-m", self.worker],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={**os.environ, "PYTHONPATH": path, **lean},
                start_new_session=True,
            )
        return self._process

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                with contextlib.suppress(OSError):  # what was on its way is lost with the process
                    _pipe(pipe).close()


@contextlib.contextmanager
def _deadline(process: subprocess.Popen[bytes], seconds: float) -> Iterator[threading.Event]:
    """The process is ended where this takes longer, and the event says so."""
    late = threading.Event()

    def end() -> None:
        late.set()
        process.kill()

    timer = threading.Timer(seconds, end)
    timer.daemon = True
    timer.start()
    try:
        yield late
    finally:
        timer.cancel()


def _pipe(end: IO[bytes] | None) -> IO[bytes]:
    assert end is not None  # both are asked for
    return end


class Reader(Apart):
    """Reads tables, series and texts."""

    def read(self, data: bytes, filename: str, how: How) -> Reading:
        """The reading of a file. Raises DataError for one that cannot be read within the bounds."""
        return wire.answered(*self.ask(filename, *wire.question(data, filename, how)))


def read_apart(data: bytes, filename: str, how: How) -> Reading:
    """Read a file in a process that ends with it."""
    with contextlib.closing(Reader()) as reader:
        return reader.read(data, filename, how)
