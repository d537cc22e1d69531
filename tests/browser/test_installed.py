"""The wheel, installed where there is no checkout: `lstm-viz` serves the app from any folder."""

import re
import shutil
import subprocess
import sys
import sysconfig
import venv
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.waiting import idle
from tests.serving import ROOT, App, free_port, serve_by

PATIENCE = 30_000
FOLDERS = (".streamlit", "assets", "lstm_viz", "pages")
FILES = ("LICENSE", "README.md", "app.py", "pyproject.toml", "setup.py")
PIP = (sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check")
INK = "rgb(27, 39, 51)"
"""textColor of .streamlit/config.toml."""


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with the wheel alone; what the app needs it borrows from the present one."""
    folder = tmp_path_factory.mktemp("installed")
    source, wheels, environment = folder / "source", folder / "wheels", folder / "environment"
    for name in FOLDERS:  # a copy: what an earlier build left in the checkout is not built again
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in FILES:
        shutil.copy(ROOT / name, source / name)
    pip("wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", wheels, source)
    shutil.rmtree(source)
    venv.create(environment, symlinks=True)
    (packages(environment) / "present.pth").write_text(sysconfig.get_path("purelib"))
    python = environment / "bin" / "python"
    pip("--python", python, "install", "--no-deps", "--no-index", *wheels.iterdir())
    return environment


def pip(*arguments: str | Path) -> None:
    subprocess.run([*PIP, *arguments], check=True)


def packages(environment: Path) -> Path:
    return Path(sysconfig.get_path("purelib", vars={"base": str(environment)}))


@pytest.fixture(scope="module")
def installed_app(environment: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """The app as `lstm-viz --port` serves it from an empty folder."""
    port = free_port()
    command = [environment / "bin" / "lstm-viz", "--port", str(port)]
    home, empty = tmp_path_factory.mktemp("home"), tmp_path_factory.mktemp("empty")
    with serve_by(command, port, home, empty) as served:
        yield served


def test_the_wheel_holds_every_file_that_the_app_reads(environment: Path) -> None:
    inside = packages(environment) / "lstm_viz" / "_app"
    for folder in (
        ".streamlit",
        "assets/components",
        "assets/recordings",
        "assets/series",
        "pages",
    ):
        assert files(inside / folder) == files(ROOT / folder) != set()


def files(folder: Path) -> set[str]:
    found = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    return {path.as_posix() for path in found if "__pycache__" not in path.parts}


def test_a_cold_deep_link_opens_its_page_without_a_dialog(page: Page, installed_app: App) -> None:
    page.goto(f"{installed_app.url}/gradients")  # its first visitor
    expect(page.get_by_role("heading", name="Gradients", level=1)).to_be_visible(timeout=PATIENCE)
    idle(page)
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_the_installed_app_shows_its_recording_trains_and_keeps_its_theme(
    page: Page, installed_app: App
) -> None:
    page.goto(f"{installed_app.url}/?scene=2")
    expect(page.locator(".film canvas").first).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_role("heading", level=1)).to_have_css("color", INK)
    page.get_by_role("button", name=re.compile("^Train it live")).first.click()
    expect(page.get_by_text("updates per second")).to_be_visible(timeout=PATIENCE)
    page.get_by_role("button", name=re.compile("^Stop")).first.click()
    expect(page.get_by_role("button", name=re.compile("^Train further"))).to_be_visible(
        timeout=PATIENCE
    )
    idle(page)
