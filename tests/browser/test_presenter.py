"""One figure at a time on the whole screen."""

import re

from playwright.sync_api import Page, expect

from tests.browser.test_app import frame_shown, go, press
from tests.browser.waiting import idle

SMALLEST = """() => Math.min(...[...document.querySelectorAll("[data-presented] *")]
  .filter((it) => it.checkVisibility())
  .filter((it) => [...it.childNodes].some(({ nodeType, data }) => nodeType === 3 && data.trim()))
  .map((it) => parseFloat(getComputedStyle(it).fontSize) * it.currentCSSZoom))"""
"""The size of the smallest words of the figure shown."""


FETCHED = """() => performance.getEntriesByType("resource")
  .some(({ name }) => name.endsWith("/film/view.js"))"""
HOLDS = """() => {
  globalThis[Symbol.for("lstm_viz.scenes")].latest = Infinity; // however busy the machine is
  const begin = document.startViewTransition.bind(document);
  document.startViewTransition = (update) => begin(async () => {
    await update();
    window.painted = [...document.querySelectorAll('[data-testid="stBidiComponentIsolated"]')]
      .map(({ shadowRoot }) => shadowRoot.querySelector(".film .plot, .cell .diagram"))
      .filter((part) => part?.clientHeight > 100).map((part) => part.className);
  });
}"""
"""Note what there is of a scene in the first picture that is painted of it."""
FITS = """() => {
  const boxes = [...document.querySelectorAll("[data-presented]")]
    .map((each) => each.getBoundingClientRect());
  const top = Math.min(...boxes.map((each) => each.top));
  const bottom = Math.max(...boxes.map((each) => each.bottom));
  return top >= 0 && bottom - top > 300 && bottom <= innerHeight;
}"""
"""Whether what is presented lies in the window."""


def test_a_pages_figures_are_shown_one_by_one_with_a_clickers_keys(
    page: Page, app_url: str
) -> None:
    page.goto(f"{app_url}/gates")
    expect(page.get_by_role("button", name="Present")).to_be_visible()
    film, charts = page.locator(".film"), page.get_by_test_id("stVegaLiteChart")
    expect(charts).to_have_count(2)
    expect(page.locator(".cell .diagram")).to_be_visible()
    idle(page)
    where = page.get_by_test_id("lstm_viz.presenter").locator("output")
    page.set_viewport_size({"width": 1280, "height": 720})
    for y in (135, 150, 165):
        page.locator(".film .plot").click(position={"x": 300, "y": y})
    expect(page.locator(".film .closer")).to_have_count(3)

    page.keyboard.press("f")
    expect(where).to_have_text("1 / 4")
    expect(film).to_be_visible()
    expect(page.locator(".film .closer")).to_have_count(1)  # the newest, for there is no more room
    expect(page.locator(".film .time .slider")).to_be_in_viewport(ratio=1)
    for gone in ("stTopNav", "stVegaLiteChart"):
        expect(page.get_by_test_id(gone).first).to_be_hidden()
    time = page.locator(".film .time .label")
    before = time.inner_text()
    page.locator(".film .time .slider").press("ArrowLeft")
    expect(time).not_to_have_text(before)
    expect(where).to_have_text("1 / 4")

    page.keyboard.press("r")
    expect(frame_shown(page)).to_have_text(re.compile(r"^epoch [0-4]\."))
    page.keyboard.press("PageDown")
    expect(where).to_have_text("2 / 4")
    expect(page.locator(".cell .diagram")).to_be_in_viewport(ratio=1)
    expect(page.locator(".cell .panel")).to_be_in_viewport(ratio=1)
    page.keyboard.press("PageDown")
    expect(where).to_have_text("3 / 4")
    expect(page.get_by_role("heading", name="Distribution of the gate values")).to_be_visible()
    expect(film).to_be_hidden()
    page.wait_for_function(f"({SMALLEST})() >= 20")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("heading", name="Saturation")).to_be_visible()
    expect(page.get_by_text("to see its units above.")).to_be_visible()
    expect(page.get_by_text("Which gates change where the input changes?")).to_be_hidden()
    page.keyboard.press("PageUp")
    expect(where).to_have_text("3 / 4")

    ground = "getComputedStyle(document.querySelector('[data-testid=stApp]')).backgroundColor"
    before = page.evaluate(ground)
    page.keyboard.press("t")
    page.wait_for_function(f"{ground} !== '{before}'")
    page.keyboard.press("t")
    page.wait_for_function(f"{ground} === '{before}'")
    expect(page.get_by_test_id("stMainMenuPopover")).to_have_count(0)
    page.keyboard.press("t")
    page.wait_for_function(f"{ground} !== '{before}'")
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("stTopNav")).to_be_visible()
    expect(film).to_be_visible()
    page.wait_for_function(f"{ground} === '{before}'")  # as it was before it was presented
    kept = "localStorage.getItem('stActiveTheme-/gates-v2')"
    page.wait_for_function(f"{kept} === JSON.stringify('System')")
    expect(page.get_by_test_id("stMainMenuPopover")).to_have_count(0)


