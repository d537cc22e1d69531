"""What one does in one component all others of the page follow at once, by mouse and keys."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from lstm_viz.runs.recordings import load_recordings
from tests.browser.test_app import go, press
from tests.browser.waiting import idle


@pytest.fixture(scope="module")
def gradients(context: BrowserContext, app_url: str) -> Iterator[Page]:
    """One page for all these claims: a film, and a curve over the training."""
    page = context.new_page()
    page.goto(f"{app_url}/gradients")
    expect(page.locator('.film[data-missing="0"]')).to_be_visible()
    expect(page.locator(".curves canvas").first).to_be_visible()
    marks = page.get_by_test_id("stVegaLiteChart").first.locator(".mark-symbol path")
    expect(marks.first).to_be_visible()
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


def test_a_click_on_the_share_that_arrives_goes_to_its_time_step(gradients: Page) -> None:
    points = gradients.get_by_test_id("stVegaLiteChart").first.locator(".mark-symbol path")
    point = points.nth(20)
    said = re.search(r"time step t: (\d+)", point.get_attribute("aria-label") or "")
    assert said, "no point has a time step"
    point.click()
    expect(gradients.locator(".film .time .label")).to_have_text(f"t = {said[1]}")


def test_the_keys_go_through_a_charts_marks_and_enter_chooses_one(gradients: Page) -> None:
    chart = gradients.get_by_test_id("stVegaLiteChart").first
    expect(chart).to_have_attribute("tabindex", "0")
    expect(chart).to_have_attribute("aria-description", re.compile("Arrow keys"))
    chart.press("Home")
    for _ in range(7):
        chart.press("ArrowRight")
    heard = gradients.locator("body > [aria-live=polite]").filter(has_text="time step t")
    expect(heard).to_have_text(re.compile("steps back: 7; time step t: 42"))
    expect(gradients.locator("#vg-tooltip-element")).to_contain_text("42")
    expect(chart.locator(".ring")).to_be_visible()
    chart.press("Enter")
    expect(gradients.locator(".film .time .label")).to_have_text("t = 42")
    chart.blur()
    expect(chart.locator(".ring")).to_have_count(0)


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


@pytest.fixture(scope="module")
def gates(context: BrowserContext, app_url: str) -> Iterator[Page]:
    """One page for all these claims: the rows, and the cell beside them."""
    page = context.new_page()
    page.goto(f"{app_url}/gates")
    expect(page.locator('.film[data-missing="0"]')).to_be_visible()
    expect(page.locator(".cell .diagram svg")).to_be_visible(timeout=120_000)  # PyTorch loads
    idle(page)
    yield page
    page.close()


def told(page: Page) -> Locator:
    """Which unit and step the diagram shows."""
    return page.locator(".cell .panel strong")


def pointed_at(page: Page) -> list[int]:
    """The time step and the unit under the pointer."""
    tip = page.locator(".film .tip strong")
    expect(tip).to_have_text(re.compile(r"t = \d+ · unit \d+"))
    return [int(number) for number in re.findall(r"\d+", tip.inner_text())]


def forget(unit: int, t: int, frame: int = -1) -> str:
    """The forget gate as it was measured, as the diagram writes it."""
    gates = load_recordings()[0].film.frames[frame].layers["recurrent.l0"].gates
    return f"{gates['forget'][0, t, unit]:.2f}"


def test_the_diagram_follows_the_pointer_over_the_maps_and_goes_back(gates: Page) -> None:
    before = told(gates).inner_text()
    plot = gates.locator(".film .plot")
    plot.hover(position={"x": 300, "y": 130})
    t, unit = pointed_at(gates)
    expect(told(gates)).to_have_text(f"Unit {unit} at t = {t}")
    expect(gates.locator('.cell [data-number="forget"]')).to_have_text(forget(unit, t))
    gates.mouse.move(5, 5)
    expect(told(gates)).to_have_text(before)


def test_a_click_in_a_map_and_the_keys_there_lead_the_diagram(gates: Page) -> None:
    plot = gates.locator(".film .plot")
    plot.click(position={"x": 300, "y": 130})
    t, unit = pointed_at(gates)
    gates.mouse.move(5, 5)
    expect(told(gates)).to_have_text(f"Unit {unit} at t = {t}")
    plot.press("ArrowRight")
    expect(told(gates)).to_have_text(f"Unit {unit} at t = {t + 1}")
    plot.press("ArrowUp")
    expect(told(gates)).to_have_text(re.compile(rf"Unit {unit - 1} at t = {t + 1}"))
    expect(gates.locator(".cell select.unit")).to_have_value(str(unit - 1))


def test_the_keys_in_the_diagram_and_its_list_of_units_lead_the_film(gates: Page) -> None:
    drawing, time = gates.locator(".cell .diagram"), gates.locator(".film .time")
    drawing.press("Home")
    expect(time.locator(".label")).to_have_text("t = 0")
    gates.locator(".cell select.unit").select_option("3")
    expect(gates.locator(".film .closer").last).to_have_attribute("aria-label", re.compile(" 3$"))
    drawing.press(" ")
    expect(time.get_by_role("button", name="Time: Pause")).to_be_visible()
    expect(told(gates)).not_to_have_text("Unit 3 at t = 0")
    drawing.press(" ")
    expect(time.get_by_role("button", name="Time: Play")).to_be_visible()


def test_a_click_on_a_mark_of_a_chart_leads_film_and_diagram(gates: Page) -> None:
    marks = gates.get_by_test_id("stVegaLiteChart").last.locator(".mark-symbol path[aria-label]")
    mark = marks.filter(visible=True).last
    units = re.search(r"unit: (\d+)", mark.get_attribute("aria-label") or "")
    assert units, "no mark stands for a unit"
    mark.click(force=True)  # it is an outline: its middle is empty
    expect(told(gates)).to_have_text(re.compile(f"Unit {units[1]} at"))
    expect(gates.locator(".film .closer").first).to_have_attribute(
        "aria-label", re.compile(f" {units[1]}$")
    )


def test_the_diagram_learns_with_the_film_and_waits_for_no_answer(gates: Page) -> None:
    cell, plot = gates.locator(".cell"), gates.locator(".film .plot")
    plot.press("Shift+Home")
    expect(moment(gates)).to_contain_text("update 0")
    t, unit = map(int, re.findall(r"\d+", told(gates).inner_text())[::-1][:2])
    number = gates.locator('.cell [data-number="forget"]')
    expect(number).to_have_text(forget(unit, t, 0))
    expect(cell).not_to_have_class(re.compile(r"\bother\b"))
    gates.wait_for_timeout(500)  # the weights of the other moments come
    faded = cell.evaluate_handle(
        """cell => {
            const faded = [];
            const look = () => cell.classList.contains("other") && faded.push(performance.now());
            new MutationObserver(look).observe(cell, { attributeFilter: ["class"] });
            return faded;
        }"""
    )
    for _ in range(12):
        plot.press("Shift+ArrowRight")
    expect(number).to_have_text(forget(unit, t, 12))
    assert faded.evaluate("faded => faded.length") == 0
    plot.press("Shift+End")
    expect(number).to_have_text(forget(unit, t))


def test_the_server_hears_of_it_once_and_the_next_page_has_it(gates: Page) -> None:
    gates.locator(".cell .diagram").press("End")
    gates.locator(".cell select.unit").select_option("5")
    gates.wait_for_timeout(600)
    gates.get_by_role("link", name="Cell", exact=True).click()
    expect(gates.get_by_role("heading", name="Cell", exact=True)).to_be_visible()
    expect(told(gates)).to_have_text("Unit 5 at t = 49")
    expect(gates.locator(".film .time .label")).to_have_text("t = 49")


def test_the_stage_fits_a_projector(gates: Page) -> None:
    for width, height in ((1024, 768), (1280, 720), (1440, 900), (1920, 1080)):
        gates.set_viewport_size({"width": width, "height": height})
        gates.wait_for_timeout(400)
        for part in (".film .plot", ".film .time .label", ".cell .diagram svg", ".cell .panel"):
            box = gates.locator(part).bounding_box()
            assert box is not None
            assert box["y"] + box["height"] <= height, (width, part)
            assert box["x"] + box["width"] <= width, (width, part)
        assert gates.locator(".cell .diagram svg").evaluate(SMALLEST_WORDS) >= 10, width


SMALLEST_WORDS = """(svg) => Math.min(...[...svg.querySelectorAll("text")]
  .filter((each) => each.checkVisibility())
  .map((each) => parseFloat(getComputedStyle(each).fontSize) * svg.getScreenCTM().a))"""


def test_a_knob_redraws_its_curves_while_it_moves_and_the_address_keeps_it(
    gradients: Page,
) -> None:
    knob = gradients.locator(".knob")
    knob.scroll_into_view_if_needed()
    lstm = knob.locator(".sentences li").nth(1)
    expect(lstm).to_contain_text("it vanishes")
    bias = knob.get_by_label("Forget bias of the LSTM")
    bias.evaluate("each => { each.value = 5; each.dispatchEvent(new Event('input')); }")
    expect(lstm).not_to_contain_text("vanishes")
    expect(knob.locator("polyline")).to_have_count(3)
    gradients.wait_for_function("location.search.includes('knob_bias=5')")
    knob.get_by_label("Initialisation").select_option("chrono")
    expect(bias).to_be_disabled()
    gradients.wait_for_function("location.search.includes('knob_start=chrono')")
    knob.get_by_role("button", name="Reset the knobs").click()
    expect(lstm).to_contain_text("it vanishes")
    gradients.wait_for_function("!location.search.includes('knob')")


def test_the_badge_says_that_the_network_shown_was_checked_and_how(gradients: Page) -> None:
    badge = gradients.locator(".badge")
    expect(badge).to_have_attribute("data-state", "ok")
    panel = badge.locator(".panel")
    expect(panel).to_be_hidden()
    badge.get_by_role("button").click()
    expect(panel.locator("tr")).to_have_count(5)
    expect(panel).to_contain_text("epoch")
    badge.get_by_role("button").press("Escape")
    expect(panel).to_be_hidden()


def test_a_cell_of_a_confusion_matrix_leads_to_an_example_that_it_counts(
    page: Page, app_url: str
) -> None:
    page.goto(f"{app_url}/train?task=random_labels&length=1&cell=lstm&units=2&epochs=1")
    press(page, "Train")
    expect(page.get_by_text(re.compile(r"epoch 1\.0 of 1 .* finished"))).to_be_visible()
    go(page, "Forecast")
    counted = page.locator("[aria-label^='true class']:not([aria-label*='examples: 0;'])")
    counted.last.click(force=True)
    page.wait_for_url(re.compile("example=test-"))
