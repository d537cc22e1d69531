"""A race by mouse and by keyboard, and what the page then says."""

import re

from playwright.sync_api import Locator, Page, expect

from tests.browser.waiting import idle

PATIENCE = 60_000
HELD = """["p", "s", "x", "Enter"].map((key) => {
  const how = { key, ctrlKey: key === "Enter", repeat: true, bubbles: true, cancelable: true };
  const event = new KeyboardEvent("keydown", how);
  document.body.dispatchEvent(event);
  return event.defaultPrevented;
})"""
"""Whether what a key that is held down says over and over is taken away from all others."""
EPOCH = re.compile(r"epoch (\d+\.\d) of (\d+) · (\w+)")


def lanes(page: Page) -> list[tuple[float, int, str]]:
    """(epoch, epochs, state) of each contender."""
    texts = page.locator(".words .said").all_inner_texts()
    found = [EPOCH.search(text) for text in texts]
    return [(float(each[1]), int(each[2]), each[3]) for each in found if each]


def all_are(page: Page, state: str, count: int = 3) -> None:
    words = page.locator(".words .said").filter(has_text=re.compile(f"· {state}$"))
    expect(words).to_have_count(count, timeout=PATIENCE)


def button(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=re.compile(f"^{name}"))


def cells(page: Page) -> list[list[str]]:
    """The table's rows, without its header."""
    return [
        row.locator("th, td").all_inner_texts()
        for row in page.get_by_test_id("stTable").locator("tbody tr").all()
    ]


def started(page: Page) -> None:
    """Until a race trains, and the page that stood before it is gone."""
    expect(button(page, "Pause all").first).to_be_enabled(timeout=PATIENCE)
    expect(button(page, "Pause all")).to_have_count(1, timeout=PATIENCE)


def open_race(page: Page, url: str) -> None:
    page.goto(f"{url}/compare")
    expect(button(page, "Start the race")).to_be_enabled(timeout=PATIENCE)
    idle(page)


def test_a_race_by_mouse_from_its_start_to_the_inside_of_a_contender(
    page: Page, app_url: str
) -> None:
    open_race(page, app_url)
    button(page, "Start the race").click()
    started(page)
    button(page, "Pause all").click()
    all_are(page, "paused")
    before = lanes(page)
    button(page, "One epoch each").click()
    assert [epochs for _epoch, epochs, _state in before] == [10] * 3
    # Each goes to the end of the epoch it was in, and holds again.
    whole = re.compile(r"epoch [1-9]\d*\.0 of 10 · paused$")
    expect(page.locator(".words .said").filter(has_text=whole)).to_have_count(3, timeout=PATIENCE)
    for (now, _, _), (then, _, _) in zip(lanes(page), before, strict=True):
        assert 0 <= now - then <= 1.0
    button(page, "Stop all").click()
    all_are(page, "stopped")
    rows = cells(page)
    assert [row[0] for row in rows] == ["RNN (tanh)", "LSTM", "GRU"]
    assert [row[1] for row in rows] == ["484", "1,732", "1,316"]
    assert all(re.fullmatch(r"\d+\.\d\d s", row[2]) for row in rows)
    assert all(re.fullmatch(r"\d+\.\d\d MB", row[3]) for row in rows)
    expect(page.get_by_text("Held equal: Data (Temporal order), Seeds (0 to 2)")).to_be_visible()
    expect(page.get_by_text("Different: Cell.")).to_be_visible()
    courses_move_the_training(page)
    page.get_by_role("link", name="LSTM", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Gates", timeout=PATIENCE)
    run = page.get_by_role("combobox", name="Run", exact=True)
    expect(run).to_have_value(re.compile("LSTM, 16 units, Temporal order"))


def courses_move_the_training(page: Page) -> None:
    """A click on what changed over the training goes to that moment, in all columns."""
    training = page.get_by_role("slider", name="Moment of the training")
    expect(page.locator(".spark").first).to_be_hidden()  # of several runs there is no one loss
    expect(training).to_have_attribute("aria-valuetext", re.compile(r"epoch [1-9]"))
    plot = page.locator(".plot")
    page.get_by_role("heading", level=1).scroll_into_view_if_needed()
    box = plot.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + 78, box["y"] + 60)  # the left end of the validation loss
    expect(training).to_have_attribute("aria-valuetext", re.compile(r"^epoch 0\.\d$"))


def test_a_race_by_keyboard_and_again_after_a_reload(page: Page, app_url: str) -> None:
    open_race(page, app_url)
    for key in ("Control+Enter", "p"):  # whose button is still to come
        page.keyboard.press(key)
    all_are(page, "paused")
    held = lanes(page)
    for key in ("p", "x"):
        page.keyboard.press(key)
    all_are(page, "stopped")
    page.wait_for_timeout(1000)  # what the feed said of them before may still be under way
    all_are(page, "stopped")
    stopped = lanes(page)
    assert all(now[0] >= then[0] for now, then in zip(stopped, held, strict=True))
    assert page.evaluate(HELD) == [True] * 4  # a key that is held down commands once
    page.reload()
    all_are(page, "stopped")
    assert lanes(page) == stopped


def test_nothing_scrolls_sideways_on_a_small_screen(page: Page, app_url: str) -> None:
    page.set_viewport_size({"width": 1024, "height": 768})
    open_race(page, app_url)
    button(page, "Add a contender").click()
    expect(page.get_by_label("Hidden units")).to_have_count(4, timeout=PATIENCE)
    idle(page)
    button(page, "Start the race").click()
    started(page)
    button(page, "Stop all").click()
    all_are(page, "stopped", count=4)
    for part in ("stMain", "stTable"):
        wide = page.get_by_test_id(part).first.evaluate(
            "each => each.scrollWidth <= each.clientWidth"
        )
        assert wide, f"{part} is wider than its place"
