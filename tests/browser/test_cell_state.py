"""Paths that turn, and a stretch of time that leads to other examples, under the pointer."""

import json
import re

from playwright.sync_api import Locator, Page, expect

from tests.browser.waiting import until


def middle(place: Locator) -> tuple[float, float]:
    box = place.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_paths_turn_and_their_dots_lead_the_stage_and_windows_to_their_examples(
    page: Page, app_url: str
) -> None:
    page.goto(f"{app_url}/cell-state?run=adding&stretch=15,49,0.5,both")
    expect(page.get_by_text("Units on at t = 15-49, and off just before")).to_be_visible()
    nothing_wrong = page.locator('[class*="-alarms"]')
    expect(nothing_wrong).to_have_js_property("offsetHeight", 0)
    legend = page.locator('[data-testid=stVegaLiteChart] [fill^="url("]').first
    expect(legend).to_have_attribute("fill", re.compile(r"^url\(#"))  # under any address
    page.get_by_text("In three dimensions").click()
    paths = page.locator(".space canvas")
    expect(paths).to_have_attribute("data-places", re.compile(r"^\[\["))
    paths.scroll_into_view_if_needed()
    before = paths.get_attribute("data-yaw")
    x, y = middle(paths)
    page.mouse.move(x, y - 150)
    page.mouse.down()
    page.mouse.move(x + 80, y - 130, steps=3)
    page.mouse.up()
    expect(paths).not_to_have_attribute("data-yaw", str(before))
    assert "t=" not in page.url, "a drag picks nothing"

    def dot() -> list[int]:
        return list(json.loads(str(paths.get_attribute("data-places")))[0])

    box = paths.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + dot()[0], box["y"] + dot()[1])
    expect(paths).to_have_attribute("data-t", re.compile(r"^[0-3]$"))
    expect(page.locator(".film .time .label").first).to_contain_text(
        f"t = {paths.get_attribute('data-t')}"
    )
    paths.press("Shift+ArrowRight")
    until(page, lambda: f"t={paths.get_attribute('data-t')}&" in page.url)
    window = page.locator(".st-key-figure-responding [aria-roledescription='rect mark']")
    other = window.filter(
        has=page.locator("xpath=self::*[contains(@aria-label, 'time step t: 20')]")
    )
    other.nth(3).click(force=True)
    expect(page).to_have_url(re.compile("t=20&example=validation-"))
    expect(page.get_by_text(re.compile(r"^Units on at t = \d+-\d+"))).to_be_visible()
