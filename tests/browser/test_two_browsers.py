"""Two browsers watch one run: both see it live, one commands it, one may not."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.waiting import until

PATIENCE = 60_000


def label(page: Page) -> Locator:
    return page.locator(".film .training .label")


def button(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=re.compile(f"^{name}")).first


@pytest.fixture
def stranger(browser: Browser, browser_context_args: dict[str, Any]) -> Iterator[Page]:
    """A page of another browser."""
    context = browser.new_context(**browser_context_args)
    yield context.new_page()
    context.close()


def test_one_pauses_the_run_that_both_watch_and_the_other_may_not(
    page: Page, stranger: Page, app_url: str
) -> None:
    page.goto(f"{app_url}/train?task=adding&length=30&count=400&cell=lstm&units=8&epochs=5000")
    button(page, "Train").click()
    expect(page.get_by_text("updates per second")).to_be_visible(timeout=PATIENCE)
    page.wait_for_url("**run=*")
    stranger.goto(page.url)
    expect(button(stranger, "Stop")).to_be_disabled(timeout=PATIENCE)
    expect(stranger.get_by_text("You watch another browser's run")).to_be_visible()
    for each in (page, stranger):
        before = label(each).inner_text()
        expect(label(each)).not_to_have_text(before, timeout=PATIENCE)

    button(page, "Pause").click()
    expect(button(page, "Resume")).to_be_enabled(timeout=PATIENCE)
    expect(button(stranger, "Resume")).to_be_disabled(timeout=PATIENCE)
    until(page, lambda: label(stranger).inner_text() == label(page).inner_text())

    page.reload()
    expect(button(page, "Resume")).to_be_enabled(timeout=PATIENCE)  # it owns it still
    button(page, "Resume").click()
    expect(button(stranger, "Pause")).to_be_disabled(timeout=PATIENCE)
    button(stranger, "Train").click()  # one of its own
    expect(button(stranger, "Pause")).to_be_enabled(timeout=PATIENCE)
    expect(page.get_by_text("updates per second")).to_be_visible(timeout=PATIENCE)
    button(stranger, "Stop").click()
    expect(button(stranger, "Train further")).to_be_enabled(timeout=PATIENCE)
    expect(button(page, "Pause")).to_be_enabled()
    button(page, "Stop").click()
    expect(button(page, "Train further")).to_be_enabled(timeout=PATIENCE)
