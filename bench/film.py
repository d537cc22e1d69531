"""How fluently a film is scrubbed, and how soon a live frame is painted: `python -m bench.film`."""

import statistics
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from bench.app import PATIENCE, ended, open_train, press, report, rest, set_epochs, visitor
from tests.browser.conftest import FLAGS, chromium
from tests.browser.large_film_app import FRAMES, SIGNALS, STEPS, UNITS
from tests.serving import serve

SECONDS = 4
WIRE = """
window.wire = { sizes: [], frames: [], delays: [] };
{
  const FRAME = 5000;
  let arrived = null;
  const Socket = window.WebSocket;
  window.WebSocket = class extends Socket {
    constructor(...given) {
      super(...given);
      const feed = String(given[0]).endsWith("/feed");
      this.addEventListener("message", ({ data }) => {
        const size = data.size ?? data.byteLength ?? data.length;
        wire.sizes.push(size);
        // A frame of a film: larger than words and curves, and its heat maps are painted anew.
        if (size <= FRAME) return;
        wire.frames.push(size);
        if (feed || size > 8 * FRAME) arrived ??= performance.now();
      });
    }
  };
  const { putImageData } = CanvasRenderingContext2D.prototype;
  CanvasRenderingContext2D.prototype.putImageData = function (...given) {
    putImageData.apply(this, given);
    if (arrived === null) return;
    const from = arrived;
    arrived = null;
    requestAnimationFrame(() => setTimeout(() => wire.delays.push(performance.now() - from)));
  };
}
"""
"""When messages arrive, and how long until the screen shows what they brought."""
SCRUB = """
(seconds) => new Promise((done) => {
  const find = (root) => {
    for (const each of root.querySelectorAll("*")) {
      const found = each.matches?.(".film .plot") ? each : each.shadowRoot && find(each.shadowRoot);
      if (found) return found;
    }
  };
  const plot = find(document);
  const label = plot.parentElement.querySelector(".training .label");
  const press = (key) => plot.dispatchEvent(new KeyboardEvent("keydown", { key, shiftKey: true }));
  press("Home");
  const began = performance.now();
  const seen = [];
  let [forward, last, busy] = [true, began, 0];
  const turn = (now) => {
    const before = performance.now();
    press(forward ? "ArrowRight" : "ArrowLeft");
    busy += performance.now() - before;
    seen.push(now - last);
    last = now;
    if (/step (0|99)$/.test(label.textContent)) forward = !forward;
    if (now - began < 1000 * seconds) requestAnimationFrame(turn);
    else {
      const worst = Math.max(...seen.slice(1));
      done({ frames: seen.length, seconds: (now - began) / 1000, busy, worst });
    }
  };
  requestAnimationFrame(turn);
})
"""
"""Turn a frame at every paint, as somebody does who drags the slider."""

TOUCH = """
(times) => new Promise((done) => {
  const find = (root) => {
    for (const each of root.querySelectorAll("*")) {
      const found = each.matches?.(".film .plot") ? each : each.shadowRoot && find(each.shadowRoot);
      if (found) return found;
    }
  };
  const plot = find(document);
  const press = (key) => plot.dispatchEvent(new KeyboardEvent("keydown", { key }));
  press("Home");
  press("ArrowRight");
  const taken = [];
  const change = () => {
    let began;
    requestAnimationFrame(() => (began = performance.now()));
    press(taken.length % 8 < 4 ? "PageUp" : "PageDown");  // drawn at the next paint
    requestAnimationFrame(() => {
      taken.push(performance.now() - began);
      taken.length < times ? setTimeout(change) : done(taken);
    });
  };
  change();
})
"""
"""Change a value of the input again and again; ms until all is computed and drawn each time."""
ANSWERS_WITHIN = {16: 16, 64: 50}
"""Units -> ms."""


def main(rounds: int = 5) -> None:
    """Print every figure."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        print(f"film of {FRAMES} frames x {STEPS} steps x {UNITS} units x {len(SIGNALS)} signals")
        scrub(browser, rounds)
        live(browser)
        for units, target in ANSWERS_WITHIN.items():
            touched(browser, units, target)
        browser.close()


def scrub(browser: Browser, rounds: int) -> None:
    """Frames a second while a film of the promised size is moved through."""
    with (
        tempfile.TemporaryDirectory() as home,
        serve(Path(home), "tests/browser/large_film_app.py") as app,
        visitor(browser) as page,
    ):
        page.add_init_script(WIRE)
        page.goto(app.url)
        page.locator(".film .plot").wait_for(timeout=PATIENCE)
        page.wait_for_timeout(1000)
        print(f"  bytes sent, once: {max(page.evaluate('wire.sizes')):,}")
        delays = page.evaluate("wire.delays")
        report("  all of it from arrival to paint", "ms", delays[:1])
        sent = len(page.evaluate("wire.sizes"))
        found = [page.evaluate(SCRUB, SECONDS) for _ in range(rounds)]
        rates = [each["frames"] / each["seconds"] for each in found]
        report("  frames a second", "fps", rates, 30)
        costs = [each["busy"] / each["frames"] for each in found]
        print(f"  script time a frame: {statistics.median(costs):.1f} ms")
        report("  longest wait for a frame", "ms", [each["worst"] for each in found])
        told = len(page.evaluate("wire.sizes")) - sent
        print(f"  messages from the server while scrubbing: {told}")


def live(browser: Browser) -> None:
    """From the arrival of a live frame to its paint, while the app trains."""
    with (
        tempfile.TemporaryDirectory() as home,
        serve(Path(home)) as app,
        visitor(browser) as page,
    ):
        page.add_init_script(WIRE)
        open_train(page, app)
        set_epochs(page, 20)
        page.evaluate("wire.delays.length = wire.frames.length = 0")
        press(page, "Train")
        ended(page)
        report("live: a frame's arrival to its paint", "ms", page.evaluate("wire.delays"))
        sizes = page.evaluate("wire.frames")
        print(f"live: bytes a frame: {statistics.median(sizes):,.0f}")


def touched(browser: Browser, units: int, target: int) -> None:
    """How soon a changed input is answered and drawn, on the Train page."""
    experiment = f"task=adding&length={STEPS}&cell=lstm&units={units}&epochs=1"
    with (
        tempfile.TemporaryDirectory() as home,
        serve(Path(home)) as app,
        visitor(browser) as page,
    ):
        page.goto(f"{app.url}/train?{experiment}")
        page.locator(".film .plot").wait_for(timeout=PATIENCE)
        press(page, "Train")
        ended(page)
        rest(page)
        page.evaluate(TOUCH, 5)
        page.locator(".film .whatif b").filter(has_text="says").wait_for(timeout=PATIENCE)
        report(f"what if, {units} units x {STEPS} steps", "ms", page.evaluate(TOUCH, 60), target)


if __name__ == "__main__":
    main()
