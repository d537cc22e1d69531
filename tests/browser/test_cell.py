"""The cell under mouse and keyboard; its numbers are the trace's."""

import math
import re
from collections.abc import Iterator
from itertools import combinations, product

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from lstm_viz.runs import recordings
from tests.browser.conftest import VANISHING
from tests.browser.waiting import drawn, idle, noted
from tests.figures.cells import KINDS, T, anatomy

SUPERSCRIPTS = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹−", "-0123456789-")
BOXES = """root => [...root.querySelectorAll(".number")].filter(each => each.textContent)
  .map(each => { const { x, y, width, height } = each.getBoundingClientRect();
    return [each.textContent, x, y + height / 6, x + width, y + height * 5 / 6]; })"""
OPERATIONS = """root => [...root.querySelectorAll(".op rect, .op circle, .port rect")]
  .filter(each => !each.matches(".target"))
  .map(each => { const { x, y, width, height } = each.getBoundingClientRect();
    const { op, port } = each.parentNode.dataset;
    return [op ?? port, x, y, x + width, y + height]; })"""


def visit(page: Page, url: str, kind: str = "lstm") -> Page:
    page.goto(f"{url}/?part=cell&kind={kind}")
    expect(page.locator(".cell .diagram svg")).to_be_visible()
    idle(page)
    return page


@pytest.fixture(scope="module")
def lstm(context: BrowserContext, parts_url: str) -> Iterator[Page]:
    page = context.new_page()
    yield visit(page, parts_url)
    page.close()


@pytest.fixture
def start(lstm: Page) -> Page:
    """One page for all that is claimed of one kind of cell: unit 1 at t = 2, forward."""
    bar = lstm.locator(".cell .bar.time")
    bar.get_by_role("button", name="Forward").click()
    bar.locator(".slider").fill("2")
    bar.locator("select.unit").select_option("1")
    lstm.mouse.move(3, 3)
    expect(panel(lstm)).to_contain_text("Unit 1 at t = 2")
    return lstm


