"""The film under mouse and keyboard, in the app's own pages."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, WebSocketRoute, expect

from tests.browser.waiting import drawn, fits, idle, noted, until


@pytest.fixture(scope="module")
def start(context: BrowserContext, app_url: str) -> Iterator[Page]:
    """One page for what leaves it as it was: the story's film, which stands."""
    page = context.new_page()
    page.goto(f"{app_url}/?scene=2")
    expect(page.locator('.film[data-missing="0"]')).to_be_visible()
    idle(page)
    yield page
    page.close()


def label(page: Page) -> Locator:
    return page.locator(".film .training .label")


def slider(page: Page) -> Locator:
    return page.locator(".film .training .slider")


def plot(page: Page) -> Locator:
    return page.locator(".film .plot")


def reading(page: Page) -> Locator:
    return page.locator(".film .reading")


def turn_to(page: Page, name: str, row: str) -> None:
    """Go to a page by the navigation; its film, and not that of the page left, begins so."""
    page.get_by_test_id("stTopNav").get_by_role("link", name=name, exact=True).click()
    expect(page.get_by_role("heading", name=name, exact=True)).to_be_visible()
    expect(plot(page)).to_have_attribute("aria-label", re.compile(f"bottom: (input x, )?{row}"))
    idle(page)


def test_the_recording_plays_pauses_and_is_moved_by_keys(page: Page, app_url: str) -> None:
    page.emulate_media(reduced_motion="no-preference")
    page.goto(f"{app_url}/?scene=2")
    expect(page.get_by_role("button", name="Training: Pause")).to_be_visible()  # by itself
    page.locator(".film .training .speed").select_option("0.25×")
    first = label(page).inner_text()
    expect(label(page)).not_to_have_text(first)
    page.get_by_role("button", name="Training: Pause").click()
    expect(page.get_by_role("button", name="Training: Play")).to_be_visible()
    paused = int(slider(page).input_value())
    slider(page).press("ArrowRight")
    expect(slider(page)).to_have_value(str(paused + 1))
    plot(page).press("Shift+ArrowLeft")
    plot(page).press("Shift+ArrowLeft")
    expect(slider(page)).to_have_value(str(paused - 1))
    page.get_by_role("button", name="Training: One step forward").click()
    expect(slider(page)).to_have_value(str(paused))
    plot(page).press("Shift+Home")
    expect(label(page)).to_contain_text("epoch 0.0, update 0")
    moment = page.get_by_role("button", name=re.compile("from here on the loss"))
    moment.click()
    said = moment.get_attribute("aria-label") or ""
    expect(label(page)).to_have_text(said.partition(": from here on")[0])
    loss = page.locator(".film .spark path.all").get_attribute("d") or ""
    assert len(re.findall("[ML]", loss)) == int(slider(page).get_attribute("max") or 0) + 1
    plot(page).press(" ")
    expect(page.get_by_role("button", name="Training: Pause")).to_be_visible()


def test_the_cursor_is_moved_by_keys_and_read_out(start: Page) -> None:
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
    time = start.locator(".film .time")
    plot(start).press("Home")
    time.locator(".speed").select_option("4×")
    time.get_by_role("button", name="Time: Begin again at the end").click()
    done = noted(time.locator(".play"), "aria-label")
    plot(start).press("Shift+Space")
    expect(time.locator(".label")).to_have_text("t = 49")
    expect(start.get_by_role("button", name="Time: Play")).to_be_visible()
    assert done() == ["Time: Play", "Time: Pause", "Time: Play"]


def test_scrubbing_through_training_and_time_asks_the_server_nothing(start: Page) -> None:
    plot(start).press("Shift+End")
    # All at once: pressed one by one on a busy machine, the keys would rest between each other.
    places, asked = plot(start).evaluate(SCRUBBING)
    assert len(set(places)) == 10
    assert asked == 0  # they rest for less than the time after which it is told


