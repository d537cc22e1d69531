"""The layout's rules that no linter knows."""

import ast
from importlib import import_module
from pathlib import Path

import lstm_viz

ROOT = Path(__file__).parents[1]
PAGES = sorted((ROOT / "pages").rglob("*.py"))
SOURCES = [ROOT / "app.py"] + [
    path
    for folder in ("lstm_viz", "pages", "scripts", "bench", "tests")
    for path in sorted((ROOT / folder).rglob("*.py"))
]


def where(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def test_files_are_short() -> None:
    assert [where(path) for path in SOURCES if path.read_text().count("\n") > 300] == []


def test_pages_lie_in_sections() -> None:
    # beside app.py, a flat pages/*.py wakes Streamlit's old multipage mode, which skips app.py
    assert [where(path) for path in PAGES if path.parent.parent != ROOT / "pages"] == []


def test_the_app_shows_every_page() -> None:
    tree = ast.parse((ROOT / "app.py").read_text())
    shown = next(
        ast.literal_eval(node.value)
        for node in tree.body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "PAGES"
    )
    assert sorted(shown) == [*map(where, PAGES)]


def test_nothing_shows_raw_html() -> None:
    app = [path for path in SOURCES if not where(path).startswith("tests/")]
    assert [where(path) for path in app if "unsafe_allow_html" in path.read_text()] == []


def test_all_names_what_the_package_offers() -> None:
    tree = ast.parse((ROOT / "lstm_viz" / "__init__.py").read_text())
    offered = {
        alias.name: node.module
        for branch in tree.body
        if isinstance(branch, ast.If)
        for node in branch.body
        if isinstance(node, ast.ImportFrom) and node.module
        for alias in node.names
    }
    assert set(lstm_viz.__all__) == set(offered)
    for name, module in offered.items():
        assert getattr(lstm_viz, name) is getattr(import_module(module), name)
