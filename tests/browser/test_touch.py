"""Touch and answer: an example is changed in the film, and the network of that moment answers."""

import re

import numpy as np
import pytest
import torch
from playwright.sync_api import Locator, Page, expect

from lstm_viz.runs.frames import Frame
from lstm_viz.runs.recordings import load_recordings
from lstm_viz.runs.run import Run
from lstm_viz.training.building import build
from tests.browser.waiting import drawn, idle


@pytest.fixture(scope="module")
def run() -> Run:
    return load_recordings()[0]


@pytest.fixture
def start(page: Page, app_url: str) -> Page:
    page.goto(f"{app_url}/?scene=2")
    expect(page.locator('.film[data-missing="0"]')).to_be_visible()
    idle(page)
    plot(page).press("Shift+End")
    return page


def plot(page: Page) -> Locator:
    return page.locator(".film .plot")


def label(page: Page) -> Locator:
    return page.locator(".film .whatif")


def answer(run: Run, frame: Frame, x: np.ndarray, silent: int | None = None) -> float:
    """What PyTorch says to an example (T, D), with one unit that nobody reads."""
    network = build(run.settings, run.dataset).eval()
    assert frame.weights is not None
    state = {name: torch.tensor(values) for name, values in frame.weights.items()}
    if silent is not None:
        for name in ("recurrent.weight_hh_l0", "readout.weight"):
            state[name][:, silent] = 0
    network.load_state_dict(state)
    with torch.no_grad():
        return float(network(torch.from_numpy(x[None].copy()))[0, 0])


def with_gate(run: Run, frame: Frame, block: int, unit: int, value: float) -> float:
    """What PyTorch says to the first example where a unit has this gate at all steps."""
    network = build(run.settings, run.dataset).eval().double()
    assert frame.weights is not None
    state = {name: torch.tensor(values).double() for name, values in frame.weights.items()}
    row = block * run.settings.network.hidden_size + unit
    for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh"):
        state[f"recurrent.{name}_l0"][row] = 0
    state["recurrent.bias_ih_l0"][row] = np.log(value / (1 - value))
    network.load_state_dict(state)
    with torch.no_grad():
        return float(network(torch.from_numpy(run.examples.inputs[:1].copy()).double())[0, 0])


def said(page: Page) -> list[float]:
    """What the label says that the network says, and what it said before."""
    expect(label(page)).to_contain_text(re.compile("The network (still )?says"))
    drawn(page)  # what was done last is answered, too
    words = re.search(r"says (\S+)(?: instead of (\S+))?\.", label(page).inner_text())
    assert words is not None
    now, before = words[1], words[2] or words[1]
    return [float(number.replace("−", "-")) for number in (now, before)]


def test_by_key_the_input_a_mark_and_a_unit_change_and_the_network_of_the_moment_answers(
    start: Page, run: Run
) -> None:
    x, newest = run.examples.inputs[0].copy(), run.film.frames[-1]
    before = answer(run, newest, x)
    first, second = np.flatnonzero(x[:, 1])
    true = float(x[first, 0])
    plot(start).press("Home")
    for _ in range(first):
        plot(start).press("ArrowRight")
    key, way = ("PageUp", 1) if true < 0.5 else ("PageDown", -1)
    for _ in range(8):
        plot(start).press(key)
    expect(label(start)).to_contain_text(f"value at t = {first}: ")
    drawn(start)  # the last keys are answered, too
    words = re.search(r": (\S+) instead of (\S+)", label(start).inner_text())
    assert words is not None
    x[first, 0] = float(words[1])
    assert float(words[2]) == pytest.approx(true, abs=0.006)
    assert way * (x[first, 0] - true) > 0.1
    np.testing.assert_allclose(said(start), [answer(run, newest, x), before], atol=0.006)

    plot(start).press(".")
    x[[first, first + 1], 1] = 0, 1
    expect(label(start)).to_contain_text(f"mark at t = {first + 1} instead of t = {first}")
    np.testing.assert_allclose(said(start)[0], answer(run, newest, x), atol=0.006)

    plot(start).press("s")
    expect(label(start)).to_contain_text(re.compile(r"unit \d+ is silent"))
    silent = int(re.findall(r"unit (\d+) is silent", label(start).inner_text())[0])
    expect(start.locator(".film .silence")).to_have_attribute("aria-pressed", "true")
    np.testing.assert_allclose(said(start)[0], answer(run, newest, x, silent), atol=0.006)

    plot(start).press("Shift+Home")  # another moment: its own network reads the same
    untrained = run.film.frames[0]
    expected = [answer(run, untrained, x, silent), answer(run, untrained, run.examples.inputs[0])]
    expect(label(start).locator("b")).to_contain_text(f"{expected[1]:.2f}".replace("-", "−"))
    np.testing.assert_allclose(said(start), expected, atol=0.006)

    plot(start).press("Escape")
    expect(label(start)).to_be_hidden()
    expect(start.locator(".film .silence")).to_have_attribute("aria-pressed", "false")
    assert second > first + 1


