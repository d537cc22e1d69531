"""The feed under a base path, and behind a proxy that strips a prefix."""

import asyncio
import re
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.serving import ROOT, free_port, serve_by

PREFIX = b"/lab"


@contextmanager
def stripping(port: int) -> Iterator[str]:
    """A proxy that serves under PREFIX what a server at this port has at its root."""
    started, own = threading.Event(), free_port()
    ends: list[Callable[[], object]] = []

    async def pipe(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while data := await reader.read(65536):
                writer.write(data)
                await writer.drain()
        writer.close()

    async def forward(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, asyncio.IncompleteReadError):
            head = await reader.readuntil(b"\r\n\r\n")
            first, rest = head.split(b"\r\n", 1)
            method, path, version = first.split(b" ")
            if not path.startswith(PREFIX + b"/"):
                writer.write(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
                writer.close()
                return
            if b"upgrade: websocket" not in rest.lower():  # a connection for each request
                rest = re.sub(rb"(?i)connection:[^\r]*\r\n", b"", rest)
                rest = b"Connection: close\r\n" + rest
            inner, outer = await asyncio.open_connection("127.0.0.1", port)
            outer.write(b" ".join([method, path.removeprefix(PREFIX), version]) + b"\r\n" + rest)
            await asyncio.gather(pipe(reader, outer), pipe(inner, writer))

    async def run() -> None:
        server = await asyncio.start_server(forward, "127.0.0.1", own)
        ended = asyncio.Event()
        ends.append(lambda: loop.call_soon_threadsafe(ended.set))
        loop = asyncio.get_running_loop()
        started.set()
        async with server:
            await ended.wait()

    thread = threading.Thread(target=lambda: asyncio.run(run()))
    thread.start()
    assert started.wait(10)
    try:
        yield f"http://127.0.0.1:{own}{PREFIX.decode()}"
    finally:
        ends[0]()
        thread.join(10)


@pytest.fixture
def feeds(page: Page) -> list[str]:
    """Where the page looked for a feed."""
    found: list[str] = []

    def note(url: str) -> None:
        if url.endswith("/feed"):
            found.append(url)

    page.on("websocket", lambda socket: note(socket.url))
    return found


def shows_its_film(page: Page) -> None:
    expect(page.locator('.film[data-missing="0"]')).to_be_visible(timeout=60_000)
    assert page.locator(".film").evaluate("film => film.dataset.missing") == "0"


def test_under_a_base_path(page: Page, feeds: list[str], tmp_path: Path) -> None:
    port = free_port()
    command = [sys.executable, "-m", "streamlit", "run", "app.py", f"--server.port={port}"]
    command += ["--server.baseUrlPath=base"]
    with serve_by(command, port, tmp_path, ROOT, base="/base") as served:
        page.goto(f"{served.url}/gates")
        shows_its_film(page)
        page.goto("about:blank")  # before the server ends, which the page would complain of
    assert feeds == [f"ws://127.0.0.1:{port}/base/feed"]


def test_behind_a_proxy_that_strips_a_prefix(page: Page, feeds: list[str], app_url: str) -> None:
    with stripping(int(app_url.rsplit(":", 1)[1])) as url:
        page.goto(f"{url}/gates")
        shows_its_film(page)
        page.goto("about:blank")
    assert feeds == [f"{url.replace('http', 'ws')}/feed"]
