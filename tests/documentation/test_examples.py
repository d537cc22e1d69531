"""The Python of the documentation runs, and gives what it says that it gives."""

import ast
import doctest
import re
from pathlib import Path
from typing import Any

import pytest
import torch

from scripts.documentation import pictures
from tests.test_house import ROOT

DOCS = ROOT / "docs"
FENCE = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)
GIVES = re.compile(r"^(?P<code>[^#]+?)  # -> (?P<wanted>.+)$")
NEEDS = re.compile(r"^<!-- needs ([\w.]+) -->$", re.MULTILINE)
PAGES = [
    path
    for path in sorted(DOCS.rglob("*.md"))
    if FENCE.search(path.read_text()) and path != pictures.PAGE  # which the site runs
]


def run(source: str, namespace: dict[str, Any], name: str) -> None:
    """Run it line by line; what a line says after `# ->` is what it must be worth."""
    lines = source.splitlines()
    for node in ast.parse(source, name).body:
        said = GIVES.match(lines[node.end_lineno - 1]) if isinstance(node, ast.Expr) else None
        code = "\n" * (node.lineno - 1) + (ast.get_source_segment(source, node) or "")
        if said is None:
            # a decorator is no part of the segment, and none of the pages has one
            exec(compile(code, name, "exec"), namespace)
            continue
        given = eval(compile(code.strip(), name, "eval"), namespace)
        fits = doctest.OutputChecker().check_output(
            said["wanted"] + "\n", f"{given!r}\n", doctest.ELLIPSIS
        )
        assert fits, f"{name}: {said['code']} gives {given!r}, and not {said['wanted']}"


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.relative_to(DOCS).as_posix())
def test_what_a_page_shows_is_what_happens(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for package in NEEDS.findall(path.read_text()):
        pytest.importorskip(package, reason=f"{package} is not installed")
    monkeypatch.chdir(tmp_path)
    torch.manual_seed(0)
    namespace: dict[str, Any] = {"__name__": "__main__"}
    for block in FENCE.findall(path.read_text()):
        run(block, namespace, path.name)


def test_the_readme_and_the_first_page_begin_with_the_same_lines() -> None:
    first = [FENCE.search(path.read_text()) for path in (ROOT / "README.md", DOCS / "index.md")]
    assert first[0] is not None and first[1] is not None
    assert first[0][1] == first[1][1]


def test_a_page_that_says_what_is_not_so_is_found() -> None:
    run("x = 2\nx + 1  # -> 3", {}, "page")
    with pytest.raises(AssertionError, match="gives 3, and not 4"):
        run("x = 2\nx + 1  # -> 4", {}, "page")
