"""The trainer's process: `python -m lstm_viz.training.worker`, requests in, events out."""

import contextlib
import os
import queue
import sys
import threading
from typing import BinaryIO

NICE = 5


def main() -> None:
    """Serve requests until standard input closes, which it does when the app is gone."""
    requests, events = sys.stdin.buffer, _private_output()
    with contextlib.suppress(OSError, AttributeError):
        os.nice(NICE)
    os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")  # same numbers on the same GPU

    import torch

    from lstm_viz.runs import wire
    from lstm_viz.runs.messages import Request
    from lstm_viz.training.scheduler import Scheduler

    torch.set_num_threads(1)
    inbox: queue.SimpleQueue[Request] = queue.SimpleQueue()

    def listen() -> None:
        with contextlib.suppress(EOFError):
            while True:
                inbox.put(wire.read(requests))
        os._exit(0)  # at once, even in the middle of a long step: nobody is left to tell

    threading.Thread(target=listen, daemon=True).start()
    scheduler = Scheduler(lambda event: wire.write(events, event))
    while True:
        while not inbox.empty() or not scheduler.busy:
            scheduler.handle(inbox.get())
        scheduler.advance()


def _private_output() -> BinaryIO:
    """Standard output for events alone; whatever else prints goes to standard error."""
    events = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    return events


if __name__ == "__main__":
    with contextlib.suppress(BrokenPipeError, KeyboardInterrupt):
        main()
