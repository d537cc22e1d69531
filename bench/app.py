"""What a visitor waits for, and what watching costs the training: `python -m bench.app`.

The app is served as in the browser tests. The browser itself takes the times, from the click's own
time stamp to the frame that shows what was waited for: nothing is polled from outside.
"""

import json
import os
import platform
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from bench.load import family, pss
from tests.browser.conftest import FLAGS, chromium
from tests.browser.waiting import idle
from tests.serving import App, serve

EPOCHS = {12: 1.20, 40: 1.15}
"""How many epochs the app's default experiment trains in the comparison with a plain script, and
how many times as long it may take."""
LONG = 239
"""Epochs of a run that outlasts what is measured while it trains; every other one gives a frame."""
PLAIN = """
import sys
import time
import torch
from torch.nn import functional
from lstm_viz.data.tasks.catalogue import adding_problem
from lstm_viz.experiments.settings import Settings
from lstm_viz.training.building import build
torch.set_num_threads(1)
settings, data = Settings.of(hidden_size=16, learning_rate=0.01), adding_problem(3000, 50)
model = build(settings, data)
x, y = (torch.from_numpy(part.copy()) for part in data.part("training"))
optimizer = torch.optim.Adam(model.parameters(), lr=settings.optimiser.learning_rate)
began = time.perf_counter()
for _ in range(int(sys.argv[1])):
    for batch in torch.randperm(len(x)).split(settings.budget.batch_size):
        loss = functional.mse_loss(model(x[batch]), y[batch])
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), settings.optimiser.clip_norm)
        optimizer.step()
print(time.perf_counter() - began)
"""
"""The same training without the app: no frames, no validation, nobody watching."""
EMPTY = "import streamlit as st\nst.title('Nothing else')\n"
"""The least that Streamlit serves."""
PAGES = (
    *("Experiments", "Cell", "Gates", "Cell state", "Gradients", "Intervene"),
    *("Data", "Forecast", "Train"),
)
PATIENCE = 120_000
STOPWATCH = """
window.stopwatch = {
  // Milliseconds from the next click until each condition in turn was painted.
  arm(...conditions) {
    this.before = this.step() || Infinity;
    this.times = new Promise((done) => {
      const times = [];
      const start = ({ timeStamp }) => {
        const look = () => {
          // A timer, since waiting for frames would make the browser paint sixty a second.
          if (!conditions[times.length]()) return setTimeout(look, 10);
          requestAnimationFrame(() => {
            times.push(performance.now() - timeStamp);
            times.length < conditions.length ? look() : done(times);
          });
        };
        look();
      };
      addEventListener("click", start, { capture: true, once: true });
    });
  },
  heading: () => document.querySelector("h1")?.textContent,
  idle: () => document.querySelector("[data-test-script-state=notRunning]") !== null,
  roots: {},
  // The component that has such a part: looked for again once it is gone, as looking takes time.
  root(part) {
    const known = this.roots[part];
    if (known?.host.isConnected && known.querySelector(part)) return known;
    const parts = [...document.querySelectorAll(".stBidiComponent *")];
    const found = parts.find((each) => each.shadowRoot?.querySelector(part));
    return (this.roots[part] = found?.shadowRoot);
  },
  progress() {
    const bar = this.root(".words [role=progressbar]")?.querySelector("[role=progressbar]");
    return bar?.previousSibling.textContent ?? "";
  },
  // The training step of the drawn frame.
  step() {
    const label = this.root(".training .label")?.querySelector(".training .label");
    return Number(label?.textContent.match(/update (\\d+)/)?.[1] ?? NaN);
  },
  // Whether it is a frame of a run that began after `arm`.
  anew() {
    return this.step() < this.before;
  },
};
"""


def main(rounds: int = 5) -> None:
    """Print every figure."""
    system = f"Python {platform.python_version()}, torch {version('torch')}"
    print(f"{os.cpu_count()} cores, {system}, streamlit {version('streamlit')}")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        starts = [(start(browser), start(browser, EMPTY)) for _ in range(rounds)]
        report("server start until it answers", "s", [answer for (answer, _), _ in starts])
        report("server start to first paint", "s", [paint for (_, paint), _ in starts])
        report("the same of an empty Streamlit app", "s", [paint for _, (_, paint) in starts])
        ratios = [ours / empty for (_, ours), (_, empty) in starts]
        report("first paint against the empty app", "x", ratios, 1.20)
        with tempfile.TemporaryDirectory() as home, serve(Path(home)) as app:
            visit(browser, app, rounds)
        browser.close()


