"""Pages that watch a run: they move, and no script runs for that."""

import re
import time

from playwright.sync_api import Locator, Page, WebSocket, expect
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from tests.browser.waiting import idle, noted, until

PATIENCE = 120_000
REST = 1.5  # seconds


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


def rested(page: Page, watched: list[Scripts]) -> list[int]:
    """How many scripts have begun when for a while none has."""
    begun, since = [-1], time.monotonic()
    while time.monotonic() < since + REST:
        now = [each.begun for each in watched]
        if now != begun:
            begun, since = now, time.monotonic()
        page.wait_for_timeout(100)
    return begun


PICTURES = """(canvas) => {
  canvas.pictures = new Set();
  const keep = () => canvas.pictures.add(canvas.toDataURL()) && requestAnimationFrame(keep);
  keep();
}"""


def test_one_click_on_the_first_page_trains_live_and_pages_follow_to_the_end_without_a_script(
    page: Page, app_url: str
) -> None:
    """The recorded experiment trains slowly enough to be followed, however fast the machine is."""
    cell, forecast = page.context.new_page(), page.context.new_page()
    watched = [Scripts(each) for each in (page, cell, forecast)]
    page.emulate_media(reduced_motion="no-preference")
    page.goto(app_url)
    expect(page.locator(".cell .time .label")).to_have_text("t = 9 of 9")  # it plays once
    page.emulate_media(reduced_motion="reduce")
    button(page, "Train it live").click()
    expect(page.get_by_text("updates per second")).to_be_visible(timeout=PATIENCE)
    button(page, "Pause").click()
    expect(button(page, "Resume")).to_be_enabled(timeout=PATIENCE)
    idle(page)
    held = label(page).inner_text()
    button(page, "One epoch").click()
    expect(label(page)).not_to_have_text(held, timeout=PATIENCE)
    expect(button(page, "Resume")).to_be_enabled(timeout=PATIENCE)
    page.wait_for_url("**run=*")
    for other, name in ((cell, "cell"), (forecast, "forecast")):
        other.goto(page.url.replace("/train?", f"/{name}?"))
        idle(other)
    expect(cell.locator(".cell .diagram svg")).to_be_visible(timeout=PATIENCE)

    button(page, "Resume").click()
    expect(button(page, "Pause")).to_be_enabled(timeout=PATIENCE)
    expect(forecast.locator(".curves canvas").nth(1)).to_be_visible(timeout=PATIENCE)
    begun = rested(page, watched)
    assert min(begun) > 0
    said = [
        noted(label(page)),
        noted(progress(page), "aria-valuenow"),
        noted(label(cell)),
        noted(cell.locator(".cell .diagram")),
        noted(progress(forecast), "aria-valuenow"),
    ]
    # of the loss, between its axes and its cursor
    curves = [each.locator(".curves canvas").nth(1).element_handle() for each in (page, forecast)]
    for canvas in curves:
        canvas.evaluate(PICTURES)
    until(page, lambda: all(len(each()) > 4 for each in said))
    until(page, lambda: all(canvas.evaluate("it => it.pictures.size") > 3 for canvas in curves))
    assert [each.begun for each in watched] == begun

    expect(button(page, "Train further")).to_be_enabled(timeout=PATIENCE)
    expect(cell.get_by_text("finished · epoch").first).to_be_visible(timeout=PATIENCE)
    expect(forecast.get_by_text("RMSE").first).to_be_visible(timeout=PATIENCE)
    for each in (page, cell, forecast):
        expect(each.get_by_text("redrawn when the training")).to_have_count(0, timeout=PATIENCE)
        idle(each)
    ended = [now - then for now, then in zip(rested(page, watched), begun, strict=True)]
    # the end itself is drawn; where its answer took seconds, it was asked for once more
    assert {*ended} <= {1, 2}, ended
    expect(progress(page)).to_have_attribute("aria-valuenow", "100")
    for each in (page, cell):
        expect(label(each)).to_contain_text("epoch 15.0")
    expect(page.get_by_text("Shown: epoch")).to_be_visible()
    cell.close()
    forecast.close()
