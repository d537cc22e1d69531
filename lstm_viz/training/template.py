"""What the trainer's processes are forked from: PyTorch loaded once, and nothing else done."""

import gc
import os
import signal
import socket
import sys
import traceback
from importlib import import_module

from lstm_viz.training.worker import prepare, serve


def main() -> None:
    """`python -m lstm_viz.training.template FD`: a process for each socket that arrives there.

    It ends when the other end of FD is closed, which it is when the app is gone. It has one thread,
    and never differentiates nor looks for a GPU: either would not survive a fork.
    """
    control = socket.socket(fileno=int(sys.argv[1]))
    prepare()
    _load()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody asks how one ended
    gc.collect()
    gc.freeze()  # a collection in a forked process would write to pages that are shared
    while True:
        data, ways, _, _ = socket.recv_fds(control, 1, 1)
        if not data:
            return
        if os.fork() == 0:
            control.close()
            _serve(ways[0])
        os.close(ways[0])


def _load() -> None:
    """All that a run needs, and the little that PyTorch loads with its first optimiser."""
    import torch

    from lstm_viz.training.uncompiled import leave_compiler_out

    leave_compiler_out()
    torch.set_num_threads(1)
    import_module("lstm_viz.training.scheduler")
    import_module("torch.profiler")
    torch.optim.Adam([torch.zeros(1, requires_grad=True)])


def _serve(way: int) -> None:
    code = 1
    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        with socket.socket(fileno=way) as both:
            serve(both.makefile("rb"), both.makefile("wb"))
    except (BrokenPipeError, KeyboardInterrupt):
        code = 0
    except BaseException:  # noqa: BLE001 - a forked process never returns into its template
        traceback.print_exc()
    finally:
        os._exit(code)


if __name__ == "__main__":
    main()
