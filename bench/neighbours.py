"""What a visitor notices of another at the largest settings: `python -m bench.neighbours`.

One trains a small run and presses Pause and Resume in turn: alone, while the other's untrained
network is measured, and beside the other's run.
"""

import asyncio
import os
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from bench.load import memory, quantile
from bench.visitors import Tally, Visitor
from tests.serving import App, serve

SMALL = "task=adding&length=50&cell=lstm&units=16&lr=0.01&epochs=1500"
LARGEST = "task=adding&count=5000&length=1000&cell=gru&units=40&layers=4&batch=16"
SECONDS = 20.0
PAUSE = 0.3
"""Seconds from one click's answer to the next click."""
ANSWER, SHARE, MEMORY = 400, 0.5, 1536


def main() -> None:
    """Print the table."""
    print(f"{os.cpu_count()} cores: one trains {SMALL}\n  another {LARGEST}")
    with tempfile.TemporaryDirectory() as home, serve(Path(home)) as app:
        asyncio.run(_measured(app))


async def _measured(app: App) -> None:
    one, other = Visitor(app.url, SMALL, 0, Tally()), Visitor(app.url, LARGEST, 1, Tally())
    await one.come("train")
    await one.train()
    await _clicks(one, 5)  # what is loaded for the first click is not waited for again
    _print("alone", await _clicks(one, SECONDS), app)
    alone = await _rate(one)
    opening = asyncio.create_task(other.come("train"))
    _print("while the other's page opens", await _clicks(one, SECONDS), app)
    await opening
    await other.train()
    beside = await _rate(one)
    _print("beside the other's run", await _clicks(one, SECONDS), app)
    print(f"  optimizer steps a second: {alone:.0f} alone, {beside:.0f} beside,"
          f" {beside / alone:.2f} x (target {SHARE:g} x)")  # fmt: skip
    errors = [*one.tally.errors, *other.tally.errors]
    print(f"  {len(errors)} errors", *errors[:3])
    for each in (one, other):
        await each.leave()


def _print(when: str, taken: list[float], app: App) -> None:
    p50, p95, most = (1000 * quantile(taken, share) for share in (0.5, 0.95, 1))
    print(f"{when}: a click is answered in p50 {p50:.0f} ms, p95 {p95:.0f} ms"
          f" (target {ANSWER} ms), {most:.0f} ms at most, n={len(taken)};"
          f" {memory(app):.0f} MB (target {MEMORY} MB)")  # fmt: skip


async def _clicks(visitor: Visitor, seconds: float) -> list[float]:
    """Seconds until each click was answered and the run did what it said."""
    taken, ends = [], time.monotonic() + seconds
    while time.monotonic() < ends:
        for label, follows in (("Pause", "Resume"), ("Resume", "Pause")):
            began = time.perf_counter()
            await visitor.press(label)
            await _until(partial(visitor.has, follows))
            taken.append(time.perf_counter() - began)
            await asyncio.sleep(PAUSE)
    return taken


async def _until(holds: Callable[[], bool]) -> None:
    while not holds():
        await asyncio.sleep(0.005)


async def _rate(visitor: Visitor) -> float:
    """Optimizer steps a second of the visitor's run."""
    (steps,) = visitor.tally.steps.values()
    count = len(steps)
    await _until(lambda: len(steps) > count)
    began, first = steps[count]
    await asyncio.sleep(SECONDS)
    await _until(lambda: steps[-1][1] > first)
    ended, last = steps[-1]
    return (last - first) / (ended - began)


if __name__ == "__main__":
    main()
