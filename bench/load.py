"""A class at once: `python -m bench.load [visitors] [seconds]`, or `make load`.

So many visitors train and switch pages on a server of their own; after all runs were dropped the
memory is looked at again. Then the same runs train on another server with nobody watching.
"""

import asyncio
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.visitors import PAGES, PATIENCE, Tally, Visitor, shares
from lstm_viz.experiments.presets import PRESETS
from lstm_viz.ui import timing
from tests.serving import App, serve

LINK = "task=adding&length=50&cell=lstm&units=16&lr=0.01&epochs=119"
"""What each trains: longer than is measured, with a frame after every epoch."""
COME_OVER = 0.4
"""Seconds from one visitor's coming to the next one's."""
DROP_AFTER = 20
UNWATCHED = {"LSTM_VIZ_STOP_AFTER": "600"}
"""Runs go on training while nobody watches."""
DROPPED = DROP_AFTER + 15
"""Seconds until all runs are dropped: it is looked at every 15."""
REST = 120.0
TARGETS = {"p50": 100.0, "p95": 250.0, "memory": 900.0, "after": 1.10, "watched": 0.85}


def main(visitors: int = 30, seconds: float = 60.0) -> None:
    """Print the table."""
    dropping = UNWATCHED | {"LSTM_VIZ_DROP_AFTER": str(DROP_AFTER)}
    with server(**dropping) as app:
        asyncio.run(first(app.url))
        time.sleep(2 * DROP_AFTER)
        before = memory(app)
        peak, tally = asyncio.run(measured(app, visitors, seconds))
        _print(visitors, tally, seconds)
        print(f"memory (PSS of all processes): {before:.0f} MB before, peak {peak:.0f} MB"
              f" (target {TARGETS['memory']:g} MB)")  # fmt: skip
        time.sleep(DROPPED + REST)
        after = memory(app)
        print(f"{REST:g} s after all runs were dropped: {after:.0f} MB, {after / before:.2f} x"
              f" (target {TARGETS['after']:g} x)")  # fmt: skip
    with server(**UNWATCHED) as app:
        watched = sum(shares(tally.steps).values())
        alone = asyncio.run(unwatched(app.url, visitors, seconds / 2))
        if alone is None:
            print("training steps with nobody watching: not measured, not every run was told of")
            return
        print(f"training steps a second: {watched:.0f} watched, {alone:.0f} with nobody watching,"
              f" {watched / alone:.2f} x (target {TARGETS['watched']:g} x)")  # fmt: skip


@contextmanager
def server(**settings: str) -> Iterator[App]:
    """One that has measured the presets at an earlier start: the first does so as soon as nobody is
    there, in a process of its own.
    """
    with tempfile.TemporaryDirectory() as home:
        kept = Path(home) / ".cache" / "lstm_viz" / timing.file().name
        kept.parent.mkdir(parents=True)
        kept.write_text(json.dumps({timing.key_of(each): 1.0 for each in PRESETS.values()}))
        with serve(Path(home), **settings) as app:
            yield app


def _print(visitors: int, tally: Tally, seconds: float) -> None:
    print(f"{visitors} visitors for {seconds:g} s on {os.cpu_count()} cores")
    for what, taken in sorted(tally.answers.items()):
        p50, p95 = (1000 * quantile(taken, share) for share in (0.5, 0.95))
        print(f"  {what}: p50 {p50:.0f} ms, p95 {p95:.0f} ms, n={len(taken)}"
              f" (target {TARGETS['p50']:g} and {TARGETS['p95']:g} ms)")  # fmt: skip
    gained = [*tally.gained().values()]
    if gained:
        middle = statistics.median(gained)
        print(f"  steps a run: {min(gained)} to {max(gained)}, median {middle:g},"
              f" {len(gained)} runs")  # fmt: skip
    print(f"  {tally.scripts} script runs, {tally.frames} messages of frames,"
          f" {tally.bytes / 1e6:.1f} MB")  # fmt: skip
    print(f"  {len(tally.errors)} errors", *tally.errors[:3])


