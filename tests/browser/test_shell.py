"""The frame around the pages: what stands above the first figure, and that it fits the screen."""

from playwright.sync_api import Page, expect

from tests.browser.conftest import PAGES
from tests.browser.test_app import go, heading
from tests.browser.waiting import idle

PROJECTOR = {"width": 1280, "height": 720}
TABLET = {"width": 1024, "height": 768}
INSIDE = ("Cell", "Gates", "Cell state")


def test_every_page_is_one_click_away_and_the_film_begins_at_the_top(
    page: Page, app_url: str
) -> None:
    page.set_viewport_size(TABLET)
    page.goto(app_url)
    links = page.get_by_test_id("stTopNav").get_by_role("link")
    expect(links).to_have_text([*PAGES.values()])
    page.set_viewport_size(PROJECTOR)
    for name in INSIDE:
        go(page, name)
        transport = page.locator(".training").first
        expect(transport).to_be_visible()
        idle(page)
        top = transport.bounding_box()
        assert top and top["y"] <= 110, name
        expect(heading(page, name)).to_be_in_viewport()
        expect(page.get_by_role("button", name="Copy link")).to_be_in_viewport()
