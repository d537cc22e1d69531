"""Examples in docstrings are shown as code: Markdown would take `>>>` for a quotation."""

import textwrap
from collections.abc import Iterator
from typing import Any

from griffe import Extension, Object


class Doctests(Extension):
    """Fences the doctests of every docstring."""

    def on_object(self, *, obj: Object, **_: Any) -> None:
        if obj.docstring is not None:
            obj.docstring.value = fenced(obj.docstring.value)


def fenced(text: str) -> str:
    """The docstring with a fence around each of its doctests, which end at an empty line."""
    return "\n".join(_lines(textwrap.dedent(text).splitlines()))


def _lines(lines: list[str]) -> Iterator[str]:
    inside = False
    for line in lines:
        if line.startswith(">>>") and not inside:
            yield from ("", "```pycon")
            inside = True
        elif inside and not line.strip():
            yield "```"
            inside = False
        yield line
    if inside:
        yield "```"
