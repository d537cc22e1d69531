"""The text component under mouse and keyboard, in a page of its own."""

import re
from collections.abc import Iterator

import numpy as np
import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from lstm_viz.figures.colour import contrast
from lstm_viz.figures.text import LEGIBLE
from tests.browser.text_app import TEXT, T
from tests.browser.waiting import drawn, fits

COLOURS = """spans => spans.filter(span => !span.matches(".break, .missing")).map(span => {
  const { color, backgroundColor } = getComputedStyle(span);
  return [color, backgroundColor];
})"""


@pytest.fixture(scope="module")
def start(context: BrowserContext, parts_url: str) -> Iterator[Page]:
    """One page for all these claims."""
    page = context.new_page()
    page.goto(f"{parts_url}/?part=text")
    expect(characters(page).first).to_be_visible()
    yield page
    page.close()


def characters(page: Page) -> Locator:
    return page.locator(".text .letters > span")


def panel(page: Page) -> Locator:
    return page.locator(".text .panel")


def here(page: Page) -> int:
    return int(str(page.locator(".text .here").get_attribute("data-t")))


def picked(page: Page) -> Locator:
    return page.get_by_text(re.compile(r"^picked "))


def hexadecimal(colour: str) -> str:
    return "#" + "".join(f"{int(part):02x}" for part in re.findall(r"\d+", colour)[:3])


def test_the_text_is_there_character_by_character_and_nothing_in_it_is_markup(start: Page) -> None:
    assert characters(start).count() == T
    assert start.locator(".text .letters").evaluate("e => e.textContent") == TEXT.replace(
        "\n", "⏎\n"
    )
    assert start.locator(".text img").count() == 0
    assert here(start) == 2


def test_pointing_tells_what_was_expected_and_leaving_returns_to_the_cursor(start: Page) -> None:
    characters(start).nth(8).hover()
    expect(panel(start)).to_contain_text("t = 8")
    expect(panel(start)).to_contain_text(re.compile(r"cell state c, unit 7: *1\.00"))
    lines = panel(start).locator(".line")
    assert lines.locator(".share").all_inner_texts() == ["60.0%", "20.0%", "10.0%", "5.0%", "<0.1%"]
    expect(panel(start).locator(".came")).to_have_count(1)
    assert lines.first.locator("b").inner_text() == TEXT[9]
    expect(lines.first).to_contain_text("came")
    start.mouse.move(5, 5)
    expect(panel(start)).to_contain_text("t = 2")
    expect(picked(start)).to_have_text("picked None")


def test_what_was_not_expected_is_told_below_the_bars(start: Page) -> None:
    characters(start).nth(7).hover()
    rest = panel(start).locator(".line.came")
    expect(rest).to_have_count(1)
    expect(rest).to_contain_text("less likely than these")
    assert rest.locator("b").inner_text() == TEXT[8]


def test_a_missing_value_and_what_cannot_be_seen_are_named(start: Page) -> None:
    characters(start).nth(3).hover()
    expect(panel(start)).to_contain_text("not a number")
    for t, name in ((1, "space"), (5, "line break"), (TEXT.index("\t"), "tab")):
        characters(start).nth(t).hover()
        expect(panel(start).locator(".place")).to_have_text(f"t = {t} · {name}")


def test_the_panel_moves_nothing(start: Page) -> None:
    size = "e => [e.clientWidth, e.clientHeight]"
    sizes = set()
    for t in (0, 1, 2, 3, 5, T - 1):
        characters(start).nth(t).hover()
        expect(panel(start).locator(".place")).to_contain_text(f"t = {t}")
        sizes.add(tuple(start.locator(".text").evaluate(size)))
    assert len(sizes) == 1


def test_a_click_and_the_keys_pick_a_character_for_python(start: Page) -> None:
    characters(start).nth(10).click()
    expect(picked(start)).to_have_text("picked 10")
    start.mouse.move(5, 5)
    letters = start.locator(".text .letters")
    for key in ("ArrowRight", "ArrowRight", "ArrowRight", "ArrowLeft"):
        letters.press(key)
    expect(picked(start)).to_have_text("picked 12")
    assert here(start) == 12
    expect(start.locator(".text .reading")).to_have_text(
        re.compile(
            r"^r, t = 12: cell state c, unit 7 0\.68\. Expected next: c 60\.0%, .* Next came: c$"
        )
    )
    letters.press("End")
    expect(picked(start)).to_have_text(f"picked {T - 1}")
    expect(panel(start)).to_contain_text("The text ends here.")
    letters.press("ArrowRight")
    letters.press("Home")
    expect(picked(start)).to_have_text("picked 0")


def test_keys_scroll_the_text_to_the_cursor_and_leave_the_page_alone(start: Page) -> None:
    letters = start.locator(".text .letters")
    letters.press("End")
    inside = """e => {
      const [box, at] = [e, e.querySelector(".here")].map((each) => each.getBoundingClientRect());
      return e.scrollTop > 0 && at.top >= box.top && at.bottom <= box.bottom;
    }"""
    assert letters.evaluate(inside)
    assert start.locator(".stMain").evaluate("e => e.scrollTop") == 0


def test_the_text_is_legible_on_every_colour_and_follows_the_theme(start: Page) -> None:
    seen = {}
    for scheme, page_colour in (("light", "#ffffff"), ("dark", "#0f1419")):
        start.emulate_media(color_scheme=scheme)
        middle = characters(start).first  # sin 0: the page's own colour
        expect(middle).to_have_css("background-color", rgb(page_colour, off=6))
        seen[scheme] = [
            (hexadecimal(ink), hexadecimal(paper))
            for ink, paper in characters(start).evaluate_all(COLOURS)
        ]
        assert min(contrast(*pair) for pair in seen[scheme]) >= LEGIBLE
    assert np.mean([one != other for one, other in zip(*seen.values(), strict=True)]) > 0.9


def rgb(colour: str, off: int) -> re.Pattern[str]:
    """A CSS colour whose channels are at most `off` from this one's."""
    channels = [int(colour[k : k + 2], 16) for k in (1, 3, 5)]
    near = [
        "|".join(str(each) for each in range(max(channel - off, 0), min(channel + off, 255) + 1))
        for channel in channels
    ]
    return re.compile(r"rgb\(" + ", ".join(f"({each})" for each in near) + r"\)")


def test_nothing_is_wider_than_its_container(start: Page) -> None:
    for width in (420, 1024, 1440):
        start.set_viewport_size({"width": width, "height": 900})
        drawn(start)
        for part in (".text", ".text .letters", ".text .panel"):
            fits(start.locator(part))
