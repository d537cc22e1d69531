"""The process behind `Reader`: files come in by standard input, readings go out.

`serve` is what it has in common with others that open files.
"""

import contextlib
import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, BinaryIO

from lstm_viz.data.reading import wire
from lstm_viz.data.reading.read import read_bytes
from lstm_viz.data.reading.reading import Reading
from lstm_viz.errors import LstmVizError

MEMORY = 1280 * 2**20
"""Bytes beyond what the process has once its libraries are loaded."""
LARGE = 512 * 2**20
"""Bytes from which on a process that was needed once is not kept for the next file."""
SECONDS = 15
"""After which it ends by itself, should nobody be there to end it."""


Answer = tuple[dict[str, Any], Sequence[wire.Array | bytes]]


def main() -> None:
    """Read tables, series and texts."""
    serve(lambda head, arrays: wire.answer(_read(head, arrays)), _load)


def serve(
    answer: Callable[[dict[str, Any], list[bytearray]], Answer], load: Callable[[], None]
) -> None:
    """Answer what is asked until nobody asks, within bounds that count from after `load`."""
    requests, answers = _pipes()
    load()
    _bound()
    wire.send(answers, {"ready": True})
    while True:
        try:
            head, arrays = wire.receive(requests)
        except wire.EndedError:
            return
        with _alarm():
            reply, parts = answer(head, arrays)
            del arrays
        try:
            wire.send(answers, reply, *parts)
        except BrokenPipeError:
            return
        with contextlib.suppress(ImportError, ValueError, OSError):
            if _held(1) > LARGE:
                return


def _load() -> None:
    """Libraries, before the bounds are set and the first file comes."""
    import pyarrow.parquet
    import python_calamine  # noqa: F401

    import lstm_viz.data.reading.content  # noqa: F401

    pyarrow.set_cpu_count(1)


def _pipes() -> tuple[BinaryIO, BinaryIO]:
    """The two ends; what a library prints goes nowhere."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    return sys.stdin.buffer, answers


def _read(head: dict[str, object], arrays: list[bytearray]) -> Reading | LstmVizError:
    data, filename, how = wire.asked(head, arrays)
    arrays.clear()
    try:
        return read_bytes(data, filename, how)
    except LstmVizError as refused:
        return refused


def _bound() -> None:
    """Limit memory, where the system can."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        most = _held(0) + MEMORY
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


@contextlib.contextmanager
def _alarm() -> Iterator[None]:
    """The system ends this process where it takes too long."""
    alarm = getattr(signal, "alarm", None)
    if alarm is None:
        yield
        return
    alarm(SECONDS)
    yield
    alarm(0)


def _held(place: int) -> int:
    """Bytes that the process has asked for, or at place 1 those that it holds."""
    import resource

    return int(Path("/proc/self/statm").read_text().split()[place]) * resource.getpagesize()


if __name__ == "__main__":
    main()
