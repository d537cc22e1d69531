"""The film under mouse and keyboard, in the app's own pages."""

import re

import pytest
from playwright.sync_api import Locator, Page, WebSocketRoute, expect

from tests.browser.waiting import idle


@pytest.fixture
def start(page: Page, app_url: str) -> Page:
    page.goto(f"{app_url}/?scene=2")
    expect(page.locator(".film canvas").first).to_be_visible(timeout=20_000)
    return page


def label(page: Page) -> Locator:
    return page.locator(".film .training .label")


def slider(page: Page) -> Locator:
    return page.locator(".film .training .slider")


def plot(page: Page) -> Locator:
    return page.locator(".film .plot")


def reading(page: Page) -> Locator:
    return page.locator(".film .reading")


def pause(page: Page) -> None:
    page.get_by_role("button", name="Training: Pause").click()
    expect(page.get_by_role("button", name="Training: Play")).to_be_visible()


def test_the_recording_plays_pauses_and_is_moved_by_keys(start: Page) -> None:
    first = label(start).inner_text()
    expect(label(start)).not_to_have_text(first)
    pause(start)
    paused = int(slider(start).input_value())
    slider(start).press("ArrowRight")
    expect(slider(start)).to_have_value(str(paused + 1))
    plot(start).press("Shift+ArrowLeft")
    plot(start).press("Shift+ArrowLeft")
    expect(slider(start)).to_have_value(str(paused - 1))
    start.get_by_role("button", name="Training: One step forward").click()
    expect(slider(start)).to_have_value(str(paused))
    plot(start).press("Shift+Home")
    expect(label(start)).to_contain_text("epoch 0.0, update 0")
    moment = start.get_by_role("button", name=re.compile("from here on, the loss"))
    moment.click()
    said = moment.get_attribute("aria-label") or ""
    expect(label(start)).to_have_text(said.partition(": at every moment")[0])
    loss = start.locator(".film .spark path.all").get_attribute("d") or ""
    assert len(re.findall("[ML]", loss)) == int(slider(start).get_attribute("max") or 0) + 1
    plot(start).press(" ")
    expect(start.get_by_role("button", name="Training: Pause")).to_be_visible()


def test_the_cursor_is_moved_by_keys_and_read_out(start: Page) -> None:
    pause(start)
    plot(start).press("Home")
    for key in ("ArrowRight", "ArrowRight", "ArrowDown", "ArrowDown"):
        plot(start).press(key)
    expect(reading(start)).to_contain_text("t = 2 · unit 9: ")
    expect(reading(start)).to_contain_text(re.compile(r"forget gate f 0\.\d\d"))
    plot(start).press("ArrowUp")
    expect(reading(start)).to_contain_text("t = 2 · unit 8: ")
    plot(start).press("End")
    expect(reading(start)).to_contain_text(re.compile(r"t = [1-9]\d+ · unit 8: "))


def test_time_plays_has_its_own_speed_and_stops_at_the_end_when_told_to(start: Page) -> None:
    pause(start)
    time = start.locator(".film .time")
    time.locator(".speed").select_option("4×")
    time.get_by_role("button", name="Time: Begin again at the end").click()
    plot(start).press("Shift+Space")
    expect(start.get_by_role("button", name="Time: Pause")).to_be_visible()
    expect(start.get_by_role("button", name="Time: Play")).to_be_visible(timeout=15_000)
    expect(time.locator(".label")).to_have_text("t = 49")


def test_scrubbing_through_training_and_time_asks_the_server_nothing(
    page: Page, app_url: str
) -> None:
    sent: list[str | bytes] = []
    note = lambda frame: sent.append(frame)  # noqa: E731, PLW0108 - no builtin can listen
    page.on("websocket", lambda socket: socket.on("framesent", note))
    page.goto(f"{app_url}/?scene=2")
    expect(plot(page)).to_be_visible(timeout=20_000)
    pause(page)
    plot(page).press("Shift+End")
    page.wait_for_timeout(1500)
    before = len(sent)
    # All at once: pressed one by one on a busy machine, the keys would rest between each other.
    places = plot(page).evaluate(SCRUBBING)
    assert len(set(places)) == 10
    assert len(sent) == before  # they rest for less than the time after which it is told


