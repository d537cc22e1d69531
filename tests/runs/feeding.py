"""A feed without a web: sockets that are queues, and runs that a test tells what happens."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from lstm_viz.data.tasks.catalogue import adding_problem
from lstm_viz.experiments.settings import Settings
from lstm_viz.runs.encoded import Message
from lstm_viz.runs.feed import Feed
from lstm_viz.runs.frames import Frame
from lstm_viz.runs.keeping import Keeping
from lstm_viz.runs.messages import FrameTaken
from lstm_viz.runs.registry import Runs
from lstm_viz.runs.run import Run
from lstm_viz.runs.topics import RefusedError, Topic

SECONDS = 60.0  # a busy machine is no failure


class Plain:
    """Encodes a frame as its step, and a picture as its runs' steps."""

    def frame(self, topic: Topic, run: Run, frame: Frame) -> bytes:
        if topic.view != ("whole",):
            raise RefusedError("no such film")
        return json.dumps({"topic": topic.text, "step": frame.step}).encode()

    def picture(self, topic: Topic, runs: Sequence[Run]) -> Message:
        return json.dumps({"topic": topic.text, "at": [run.step for run in runs]})


def frame(step: int) -> Frame:
    """One that shows nothing, of which no alarm tells."""
    nothing = np.zeros((0, 1), np.float32)
    return Frame(float(step), step, 1.0, 1.0, 1.0, 1.0, {}, nothing, nothing)


def new_run(runs: Runs) -> Run:
    return runs.add(Settings.of(hidden_size=2), adding_problem(20, 5, seed=0))


def registry(frames: int = 120) -> Runs:
    return Runs(Keeping(run_frames=frames))


def takes_frame(runs: Runs, run: Run, step: int) -> None:
    runs.apply(FrameTaken(run.id, frame(step)))


def film(run: Run) -> str:
    return Topic("film", (run.id,), ("whole",)).text


@dataclass
class Browser:
    """What a browser said and was sent; `room` is how many messages it still takes."""

    said: asyncio.Queue[object] = field(default_factory=asyncio.Queue)
    taken: list[dict[str, Any]] = field(default_factory=list)
    room: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(100_000))

    async def receive(self) -> object:
        return await self.said.get()

    async def send(self, message: Message) -> None:
        await self.room.acquire()
        self.taken.append(json.loads(message))

    def watch(self, topic: str, have: Sequence[int] = ()) -> None:
        self.said.put_nowait(json.dumps({"watch": topic, "have": list(have)}))

    def leave(self, topic: str) -> None:
        self.said.put_nowait(json.dumps({"leave": topic}))

    def steps(self) -> list[int]:
        return [each["step"] for each in self.taken if "step" in each]

    async def until(self, holds: Callable[[], bool]) -> None:
        async with asyncio.timeout(SECONDS):
            while not holds():
                await asyncio.sleep(0.001)


@contextlib.asynccontextmanager
async def feeding(runs: Runs, browsers: Sequence[Browser]) -> AsyncIterator[Feed]:
    """The feed of these runs, with these browsers connected."""
    feed = Feed(runs, Plain())
    async with feed.open():
        serving = [asyncio.create_task(feed.serve(browser)) for browser in browsers]
        try:
            yield feed
        finally:
            for task in serving:
                task.cancel()
            await asyncio.gather(*serving, return_exceptions=True)


async def rested() -> None:
    """Until the feed has done all that it can do now."""
    for _ in range(50):
        await asyncio.sleep(0.001)
