"""Textbook experiments of every kind, by their button, in a real browser.

Others run without one in `tests/app/test_presets.py`.
"""

import contextlib

import pytest
from playwright.sync_api import Error, Page, expect

from lstm_viz.experiments.presets import PRESETS
from tests.browser.waiting import idle

HEADINGS = {"train": "Train", "forecast": "Forecast", "compare": "Compare"}


EVERY_KIND = ("stocks", "two_waveforms", "characters")


@pytest.mark.thorough
@pytest.mark.parametrize("name", EVERY_KIND)
def test_a_click_starts_it_and_its_figures_are_there(page: Page, app_url: str, name: str) -> None:
    preset = PRESETS[name]
    page.goto(f"{app_url}/experiments")
    card = page.locator(f".st-key-preset-{name}")
    expect(card.get_by_role("button")).to_be_enabled(timeout=30_000)
    loaded = "(picture) => picture.decode().then(() => picture.naturalWidth)"
    assert card.get_by_role("img", name=preset.label).evaluate(loaded) > 0
    card.click(position={"x": 24, "y": 24})  # all of it is the button
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_have_text(HEADINGS[preset.page], timeout=30_000)
    expect(page.get_by_text(preset.see.split(".")[0]).first).to_be_visible(timeout=30_000)
    if preset.page == "train":
        expect(page.locator(".film canvas").first).to_be_visible(timeout=30_000)
    figures = page.locator(
        ".curves canvas, [data-testid=stVegaLiteChart] canvas, [data-testid=stVegaLiteChart] svg"
    )
    expect(figures.first).to_be_visible(timeout=60_000)
    expect(page.locator("[data-testid=stException]")).to_have_count(0)
    if preset.page != "compare":
        page.get_by_role("link", name="Train", exact=True).click()
        idle(page)
        with contextlib.suppress(Error):  # it may be over by now
            page.get_by_role("button", name="Stop").first.click(timeout=3_000)
