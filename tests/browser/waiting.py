"""What a test waits for in the browser."""

import time
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Locator, Page

PATIENCE = 60.0  # a busy machine is no failure
IDLE = (
    '[data-testid="stApp"][data-test-connection-state="CONNECTED"]'
    '[data-test-script-state="notRunning"]'
)


def idle(page: Page) -> None:
    """Wait until the page is drawn and no script runs; a traceback on it is a failure.

    Just after a click the rerun may not have begun: wait for what it should show instead. So
    too while a run trains: its timer keeps the script running.
    """
    page.wait_for_selector(IDLE, state="attached")
    broken = page.get_by_test_id("stException")
    assert broken.count() == 0, broken.first.inner_text()


def drawn(page: Page) -> None:
    """Wait until what follows the window's new size has followed: observers come before a frame."""
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")


def fits(place: Locator) -> None:
    """As soon as it has followed the window's size."""
    place.page.wait_for_function(
        "(each) => each.scrollWidth <= each.clientWidth + 1", arg=place.element_handle()
    )


def until(page: Page, holds: Callable[[], bool]) -> None:
    """Wait for what no element says."""
    ends = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < ends, "waited too long"
        page.wait_for_timeout(50)


def noted(place: Locator, attribute: str = "") -> Callable[[], list[Any]]:
    """Note all that an element says from now on, or one of its attributes, however briefly."""
    node = place.element_handle()
    node.evaluate(NOTE, attribute)
    return lambda: node.evaluate("(node) => node.noted")


NOTE = """(node, attribute) => {
  node.noted = [];
  const note = () => {
    const said = attribute ? node.getAttribute(attribute) : node.textContent;
    if (node.noted.at(-1) !== said) node.noted.push(said);
  };
  note();
  const all = { attributes: true, childList: true, subtree: true, characterData: true };
  new MutationObserver(note).observe(node, all);
}"""
