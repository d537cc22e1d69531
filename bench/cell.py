"""How long one step through time takes in the cell's diagram: `python -m bench.cell`.

The app is served as in the browser tests, on the recorded run. The browser takes the times itself,
from the key press's own time stamp to the frame after the one that paints the diagram.
"""

import os
import statistics
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from bench.app import report, visitor
from tests.browser.conftest import FLAGS, chromium
from tests.browser.waiting import idle
from tests.serving import serve

PROMISED = 50
"""Milliseconds from a key press to the painted step."""
STOPWATCH = """(diagram) => {
  window.steps = [];
  const frame = requestAnimationFrame;
  const press = ({ timeStamp }) => {
    const painted = () => window.steps.push(performance.now() - timeStamp);
    frame(() => frame(painted)); // the second frame begins when the first one has been painted
  };
  diagram.addEventListener("keydown", press, { capture: true });
}"""


def main(steps: int = 60) -> None:
    """Print every figure."""
    print(f"{os.cpu_count()} cores")
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as home:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        with serve(Path(home)) as app, visitor(browser) as page:
            page.goto(f"{app.url}/cell")
            page.locator(".cell .diagram svg").wait_for()
            idle(page)
            page.wait_for_timeout(1500)
            page.locator(".cell .diagram").evaluate(STOPWATCH)
            for name, keys in (("forward", "Home ArrowRight"), ("backward", "b End ArrowLeft")):
                taken = pressed(page, keys.split(), steps)
                report(f"a step through time, {name}", "ms", taken, PROMISED)
            report("another unit", "ms", pressed(page, ["ArrowDown"], steps // 4), PROMISED)
            heavy = statistics.quantiles(taken, n=20)[-1]
            print(f"the slowest twentieth of the steps: {heavy:.0f} ms or more")
        browser.close()


def pressed(page: Page, keys: list[str], times: int) -> list[float]:
    """Milliseconds of the last of these keys, pressed so many times; the others come first."""
    diagram = page.locator(".cell .diagram")
    *before, key = keys
    for each in before:
        diagram.press(each)
    page.wait_for_timeout(800)
    page.evaluate("window.steps.length = 0")
    for _ in range(times):
        diagram.press(key)
        page.wait_for_timeout(40)
    page.wait_for_timeout(200)
    taken: list[float] = page.evaluate("window.steps")
    return taken


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