@pytest.fixture(scope="module", params=KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    kind: str = request.param
    return kind


@pytest.fixture(scope="module")
def opened(context: BrowserContext, parts_url: str, kind: str) -> Iterator[Page]:
    """The page of one kind of cell, for all that is claimed of every kind."""
    page = context.new_page()
    yield visit(page, parts_url, kind)
    page.close()


def diagram(page: Page) -> Locator:
    return page.locator(".cell .diagram")


def panel(page: Page) -> Locator:
    return page.locator(".cell .panel")


def label(page: Page, way: str) -> float:
    return number(page.locator(f'.cell [data-number="{way}"]').text_content() or "")


def number(text: str) -> float:
    """A number as it is written for readers."""
    mantissa, _, power = text.partition("·10")
    if not power and mantissa.startswith("10") and mantissa != mantissa.translate(SUPERSCRIPTS):
        mantissa, power = "1", mantissa[2:]
    return float(mantissa.translate(SUPERSCRIPTS)) * 10.0 ** int(power.translate(SUPERSCRIPTS) or 0)


def near(value: float, digits: int) -> object:
    """Within the rounding of what is shown."""
    return pytest.approx(value, rel=0.6 * 10.0 ** (1 - digits), abs=0.0051)


def picked(page: Page) -> Locator:
    return page.get_by_text(re.compile(r"^picked "))


def test_the_numbers_are_the_traces_both_ways(opened: Page, kind: str) -> None:
    page, found = opened, anatomy(kind)
    diagram(page).focus()
    page.keyboard.press("Home")
    for k in range(3):
        h = found.forward["h"][k, 1]
        said = panel(page).locator(".told").text_content() or ""
        assert number(said.rstrip(".").rpartition("h = ")[2]) == pytest.approx(h, rel=6e-3)
        for gate in ("forget", "update", "candidate"):
            there = page.locator(f'.cell [data-number="{gate}"]')
            if gate in found.forward and there.count():
                assert label(page, gate) == near(found.forward[gate][k, 1], 3)
        page.keyboard.press("ArrowRight")
    page.keyboard.press("b")
    page.keyboard.press("End")
    for back in range(3):
        k = T - 1 - back
        way = "on" if kind.startswith("rnn") else "out" if kind == "gru" else "c"
        signal = {"on": "later", "out": "direct", "c": "carry_in"}[way]
        expected = found.backward[signal][k, 1]
        assert label(page, way) == pytest.approx(expected, rel=0.06)
        left = page.locator('.cell [data-number="gain"]').text_content() or ""
        assert number(left.rpartition(": ")[2]) == pytest.approx(
            found.backward["gain"][k, 1], rel=6e-3
        )
        page.keyboard.press("ArrowLeft")


def test_pointing_at_an_operation_substitutes_its_numbers_and_they_add_up(start: Page) -> None:
    found = anatomy("lstm").forward
    diagram(start).locator('[data-op="forget"]').hover()
    expect(panel(start).locator(".equation")).to_contain_text("σ(w·x")
    text = panel(start).locator(".values").inner_text()
    terms, _, result = text.removeprefix("= σ(").partition(") = ")
    shown = [number(part) for part in re.findall(r"−?[\d.]+", terms.replace("− ", "−"))]
    wanted = [found[f"forget.{term}"][2, 1] for term in "xub"]
    assert shown == pytest.approx(wanted, abs=0.0051)
    assert number(result) == pytest.approx(found["forget"][2, 1], rel=6e-3)
    assert 1 / (1 + math.exp(-sum(shown))) == pytest.approx(number(result), abs=0.005)
    expect(panel(start)).to_contain_text("Share of the old cell state that is kept")
    start.mouse.move(3, 3)
    expect(panel(start)).to_contain_text("Unit 1 at t = 2")


def test_operations_are_reached_by_tab_and_named_for_who_hears_them(start: Page) -> None:
    diagram(start).focus()
    start.keyboard.press("Tab")
    first = diagram(start).locator(".op").first
    expect(first).to_be_focused()
    name = re.compile(r"^forget f: f t = σ\(.*\): σ\(.*\) = 0\.\d+")
    expect(first).to_have_attribute("aria-label", name)  # its numbers come with the focus
    expect(panel(start).locator(".equation")).to_be_visible()
    start.keyboard.press("ArrowRight")
    expect(start.locator(".cell .bar.time .label")).to_have_text(f"t = 3 of {T - 1}")
    expect(first).to_be_focused()


def test_keys_buttons_and_slider_move_and_the_server_hears_of_it_after_a_rest(
    start: Page,
) -> None:
    bar = start.locator(".cell .bar.time")
    diagram(start).focus()
    for key in ("ArrowRight", "ArrowRight", "ArrowLeft", "ArrowDown"):
        start.keyboard.press(key)
    expect(bar.locator(".label")).to_have_text(f"t = 3 of {T - 1}")
    expect(picked(start)).to_have_text("picked t 3 unit 2")
    start.keyboard.press("End")
    bar.get_by_role("button", name="One step on").click()
    expect(picked(start)).to_have_text(f"picked t {T - 1} unit 2")
    bar.get_by_role("button", name="One step back").click()
    bar.locator(".slider").fill("5")
    bar.locator("select.unit").select_option("0")
    expect(picked(start)).to_have_text("picked t 5 unit 0")
    start.keyboard.press("ArrowUp")
    expect(bar.locator("select.unit")).to_have_value("0")


def test_a_click_on_the_strip_moves_there(start: Page) -> None:
    strip = start.locator(".cell .strip")
    box = strip.bounding_box()
    assert box is not None
    strip.click(position={"x": box["width"] - 12, "y": 40})
    expect(picked(start)).to_have_text(re.compile(rf"picked t {T - 1} "))


def test_play_goes_on_to_the_end_and_backward_it_goes_back(start: Page) -> None:
    bar = start.locator(".cell .bar.time")
    bar.get_by_label("Speed").select_option("8")
    done = noted(bar.locator(".play"), "title")
    diagram(start).press(" ")
    expect(bar.locator(".label")).to_have_text(f"t = {T - 1} of {T - 1}")
    expect(bar.get_by_role("button", name="Play")).to_be_visible()
    assert done() == ["Play", "Pause", "Play"]
    bar.get_by_role("button", name="Backward").click()
    bar.get_by_role("button", name="Play").click()
    expect(bar.locator(".label")).to_have_text(f"t = 0 of {T - 1}")
    expect(bar.get_by_role("button", name="Play")).to_be_visible()


def test_a_gradient_below_float32_has_its_number(page: Page, parts_url: str) -> None:
    visit(page, parts_url, "vanishing")
    diagram(page).focus()
    page.keyboard.press("B")
    expected = anatomy("lstm", scale=VANISHING).backward["carry_in"][2, 1]
    assert 0 < abs(expected) < 1e-50
    assert label(page, "c") == pytest.approx(expected, rel=0.06)
    nothing_overlaps(page)


def test_nothing_jumps_when_the_panel_changes(start: Page) -> None:
    sizes = set()
    for each in diagram(start).locator(".op").all():
        each.hover()
        sizes.add(tuple(start.locator(".cell").evaluate("e => [e.clientWidth, e.clientHeight]")))
        wide, high = panel(start).evaluate(
            "e => [e.scrollWidth - e.clientWidth, e.scrollHeight - e.clientHeight]"
        )
        assert wide <= 1 and high <= 1
    assert len(sizes) == 1


def test_no_number_lies_on_another_or_on_an_operation(opened: Page) -> None:
    nothing_overlaps(opened)


def nothing_overlaps(page: Page) -> None:
    diagram(page).focus()
    for width in (1440, 720):
        page.set_viewport_size({"width": width, "height": 900})
        drawn(page)
        for key in ("Home", "End", "b", "ArrowLeft", "Home", "b"):
            page.keyboard.press(key)
            numbers, operations = diagram(page).evaluate(BOXES), diagram(page).evaluate(OPERATIONS)
            for one, other in [*combinations(numbers, 2), *product(numbers, operations)]:
                assert not overlap(one, other), (width, key, one, other)
            said, room = panel(page).evaluate("e => [e.scrollHeight, e.clientHeight]")
            assert said <= room + 1, (width, key, panel(page).inner_text())
        wide, room = page.locator(".cell").evaluate("e => [e.scrollWidth, e.clientWidth]")
        assert wide <= room + 1


def overlap(one: list, other: list) -> bool:
    _, a, b, c, d = one
    _, e, f, g, h = other
    return min(c, g) - max(a, e) > 1 and min(d, h) - max(b, f) > 1


def test_the_training_moves_and_the_numbers_are_those_of_its_moments(
    page: Page, app_url: str
) -> None:
    run = recordings.load_recordings()[0]
    page.goto(f"{app_url}/cell")
    expect(page.locator(".cell .diagram svg")).to_be_visible(timeout=120_000)  # PyTorch loads
    moment = page.locator(".film .training .label")
    play = page.locator(".film .training .play")

    def shows(place: int) -> None:
        frame = run.film.frames[place]
        said = f"epoch {frame.epoch:.1f}, update {frame.step}"
        expect(moment).to_have_text(said)
        expect(page.get_by_text(f"recorded · shown: {said}")).to_be_visible(timeout=20_000)
        expect(page.locator(".cell.other")).to_have_count(0)
        found = re.search(r"Unit (\d+) at t = (\d+)", panel(page).inner_text())
        assert found is not None
        unit, t = map(int, found.groups())
        gate = frame.layers["recurrent.l0"].gates["forget"][0, t, unit]
        expect(page.locator('.cell [data-number="forget"]')).to_have_text(f"{gate:.2f}")

    expect(moment).to_contain_text("epoch 15.0")
    diagram(page).press("Shift+Home")
    shows(0)
    diagram(page).press("Shift+ArrowRight")
    shows(1)
    play.click()
    expect(moment).not_to_have_text(re.compile("step (0|17)$"))
    play.click()
    expect(page.get_by_role("button", name="Training: Play")).to_be_visible()
    shows(int(page.locator(".film .training .slider").input_value()))

    # Valves glide from moment to moment, but not where these come fast.
    page.emulate_media(reduced_motion="no-preference")
    page.evaluate("performance.now = () => 0")
    diagram(page).press("Shift+ArrowRight")
    diagram(page).press("Shift+ArrowRight")
    expect(page.locator(".cell.quick .flap").first).to_have_css("transition-property", "none")
    page.evaluate("() => { let at = 1e9; performance.now = () => (at += 1000); }")
    diagram(page).press("Shift+ArrowLeft")
    flap = page.locator(".cell:not(.quick) .flap").first
    expect(flap).to_have_css("transition-property", "transform")
