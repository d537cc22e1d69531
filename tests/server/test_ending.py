"""How a server ends: in seconds, with all that it started, whatever state that is in."""

import os
import signal
import time
from pathlib import Path

from bench.load import family
from tests.runs.pools import alive
from tests.server.visitor import visit
from tests.serving import serve

LONG = "task=adding&count=200&length=12&cell=lstm&units=4&epochs=5000"
PATIENCE = 60.0  # a busy machine is no failure; without an end to its waits it took for ever


def test_the_app_ends_though_all_processes_of_its_trainer_are_stopped(tmp_path: Path) -> None:
    with serve(tmp_path) as app:
        with visit(app.url) as visitor:
            visitor.open("train", LONG).press("Train")
        deadline = time.monotonic() + PATIENCE
        while len(family(app.pid)) < 3:
            assert time.monotonic() < deadline, "no trainer began"
            time.sleep(0.05)
        _, *trainer = family(app.pid)
        for pid in trainer:
            os.kill(pid, signal.SIGSTOP)
        os.kill(app.pid, signal.SIGTERM)
        deadline = time.monotonic() + PATIENCE
        while any(map(alive, [app.pid, *trainer])):
            assert time.monotonic() < deadline, "it waits for what is stopped"
            time.sleep(0.05)