SCRUBBING = """(plot) => {
  const label = plot.parentElement.querySelector(".training .label");
  const press = (key, shiftKey) =>
    plot.dispatchEvent(new KeyboardEvent("keydown", { key, shiftKey, bubbles: true }));
  return Array.from({ length: 10 }, () => {
    press("ArrowLeft", true);
    press("ArrowRight", false);
    return label.textContent;
  });
}"""


def test_hovering_tells_the_values_with_their_bound_and_leaving_takes_them_away(
    start: Page,
) -> None:
    pause(start)
    plot(start).hover(position={"x": 400, "y": 170})
    tip = start.locator(".film .tip")
    expect(tip).to_contain_text(re.compile(r"t = \d+ · unit \d+"))
    expect(tip.locator(".here")).to_contain_text(re.compile(r"gate . ?[01]\.\d+±\d"))
    start.mouse.move(5, 5)
    expect(tip).to_be_hidden()


def test_a_click_pins_units_that_the_next_page_still_has_until_they_are_closed(start: Page) -> None:
    start.get_by_role("link", name="Gates").click()
    expect(start.get_by_role("heading", name="Gates", exact=True)).to_be_visible()
    idle(start)
    closers = start.locator(".film .closer")
    start.wait_for_timeout(500)  # it may still be the film of the page left
    expect(closers).to_have_count(1)  # at first the unit that keeps longest
    plot(start).click(position={"x": 500, "y": 170})
    expect(closers).to_have_count(2)
    expect(reading(start)).to_contain_text(re.compile(r"t = \d+ · unit \d+: "))
    place = str(reading(start).text_content()).split(":")[0]
    t, unit = (int(number) for number in re.findall(r"\d+", place))
    start.get_by_role("link", name="Cell state").click()
    expect(start.get_by_role("heading", name="Cell state", exact=True)).to_be_visible()
    idle(start)
    expect(closers).to_have_count(2)
    start.wait_for_timeout(500)  # it may still be the film of the page left
    plot(start).press("ArrowRight")
    expect(reading(start)).to_contain_text(f"t = {t + 1} · unit {unit}: ")
    start.get_by_role("button", name=f"Close the lines of this unit {unit}", exact=True).click()
    expect(closers).to_have_count(1)
    plot(start).press("Enter")
    expect(closers).to_have_count(0)


def test_units_are_sorted_and_stay_so_on_the_next_page(start: Page) -> None:
    start.get_by_role("link", name="Gates").click()
    expect(start.get_by_role("heading", name="Gates", exact=True)).to_be_visible()
    idle(start)
    sort = start.locator(".film .sort")
    for name in ("Units by time constant", "Units by time of the peak", "Units by similarity"):
        sort.select_option(label=name)
        expect(sort.locator("option:checked")).to_have_text(name)
        idle(start)
    start.get_by_role("link", name="Cell state").click()
    expect(start.get_by_role("heading", name="Cell state", exact=True)).to_be_visible()
    idle(start)
    expect(sort.locator("option:checked")).to_have_text("Units by similarity")
    # by time constant, the unit that keeps longest stands at the top: up from it leads nowhere
    sort.select_option(label="Units by time constant")
    idle(start)
    start.wait_for_timeout(500)
    plot(start).press("ArrowUp")
    plot(start).press("Home")
    expect(reading(start)).to_contain_text("t = 0 · unit 10: ")


def test_the_training_is_left_where_another_page_finds_it(start: Page) -> None:
    start.get_by_role("link", name="Gates").click()
    expect(start.get_by_role("heading", name="Gates", exact=True)).to_be_visible()
    idle(start)  # until then, the film may be that of the page left
    expect(label(start)).to_contain_text("epoch 15.0")
    plot(start).press("Shift+Home")
    for _ in range(3):
        plot(start).press("Shift+ArrowRight")
    here = label(start).inner_text()
    expect(start.get_by_text(re.compile("recorded · shown: epoch 0.8"))).to_be_visible()
    start.get_by_role("link", name="Gradients").click()
    expect(start.get_by_role("heading", name="Gradients", exact=True)).to_be_visible()
    expect(label(start)).to_have_text(here)


def _train(page: Page, app_url: str) -> None:
    """Train what is recorded, as fast as it goes."""
    page.goto(f"{app_url}/train")
    button = page.get_by_role("button", name=re.compile("^Train")).first
    expect(button).to_be_enabled(timeout=20_000)
    button.click()


