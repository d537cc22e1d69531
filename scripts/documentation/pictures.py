"""The pictures of the how-to about charts: drawn by the page's own code while the site is built."""

import os
import re
import tempfile
from pathlib import Path
from typing import Any

import torch

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "pictures.md"
CODE = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)
SHOWN = re.compile(r"!\[[^]]*\]\(([\w.]+)\)")


def pages() -> dict[str, bytes]:
    """File beside the page -> its content, of each picture that the page shows."""
    text, namespace = PAGE.read_text(), {"__name__": "__main__"}
    torch.manual_seed(0)
    here = Path.cwd()
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        try:
            _run(CODE.findall(text), namespace)
        finally:
            os.chdir(here)
        return {
            f"how-to/{name}": (Path(folder) / name).read_bytes() for name in SHOWN.findall(text)
        }


def _run(blocks: list[str], namespace: dict[str, Any]) -> None:
    for block in blocks:
        exec(compile(block, PAGE.name, "exec"), namespace)
