"""The documentation's site, built once and strictly: nothing public is missing from it."""

import os
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest

import lstm_viz
from lstm_viz.models.cells import CELLS
from tests.test_house import ROOT

LOADS = {"script": "src", "img": "src", "iframe": "src", "link": "href", "source": "src"}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built as `make docs` builds it, which executes the notebooks and traces the tests' models."""
    place = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "-d", str(place)]
    built = subprocess.run(
        command,
        cwd=ROOT,
        env=os.environ | {"NO_MKDOCS_2_WARNING": "1"},
        check=False,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert not built.returncode, built.stdout[-3000:]
    return place


class Loaded(HTMLParser):
    """What a page loads, and the anchors that it has."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.loads: list[str] = []
        self.anchors: list[str] = []
        self.tags: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.tags.append(tag)
        self.anchors.append(given.get("id") or "")
        if (given.get("rel") or "") not in ("canonical", "next", "prev"):
            self.loads.append(given.get(LOADS.get(tag, "")) or "")


def page(site: Path, name: str) -> Loaded:
    return Loaded((site / name).read_text())


def test_every_public_name_is_in_the_reference_once(site: Path) -> None:
    anchors = [each for path in site.glob("reference/*.html") for each in page(site, path).anchors]
    shown = [each.removeprefix("lstm_viz.") for each in anchors if each.count(".") == 1]
    assert sorted(shown) == sorted(lstm_viz.__all__)


def test_every_cell_has_its_page_with_all_its_equations(site: Path) -> None:
    pages = {path.stem for path in site.glob("cells/*.html")} - {"index"}
    assert pages == {*CELLS}
    for kind, spec in CELLS.items():
        options = {name: option.limit.default for name, option in spec.options.items()}
        assert page(site, f"cells/{kind}.html").tags.count("math") >= len(spec.formulas(options))


def test_every_notebook_shows_a_film_of_its_own(site: Path) -> None:
    notebooks = sorted(path.stem for path in (ROOT / "docs" / "notebooks").glob("*.ipynb"))
    assert len(notebooks) == 6
    for name in notebooks:
        (film,) = [each for each in page(site, f"notebooks/{name}.html").loads if name in each]
        assert (site / "notebooks" / film).stat().st_size > 100_000


def test_the_charts_are_drawn_by_the_code_beside_them(site: Path) -> None:
    loads = [each for each in page(site, "how-to/pictures.html").loads if "/" not in each]
    pictures = [each for each in loads if each.endswith((".png", ".svg"))]
    assert len(pictures) == 4
    for name in pictures:
        begin = (site / "how-to" / name).read_bytes()[:4]
        assert begin == (b"\x89PNG" if name.endswith("png") else b"<svg")


def test_the_table_of_shapes_holds_the_models_of_the_tests(site: Path) -> None:
    text = (site / "reading.html").read_text()
    found = re.search(r"(\d+) models in (\d+) shapes", text)
    assert found is not None and int(found[1]) >= 60
    assert "a decoder with attention" in text and "torch.jit" in text
    assert "{{" not in re.sub("<script.*?</script>", "", text, flags=re.DOTALL)


def test_nothing_is_loaded_from_elsewhere_and_all_that_is_loaded_is_there(site: Path) -> None:
    for path in site.rglob("*.html"):
        if path.name == "404.html":  # it does not know where it is served from
            continue
        for each in page(site, path).loads:
            local = each.split("#")[0].split("?")[0]
            assert not each.startswith(("http", "//")), f"{path.name} loads {each}"
            assert each.startswith("data:") or (path.parent / local).exists(), f"{path}: {each}"
