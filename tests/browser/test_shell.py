"""The frame around the pages: what stands above the first figure, and that it fits the screen."""

import re
from typing import Literal
from urllib.parse import parse_qs, urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import PAGES
from tests.browser.test_app import go, heading, press
from tests.browser.waiting import idle

PROJECTOR = {"width": 1280, "height": 720}
TABLET = {"width": 1024, "height": 768}
PHONE = {"width": 390, "height": 844}
EVERYTHING = "wcag2a wcag2aa wcag21a wcag21aa best-practice"
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


def test_the_settings_give_way_to_a_run_until_the_reader_opens_them(
    page: Page, app_url: str
) -> None:
    side, epochs = page.get_by_test_id("stSidebar"), page.get_by_role("spinbutton", name="Epochs")
    folded, open_again = re.compile("true"), page.get_by_test_id("stExpandSidebarButton")
    page.goto(f"{app_url}/train?task=adding&length=10&count=100&units=4&layers=2&epochs=2")
    expect(epochs).to_be_visible()
    press(page, "Train")
    expect(page.get_by_role("button", name=re.compile("^Train further"))).to_be_visible()
    expect(side).to_have_attribute("data-collapsed", folded)
    expect(open_again).to_be_in_viewport()
    page.set_viewport_size(TABLET)  # the way back takes its room beside the pages
    expect(page.get_by_test_id("stTopNav").get_by_role("link")).to_have_text([*PAGES.values()])
    expect(page.get_by_role("button", name="Present")).to_be_in_viewport(ratio=1)
    go(page, "Data")
    expect(side).not_to_have_attribute("data-collapsed", folded)
    go(page, "Train")
    expect(side).to_have_attribute("data-collapsed", folded)
    open_again.click()
    expect(epochs).to_be_in_viewport()
    expect(page.get_by_role("button", name="Present")).to_be_in_viewport(ratio=1)
    expect(page).to_have_url(re.compile("run="))
    former = re.compile(re.escape(parse_qs(urlsplit(page.url).query)["run"][0]))
    press(page, "Train")
    expect(page).not_to_have_url(former)
    expect(page.get_by_role("button", name=re.compile("^Train further"))).to_be_visible()
    dot = page.locator("path[aria-label*='example: 3;']")
    expect(dot).to_be_visible()
    idle(page)
    dot.click(force=True)  # of several that overlap it may be another
    expect(page.get_by_role("button", name=re.compile("Validation example"))).to_be_visible()
    go(page, "Gates")
    expect(side).not_to_be_visible()
    go(page, "Train")
    expect(epochs).to_be_in_viewport()


def findings(page: Page, rules: str) -> list[str]:
    """What axe calls serious or critical, where it is, and why.

    Streamlit's charts are left out: they are one picture each, with thousands of elements.
    """
    among = {"exclude": [["[data-testid=stVegaLiteChart]"]]}
    options = {"resultTypes": ["violations"], "runOnly": rules.split(), "preload": False}
    found = page.evaluate("(how) => axe.run(...how)", [among, options])["violations"]
    return [
        f"{page.url} {each['id']}: {node['target']} {node['html'][:100]}"
        for each in found
        if each["impact"] in ("serious", "critical")
        for node in each["nodes"]
    ]


def test_every_page_can_be_read_by_all_in_light_and_dark_and_on_a_phone(
    page: Page, app_url: str
) -> None:
    page.goto(app_url)
    page.evaluate(Axe().axe_script)
    wider = "(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)"
    schemes: list[Literal["light", "dark"]] = ["light", "dark"]
    found, too_wide = [], []
    for name in PAGES.values():
        page.set_viewport_size(PROJECTOR)
        link = page.get_by_test_id("stTopNav").get_by_role("link", name=name, exact=True)
        link.click()
        expect(link).to_have_attribute("aria-current", "page")
        expect(page.get_by_role("button", name="Present")).to_be_visible()
        idle(page)
        for scheme in schemes:
            page.emulate_media(color_scheme=scheme)
            expect(page.get_by_test_id("stApp")).to_have_css("color-scheme", scheme)
            idle(page)
            found += findings(page, EVERYTHING if scheme == schemes[0] else "color-contrast")
        schemes.reverse()
        page.set_viewport_size(PHONE)
        idle(page)
        if page.get_by_test_id("stMain").evaluate(wider) > 0:
            too_wide.append(name)
    assert found == []
    assert too_wide == []
