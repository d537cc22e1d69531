"""Take the README's pictures from the running app: `python -m scripts.make_pictures`.

The film of the first page's story becomes a small animation; the rest are still.
"""

import io
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser.conftest import FLAGS, chromium
from tests.browser.waiting import idle
from tests.serving import ROOT, serve

PICTURES = ROOT / "assets" / "pictures"
SIZE = {"width": 1280, "height": 800}
FILM_WIDTH = 900
MILLISECONDS = 160
"""How long the animation shows a frame of the training."""
LAST = 2000
"""How long it rests on the last one."""
PATIENCE = 120_000
CONTENDERS = 3
"""Of the race that the Compare page proposes."""


def main() -> None:
    """Take every picture, and say how large each became."""
    with (
        sync_playwright() as playwright,
        tempfile.TemporaryDirectory() as home,
        serve(Path(home)) as app,
    ):
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        page = _page(browser)
        page.goto(f"{app.url}/?scene=2")
        film(page)
        train(page)
        cell(page)
        race(_page(browser), app.url)
        three_lines(_page(browser), Path(home))
        browser.close()
    for path in sorted(PICTURES.iterdir()):
        print(f"{path.name}: {path.stat().st_size:,} bytes")


def film(page: Page) -> None:
    """The recorded training, frame by frame."""
    page.set_viewport_size({"width": 1600, "height": 900})
    plot = page.locator(".film .plot")
    plot.wait_for()
    page.get_by_role("button", name="Training: Pause").click()
    slider = page.locator(".film .training .slider")
    last = int(slider.get_attribute("max") or 0)
    plot.press("Shift+Home")
    shots = []
    for place in range(last + 1):
        if place:
            plot.press("Shift+ArrowRight")
        page.wait_for_timeout(60)
        shots.append(_shrunk(page.locator(".film").screenshot()))
    times = [MILLISECONDS] * last + [LAST]
    shots[0].save(
        PICTURES / "film.webp",
        save_all=True,
        append_images=shots[1:],
        duration=times,
        loop=0,
        quality=70,
        method=6,
    )


def train(page: Page) -> None:
    """The Train page in the middle of a run that already finds out."""
    page.set_viewport_size(SIZE)
    page.get_by_role("button", name=re.compile("^Train it live")).click()
    page.get_by_role("button", name=re.compile("^Train further")).wait_for(timeout=PATIENCE)
    page.get_by_role("button", name="Training: Pause").click()  # it plays by itself at its end
    page.locator(".film .plot").press("Shift+End")
    idle(page)
    _shoot(page, "train")


def cell(page: Page) -> None:
    """One unit at the second mark."""
    page.get_by_role("link", name="Cell", exact=True).click()
    page.get_by_role("heading", name="Cell", exact=True).wait_for()
    idle(page)
    _shoot(page, "cell")


def race(page: Page, url: str) -> None:
    """RNN, LSTM and GRU at the end of their race."""
    page.goto(f"{url}/compare")
    page.get_by_role("button", name=re.compile("^Start the race")).first.click()
    over = page.locator(".words .said").filter(has_text="finished")
    expect(over).to_have_count(CONTENDERS, timeout=PATIENCE)
    idle(page)
    page.set_viewport_size({"width": 1280, "height": 1100})
    _shoot(page, "race")


def three_lines(page: Page, folder: Path) -> None:
    """What the README's first lines of Python save, two thirds into the training."""
    code = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)[0]
    where = os.environ | {"PYTHONPATH": str(ROOT)}
    subprocess.run([sys.executable, "-c", code], cwd=folder, env=where, check=True)
    (saved,) = folder.glob("*.html")
    page.goto(saved.as_uri())
    plot = page.locator(".film .plot")
    plot.wait_for()
    slider = page.locator(".film .training .slider")
    plot.press("Shift+Home")
    for _ in range(int(slider.get_attribute("max") or 0) * 2 // 3):
        plot.press("Shift+ArrowRight")
    _shoot(page, "three_lines")


def _page(browser: Browser) -> Page:
    page = browser.new_context(viewport=SIZE, device_scale_factor=1, locale="en-US").new_page()
    page.set_default_timeout(PATIENCE)
    return page


def _shrunk(png: bytes) -> Image.Image:
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    return picture.resize((FILM_WIDTH, picture.height * FILM_WIDTH // picture.width))


def _shoot(page: Page, name: str) -> None:
    page.mouse.move(1, 1)  # off whatever has a tooltip
    page.wait_for_timeout(1500)
    page.screenshot(path=PICTURES / f"{name}.png")


if __name__ == "__main__":
    main()