def test_without_a_socket_the_film_comes_with_the_page_and_live_ones_go_on(
    page: Page, app_url: str
) -> None:
    page.route_web_socket(re.compile(r"/feed$"), lambda socket: socket.close())
    page.goto(f"{app_url}/gates")
    expect(page.locator('.film[data-missing="0"]')).to_be_visible()
    expect(label(page)).to_contain_text("epoch 15.0")
    _train(page, app_url)
    page.wait_for_function(_count_above(3))
    expect(page.get_by_role("button", name=re.compile("^Train further"))).to_be_visible(
        timeout=60_000
    )  # it ends by itself
    expect(page.locator('.film[data-missing="0"]')).to_be_visible()


def test_a_socket_that_is_cut_comes_back_with_what_was_missed(page: Page, app_url: str) -> None:
    sockets: list[WebSocketRoute] = []

    def through(socket: WebSocketRoute) -> None:
        sockets.append(socket)
        socket.connect_to_server()

    page.route_web_socket(re.compile(r"/feed$"), through)
    _train(page, app_url)
    page.wait_for_function(_count_above(3))
    before = len(sockets)
    sockets[-1].close()
    page.wait_for_function(_count_above(20))
    expect(page.get_by_role("button", name=re.compile("^Train further"))).to_be_visible(
        timeout=60_000
    )  # it ends by itself
    expect(page.locator('.film[data-missing="0"]')).to_be_visible()
    assert len(sockets) == before + 1


def test_live_moments_are_appended_and_a_page_switch_and_a_reload_restore_them(
    page: Page, app_url: str
) -> None:
    _train(page, app_url)
    expect(page.get_by_role("button", name="Live", exact=True)).to_be_visible(timeout=20_000)
    page.wait_for_function(_count_above(3))
    pinned = int(slider(page).get_attribute("max") or 0)
    plot(page).press("Shift+Home")
    expect(label(page)).to_contain_text("update 0")
    page.wait_for_function(_count_above(pinned + 2))
    expect(label(page)).to_contain_text("update 0")  # what was chosen stays while frames arrive
    page.get_by_role("button", name="Live", exact=True).click()
    expect(label(page)).not_to_contain_text("update 0")
    page.get_by_role("button", name=re.compile("^Stop")).first.click()
    expect(page.get_by_role("button", name=re.compile("^Train further"))).to_be_visible()
    idle(page)
    for name in ("Gradients", "Cell state", "Gates"):
        page.get_by_role("link", name=name, exact=True).click()
        expect(page.get_by_role("heading", name=name, exact=True)).to_be_visible()
        expect(page.locator('.film[data-missing="0"]')).to_be_visible()
    page.reload()
    expect(page.get_by_role("heading", name="Gates", exact=True)).to_be_visible(timeout=20_000)
    expect(page.locator('.film[data-missing="0"]')).to_be_visible(timeout=20_000)


def _count_above(count: int) -> str:
    return f"""() => {{
      const roots = [...document.querySelectorAll(".stBidiComponent *")].map((e) => e.shadowRoot);
      const sliders = roots.map((root) => root?.querySelector(".training .slider"));
      const slider = sliders.find(Boolean);
      return slider && Number(slider.max) > {count};
    }}"""


def test_nothing_is_wider_than_its_container(start: Page) -> None:
    for width in (560, 1024, 1440):
        start.set_viewport_size({"width": width, "height": 900})
        start.wait_for_timeout(300)
        for part in (".film", ".film .plot", ".film .training", ".film .time"):
            wide, room = start.locator(part).evaluate("e => [e.scrollWidth, e.clientWidth]")
            assert wide <= room + 1


def test_the_clock_stays_in_sight_while_one_scrolls(page: Page, app_url: str) -> None:
    page.goto(f"{app_url}/gates")
    expect(plot(page)).to_be_visible(timeout=20_000)
    idle(page)
    before = slider(page).bounding_box()
    plot(page).hover()
    page.mouse.wheel(0, 600)
    expect(page.get_by_role("heading", level=1)).not_to_be_in_viewport()
    expect(slider(page)).to_be_in_viewport()
    after = slider(page).bounding_box()
    assert before is not None
    assert after is not None
    assert after["y"] < before["y"]
