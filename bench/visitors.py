"""Visitors without browsers, who do what browsers do: each a session and a socket of the feed.

A visitor opens Train by a link, presses Train, follows what the page tells the browser to follow,
lets the script run once where a run's state changed, runs the page's timers where it has some,
switches pages, goes and comes back. What it does when follows from its seed.
"""

import asyncio
import json
import random
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import numpy as np
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from lstm_viz.runs.topics import FILM, STATE, RefusedError, Topic

PAGES = ("train", "gates", "cell-state", "gradients", "cell", "forecast", "data", "experiments")
PATIENCE = 60.0
"""Seconds after which an answer is missed."""


@dataclass
class Tally:
    """What all visitors saw."""

    answers: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    """What was asked for -> seconds until its script had run to its end."""
    errors: list[str] = field(default_factory=list)
    steps: dict[str, list[tuple[float, int]]] = field(default_factory=lambda: defaultdict(list))
    """Run -> (when, the newest training step that was told of)."""
    phases: dict[str, str] = field(default_factory=dict)
    """Run -> how it stood last."""
    bytes: int = 0
    frames: int = 0
    scripts: int = 0

    def gained(self) -> dict[str, int]:
        """Run -> training steps from the first that was told of to the last."""
        return {run: told[-1][1] - told[0][1] for run, told in self.steps.items()}


class Visitor:
    """One session."""

    def __init__(self, url: str, query: str, seed: int, tally: Tally) -> None:
        self.place, self.query, self.tally = urlsplit(url), query, tally
        self.random = random.Random(seed)
        self.buttons: dict[str, str] = {}
        self.pages: dict[str, str] = {}
        self.timers: dict[str, float] = {}
        self.topics: set[str] = set()
        self.page = ""
        self.ended: asyncio.Future[None] | None = None
        self.tasks: list[asyncio.Task[None]] = []
        self.feed: ClientConnection | None = None

    async def stay(self, until: float) -> None:
        """Train, follow and switch pages until the clock says so."""
        await self.come("train")
        await self.train()
        while time.monotonic() < until:
            await asyncio.sleep(self.random.uniform(2, 5))
            if self.random.random() < 0.1:
                await self.leave()
                await asyncio.sleep(self.random.uniform(0.5, 2))
                await self.come(self.random.choice(PAGES))
            else:
                await self.switch(self.random.choice(PAGES))
            if self.page == "train" and self._button("Train ") is not None:
                await self.train()
        await self.switch("gates")  # a last look at the run
        await asyncio.sleep(1)
        await self.leave()

    async def come(self, page: str) -> None:
        """Open a page by its address."""
        self.session = await self._connect("_stcore/stream", subprotocols=["streamlit"])
        self.tasks.append(asyncio.create_task(self._listen()))
        message = BackMsg()
        message.rerun_script.page_name = page
        message.rerun_script.query_string = self.query
        self.page = page
        await self._ask("open", message)

    async def train(self) -> None:
        """Press Train."""
        await self.press("Train")

    async def press(self, label: str) -> None:
        """Press the button that is called so."""
        button = self._button(label)
        if button is None:
            self.tally.errors.append(f"no {label} among {list(self.buttons)[:6]}")
            return
        message = self._rerun()
        pressed = message.rerun_script.widget_states.widgets.add()
        pressed.id, pressed.trigger_value = button, True
        await self._ask(label.lower(), message)

    async def switch(self, page: str) -> None:
        """Go to another page by the navigation."""
        self.page = page
        message = self._rerun()
        message.rerun_script.page_script_hash = self.pages[page]
        await self._ask("switch", message)

    async def leave(self) -> None:
        """Close all there is."""
        self.timers.clear()
        self.topics.clear()
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)
        self.tasks.clear()
        for socket in filter(None, (self.session, self.feed)):
            await socket.close()
        self.feed = None

    def has(self, label: str) -> bool:
        """Whether the page has a button that is called so and can be pressed."""
        return self._button(label) is not None

    def _button(self, name: str) -> str | None:
        return next(
            (key for label, key in self.buttons.items() if label.split("  ")[0].startswith(name)),
            None,
        )

    def _rerun(self) -> BackMsg:
        message = BackMsg()
        message.rerun_script.query_string = self.query
        message.rerun_script.page_script_hash = self.pages.get(self.page, "")
        return message

    async def _connect(self, path: str, **more: Any) -> ClientConnection:
        origin = f"http://{self.place.netloc}"
        url = f"ws://{self.place.netloc}/{path}"
        return await connect(url, origin=origin, max_size=None, proxy=None, **more)

    async def _ask(self, what: str, message: BackMsg) -> None:
        self.timers.clear()
        self.buttons.clear()
        wanted, self.topics = self.topics, set()
        self.ended = asyncio.get_running_loop().create_future()
        began = time.perf_counter()
        await self.session.send(message.SerializeToString())
        try:
            await asyncio.wait_for(self.ended, PATIENCE)
        except TimeoutError:
            self.tally.errors.append(f"no answer to {what} in {PATIENCE:g} s")
        self.tally.answers[what].append(time.perf_counter() - began)
        await self._follow(wanted)

    async def _listen(self) -> None:
        with suppress(ConnectionClosed):
            async for raw in self.session:
                assert isinstance(raw, bytes)
                self.tally.bytes += len(raw)
                self._hear(ForwardMsg.FromString(raw))

    def _hear(self, message: ForwardMsg) -> None:
        kind = message.WhichOneof("type")
        if kind == "delta" and message.delta.WhichOneof("type") == "new_element":
            self._see(message.delta.new_element)
        elif kind == "navigation":
            self.pages = {
                page.url_pathname: page.page_script_hash for page in message.navigation.app_pages
            }
        elif kind == "auto_rerun":
            timer = message.auto_rerun
            if timer.fragment_id not in self.timers:
                self.tasks.append(asyncio.create_task(self._tick(timer.fragment_id)))
            self.timers[timer.fragment_id] = timer.interval
        elif kind == "stop_auto_rerun":
            for fragment in message.stop_auto_rerun.fragment_ids:
                self.timers.pop(fragment, None)
        elif kind == "script_finished":
            self.tally.scripts += 1
            over = message.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY  # not to begin again
            if self.ended and not self.ended.done() and over:
                self.ended.set_result(None)

    def _see(self, element: Any) -> None:
        kind = element.WhichOneof("type")
        if kind == "button" and not element.button.disabled:
            self.buttons[element.button.label] = element.button.id
        elif kind == "exception":
            self.tally.errors.append(element.exception.message[:200])
        elif kind == "bidi_component":
            data = _data_of(element.bidi_component)
            if element.bidi_component.component_name.endswith(".address"):
                self.query = data["query"]  # it is written into the browser's address
            self.topics |= set(_topics(data))

    async def _tick(self, fragment: str) -> None:
        while fragment in self.timers:
            await asyncio.sleep(self.timers[fragment])
            if fragment not in self.timers:
                return
            message = self._rerun()
            message.rerun_script.fragment_id = fragment
            message.rerun_script.is_auto_rerun = True
            with suppress(ConnectionClosed):
                await self.session.send(message.SerializeToString())

    async def _follow(self, before: set[str]) -> None:
        """Tell the feed what the page shows now."""
        if self.topics and self.feed is None:
            self.feed = await self._connect("feed")
            self.tasks.append(asyncio.create_task(self._receive(self.feed)))
            before = set()
        if self.feed is None:
            return
        for topic in before - self.topics:
            await self.feed.send(json.dumps({"leave": topic}))
        for topic in self.topics - before:
            await self.feed.send(json.dumps({"watch": topic, "have": []}))

    async def _receive(self, feed: ClientConnection) -> None:
        with suppress(ConnectionClosed):
            async for raw in feed:
                self.tally.bytes += len(raw)
                if isinstance(raw, bytes):
                    self._is_sent(_header(raw))
                elif (header := json.loads(raw))["topic"].startswith(f"{STATE}/"):
                    await self._hear_of(header["runs"])

    def _is_sent(self, header: dict[str, Any]) -> None:
        """A frame tells how far its run is: the newest comes first, older ones after it."""
        if "clock" in header:
            self.tally.frames += 1
            told = self.tally.steps[Topic.read(header["topic"]).runs[0]]
            told.append((time.monotonic(), max(header["clock"][0], told[-1][1] if told else 0)))

    async def _hear_of(self, runs: dict[str, Any]) -> None:
        changed = False
        for run, now in runs.items():
            changed |= self.tally.phases.get(run, now["phase"]) != now["phase"]
            self.tally.phases[run] = now["phase"]
        if changed and (self.ended is None or self.ended.done()):
            await self.session.send(self._rerun().SerializeToString())


