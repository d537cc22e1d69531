"""A trainer's process: requests in, events out, until nobody is left to tell."""

import contextlib
import os
import queue
import sys
import threading
from typing import IO

NICE = 5


def main() -> None:
    """`python -m lstm_viz.training.worker`: serve standard input and output."""
    events = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    prepare()
    serve(sys.stdin.buffer, events)


def prepare() -> None:
    """What is decided before PyTorch is loaded; whatever prints goes to standard error."""
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    _give_way(NICE)
    os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")  # same numbers on the same GPU
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # more of them gain nothing here


def _give_way(nice: int) -> None:
    """Let other processes go first, where the system knows of that: it is this thread that does."""
    with contextlib.suppress(OSError, AttributeError):
        os.nice(nice)


def serve(requests: IO[bytes], events: IO[bytes]) -> None:
    """Serve requests until they end, which they do when the app is gone."""
    import torch

    from lstm_viz.runs import wire
    from lstm_viz.runs.messages import Alive, Bound, Event, Ping, Request
    from lstm_viz.training.governor import SHARE
    from lstm_viz.training.scheduler import Scheduler
    from lstm_viz.training.uncompiled import leave_compiler_out

    leave_compiler_out()
    torch.set_num_threads(1)
    inbox: queue.SimpleQueue[Request] = queue.SimpleQueue()
    saying = threading.Lock()

    def emit(event: Event) -> None:
        message = wire.pack(event)
        with saying:
            wire.write_packed(events, message)

    def listen() -> None:
        with contextlib.suppress(EOFError, OSError, MemoryError):
            while True:
                request = wire.read(requests)
                if isinstance(request, Ping):
                    emit(Alive())
                else:
                    inbox.put(request)
        os._exit(
            0
        )  # at once, even in the middle of a long step: nobody is left to tell, or to hear

    scheduler = Scheduler(emit, frame_share=SHARE)
    threading.Thread(target=listen, daemon=True).start()
    while True:
        with contextlib.suppress(queue.Empty):
            while True:
                request = inbox.get(timeout=scheduler.patience)
                if isinstance(request, Bound):
                    _give_way(request.nice)
                scheduler.handle(request)
        scheduler.advance()


if __name__ == "__main__":
    with contextlib.suppress(BrokenPipeError, KeyboardInterrupt):
        main()
