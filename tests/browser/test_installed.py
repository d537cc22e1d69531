"""The wheel, installed where there is no checkout: `lstm-viz` serves the app from any folder."""

import re
import shutil
import subprocess
import sys
import sysconfig
import tomllib
import venv
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.waiting import idle
from tests.serving import ROOT, App, free_port, serve_by
from tests.test_core import modules_beside, name_of

PATIENCE = 30_000
FOLDERS = (".streamlit", "assets", "lstm_viz", "pages")
FILES = ("LICENSE", "README.md", "app.py", "pyproject.toml", "setup.py")
PIP = (sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check")
NOTEBOOK = """
import sys
for name in sys.argv[2:]:
    sys.modules[name] = None  # as if it were not installed

import torch
import lstm_viz

assert lstm_viz.__file__.startswith(sys.argv[1]), lstm_viz.__file__
model, x = torch.nn.LSTM(3, 4, batch_first=True), torch.randn(2, 5, 3)
traces = lstm_viz.trace(model, x, loss_fn=lambda output, _: output[0].sum())
assert traces.summary().shape[0] == 1 and traces.plot().to_json()
assert traces.to_xarray()["l0"].sizes["unit"] == 4
data = lstm_viz.adding_problem(count=20, length=5)
result = lstm_viz.fit(cell="gru", hidden_size=4, epochs=1, dataset=data, progress=False)
assert result.plot().to_json() and len(result.history) == len(result.frames)
film = lstm_viz.film(result)
assert "anywidget" in {kind.__module__.partition(".")[0] for kind in type(film).__mro__}
assert film.save("run.html") > 100_000
"""
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


def test_a_notebook_has_films_charts_and_arrays_by_its_extra_alone(
    environment: Path, tmp_path: Path
) -> None:
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    needs = [*extras["dependencies"], *extras["optional-dependencies"]["data"]]
    needs += extras["optional-dependencies"]["notebook"]
    others = modules_beside(*{name_of(each) for each in needs} - {"lstm-viz"})
    assert "streamlit" in others and "anywidget" not in others
    command = [environment / "bin" / "python", "-I", "-c", NOTEBOOK, environment, *others]
    subprocess.run(command, cwd=tmp_path, check=True)


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
