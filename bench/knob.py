"""How long the knobs take from a slider's move to the curves: `python -m bench.knob`.

The browser takes the times itself, from the move to the frame after the one that paints the three
curves, at T=100 and H=32.
"""

import os
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from bench.app import report, visitor
from tests.browser.conftest import FLAGS, chromium
from tests.browser.waiting import idle
from tests.serving import serve

PROMISED = 100
"""Milliseconds from a slider's move to the painted curves."""
MOVE = """(slider, share) => new Promise((painted) => {
  const { min, max } = slider;
  slider.value = Number(min) + share * (Number(max) - Number(min));
  const began = performance.now();
  slider.dispatchEvent(new Event("input"));
  const frame = requestAnimationFrame;
  frame(() => frame(() => painted(performance.now() - began)));
})"""


def main(moves: int = 30) -> None:
    """Print every figure."""
    print(f"{os.cpu_count()} cores")
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as home:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        with serve(Path(home)) as app, visitor(browser) as page:
            page.goto(f"{app.url}/gradients")
            page.locator(".knob polyline").first.wait_for()
            idle(page)
            page.wait_for_timeout(1500)
            for name in ("Forget bias of the LSTM", "Spectral radius ρ of W_hh", "Weight scale"):
                slider = page.get_by_label(name)
                taken = [slider.evaluate(MOVE, k / moves) for k in range(1, moves)]
                report(f"{name}, to three curves of T=100, H=32", "ms", taken, PROMISED)
        browser.close()


if __name__ == "__main__":
    main()
