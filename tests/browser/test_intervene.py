"""A gate is clamped in the browser, and the numbers are those of the library itself."""

import re

import torch
from playwright.sync_api import Page, expect

from lstm_viz import intervene
from lstm_viz.runs.recordings import load_recordings
from lstm_viz.training.building import build
from tests.browser.test_app import go

TO_BEGIN = 120_000
"""Milliseconds that a trainer may take to begin on a busy machine."""


def test_a_clamped_gate_shows_what_the_librarys_intervene_gives(page: Page, app_url: str) -> None:
    run = next(each for each in load_recordings() if each.settings.cell.kind == "lstm")
    model = build(run.settings, run.dataset).eval()
    weights = run.film.frames[-1].weights
    assert weights is not None
    model.load_state_dict({name: torch.tensor(each) for name, each in weights.items()})
    x, y = (torch.from_numpy(each.copy()) for each in run.dataset.part("validation"))
    places = run.dataset.measured

    def shown(loss: torch.Tensor) -> str:
        return f"{loss.item():.3g}"

    with torch.no_grad():
        own = (model(x[places]) - y[places]).square().mean()
        with intervene(model, clamp={"recurrent.l0": {"forget": 1.0}}):
            held = (model(x[places]) - y[places]).square().mean()
            answer = model(torch.from_numpy(run.examples.inputs[:1].copy()))[0, 0]
    assert (f"{own:.2g}", f"{held:.2g}") == ("0.0012", "0.046"), "as the README says"
    page.goto(f"{app_url}/gates?run={run.id}")
    expect(page.get_by_role("button", name="Verified")).to_be_visible(timeout=TO_BEGIN)
    go(page, "Intervene")
    expect(page.get_by_text("Nothing is changed.")).to_be_visible()
    loss = page.get_by_test_id("stMetric").filter(has_text="validation examples")
    expect(loss.get_by_test_id("stMetricValue")).to_have_text(shown(own))
    gates = page.get_by_role("combobox", name=re.compile("Clamp gates"))

    def clamp(gate: str) -> None:
        gates.focus()
        gates.press_sequentially(gate)
        gates.press("Enter")
        gates.press("Tab")
        expect(page.get_by_role("slider", name=re.compile(f"^{gate}"))).to_be_visible()

    clamp("forget gate")
    expect(loss.get_by_test_id("stMetricValue")).to_have_text(shown(held))
    expect(loss).to_contain_text(f"untouched: {shown(own)}")
    first = page.get_by_test_id("stMetric").filter(has_text="Answer")
    expect(first.get_by_test_id("stMetricValue")).to_have_text(shown(answer))
    expect(page.get_by_text("The mean loss rises from")).to_be_visible()
    chart = page.locator(".st-key-figure-intervene canvas, .st-key-figure-intervene svg").first
    expect(chart).to_be_in_viewport()
    expect(page).to_have_url(re.compile("intervene=clamp%3Aforget%2C1"))
    page.set_viewport_size({"width": 1280, "height": 720})
    for gate in ("input gate", "output gate"):
        clamp(gate)
    reset = page.get_by_role("button", name="Back to the run")
    swap = page.get_by_role("combobox", name=re.compile("Swap weights"))
    chips = page.get_by_test_id("stMultiSelectTagsContainer").first
    for each in (reset, swap, chips.get_by_text("output gate o")):
        expect(each).to_be_in_viewport(ratio=1)
    expect(chips).to_have_js_property("scrollWidth", chips.evaluate("box => box.clientWidth"))
    reset.press("Enter")
    expect(page.get_by_text("Nothing is changed.")).to_be_visible()