SCRUBBING = """(plot) => {
  const label = plot.parentElement.querySelector(".training .label");
  const press = (key, shiftKey) =>
    plot.dispatchEvent(new KeyboardEvent("keydown", { key, shiftKey, bubbles: true }));
  const { send } = WebSocket.prototype;
  let asked = 0;
  WebSocket.prototype.send = function (...all) { asked++; return send.apply(this, all); };
  const places = Array.from({ length: 10 }, () => {
    press("ArrowLeft", true);
    press("ArrowRight", false);
    return label.textContent;
  });
  WebSocket.prototype.send = send;
  return [places, asked];
}"""


def test_hovering_tells_the_values_with_their_bound_and_leaving_takes_them_away(
    start: Page,
) -> None:
    plot(start).hover(position={"x": 400, "y": 170})
    tip = start.locator(".film .tip")
    expect(tip).to_contain_text(re.compile(r"t = \d+ · unit \d+"))
    expect(tip.locator(".here")).to_contain_text(re.compile(r"gate . ?[01]\.\d+±\d"))
    start.locator(".film .time .slider").press("ArrowRight")  # whoever uses the keys looks there
    expect(tip).to_be_hidden()
    plot(start).hover(position={"x": 420, "y": 170})
    expect(tip).to_be_visible()
    start.mouse.move(5, 5)
    expect(tip).to_be_hidden()


def test_nothing_is_wider_than_its_container_and_each_transport_is_one_line(start: Page) -> None:
    for width in (390, 560, 1024, 1440):
        start.set_viewport_size({"width": width, "height": 900})
        drawn(start)
        for part in (".film", ".film .plot", ".film .training", ".film .time"):
            fits(start.locator(part))
        for bar in ("training", "time"):
            start.wait_for_function(ONE_LINE, arg=start.locator(f".film .{bar}").element_handle())


ONE_LINE = """(bar) => {
  const boxes = [...bar.children]
    .filter((each) => each.checkVisibility() && getComputedStyle(each).position !== "absolute")
    .map((each) => each.getBoundingClientRect());
  const [top, bottom] = [boxes.map(({ top }) => top), boxes.map(({ bottom }) => bottom)];
  return boxes.length > 2 && Math.max(...top) < Math.min(...bottom);
}"""


def test_units_their_order_and_the_moment_are_left_where_another_page_finds_them(
    page: Page, app_url: str
) -> None:
    page.goto(f"{app_url}/gates")
    closers, sort = page.locator(".film .closer"), page.locator(".film .sort")
    expect(page.locator('.film[data-missing="0"]')).to_be_visible()
    expect(closers).to_have_count(1)  # at first the unit that keeps longest
    idle(page)
    plot(page).click(position={"x": 500, "y": 170})
    expect(closers).to_have_count(2)
    expect(reading(page)).to_contain_text(re.compile(r"t = \d+ · unit \d+: "))
    place = str(reading(page).text_content()).split(":")[0]
    t, unit = (int(number) for number in re.findall(r"\d+", place))
    for name in ("Units by time constant", "Units by time of the peak", "Units by similarity"):
        sort.select_option(label=name)
        expect(sort.locator("option:checked")).to_have_text(name)
        idle(page)
    expect(label(page)).to_contain_text("epoch 15.0")
    plot(page).press("Shift+Home")
    for _ in range(3):
        plot(page).press("Shift+ArrowRight")
    expect(page.get_by_text(re.compile("recorded · shown: epoch 0.8"))).to_be_visible()
    here = label(page).inner_text()
    # at once, not when it rests: a script can only answer later
    said, moment = plot(page).evaluate(MOVED)
    assert said.startswith(f"recorded · shown: {moment} · validation loss "), said
    assert moment != here
    expect(page.get_by_text(re.compile("recorded · shown: epoch 0.8"))).to_be_visible()

    turn_to(page, "Cell state", "cell state")
    expect(closers).to_have_count(2)
    expect(sort.locator("option:checked")).to_have_text("Units by similarity")
    expect(label(page)).to_have_text(here)
    plot(page).press("ArrowRight")
    expect(reading(page)).to_contain_text(f"t = {t + 1} · unit {unit}: ")
    page.get_by_role("button", name=f"Close the lines of this unit {unit}", exact=True).click()
    expect(closers).to_have_count(1)
    # by time constant, the unit that keeps longest stands at the top: up leads there and no further
    sort.select_option(label="Units by time constant")
    for _ in range(16):
        plot(page).press("ArrowUp")
    plot(page).press("Home")
    expect(reading(page)).to_contain_text("t = 0 · unit 10: ")
    plot(page).press("Enter")
    expect(closers).to_have_count(0)