def _data_of(component: Any) -> Any:
    """What a component got: JSON, or the header before its arrays."""
    if component.json:
        return json.loads(component.json)
    if component.bytes:
        with suppress(ValueError):
            return _header(component.bytes)
    return None


def _header(packed: bytes) -> Any:
    """What stands before the arrays."""
    return json.loads(packed[4 : 4 + int.from_bytes(packed[:4], "little")])


def _topics(data: Any) -> Iterator[str]:
    """All that a component would have the browser follow."""
    if isinstance(data, dict):
        for value in data.values():
            yield from _topics(value)
    elif isinstance(data, list):
        for value in data:
            yield from _topics(value)
    elif isinstance(data, str) and data.count("/") in (1, 2, 3, 4):
        with suppress(RefusedError):
            topic = Topic.read(data)
            if topic.name in (FILM, STATE, "progress", "curves", "pulse", "words"):
                yield topic.text


def shares(steps: dict[str, list[tuple[float, int]]]) -> dict[str, float]:
    """Run -> training steps a second, in the time in which all of them were told of."""
    begin = max(told[0][0] for told in steps.values())
    end = min(told[-1][0] for told in steps.values())
    found = {}
    for run, told in steps.items():
        low, high = np.interp([begin, end], *zip(*told, strict=True))
        found[run] = float(high - low) / (end - begin)
    return found