def visit(browser: Browser, app: App, rounds: int) -> None:
    """All figures of one visitor of a warm server."""
    with visitor(browser) as page:
        open_train(page, app)
        server, child = memory(app)
        print(f"memory at rest (PSS), server: {server:.0f} MB, trainer: {child:.0f} MB")
        report("memory at rest (PSS), both", "MB", [server + child], 500)
        idle_switches = [switch(page, name) for _ in range(rounds) for name in PAGES]
        report("page switch, idle", "ms", idle_switches, 150)
        set_epochs(page, LONG)
        busy_switches = [taken for _ in range(rounds) for taken in switches_in_training(page)]
        report("page switch while a run trains", "ms", busy_switches, 180)
        set_epochs(page, min(EPOCHS))
        clicks = [train(page) for _ in range(2 * rounds)]
        report("click on Train to the run's first frame", "s", [first for first, _ in clicks], 1.5)
        report("click on Train to a trained frame", "s", [trained for _, trained in clicks], 1.5)
        for epochs, most in EPOCHS.items():
            set_epochs(page, epochs)
            pairs = [(plain(epochs), watched(page, epochs)) for _ in range(rounds)]
            print(f"training {epochs} epochs")
            report("  plain script", "s", [alone for alone, _ in pairs])
            report("  in the app, watched", "s", [shown for _, shown in pairs])
            report("  watched against plain", "x", [shown / alone for alone, shown in pairs], most)


def report(what: str, unit: str, values: list[float], target: float | None = None) -> None:
    """One line: median, smallest and largest, and what was promised."""
    digits = 2 if unit in ("s", "x") else 0
    middle, low, high = (
        f"{value:.{digits}f}" for value in (statistics.median(values), min(values), max(values))
    )
    promise = f" (target {target:g} {unit})" if target else ""
    print(f"{what}: {middle} {unit} ({low} to {high}, n={len(values)}){promise}", flush=True)


@contextmanager
def visitor(browser: Browser) -> Iterator[Page]:
    """A page of somebody who was never here."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="en-US")
    context.add_init_script(STOPWATCH)
    context.set_default_timeout(PATIENCE)
    yield context.new_page()
    context.close()


def start(browser: Browser, other: str = "") -> tuple[float, float]:
    """Seconds from starting a server until it answers, and until its first page has a heading.

    The server of an `other` app, given as its script, or of ours.
    """
    with visitor(browser) as page, tempfile.TemporaryDirectory() as home:
        script = Path(home) / "other.py"
        script.write_text(other)
        began = time.perf_counter()
        with serve(Path(home), str(script) if other else "app.py") as app:
            answered = time.perf_counter() - began
            page.goto(app.url, wait_until="commit")
            wait(page, "stopwatch.heading()")
            return answered, time.perf_counter() - began


def open_train(page: Page, app: App) -> None:
    """The train page with its preview measured: the trainer is warm."""
    page.goto(f"{app.url}/train")
    wait(page, "document.querySelector('.stBidiComponent')")
    rest(page)


def set_epochs(page: Page, epochs: int) -> None:
    folded = page.get_by_test_id("stExpandSidebarButton")
    if folded.is_visible():
        folded.click()
    field = page.get_by_role("spinbutton", name="Epochs")
    field.fill(str(epochs))
    field.press("Enter")
    rest(page)


def switches_in_training(page: Page) -> list[float]:
    press(page, "Train")
    wait(page, "stopwatch.progress().includes('updates per second')")
    taken = [switch(page, name) for name in PAGES]
    press(page, "Stop")
    ended(page)
    return taken


def switch(page: Page, name: str) -> float:
    """Milliseconds from a click in the navigation to the new page's heading and an idle script."""
    link = page.get_by_test_id("stTopNav").get_by_role("link", name=name, exact=True)
    arm(page, f"stopwatch.heading() === {json.dumps(name)} && stopwatch.idle()")
    link.click()
    (taken,) = times(page)
    page.wait_for_timeout(1000)
    return 1000 * taken


def train(page: Page) -> tuple[float, float]:
    """Seconds from a click on Train to the run's first frame, and to its first trained one."""
    arm(page, "stopwatch.anew()", "stopwatch.anew() && stopwatch.step() > 0")
    press(page, "Train")
    first, trained = times(page)
    ended(page)
    return first, trained


def ended(page: Page) -> None:
    """Wait until the run is over and the page at rest."""
    page.get_by_role("button", name=re.compile("^Train further")).wait_for()
    rest(page)


def watched(page: Page, epochs: int) -> float:
    """Seconds of the training in the app, from the click to its end on the page."""
    done = f"stopwatch.progress().startsWith('epoch {epochs}.0 of {epochs} ')"
    arm(page, "stopwatch.anew()", done)
    press(page, "Train")
    _, taken = times(page)
    ended(page)
    return taken


def plain(epochs: int) -> float:
    """Seconds of the training as a plain script in a process of its own."""
    command = [sys.executable, "-c", PLAIN, str(epochs)]
    output = subprocess.run(command, capture_output=True, check=True)
    return float(output.stdout)


def memory(app: App) -> tuple[float, float]:
    """Megabytes of the server, and of all its trainer's processes; what is shared counts once."""
    server = pss(app.pid)
    return server, sum(map(pss, family(app.pid))) - server


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=re.compile(f"^{name}")).first.click()


def arm(page: Page, *conditions: str) -> None:
    page.evaluate(f"stopwatch.arm({', '.join(f'() => {each}' for each in conditions)})")


def times(page: Page) -> list[float]:
    """Seconds to each condition given to `arm`."""
    return [each / 1000 for each in page.evaluate("stopwatch.times")]


def wait(page: Page, condition: str) -> None:
    page.wait_for_function(f"() => {condition}")


def rest(page: Page) -> None:
    """Let a script that a change set off begin, and end."""
    page.wait_for_timeout(1000)
    idle(page)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