MOVED = """(plot) => {
  const press = (key) =>
    plot.dispatchEvent(new KeyboardEvent("keydown", { key, shiftKey: true, bubbles: true }));
  press("ArrowLeft");
  const hosts = [...document.querySelectorAll("[data-testid=stBidiComponentIsolated]")];
  const said = hosts.map(({ shadowRoot }) => shadowRoot?.querySelector(".words .said"));
  const texts = [said.find((each) => each)?.textContent];
  texts.push(plot.parentElement.querySelector(".training .label").textContent);
  press("ArrowRight");
  return texts;
}"""


def _train(page: Page, app_url: str, query: str) -> None:
    """Train as fast as it goes."""
    page.goto(f"{app_url}/train?{query}")
    button = page.get_by_role("button", name=re.compile("^Train")).first
    expect(button).to_be_enabled()
    button.click()


SHORT = "task=adding&length=20&count=400&units=8&epochs=30"
LONG = "task=adding&length=20&count=400&units=8&epochs=5000"
SEVERAL = re.compile(r"^([4-9]|\d\d+)$")


def test_without_a_socket_the_film_comes_with_the_page_and_live_ones_go_on(
    page: Page, app_url: str
) -> None:
    page.route_web_socket(re.compile(r"/feed$"), lambda socket: socket.close())
    page.goto(f"{app_url}/gates")
    expect(page.locator('.film[data-missing="0"]')).to_be_visible()
    expect(label(page)).to_contain_text("epoch 15.0")
    _train(page, app_url, SHORT)
    expect(slider(page)).to_have_attribute("max", SEVERAL)
    expect(page.get_by_role("button", name=re.compile("^Train further"))).to_be_visible(
        timeout=60_000
    )  # it ends by itself
    expect(page.locator('.film[data-missing="0"]')).to_be_visible()


def test_live_moments_are_appended_and_a_cut_socket_a_page_switch_and_a_reload_restore_them(
    page: Page, app_url: str
) -> None:
    sockets: list[WebSocketRoute] = []

    def through(socket: WebSocketRoute) -> None:
        sockets.append(socket)
        socket.connect_to_server()

    page.route_web_socket(re.compile(r"/feed$"), through)
    _train(page, app_url, LONG)
    live = page.get_by_role("button", name="Live", exact=True)
    expect(live).to_be_visible()
    expect(slider(page)).to_have_attribute("max", SEVERAL)
    plot(page).press("Shift+Home")
    expect(label(page)).to_contain_text("update 0")
    counts = noted(slider(page), "max")
    until(page, lambda: len(counts()) > 2)
    expect(label(page)).to_contain_text("update 0")  # what was chosen stays while frames arrive
    live.click()
    expect(label(page)).not_to_contain_text("update 0")
    before = len(sockets)
    sockets[-1].close()
    until(page, lambda: len(sockets) > before)
    newest = label(page).inner_text()
    expect(label(page)).not_to_have_text(newest)
    page.get_by_role("button", name=re.compile("^Stop")).first.click()
    expect(page.get_by_role("button", name=re.compile("^Train further"))).to_be_visible()
    expect(page.locator('.film[data-missing="0"]')).to_be_visible()
    assert len(sockets) == before + 1
    for name, row in (("Gradients", ""), ("Cell state", "cell state"), ("Gates", "forget gate")):
        turn_to(page, name, row)
        expect(page.locator('.film[data-missing="0"]')).to_be_visible()
    page.reload()
    expect(page.get_by_role("heading", name="Gates", exact=True)).to_be_visible()
    expect(page.locator('.film[data-missing="0"]')).to_be_visible()


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
