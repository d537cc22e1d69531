"""What a server takes while visitors are hostile: `python -m bench.hostile`.

One trains, and each attack that the tests know is sent beside it, with the default limits.
"""

import contextlib
import os
import tempfile
import threading
import time
from pathlib import Path

from websockets.exceptions import ConnectionClosed

from bench.load import family, memory
from tests.server.test_hostile_clients import ATTACKS, Attack
from tests.server.test_shared import LONG
from tests.server.visitor import visit
from tests.serving import App, serve

MEMORY = 1536


def main() -> None:
    """Print the table."""
    print(f"{os.cpu_count()} cores, one trains {LONG}")
    with (
        tempfile.TemporaryDirectory() as home,
        contextlib.suppress(AssertionError),  # Streamlit's log has tracebacks of what is no message
        serve(Path(home)) as app,
    ):
        _attacked(app)


def _attacked(app: App) -> None:
    with visit(app.url) as owner:
        owner.open("train", LONG).press("Train")
        at_rest, peaks = memory(app), list[float]()
        for attack in ATTACKS:
            began = time.perf_counter()
            peaks.append(_peak(app, attack))
            print(f"  {attack.__name__}: {time.perf_counter() - began:.1f} s, {peaks[-1]:.0f} MB")
        owner.open("train")
        trains = "trains on" if "Pause" in owner.buttons else "IS GONE"
    count = len(family(app.pid))
    print(f"memory (PSS of all processes): {at_rest:.0f} MB before, {max(peaks):.0f} MB at most")
    print(f"  (target {MEMORY} MB); {count} processes; the neighbour's run {trains}")


def _peak(app: App, attack: Attack) -> float:
    """The largest memory that was seen while an attack lasted."""
    over, seen = threading.Event(), [memory(app)]

    def look() -> None:
        while not over.wait(0.1):
            seen.append(memory(app))

    looking = threading.Thread(target=look)
    looking.start()
    try:
        with visit(app.url) as hostile, contextlib.suppress(ConnectionClosed):
            attack(app, hostile.open())
    finally:
        over.set()
        looking.join()
    return max(seen)


if __name__ == "__main__":
    main()
