"""A saved film, opened from its file where there is no network."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from playwright.sync_api import BrowserContext, Page, expect

from lstm_viz import Settings, adding_problem, film, fit, watch
from lstm_viz.notebook.film import FramedFilm
from lstm_viz.notebook.result import Result

GATES = {"forget": "forget gate f", "input": "input gate i", "output": "output gate o"}


@pytest.fixture(scope="module")
def result() -> Result:
    settings = Settings.of(hidden_size=8, epochs=4, device="cpu", learning_rate=0.02)
    return fit(settings, adding_problem(100, 12), progress=False)


@pytest.fixture
def saved(result: Result, tmp_path: Path, context: BrowserContext, page: Page) -> Iterator[Page]:
    asked: list[str] = []
    context.set_offline(True)
    page.on("request", lambda request: asked.append(request.url))
    result.film.save(tmp_path / "run.html")
    page.goto((tmp_path / "run.html").as_uri())
    expect(page.locator("#film canvas").first).to_be_visible()
    yield page
    context.set_offline(False)
    assert {url.partition(":")[0] for url in asked} <= {"file", "data"}, "it asked for something"


def shown(page: Page, result: Result, index: int, t: int) -> dict[str, tuple[float, float]]:
    """Gate -> its value as the page reads it out, and as the frame has it."""
    plot, reading = page.locator("#film .plot"), page.locator("#film .reading")
    plot.press("Home")
    for _ in range(t):
        plot.press("ArrowRight")
    expect(reading).to_contain_text(f"t = {t} · unit ")
    said = reading.inner_text()
    unit = int(re.findall(r"unit (\d+)", said)[0])
    gates = result.frames[index].layers["recurrent.l0"].gates
    read = {name: re.findall(rf"{words} ([\d.]+)", said)[0] for name, words in GATES.items()}
    return {name: (float(read[name]), float(gates[name][0, t, unit])) for name in GATES}


def test_a_saved_film_plays_without_a_server_and_shows_the_numbers_of_the_run(
    saved: Page, result: Result
) -> None:
    label, plot = saved.locator("#film .training .label"), saved.locator("#film .plot")
    last = result.frames[-1]
    expect(label).to_have_text(f"epoch {last.epoch:.1f}, update {last.step}")
    for index, moment, t in ((-1, "Shift+End", 2), (0, "Shift+Home", 3)):
        plot.press(moment)
        found = shown(saved, result, index, t)
        for name, (read, true) in found.items():
            assert read == pytest.approx(true, abs=0.0071), (index, name)
    expect(label).to_have_text("epoch 0.0, update 0")
    saved.get_by_role("button", name="Training: Play").click()
    expect(label).not_to_have_text("epoch 0.0, update 0")
    saved.get_by_role("button", name="Training: Pause").click()
    stands = label.inner_text()
    plot.press("Shift+ArrowLeft")
    expect(label).not_to_have_text(stands)


def test_its_cell_follows_the_step_and_its_theme_the_reader(saved: Page, result: Result) -> None:
    saved.locator("#film .plot").press("Home")
    saved.locator("#film .plot").press("ArrowRight")
    cell = saved.locator("#cell .cell")
    expect(cell).to_contain_text(re.compile(r"Unit \d at t = 1"))
    told = re.findall(r"Unit (\d) at t = 1.*?Kept: (\d+)%", cell.inner_text(), re.DOTALL)[0]
    kept = result.frames[-1].layers["recurrent.l0"].gates["forget"][0, 1, int(told[0])]
    assert int(told[1]) == pytest.approx(100 * kept, abs=0.51)

    saved.locator("#film .plot").press("Shift+Home")  # the browser makes the cell of this moment
    before = result.frames[0].layers["recurrent.l0"].gates["forget"][0, 1, int(told[0])]
    assert round(100 * before) != round(100 * kept)
    expect(cell).to_contain_text(f"Kept: {100 * before:.0f}%")
    saved.get_by_role("button", name="Silence this unit").click()
    expect(saved.locator("#film")).to_contain_text(re.compile("The network (still )?says"))
    said, clock = saved.locator("#film .whatif.on"), saved.locator("#film .bar.time")
    beside, cell_box, below = said.bounding_box(), cell.bounding_box(), clock.bounding_box()
    assert beside and cell_box and below
    assert beside["x"] >= below["x"] + below["width"], "it covers the clock of time"
    assert beside["x"] + beside["width"] <= cell_box["x"] + cell_box["width"] + 1
    wide = "document.querySelector('header p').clientWidth"
    size = saved.viewport_size
    saved.set_viewport_size({"width": 390, "height": 844})
    assert saved.evaluate(wide) > 200, "a column of single words"
    assert size
    saved.set_viewport_size(size)
    saved.get_by_role("button", name="Back to the run").click()
    saved.get_by_role("button", name="Backward").click()
    expect(cell).to_have_class(re.compile("other"))
    assert cell.get_by_text("Backward, the cell is that of the film's last moment").count() == 1
    colour = "getComputedStyle(document.body).backgroundColor"
    before = saved.evaluate(colour)
    saved.get_by_role("button", name="Light or dark").click()
    assert saved.evaluate(colour) != before
    saved.emulate_media(color_scheme="dark")
    saved.reload()
    assert saved.evaluate(colour) == "rgb(15, 20, 25)"


def test_a_film_plays_in_a_notebooks_cell(
    result: Result, context: BrowserContext, page: Page
) -> None:
    context.set_offline(True)
    try:
        page.set_content(FramedFilm(result.film._source)._repr_html_())
        film = page.frame_locator("iframe")
        label = film.locator("#film .training .label")
        film.locator("#film .plot").press("Shift+Home")
        expect(label).to_have_text("epoch 0.0, update 0")
        film.get_by_role("button", name="Training: Play").click()
        expect(label).not_to_have_text("epoch 0.0, update 0")
    finally:
        context.set_offline(False)


def test_a_watched_loop_plays_too(tmp_path: Path, page: Page) -> None:
    model, x = torch.nn.LSTM(1, 4, batch_first=True), torch.rand(2, 9, 1)
    with watch(model, every=1) as watcher:
        for _ in range(3):
            model.zero_grad()
            model(x)[0].sum().backward()
            with torch.no_grad():
                for weight in model.parameters():
                    weight.sub_(0.3 * weight.grad)
    film(watcher, title="My loop").save(tmp_path / "loop.html")
    page.goto((tmp_path / "loop.html").as_uri())
    label, reading = page.locator("#film .training .label"), page.locator("#film .reading")
    expect(label).to_have_text("update 3")
    page.locator("#film .plot").press("Shift+Home")
    expect(label).to_have_text("update 1")
    page.locator("#film .plot").press("End")
    expect(reading).to_contain_text("t = 8 · unit ")
    said = reading.inner_text()
    unit, read = (re.findall(p, said)[0] for p in (r"unit (\d+)", r"forget gate f ([\d.]+)"))
    forget = watcher.history[0]["l0"].gates["forget"]
    assert float(read) == pytest.approx(forget[0, 8, int(unit)], abs=0.0071)
