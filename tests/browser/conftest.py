"""A real app, started once, in a real Chromium that may not complain."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Route,
    WebError,
    expect,
)

from lstm_viz.files import ASSETS
from lstm_viz.runs import wire
from tests.figures.cells import KINDS, anatomy
from tests.serving import App, serve

HERE = Path(__file__).parent
CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
expect.set_options(timeout=30_000)  # a busy machine is no failure
PAGES = {
    "": "Start",
    "experiments": "Experiments",
    "data": "Data",
    "train": "Train",
    "forecast": "Forecast",
    "compare": "Compare",
    "cell": "Cell",
    "gates": "Gates",
    "cell-state": "Cell state",
    "gradients": "Gradients",
    "intervene": "Intervene",
}
"""Address of a page -> what the navigation calls it."""
VANISHING = 1e-60
"""How large the gradients are of a cell whose gradients vanish."""
NOWHERE = "http://components.test/"
"""Answered by the test itself: the components' files, and an empty page."""
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
    """Nothing plays by itself: what it would show depended on the speed of the machine."""
    size = {"width": 1440, "height": 900}
    still = {"viewport": size, "locale": "en-US", "reduced_motion": "reduce"}
    return {**browser_context_args, **still}


@pytest.fixture(scope="session")
def context(browser: Browser, browser_context_args: dict[str, Any]) -> Iterator[BrowserContext]:
    """One for all tests, so that Streamlit's scripts are fetched and compiled once a server."""
    context = browser.new_context(**browser_context_args)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """What a test has the browser keep, such as whether the side bar is folded, is its own."""
    page = context.new_page()
    yield page
    if page.url.startswith("http"):
        page.evaluate("localStorage.clear()")
    page.close()


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """The app of all tests, warm after the first."""
    with serve(tmp_path_factory.mktemp("home")) as served:
        yield served


@pytest.fixture(scope="session")
def app_url(app: App) -> str:
    return app.url


@pytest.fixture(scope="session")
def parts_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server of single components, which finds the cells' anatomies in its home."""
    home = tmp_path_factory.mktemp("home")
    anatomies = {kind: anatomy(kind) for kind in KINDS}
    for name, each in (anatomies | {"vanishing": anatomy("lstm", scale=VANISHING)}).items():
        (home / f"{name}.anatomy").write_bytes(wire.pack(each))
    with serve(home, "tests/browser/parts_app.py") as served:
        yield served.url


@pytest.fixture(scope="module")
def nowhere(context: BrowserContext) -> Iterator[Page]:
    def answer(route: Route) -> None:
        name = route.request.url.removeprefix(NOWHERE)
        if name:
            route.fulfill(path=ASSETS / "components" / name, content_type="text/javascript")
        else:
            route.fulfill(body="<!doctype html>", content_type="text/html")

    page = context.new_page()
    page.route(f"{NOWHERE}**", answer)
    page.goto(NOWHERE)
    yield page
    page.close()


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
