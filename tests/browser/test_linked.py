"""What one does in one component all others of the page follow at once, by mouse and keys."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.browser.waiting import idle


@pytest.fixture(scope="module")
def gradients(context: BrowserContext, app_url: str) -> Iterator[Page]:
    """One page for all these claims: a film, and a curve over the training."""
    page = context.new_page()
    page.goto(f"{app_url}/gradients")
    expect(page.locator('.film[data-missing="0"]')).to_be_visible(timeout=20_000)
    expect(page.locator(".curves canvas").first).to_be_visible(timeout=20_000)
    idle(page)
    yield page
    page.close()


def moment(page: Page) -> Locator:
    return page.locator(".film .training .label")


def shown(page: Page, words: str) -> Locator:
    return page.get_by_text(re.compile(f"recorded · shown: {words}"))


def test_a_point_of_a_curve_shows_its_moment_while_the_pointer_is_there(gradients: Page) -> None:
    curve = gradients.locator(".curves .plot")
    curve.scroll_into_view_if_needed()
    box = curve.bounding_box()
    assert box is not None
    newest = moment(gradients).inner_text()
    curve.hover(position={"x": box["width"] / 2, "y": box["height"] / 2})
    expect(moment(gradients)).to_have_text(re.compile(r"epoch (6|7|8)\.\d"))
    gradients.mouse.move(box["x"] + 20, box["y"] - 40)
    expect(moment(gradients)).to_have_text(newest)


def test_a_click_on_a_curve_goes_to_its_moment_and_keys_lead_on(gradients: Page) -> None:
    curve = gradients.locator(".curves .plot")
    box = curve.bounding_box()
    assert box is not None
    curve.click(position={"x": box["width"] / 2, "y": box["height"] / 2})
    gradients.mouse.move(box["x"] + 20, box["y"] - 40)
    expect(moment(gradients)).to_have_text(re.compile(r"epoch (6|7|8)\.\d"))
    said = moment(gradients).inner_text()
    expect(shown(gradients, re.escape(said))).to_be_visible()
    place = gradients.locator(".film .training .slider")
    before = int(place.input_value())
    curve.press("ArrowRight")
    expect(place).to_have_value(str(before + 1))
    expect(shown(gradients, re.escape(moment(gradients).inner_text()))).to_be_visible()
    curve.press("Home")
    expect(moment(gradients)).to_contain_text("update 0")
    expect(shown(gradients, r"epoch 0\.0")).to_be_visible()


def test_the_sparkline_shows_the_moment_under_the_pointer_and_a_click_goes_there(
    gradients: Page,
) -> None:
    spark = gradients.locator(".film .spark")
    spark.scroll_into_view_if_needed()
    box = spark.bounding_box()
    assert box is not None
    expect(moment(gradients)).to_contain_text("update 0")
    spark.hover(position={"x": box["width"] - 1, "y": 9})
    expect(moment(gradients)).to_contain_text("epoch 15.0")
    gradients.mouse.move(box["x"], box["y"] - 60)
    expect(moment(gradients)).to_contain_text("update 0")
    spark.click(position={"x": box["width"] - 1, "y": 9})
    gradients.mouse.move(box["x"], box["y"] - 60)
    expect(moment(gradients)).to_contain_text("epoch 15.0")
    expect(gradients.get_by_text(re.compile("recorded · epoch 15.0"))).to_be_visible()
