"""A film as a notebook shows it: the widget's own module in Chromium, fed while a loop trains."""

import re

import pytest
import torch
from playwright.sync_api import Page, expect

from lstm_viz import Settings, adding_problem, film, frames, watch
from lstm_viz.notebook.fit import Frames
from tests.browser.notebook import Notebook

DATA = adding_problem(60, 9)


def loop() -> Frames:
    settings = Settings.of(hidden_size=4, epochs=2, device="cpu", learning_rate=0.03)
    return frames(settings, DATA)


def test_a_film_follows_the_loop_that_trains_and_its_cell_each_moment(page: Page) -> None:
    notebook, training, other = Notebook(page), loop(), loop()
    shown = film(training)
    notebook.show(shown)
    view = page.locator("#output > div").first
    label, plot = view.locator("#film .training .label"), view.locator("#film .plot")
    expect(view).to_have_text(re.compile("Nothing measured yet"))
    next(training)
    expect(label).to_have_text("epoch 0.0, update 0")
    expect(view.get_by_role("button", name="Live")).to_be_visible()
    next(training)
    expect(label).to_have_text(re.compile(r"update 1\b"))

    for _ in other:  # a film beside it has nothing to do with it
        pass
    notebook.show(film(other))
    expect(page.locator("#output > div")).to_have_count(2)

    plot.press("Shift+Home")
    plot.press("End")
    for _ in training:  # who looks at a moment stays there while others come
        pass
    expect(view.locator("header p")).to_contain_text(f"update {training.result.frames[-1].step};")
    expect(view.get_by_role("button", name="Live")).to_be_hidden()
    expect(label).to_have_text("epoch 0.0, update 0")
    cell = view.locator("#cell .cell")
    expect(cell).to_contain_text(re.compile(r"Unit \d at t = 8"))
    unit = int(re.findall(r"Unit (\d)", cell.inner_text())[0])
    moments = training.result.frames
    kept = [100 * each.layers["recurrent.l0"].gates["forget"][0, 8, unit] for each in moments]
    assert len({round(each) for each in (kept[0], kept[1], kept[-1])}) == 3
    for key, index in (("Shift+End", -1), ("Shift+Home", 0), ("Shift+ArrowRight", 1)):
        plot.press(key)
        expect(cell).to_contain_text(f"Kept: {kept[index]:.0f}%")

    notebook.show(shown)  # a second view has all that came
    again = page.locator("#output > div").last
    again.locator("#film .plot").press("Shift+Home")
    expect(again.locator("#film .training .label")).to_have_text("epoch 0.0, update 0")
    page.evaluate("notebook.leave()")
    expect(page.locator("#output > div")).to_have_count(2)
    page.evaluate("document.body.style.background = '#111'")
    expect(view.locator("> div")).to_have_attribute("data-theme", "dark")


def test_a_watched_loop_of_ones_own_is_followed(page: Page) -> None:
    model = torch.nn.LSTM(1, 4, batch_first=True)
    watcher = watch(model, every=1)
    notebook, shown = Notebook(page), film(watcher, title="My loop")
    notebook.show(shown)
    view = page.locator("#output > div")
    label, reading = view.locator("#film .training .label"), view.locator("#film .reading")
    with watcher:
        for steps in (5, 5, 7, 7):  # a longer batch makes another film
            model.zero_grad()
            model(torch.rand(2, steps, 1))[0].sum().backward()
        expect(label).to_have_text("update 3")  # the fourth is kept when it is over
    expect(label).to_have_text("update 4")
    expect(view.locator("h1")).to_have_text("My loop")
    view.locator("#film .plot").press("End")
    expect(reading).to_contain_text("t = 6 · unit ")
    said = reading.inner_text()
    unit, read = (re.findall(p, said)[0] for p in (r"unit (\d)", r"forget gate f ([\d.]+)"))
    forget = watcher.history[-1]["l0"].gates["forget"]
    assert float(read) == pytest.approx(forget[0, 6, int(unit)], abs=0.0071)
