"""A page that watches a run: it moves, and no script runs for that."""

import re

import pytest
from playwright.sync_api import Locator, Page, WebSocket, expect
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from tests.browser.waiting import idle

PATIENCE = 60_000
EPOCHS = 119  # most of which each gives a frame


class Scripts:
    """Counts what runs on the server for a page: each script or fragment begins a new session."""

    def __init__(self, page: Page) -> None:
        self.begun = 0
        page.on("websocket", self._listen)

    def _listen(self, socket: WebSocket) -> None:
        if "/_stcore/stream" in socket.url:
            socket.on("framereceived", self._take)

    def _take(self, data: str | bytes) -> None:
        message = ForwardMsg()
        message.ParseFromString(data if isinstance(data, bytes) else data.encode())
        self.begun += message.WhichOneof("type") == "new_session"


def label(page: Page) -> Locator:
    return page.locator(".film .training .label")


def progress(page: Page) -> Locator:
    return page.locator(".words [role=progressbar]")


def button(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=re.compile(f"^{name}")).first


def train(page: Page, url: str, query: str) -> None:
    page.goto(f"{url}/train?{query}&epochs={EPOCHS}&cell=lstm&units=32")
    button(page, "Train").click()
    expect(progress(page)).to_be_visible(timeout=PATIENCE)
    expect(label(page)).to_be_visible(timeout=PATIENCE)
    page.wait_for_timeout(1000)  # what the start draws is drawn


def test_from_its_start_to_its_end_a_watched_run_moves_and_no_script_runs(
    page: Page, app_url: str
) -> None:
    scripts = Scripts(page)
    train(page, app_url, "task=adding&length=60&count=3000")
    begun, moments = scripts.begun, {label(page).inner_text()}
    assert begun
    shares = {progress(page).get_attribute("aria-valuenow")}
    curve = page.locator(".curves canvas").nth(1)  # of the loss, between its axes and its cursor
    pictures = {curve.evaluate("each => each.toDataURL()")}
    while button(page, "Pause").count() and scripts.begun == begun:
        moments.add(label(page).inner_text())
        shares.add(progress(page).get_attribute("aria-valuenow"))
        pictures.add(curve.evaluate("each => each.toDataURL()"))
        page.wait_for_timeout(150)
    expect(button(page, "Train further")).to_be_enabled(timeout=PATIENCE)
    idle(page)
    page.wait_for_timeout(1000)
    assert len(moments) > 3 and len(shares) > 3 and len(pictures) > 3
    assert scripts.begun - begun == 1, "the end itself is drawn, and nothing before it"
    expect(progress(page)).to_have_attribute("aria-valuenow", "100")
    expect(label(page)).to_contain_text(f"epoch {EPOCHS}.0")
    expect(page.get_by_text("Shown: epoch")).to_be_visible()


@pytest.mark.parametrize(
    ("name", "moving"),
    [("Cell", ".film .training .label"), ("Forecast", ".words [role=progressbar]")],
)
def test_pages_that_ask_the_trainer_follow_a_run_to_its_end_without_a_script(
    page: Page, app_url: str, name: str, moving: str
) -> None:
    scripts = Scripts(page)
    train(page, app_url, "task=adding&length=60&count=3000")
    page.get_by_test_id("stTopNav").get_by_role("link", name=name, exact=True).click()
    expect(page.get_by_test_id("stMain").get_by_role("heading", name=name)).to_be_visible()
    expect(page.locator(moving)).to_be_visible(timeout=PATIENCE)
    idle(page)
    page.wait_for_timeout(1500)
    begun, moments = scripts.begun, set()
    numbers = page.locator(".cell .number, .curves canvas").nth(1)
    pictures = set()
    for _ in range(1000):
        if scripts.begun > begun:
            break
        moments.add(page.locator(moving).evaluate("e => e.textContent + e.ariaValueNow"))
        pictures.add(numbers.evaluate("e => e.toDataURL?.() ?? e.textContent"))
        page.wait_for_timeout(150)
    ended = page.get_by_text("finished · epoch") if name == "Cell" else page.get_by_text("RMSE")
    expect(ended.first).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_text("drawn anew when the training")).to_have_count(0, timeout=PATIENCE)
    idle(page)
    page.wait_for_timeout(1000)
    assert scripts.begun - begun == 1, "the end itself is drawn, and nothing before it"
    assert len(moments) > 3 and len(pictures) > 3
    if name == "Cell":
        expect(page.locator(moving)).to_contain_text(f"epoch {EPOCHS}.0")