async def measured(app: App, visitors: int, seconds: float) -> tuple[float, Tally]:
    """The largest memory that was seen meanwhile, and what the visitors saw."""
    peak = [0.0]

    async def look() -> None:
        while True:
            peak[0] = max(peak[0], await asyncio.to_thread(memory, app))
            await asyncio.sleep(2)

    looking = asyncio.create_task(look())
    try:
        tally = await crowd(app.url, visitors, seconds)
        return peak[0], tally
    finally:
        looking.cancel()


async def crowd(url: str, visitors: int, seconds: float, query: str = LINK) -> Tally:
    """What so many visitors saw, who come one after the other and stay for so long together."""
    tally = Tally()
    until = time.monotonic() + visitors * COME_OVER + seconds

    async def one(number: int) -> None:
        await asyncio.sleep(number * COME_OVER)
        try:
            await Visitor(url, f"{query}&seed={number}", number, tally).stay(until)
        except Exception as error:  # noqa: BLE001 - the others go on
            tally.errors.append(repr(error)[:200])

    await asyncio.gather(*map(one, range(visitors)))
    return tally


async def first(url: str) -> None:
    """Who comes first waits for what is loaded then, on each page."""
    visitor = Visitor(url, f"{LINK}&epochs=1", 0, Tally())
    await visitor.come("train")
    await visitor.train()
    for page in PAGES:
        await visitor.switch(page)
    await visitor.leave()


async def unwatched(url: str, visitors: int, seconds: float) -> float | None:
    """Steps a second that as many runs take together while those who started them are gone; None
    where one was never told of, or has come to its end.
    """
    tally = Tally()
    crowd = [
        Visitor(url, f"{LINK}&seed={number + 1000}", number, tally) for number in range(visitors)
    ]
    for each in crowd:
        await each.come("train")
        await each.train()
        await asyncio.sleep(COME_OVER)
    await _all_told(tally, visitors)
    for each in crowd:
        await each.leave()
    left = {run: told[-1] for run, told in tally.steps.items()}
    await asyncio.sleep(seconds)
    back = [Visitor(url, f"run={run}", 0, tally) for run in left]
    for each in back:
        await each.come("gates")
    await asyncio.sleep(2)
    for each in back:
        await each.leave()
    ended = [run for run, phase in tally.phases.items() if not phase.startswith("training")]
    if len(left) < visitors or ended:
        return None
    return sum(
        (tally.steps[run][-1][1] - steps) / (tally.steps[run][-1][0] - when)
        for run, (when, steps) in left.items()
    )


async def _all_told(tally: Tally, runs: int) -> None:
    """Wait until each run was told of, at most so long as an answer may take."""
    until = time.monotonic() + PATIENCE
    while len(tally.steps) < runs and time.monotonic() < until:
        await asyncio.sleep(0.5)


def quantile(values: list[float], share: float) -> float:
    """The value below which this share of them lies."""
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def memory(app: App) -> float:
    """Megabytes of the server and all its processes; what they share counts once (PSS)."""
    return sum(pss(pid) for pid in family(app.pid))


def family(pid: int) -> list[int]:
    """A process and all that it started, and those that they did."""
    listing = subprocess.run(
        ["ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True, check=True
    )
    parents = dict(map(int, line.split()) for line in listing.stdout.splitlines())

    def belongs(each: int) -> bool:
        while each in parents and each != pid:
            each = parents[each]
        return each == pid

    return list(filter(belongs, parents))


def pss(pid: int) -> float:
    """Megabytes of a process, with its part of what it shares; 0 of one that has ended."""
    try:
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0.0
    return int(next(line for line in rollup.splitlines() if line[:4] == "Pss:").split()[1]) / 1024


if __name__ == "__main__":
    main(*map(int, sys.argv[1:3]))
