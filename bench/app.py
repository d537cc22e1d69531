"""What a visitor waits for, and what watching costs the training: `python -m bench.app`.

The app is served and driven as in the browser tests; figures are printed, not asserted.
"""

import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, expect, sync_playwright

from tests.browser.conftest import FLAGS, App, chromium, serve

EPOCHS = 30
PLAIN = f"""
import time
import torch
from torch.nn import functional
from lstm_viz.data.tasks import adding_problem
from lstm_viz.training.config import RunConfig
from lstm_viz.training.loop import build
torch.set_num_threads(1)
config, data = RunConfig(hidden_size=16, learning_rate=0.01), adding_problem(3000, 50)
model = build(config, data)
x, y = (torch.from_numpy(part.copy()) for part in data.part("training"))
optimizer = torch.optim.Adam(model.parameters(), lr=config.learning_rate)
began = time.perf_counter()
for _ in range({EPOCHS}):
    for batch in torch.randperm(len(x)).split(config.batch_size):
        loss = functional.mse_loss(model(x[batch]), y[batch])
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), config.clip_norm)
        optimizer.step()
print(time.perf_counter() - began)
"""
"""The app's default experiment without the app: no frames, no validation, nobody watching."""
PAGES = ("Gates", "Cell state", "Gradients", "Data", "Train")
PATIENCE = 120_000


def main(rounds: int = 3) -> None:
    """Print every figure."""
    print(f"{os.cpu_count()} cores, Python {sys.version.split()[0]}")
    with browser() as page:
        report("server start to first paint", "s", [first_paint(page) for _ in range(rounds)], 2.0)
        with tempfile.TemporaryDirectory() as home, serve(Path(home)) as app:
            open_train(page, app)
            print(f"memory at rest (RSS): {memory(app):.0f} MB (target 700 MB)")
            report("page switch", "ms", switches(page), 300)
            report("click on Train to first live frame", "s", [click(page) for _ in range(5)], 1.5)
            press(page, "Train")
            report("page switch while a run trains", "ms", switches(page), 300)
            pairs = [(plain(), watched(page)) for _ in range(rounds)]
    for name, column in (("plain script", 0), ("watched in the app", 1)):
        report(f"training {EPOCHS} epochs, {name}", "s", [pair[column] for pair in pairs])
    report("watched against plain", "x", [watched / plain for plain, watched in pairs], 1.25)


def report(what: str, unit: str, values: list[float], target: float | None = None) -> None:
    """One line: median, smallest and largest, and what was promised."""
    promise = f" (target {target:g} {unit})" if target else ""
    middle, low, high = statistics.median(values), min(values), max(values)
    print(
        f"{what}: {middle:.2f} {unit} ({low:.2f} to {high:.2f}, n={len(values)}){promise}",
        flush=True,
    )


@contextmanager
def browser() -> Iterator[Page]:
    """A page of a Chromium that is already running."""
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        yield running.new_page(viewport={"width": 1440, "height": 900})
        running.close()


def first_paint(page: Page) -> float:
    """Seconds from starting the server to the first page's heading on the screen."""
    began = time.perf_counter()
    with tempfile.TemporaryDirectory() as home, serve(Path(home)) as app:
        page.goto(app.url)
        page.get_by_role("heading", level=1).wait_for(timeout=PATIENCE)
        return time.perf_counter() - began


def open_train(page: Page, app: App) -> None:
    """The train page, its preview measured: the trainer is warm."""
    page.goto(f"{app.url}/train")
    page.get_by_text("Not trained yet").wait_for(timeout=PATIENCE)
    page.locator(".strips canvas").first.wait_for()
    page.get_by_role("spinbutton", name="Epochs").fill(str(EPOCHS))
    page.get_by_role("spinbutton", name="Epochs").press("Enter")
    page.wait_for_timeout(2000)


def switches(page: Page) -> list[float]:
    """Milliseconds from a click in the navigation to the new page's heading, each page twice."""
    times = []
    for name in PAGES * 2:
        link = page.get_by_test_id("stSidebarNav").get_by_role("link", name=name, exact=True)
        began = time.perf_counter()
        link.click()
        page.get_by_role("heading", name=name, level=1, exact=True).wait_for(timeout=PATIENCE)
        times.append(1000 * (time.perf_counter() - began))
        page.wait_for_timeout(1500)
    return times


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=re.compile(f"^{name}")).first.click()


def click(page: Page) -> float:
    """Seconds from a click on Train to a frame of that run on the screen."""
    began = time.perf_counter()
    press(page, "Train")
    expect(page.locator(".strips .label")).to_have_text(re.compile("epoch 0"), timeout=PATIENCE)
    taken = time.perf_counter() - began
    press(page, "Stop")
    page.get_by_role("button", name=re.compile("^Train further")).wait_for(timeout=PATIENCE)
    return taken


def plain() -> float:
    """Seconds of the training as a plain script in a process of its own."""
    output = subprocess.run([sys.executable, "-c", PLAIN], capture_output=True, check=True)
    return float(output.stdout)


def watched(page: Page) -> float:
    """Seconds of the same training in the app, watched on its page from click to end."""
    began = time.perf_counter()
    press(page, "Train")
    expect(page.locator(".strips .label")).to_have_text(
        re.compile("epoch [0-5]\\."), timeout=PATIENCE
    )
    page.get_by_text(f"epoch {EPOCHS}.0 of {EPOCHS}").wait_for(timeout=PATIENCE)
    return time.perf_counter() - began


def memory(app: App) -> float:
    """Megabytes resident in the server and its trainer."""
    children = subprocess.run(
        ["pgrep", "-P", str(app.pid)], capture_output=True, text=True, check=False
    ).stdout.split()
    sizes = subprocess.run(
        ["ps", "-o", "rss=", "-p", ",".join([str(app.pid), *children])],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    return sum(map(int, sizes)) / 1024


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
