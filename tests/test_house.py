"""The layout's rules that no linter knows."""

import ast
import subprocess
import sys
import tomllib
from collections.abc import Iterator
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
TOOLS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]
NO_TORCH = next(
    contract["source_modules"]
    for contract in TOOLS["importlinter"]["contracts"]
    if contract.get("forbidden_modules") == ["torch"]
)


def where(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def modules_loaded_by(code: str) -> set[str]:
    """Top-level modules in a fresh interpreter after this code."""
    code += "\nimport sys; print(*{name.partition('.')[0] for name in sys.modules})"
    found = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert found.returncode == 0, found.stderr
    return set(found.stdout.split())


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
    assert sorted(path for paths in shown.values() for path in paths) == [*map(where, PAGES)]


def test_only_the_ui_and_the_pages_know_streamlit() -> None:
    know = [
        path for path in SOURCES if "streamlit" in {name.split(".")[0] for name in imported(path)}
    ]
    outside = {"lstm_viz/ui", "pages", "app.py", "tests"}
    assert [each for each in map(where, know) if not any(map(each.startswith, outside))] == []


def test_nothing_shows_raw_html() -> None:
    words = [node for path in SOURCES for node in ast.walk(ast.parse(path.read_text()))]
    assert not [word for word in words if getattr(word, "arg", None) == "unsafe_allow_html"]


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


def test_importing_the_library_loads_neither_torch_nor_streamlit_nor_charts() -> None:
    heavy = {"torch", "streamlit", "altair", "plotly", "pandas", "numpy", "msgpack"}
    assert not modules_loaded_by("import lstm_viz") & heavy


def test_tracing_loads_neither_streamlit_nor_charts() -> None:
    found = modules_loaded_by("from lstm_viz import trace, watch")
    assert "torch" in found
    assert not found & {"streamlit", "altair", "plotly"}


def test_the_app_never_loads_torch() -> None:
    names = {name for path in [ROOT / "app.py", *PAGES] for name in imported(path)}
    code = f"""
from importlib import import_module
from pkgutil import walk_packages
for name in {[*NO_TORCH, *sorted(names)]}:
    module = import_module(name)
    if name.startswith("lstm_viz."):
        for each in walk_packages(getattr(module, "__path__", ()), name + "."):
            import_module(each.name)
"""
    found = modules_loaded_by(code)
    assert {"lstm_viz", "streamlit"} <= found
    assert "torch" not in found