def test_by_mouse_a_value_a_mark_and_a_unit_change_and_a_button_leads_back(
    start: Page, run: Run
) -> None:
    newest, x = run.film.frames[-1], run.examples.inputs[0].copy()
    box = plot(start).bounding_box()
    assert box is not None
    first, second = np.flatnonzero(x[:, 1])
    left, each = box["x"] + 68, (box["width"] - 68 - 16) / len(x)
    t, tip = first + 3, start.locator(".film .tip")
    for y in range(24, 100, 3):  # until the pointer is near the line
        start.mouse.move(left + (t + 0.5) * each, box["y"] + y)
        if "Drag it: what if?" in tip.inner_text():
            break
    start.mouse.down()
    start.mouse.move(left + (t + 4) * each, box["y"] + (60 if y < 50 else 30), steps=4)
    start.mouse.up()
    expect(label(start)).to_contain_text(f"value at t = {t}: ")
    drawn(start)
    words = re.search(r": (\S+) instead of", label(start).inner_text())
    assert words is not None
    x[t, 0] = float(words[1])
    assert abs(x[t, 0] - run.examples.inputs[0][t, 0]) > 0.1
    np.testing.assert_allclose(said(start)[0], answer(run, newest, x), atol=0.006)

    y = 28 if x[second, 0] < 0.5 else 88  # away from its value lies the mark
    start.mouse.move(left + (second + 0.5) * each, box["y"] + y)
    start.mouse.down()
    start.mouse.move(left + (second + 4.5) * each, box["y"] + y, steps=4)
    start.mouse.up()
    expect(label(start)).to_contain_text(f"mark at t = {second + 4} instead of t = {second}")
    x[[second, second + 4], 1] = 0, 1
    np.testing.assert_allclose(said(start)[0], answer(run, newest, x), atol=0.006)

    start.locator(".film .silence").click()
    expect(label(start)).to_contain_text("is silent")
    silent = int(re.findall(r"unit (\d+) is silent", label(start).inner_text())[0])
    np.testing.assert_allclose(said(start)[0], answer(run, newest, x, silent), atol=0.006)
    start.get_by_role("button", name="Back to the run").click()
    expect(label(start)).to_be_hidden()


def test_another_example_than_those_of_the_frames_answers_too(
    page: Page, app_url: str, run: Run
) -> None:
    place = 7
    x = run.dataset.part("validation")[0][place].copy()
    wanted: list[str | bytes] = []

    def note(told: str | bytes) -> None:
        wanted.append(told)

    page.on("websocket", lambda socket: socket.on("framesent", note))
    page.goto(f"{app_url}/cell")
    expect(page.locator(".cell .valve").first).to_be_visible(timeout=120_000)  # PyTorch loads
    page.goto(f"{app_url}/cell?example=validation-{place}")
    valve, newest = page.locator('.cell .valve[data-op="input"]'), run.film.frames[-1]
    badge = page.locator(".badge .mark")
    expect(page.get_by_text(f"Validation example {place + 1}").first).to_be_visible()
    expect(page.locator('.film[data-missing="0"]')).to_be_visible(timeout=120_000)
    expect(badge).to_contain_text("Verified", timeout=120_000)
    plot(page).press("Home")
    for _ in range(5):
        plot(page).press("PageUp")
    words = re.compile(r"value at t = 0: (\S+) instead of (\S+)")
    expect(label(page)).to_contain_text(words)
    drawn(page)
    changed = words.search(label(page).inner_text())
    assert changed is not None and float(changed[2]) == pytest.approx(x[0, 0], abs=0.006)
    before = answer(run, newest, x)
    x[0, 0] = float(changed[1])
    np.testing.assert_allclose(said(page), [answer(run, newest, x), before], atol=0.006)
    plot(page).press("s")
    expect(label(page)).to_contain_text("is silent")
    silent = int(re.findall(r"unit (\d+) is silent", label(page).inner_text())[0])
    np.testing.assert_allclose(said(page)[0], answer(run, newest, x, silent), atol=0.006)
    plot(page).press("Escape")

    expect(valve).to_be_visible()
    valve.press("PageUp")
    expect(label(page)).to_contain_text(re.compile(r"input gate i of unit \d+ at t = 0: "))
    expect(page.locator(".cell .panel")).to_contain_text("Set by you to ")
    valve.press("Escape")
    assert f"/validation-{place}/" in [each for each in map(str, wanted) if '"trust/' in each][-1]


def test_a_gate_of_the_diagram_is_dragged_and_the_film_beside_it_answers(
    page: Page, app_url: str, run: Run
) -> None:
    page.goto(f"{app_url}/cell")
    valve, newest = page.locator('.cell .valve[data-op="forget"]'), run.film.frames[-1]
    expect(page.locator('.film[data-missing="0"]')).to_be_visible()
    expect(valve).to_be_visible(timeout=120_000)  # PyTorch loads
    idle(page)
    valve.hover()  # waits until nothing moves it any more
    box = valve.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, y + 64, steps=4)
    page.mouse.up()
    place = re.compile(r"forget gate f of unit (\d+) at t = (\d+): (\S+)")
    expect(label(page)).to_contain_text(place)
    drawn(page)
    found = place.search(label(page).inner_text())
    assert found is not None
    unit, value = int(found[1]), float(found[3])
    assert value == pytest.approx(1 - 64 / 160, abs=0.05)
    told = page.locator(".cell .panel")
    page.mouse.move(2, 2)
    expect(told).to_contain_text(f"What if: Unit {unit} at t = {found[2]}")
    expect(told).to_contain_text(f"{100 * value:.0f}% of c")

    page.get_by_role("button", name="At all time steps").click()
    expect(label(page)).to_contain_text(f"of unit {unit} at all time steps: {found[3]}")
    expected = [with_gate(run, newest, 1, unit, value), float(newest.answer[0, 0])]
    np.testing.assert_allclose(said(page), expected, atol=0.006)
    valve.press("Shift+PageDown")
    expect(label(page)).to_contain_text(f"at all time steps: {value - 0.05:.2f}")
    expected[0] = with_gate(run, newest, 1, unit, round(value - 0.05, 2))
    np.testing.assert_allclose(said(page), expected, atol=0.006)
    valve.press("Escape")
    expect(label(page)).to_be_hidden()
    expect(told).not_to_contain_text("What if")
