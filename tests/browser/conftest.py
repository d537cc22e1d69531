"""A real app, started once, in a real Chromium that may not complain."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, WebError, expect

ROOT = Path(__file__).parents[2]
HERE = Path(__file__).parent
CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
START_SECONDS = 120
expect.set_options(timeout=30_000)  # a busy machine is no failure
LOOKS_FOR_ITS_BASE = re.compile(r"/[\w-]+/_stcore/(health|host-config)$")
"""Opened at /data, Streamlit first asks whether it is served under /data, and hears 404."""
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker("browser")


def chromium() -> str | None:
    """The system's Chromium where there is one; None for Playwright's own."""
    return next(filter(None, map(shutil.which, CHROMIUM)), None)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Flags with which Chromium runs anywhere, and calls no home."""
    return {**browser_type_launch_args, "executable_path": chromium(), "args": FLAGS}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_context_args, "viewport": {"width": 1440, "height": 900}, "locale": "en-US"}


@pytest.fixture(scope="session")
def context(browser: Browser, browser_context_args: dict[str, Any]) -> Iterator[BrowserContext]:
    """One for all tests, so that Streamlit's scripts are fetched and compiled once a server."""
    context = browser.new_context(**browser_context_args)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    page = context.new_page()
    yield page
    page.close()


@dataclass(frozen=True)
class App:
    """A served app: where it answers, its process, and what it wrote."""

    url: str
    pid: int
    log: Path


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """The app of all tests, warm after the first."""
    with serve(tmp_path_factory.mktemp("home")) as served:
        yield served


def serve(home: Path, script: str = "app.py") -> AbstractContextManager[App]:
    """`streamlit run app.py` as a stranger would start it; or another script."""
    port = free_port()
    command = [sys.executable, "-m", "streamlit", "run", script, f"--server.port={port}"]
    return serve_by(command, port, home, ROOT)


@contextmanager
def serve_by(command: Sequence[str | Path], port: int, home: Path, folder: Path) -> Iterator[App]:
    """The app that a command serves at a port, called in a folder.

    Whatever the tests do to it, no traceback reaches its log and no torch its process.
    """
    log = home / "app.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=_clean_environment(home),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    served = App(f"http://127.0.0.1:{port}", process.pid, log)
    try:
        _wait_for(served, process)
        yield served
        loaded = Path(f"/proc/{process.pid}/maps")
        assert not loaded.exists() or "libtorch" not in loaded.read_text()
    finally:
        _end(process)
    assert "Traceback" not in log.read_text(), log.read_text()


@pytest.fixture(scope="session")
def app_url(app: App) -> str:
    return app.url


@pytest.fixture(autouse=True)
def quiet_console(context: BrowserContext) -> Iterator[None]:
    """A test fails when any of its pages wrote an error to the browser's console."""
    complaints: list[str] = []

    def listen(message: ConsoleMessage) -> None:
        url = message.location["url"]
        if message.type == "error" and not LOOKS_FOR_ITS_BASE.search(url):
            complaints.append(f"{message.text} ({url})")

    def note(error: WebError) -> None:
        complaints.append(str(error.error))

    context.on("console", listen)
    context.on("weberror", note)
    yield
    context.remove_listener("console", listen)
    context.remove_listener("weberror", note)
    assert complaints == []


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _clean_environment(home: Path) -> dict[str, str]:
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("STREAMLIT_", "LSTM_VIZ_", "PYTEST_", "PYTHONPATH"))
    }
    return {
        **kept,
        "HOME": str(home),
        "PYTHONUNBUFFERED": "1",
        "STREAMLIT_SERVER_ADDRESS": "127.0.0.1",
        "STREAMLIT_SERVER_HEADLESS": "true",
    }


def _wait_for(served: App, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urlopen(f"{served.url}/_stcore/health", timeout=1) as answer:
                if answer.status == 200:
                    return
        except OSError:  # nobody answers yet, or not in time
            time.sleep(0.1)
    pytest.fail(f"the app did not start:\n{served.log.read_text()}")


def _end(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
