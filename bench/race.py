"""What a watched race costs against a plain script: `python -m bench.race`.

The race that a visitor finds set, RNN, LSTM and GRU at the same time, from the click to its end
on the page; beside it the same three trained in one process of one thread, one after another, in
which no frame is taken and nothing is drawn. Further seeds of the race wait behind the three, and
are stopped when these have ended. Both make the same optimizer updates, so their rates compare as
their times do. They run in turn, so that a busy machine slows both; the trainer gives way to other
programs, so it slows more, and the processor time of both is printed besides.
"""

import os
import platform
import subprocess
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from bench.app import arm, press, report, rest, times, visitor, wait
from tests.browser.conftest import FLAGS, chromium
from tests.serving import App, serve

CONTENDERS = 3
PLAIN = """
import time
from dataclasses import replace
import torch
from torch.nn import functional
from lstm_viz.data.resolved import dataset_of
from lstm_viz.training.building import build
from lstm_viz.experiments.presets import PRESETS
torch.set_num_threads(1)
preset = PRESETS["race"]
data = dataset_of(preset.data)
x, y = (torch.from_numpy(part.copy()) for part in data.part("training"))
updates, began, worked = 0, time.perf_counter(), time.process_time()
for changes in preset.variants.values():
    settings = preset.run.changed(**changes)
    model = build(settings, data)
    optimizer = torch.optim.Adam(model.parameters(), lr=settings.optimiser.learning_rate)
    for _ in range(settings.budget.epochs):
        for batch in torch.randperm(len(x)).split(settings.budget.batch_size):
            loss = functional.cross_entropy(model(x[batch]), y[batch].flatten().long())
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), settings.optimiser.clip_norm)
            optimizer.step()
            updates += 1
print(updates, time.perf_counter() - began, time.process_time() - worked)
"""
"""The same three without the app, on the data and with the settings of the race."""
LANES = """
[...document.querySelectorAll(".stBidiComponent *")]
  .map((each) => each.shadowRoot?.querySelector(".words [role=progressbar]:not([hidden])"))
  .filter(Boolean)
  .map((each) => each.previousSibling.textContent)
"""
BEGUN = f"{LANES}.some(text => text.endsWith('training'))"
OVER = f"{LANES}.filter(text => /^seed|finished/.test(text)).length === {CONTENDERS}"
"""The watched seeds have ended: the lanes tell of the next ones."""


def main(rounds: int = 3) -> None:
    """Print every figure."""
    system = f"Python {platform.python_version()}, torch {version('torch')}"
    print(f"{os.cpu_count()} cores, {system}, streamlit {version('streamlit')}")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        with (
            tempfile.TemporaryDirectory() as home,
            serve(Path(home)) as app,
            visitor(browser) as page,
        ):
            open_race(page, app)
            race(page, app, rounds)
        browser.close()


def race(page: Page, app: App, rounds: int) -> None:
    """The rates of all contenders together, alone and watched."""
    alone, watched, ratios, first, work = [], [], [], [], []
    for _ in range(rounds):
        updates, seconds, spent = plain()
        before = processor(app)
        begun, over = raced(page)
        work.append(spent / (processor(app) - before))
        alone.append(updates / seconds)
        watched.append(updates / over)
        ratios.append(watched[-1] / alone[-1])
        first.append(begun)
    print(f"a race of {CONTENDERS}, {updates} optimizer updates together")
    report("  click on Start to training contenders on the page", "s", first)
    report("  plain script, updates a second", "/s", alone)
    report("  in the app, watched, updates a second", "/s", watched)
    report("  watched against plain, at least", "x", ratios, 0.8)
    report("  the same by processor time, trainer against plain script", "x", work)


def open_race(page: Page, app: App) -> None:
    """The page of the race, with the trainer warm: it has trained one epoch before."""
    page.goto(f"{app.url}/compare")
    wait(page, "stopwatch.heading()")
    rest(page)
    press(page, "Start the race")
    wait(page, BEGUN)
    press(page, "Stop all")
    rest(page)


def raced(page: Page) -> tuple[float, float]:
    """Seconds from the click until the contenders train on the page, and until all are over."""
    arm(page, BEGUN, OVER)
    press(page, "Start the race")
    begun, over = times(page)
    press(page, "Stop all")
    rest(page)
    return begun, over


def processor(app: App) -> float:
    """Seconds of a processor that the app's trainer has used so far, to a whole second."""
    listing = subprocess.run(
        ["ps", "-A", "-o", "ppid=,time="], capture_output=True, text=True, check=True
    )
    rows = (line.split() for line in listing.stdout.splitlines())
    clocks = [clock for parent, clock in rows if int(parent) == app.pid]
    return float(sum(_seconds(clock) for clock in clocks))


def _seconds(clock: str) -> int:
    hours, minutes, seconds = map(int, clock.split(":"))
    return 3600 * hours + 60 * minutes + seconds


def plain() -> tuple[int, float, float]:
    """Optimizer updates of the plain script in a process of its own, its seconds on the clock,
    and those of a processor.
    """
    command = [sys.executable, "-c", PLAIN]
    output = subprocess.run(command, capture_output=True, check=True, text=True)
    updates, seconds, spent = output.stdout.split()
    return int(updates), float(seconds), float(spent)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
