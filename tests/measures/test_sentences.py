"""The list of the sentences that interpret numbers is the code's."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MEASURES = ROOT / "lstm_viz" / "measures"
ROW = re.compile(r"^\| .+ \| `(\w+)\.(\w+)` \| ([\w, ]+) \| `(\w+)` \|$", re.MULTILINE)
LISTED = ROW.findall((MEASURES / "README.md").read_text())
WORDS_OF_NUMBERS = {"said_score", "said_spread"}
"""Numbers as a sentence writes them, and no more; but for `scores.said_spread`."""


def sentences() -> Iterator[tuple[str, str]]:
    """(module, function) of what says something."""
    for path in sorted(MEASURES.glob("*.py")):
        for node in ast.parse(path.read_text()).body:
            if not isinstance(node, ast.FunctionDef):
                continue
            says = re.match(r"said_|verdict$", node.name) is not None
            if says and (node.name not in WORDS_OF_NUMBERS or path.stem == "scores"):
                yield path.stem, node.name


def test_every_sentence_that_interprets_is_listed_and_no_other() -> None:
    assert sorted((module, name) for module, name, *_ in LISTED) == sorted(sentences())


@pytest.mark.parametrize(("module", "name", "pages", "test"), LISTED)
def test_a_listed_sentence_is_proved_where_the_list_says(
    module: str, name: str, pages: str, test: str
) -> None:
    proof = (ROOT / "tests" / "measures" / f"{test}.py").read_text()
    assert f"lstm_viz.measures.{module}" in proof
    assert re.search(rf"\b{name}\(", proof)
