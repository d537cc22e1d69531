"""The history of somebody's own loop, opened in the app."""

import re
from pathlib import Path

import pytest
import torch
from playwright.sync_api import Page, expect
from torch import nn

import lstm_viz
from lstm_viz.instruments.watch import Watcher
from tests.browser.waiting import idle


@pytest.fixture
def watcher() -> Watcher:
    torch.manual_seed(0)
    model = nn.LSTM(2, 6, batch_first=True)
    optimizer = torch.optim.Adam(model.parameters(), 0.1)
    with lstm_viz.watch(model, every=5) as watcher:
        for x in torch.randn(20, 8, 12, 2):
            optimizer.zero_grad()
            (model(x)[0][:, -1] - 0.5).square().mean().backward()
            optimizer.step()
    return watcher


def test_a_watched_loop_is_opened_plays_and_its_gates_are_those_of_the_traces(
    page: Page, app_url: str, watcher: Watcher, tmp_path: Path
) -> None:
    watcher.save(tmp_path / "loop.npz", samples=4)
    page.goto(app_url)
    page.get_by_text("Open a saved run").click()
    page.locator("input[type=file]").set_input_files(tmp_path / "loop.npz")
    expect(page.get_by_role("heading", name="Cell", exact=True)).to_be_visible()
    label = page.locator(".film .training .label")
    expect(label).to_have_text("update 20")
    expect(page.locator(".words").first).to_have_text("recorded · update 20")
    page.locator(".film .plot").press("Shift+Home")
    expect(label).to_have_text("update 5")
    page.get_by_role("button", name="Training: Play").click()
    expect(label).to_have_text("update 20")

    page.get_by_role("link", name="Gates", exact=True).first.click()
    expect(page.get_by_role("heading", name="Gates", exact=True)).to_be_visible()
    idle(page)
    plot, cell = page.locator(".film .plot"), page.locator(".cell").first
    plot.press("Home")
    plot.press("ArrowRight")
    expect(cell).to_contain_text(re.compile(r"Unit \d at t = 1(?!\d)"))
    unit, kept = re.findall(r"Unit (\d) at t = 1.*?Kept: (\d+)%", cell.inner_text(), re.DOTALL)[0]
    forget = watcher.history[-1]["l0"].gates["forget"][0, 1, int(unit)]
    assert int(kept) == pytest.approx(100 * forget, abs=0.51)
    before = watcher.history[0]["l0"].gates["forget"][0]
    plot.press("Shift+Home")
    expect(label).to_have_text("update 5")
    plot.hover(position={"x": 400, "y": 170})
    tip = page.locator(".film .tip")
    expect(tip).to_contain_text(re.compile(r"t = \d+ · unit \d+"))
    t, unit = map(int, re.findall(r"t = (\d+) · unit (\d+)", tip.inner_text())[0])
    told = re.findall(r"forget gate f\s*(\d\.\d+)", tip.inner_text())
    assert float(told[0]) == pytest.approx(before[t, unit], abs=0.006)
