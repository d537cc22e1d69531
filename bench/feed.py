"""What it costs that many watch one run: `python -m bench.feed`.

The run trains in a process of its own, as in the app; this process serves its feed, and a third
holds the watchers: sockets without a browser that watch what a page of Train watches, and note when
each frame came. Both read the same clock.
"""

import asyncio
import json
import logging
import os
import platform
import resource
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version
from typing import Any

import uvicorn
from starlette.applications import Starlette
from websockets.asyncio.client import connect

from lstm_viz.data.tasks.catalogue import adding_problem
from lstm_viz.experiments.settings import Settings
from lstm_viz.runs.pool import ChildTrainer
from lstm_viz.ui.feed_route import open_feed, routes

WATCHERS = (30, 300)
EPOCHS = 40
RUN = Settings.of(hidden_size=16, learning_rate=0.01, epochs=EPOCHS)
ARRIVAL, SHARE = 300, 0.2
"""Milliseconds and share of a core that are promised for 300."""


def main() -> None:
    """Print every figure."""
    logging.disable(logging.INFO)  # a line for each of 300 connections
    system = f"Python {platform.python_version()}, uvicorn {version('uvicorn')}"
    print(f"{os.cpu_count()} cores, {system}: {EPOCHS} epochs of the app's default, watched")
    trainer = ChildTrainer()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]

    @asynccontextmanager
    async def lifespan(_app: object) -> AsyncIterator[None]:
        async with open_feed(trainer.runs):
            yield

    app = Starlette(routes=routes(), lifespan=lifespan)
    server = uvicorn.Server(
        uvicorn.Config(app, "127.0.0.1", port, ws="websockets-sansio", log_config=None)
    )
    thread = threading.Thread(target=server.run)
    thread.start()
    for count in (0, *WATCHERS):
        measure(trainer, port, count)
    server.should_exit = True
    thread.join()
    trainer.close()


def measure(trainer: ChildTrainer, port: int, count: int) -> None:
    """One run from start to end, with so many who watch it."""
    run = trainer.submit(RUN, adding_problem(3000, 50), hold=True)
    record = trainer.run(run)
    while not record.film.frames:
        time.sleep(0.01)
    measured: dict[int, float] = {}

    def note(run_id: str, _event: object) -> None:
        newest = record.film.frames[-1].step
        if run_id == run:
            measured.setdefault(newest, time.monotonic())

    stop = trainer.runs.listen(note)
    command = [sys.executable, "-m", "bench.feed", "watch", str(port), run, str(count)]
    watchers = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert watchers.stdout is not None
    watchers.stdout.readline()  # all are connected
    began, used = time.monotonic(), resource.getrusage(resource.RUSAGE_SELF)
    trainer.resume(run)
    while record.state != "finished":
        time.sleep(0.02)
    seconds, now = time.monotonic() - began, resource.getrusage(resource.RUSAGE_SELF)
    stop()
    share = (now.ru_utime + now.ru_stime - used.ru_utime - used.ru_stime) / seconds
    arrivals = json.loads(watchers.stdout.readline())
    watchers.wait()
    print(f"{count} watch: {len(measured)} frames in {seconds:.1f} s")
    target = f" (target {SHARE} at 300)" if count else ""
    print(f"  the app's processor time: {share:.3f} of a core{target}")
    late = sorted(1000 * (at - measured[step]) for step, at in arrivals if step in measured)
    if late:
        middle, far = statistics.median(late), late[int(0.95 * len(late))]
        print(f"  a frame measured to arrived: p50 {middle:.0f} ms, p95 {far:.0f} ms", end="")
        print(f" (target {ARRIVAL} ms at 300), n={len(late):,}")


async def watch(port: int, run: str, count: int) -> None:
    """So many watchers of a run until it ends; prints when each frame came to each."""
    arrivals: list[tuple[int, float]] = []
    topics = [f"film/{run}/recurrent.l0/0", f"state/{run}", f"progress/{run}/en"]
    topics.append(f"curve/{run}/loss/en")

    async def one(ready: asyncio.Semaphore) -> None:
        async with connect(f"ws://127.0.0.1:{port}/feed", compression=None, max_size=None) as line:
            for topic in topics:
                await line.send(json.dumps({"watch": topic, "have": []}))
            ready.release()
            async for message in line:
                if isinstance(message, bytes):
                    head = json.loads(message[4 : 4 + int.from_bytes(message[:4], "little")])
                    if "clock" in head:
                        arrivals.append((head["clock"][0], time.monotonic()))
                elif over(json.loads(message), run):
                    return

    ready = asyncio.Semaphore(0)
    watchers = [asyncio.create_task(one(ready)) for _ in range(count)]
    for _ in watchers:
        await ready.acquire()
    await asyncio.sleep(1)
    print("ready", flush=True)
    await asyncio.gather(*watchers)
    print(json.dumps(arrivals))


def over(message: dict[str, Any], run: str) -> bool:
    """Whether this says that the run has ended."""
    state = message.get("runs", {}).get(run)
    return state is not None and not state["active"]


if __name__ == "__main__":
    if sys.argv[1:2] == ["watch"]:
        asyncio.run(watch(int(sys.argv[2]), sys.argv[3], int(sys.argv[4])))
    else:
        main()
