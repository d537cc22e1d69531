"""The notebooks, executed: each becomes a page with what its cells gave, the film in it."""

import ast
import contextlib
import io
import json
import os
import re
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import torch

from lstm_viz.notebook.film import Film

STYLE = re.compile("<style.*?</style>", re.DOTALL)
FOLDER = Path(__file__).parents[2] / "docs" / "notebooks"
WIDE = "---\nhide: [toc]\n---\n\n"
"""The whole width for code and films."""
INDEX = """# Notebooks

Six small notebooks. Each runs in seconds on a processor alone; what stands below their cells was
computed when this site was built.

"""


class Executed(NamedTuple):
    """A notebook as it ran."""

    title: str
    lead: str
    """The first paragraph."""
    markdown: str
    films: dict[str, str]
    """File beside the page -> the film's HTML."""


def titles() -> dict[str, str]:
    """Page -> title."""
    return {f"notebooks/{path.stem}.md": executed(path).title for path in _paths()}


def pages() -> dict[str, str]:
    """Page or file -> its content."""
    made: dict[str, str] = {}
    lines = []
    for path in _paths():
        notebook = executed(path)
        made[f"notebooks/{path.stem}.md"] = notebook.markdown
        made |= {f"notebooks/{name}": html for name, html in notebook.films.items()}
        lines.append(f"{len(lines) + 1}. **[{notebook.title}]({path.stem}.md).** {notebook.lead}")
    return {"notebooks/index.md": INDEX + "\n".join(lines) + "\n", **made}


@cache
def executed(path: Path) -> Executed:
    """Run its cells in one namespace, in a folder of their own."""
    found = json.loads(path.read_text())["cells"]
    cells = [(cell["cell_type"], "".join(cell["source"])) for cell in found]
    films: dict[str, str] = {}
    parts = list(_parts(path.stem, cells, films))
    title, lead = cells[0][1].removeprefix("# ").split("\n\n")[:2]
    download = f"[Download this notebook]({path.name}){{ .md-button download }}"
    parts.insert(1, download)
    return Executed(title, lead, WIDE + "\n\n".join(parts) + "\n", films)


def _parts(stem: str, cells: list[tuple[str, str]], films: dict[str, str]) -> Iterator[str]:
    namespace: dict[str, Any] = {"__name__": "__main__"}
    torch.manual_seed(0)
    here = Path.cwd()
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        try:
            for kind, source in cells:
                if kind == "markdown":
                    yield source
                    continue
                yield f"```python\n{source}\n```"
                printed, value = run(source, namespace, f"{stem}.ipynb")
                if printed.strip():
                    yield f"```{{ .text .output }}\n{printed.rstrip()}\n```"
                if value is not None:
                    yield _shown(value, stem, films)
        finally:
            os.chdir(here)


def run(source: str, namespace: dict[str, Any], name: str) -> tuple[str, Any]:
    """What a cell prints, and what its last line is worth."""
    tree = ast.parse(source, name)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    value = None
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        exec(compile(tree, name, "exec"), namespace)
        if last is not None:
            value = eval(compile(ast.Expression(last.value), name, "eval"), namespace)
    return printed.getvalue(), value


def _shown(value: object, stem: str, films: dict[str, str]) -> str:
    if isinstance(value, Film):
        name = f"{stem}-{len(films) + 1}.html"
        films[name] = value._saved.html()
        return f'<iframe class="film" src="{name}" title="{value._saved.title}"></iframe>'
    if hasattr(value, "_repr_html_"):
        html = STYLE.sub("", value._repr_html_())  # of one notebook, not of a site
        return f'<div class="output">{html}</div>'
    return f"```{{ .text .output }}\n{value!r}\n```"


def _paths() -> list[Path]:
    return sorted(FOLDER.glob("*.ipynb"))
