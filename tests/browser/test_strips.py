"""The strips component under mouse and keyboard, in the app's own pages."""

import base64
import re

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from lstm_viz.figures.strips import Heat, Line, Lines, strips
from lstm_viz.figures.wire import Scale, restore, unpack

FILES = "/_stcore/bidi-components/lstm_viz.strips"


@pytest.fixture
def start(page: Page, app_url: str) -> Page:
    page.goto(app_url)
    expect(page.locator(".strips canvas").first).to_be_visible(timeout=20_000)
    return page


def label(page: Page) -> Locator:
    return page.locator(".strips .label")


def slider(page: Page) -> Locator:
    return page.locator(".strips .slider")


def test_the_recording_plays_pauses_and_is_moved_by_keys(start: Page) -> None:
    first = label(start).inner_text()
    expect(label(start)).not_to_have_text(first)
    start.get_by_role("button", name="Pause").click()
    expect(start.get_by_role("button", name="Play", exact=True)).to_be_visible()
    paused = int(slider(start).input_value())
    slider(start).press("ArrowRight")
    expect(slider(start)).to_have_value(str(paused + 1))
    start.locator(".strips .plot").press(" ")
    expect(start.get_by_role("button", name="Pause")).to_be_visible()


def test_the_cursor_is_moved_by_keys_and_read_out(start: Page) -> None:
    start.get_by_role("button", name="Pause").click()
    plot = start.locator(".strips .plot")
    reading = start.locator(".strips .reading")
    plot.press("Home")
    for key in ("ArrowRight", "ArrowRight", "ArrowDown", "ArrowDown"):
        plot.press(key)
    expect(reading).to_contain_text("t = 2 · unit 9: ")
    expect(reading).to_contain_text(re.compile(r"forget gate f 0\.\d\d"))
    plot.press("ArrowUp")
    expect(reading).to_contain_text("t = 2 · unit 8: ")
    plot.press("End")
    expect(reading).to_contain_text(re.compile(r"t = [1-9]\d+ · unit 8: "))


def test_hovering_tells_the_values_and_leaving_takes_them_away(start: Page) -> None:
    start.get_by_role("button", name="Pause").click()
    plot = start.locator(".strips .plot")
    plot.hover(position={"x": 400, "y": 170})
    tip = start.locator(".strips .tip")
    expect(tip).to_contain_text(re.compile(r"t = \d+ · unit \d+"))
    expect(tip.locator(".here")).to_contain_text(re.compile(r"gate . ?0\.\d\d"))
    start.mouse.move(5, 5)
    expect(tip).to_be_hidden()


def test_a_click_picks_a_unit_that_the_next_page_still_has(start: Page) -> None:
    start.get_by_role("link", name="Gates").click()
    expect(start.get_by_role("heading", name="Gates", exact=True)).to_be_visible()
    plot = start.locator(".strips .plot")
    plot.click(position={"x": 500, "y": 170})
    reading = start.locator(".strips .reading")
    expect(reading).to_contain_text(re.compile(r"t = \d+ · unit \d+: "))
    place = str(reading.text_content()).split(":")[0]
    start.get_by_role("link", name="Cell state").click()
    expect(start.get_by_role("heading", name="Cell state", exact=True)).to_be_visible()
    start.locator(".strips .plot").press("ArrowRight")
    t, unit = (int(number) for number in re.findall(r"\d+", place))
    expect(reading).to_contain_text(f"t = {t + 1} · unit {unit}: ")


def test_nothing_is_wider_than_its_container(start: Page) -> None:
    for width in (560, 1024, 1440):
        start.set_viewport_size({"width": width, "height": 900})
        start.wait_for_timeout(300)
        for part in (".strips", ".strips .plot", ".strips .bar"):
            wide, room = start.locator(part).evaluate("e => [e.scrollWidth, e.clientWidth]")
            assert wide <= room + 1


def test_the_browser_reads_what_was_packed(start: Page) -> None:
    rows = [
        Heat("forget", np.linspace(0, 1, 12).reshape(3, 4), 0, 1),
        Lines([Line("grad_hidden", np.array([1e-60, 0.0, 1.0, 1e-3]))], y="‖·‖", scale="log"),
    ]
    data = strips(rows)
    header, arrays = unpack(data)
    # Shifted by one byte: the browser is given a view into a larger buffer.
    seen = start.evaluate(
        f"""async (text) => {{
          const {{ decode }} = await import("{FILES}/wire.js");
          const bytes = Uint8Array.from(atob(text), (c) => c.charCodeAt(0)).subarray(1);
          const {{ header, arrays }} = decode(bytes);
          return [header.steps, header.rows[1].y, arrays.map((a) => [...a.values].map(String))];
        }}""",
        base64.b64encode(b"x" + data).decode(),
    )
    assert seen[:2] == [header["steps"], "‖·‖"]
    for sent, read in zip(arrays, seen[2], strict=True):
        np.testing.assert_array_equal(sent.ravel(), [float(value) for value in read])


def test_the_browser_gives_every_code_the_value_that_python_gives_it(start: Page) -> None:
    scales: list[tuple[float, float, Scale]] = [(-2.0, 3.0, "linear"), (1e-50, 10.0, "log")]
    for low, high, scale in scales:
        seen = start.evaluate(
            f"""async (row) => {{
              const {{ restore }} = await import("{FILES}/wire.js");
              return Array.from({{ length: 256 }}, (_, code) => String(restore(code, row)));
            }}""",
            {"low": low, "high": high, "scale": scale},
        )
        expected = restore(np.arange(256, dtype=np.uint8), low, high, scale)
        read = [float(value) for value in seen]
        np.testing.assert_allclose(read, expected, rtol=1e-12, atol=1e-15)


def test_numbers_are_written_as_readers_write_them(start: Page) -> None:
    cases = [0, 0.5, -12.25, 1e-45, 2.5e-7, 123456.0, 1e6]
    seen = start.evaluate(
        f"""async (cases) => {{
          const {{ number }} = await import("{FILES}/ticks.js");
          return cases.map((value) => number(value));
        }}""",
        cases,
    )
    assert seen == ["0", "0.5", "−12.3", "10⁻⁴⁵", "2.5×10⁻⁷", "1.23×10⁵", "10⁶"]