def test_what_is_typed_is_no_command(page: Page, app_url: str) -> None:
    page.goto(f"{app_url}/train")
    expect(page.get_by_role("button", name="Present")).to_be_visible()
    cell = page.get_by_role("combobox", name="Cell")
    cell.press("f")
    expect(page.get_by_test_id("stTopNav")).to_be_visible()
    page.keyboard.press("Escape")
    press(page, "Present")
    expect(page.get_by_test_id("stTopNav")).to_be_hidden()
    expect(page.get_by_test_id("stSidebar")).to_be_hidden()
    page.get_by_role("button", name="End (Esc)").click()
    go(page, "Data")


def test_the_storys_scenes_are_a_deck(page: Page, app_url: str) -> None:
    page.set_viewport_size({"width": 1280, "height": 720})
    page.goto(app_url)
    expect(page.get_by_role("button", name="Present")).to_be_visible()
    expect(page.locator(".cell .diagram")).to_be_visible()
    idle(page)
    page.wait_for_function(FETCHED)  # what the next scene draws with
    scene = page.locator(".st-key-scene h4")
    first = scene.inner_text()
    page.evaluate(HOLDS)
    page.keyboard.press("n")
    page.wait_for_function("window.painted")
    assert page.evaluate("window.painted") == ["plot", "diagram"]
    page.keyboard.press("b")
    expect(page.locator(".film")).to_have_count(0)
    expect(scene).to_have_text(first)
    idle(page)
    page.keyboard.press("f")
    expect(scene).to_have_text(first)
    page.wait_for_function(f"({SMALLEST})() >= 20")
    page.keyboard.press("PageDown")
    expect(scene).not_to_have_text(first)
    expect(page.locator(".film canvas").first).to_be_visible()
    expect(page.get_by_test_id("stTopNav")).to_be_hidden()
    page.wait_for_function(FITS)
    for part in (page.locator(".film .time .help"), page.locator(".film .time .sort")):
        part.click(trial=True)  # the presenter's own buttons lie elsewhere
    page.keyboard.press("PageUp")
    expect(scene).to_have_text(first)
    page.keyboard.press("Escape")
    go(page, "Compare")  # whose settings are higher than the screen
    expect(page.get_by_role("button", name="Start the race")).to_be_enabled()
    idle(page)
    page.keyboard.press("f")
    expect(page.get_by_test_id("stTopNav")).to_be_hidden()
    page.keyboard.press("PageDown")
    expect(page.get_by_label("Hidden units").first).to_be_visible()
    page.wait_for_function(FITS)
    page.wait_for_function(f"({SMALLEST})() >= 20")
    for height, shrunk in (("900px", "< 20"), ("", ">= 20")):  # as it is while it is laid out
        page.evaluate(
            "height => document.querySelector('[data-presented]').style.minHeight = height", height
        )
        page.wait_for_function(f"({SMALLEST})() {shrunk}", timeout=10_000)
    page.wait_for_function(FITS)
