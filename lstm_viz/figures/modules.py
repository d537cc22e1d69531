"""The components' files in one page that asks no server: modules under names of their own.

A module of a page that lies in a file cannot load another file. An import map gives each its text
as a data: URL, and where a module says "../wire.js" it says the name in that map.
"""

import re
from base64 import b64encode
from collections.abc import Iterator
from functools import cache
from pathlib import Path, PurePosixPath

from lstm_viz.files import COMPONENTS

PREFIX = "lstm_viz/"
_IMPORT = re.compile(r'(\bfrom\s*|\bimport\s*)"(\.[^"]+)"')
_SHEET = re.compile(r'@import url\("\./([^"]+)"\);\n?')


def module_name(path: str) -> str:
    """The name under which a page's own modules load a file of `assets/components/`."""
    return PREFIX + path


@cache
def import_map(*entries: str) -> dict[str, str]:
    """Name -> data: URL, of these files of `assets/components/` and all that they load."""
    return {
        module_name(path): "data:text/javascript;base64," + b64encode(text.encode()).decode()
        for path, text in _loaded(entries)
    }


@cache
def style_sheet(entry: str) -> str:
    """A style sheet of `assets/components/`, those that it loads written into it."""
    text = (COMPONENTS / entry).read_text()
    return _SHEET.sub(lambda found: style_sheet(found[1]), text)


def _loaded(entries: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Each file once, by its path, with its imports named as in the map."""
    left, seen = [*entries], set[str]()
    while left:
        path = left.pop()
        if path in seen:
            continue
        seen.add(path)
        parts = _IMPORT.split((COMPONENTS / path).read_text())
        loaded = [_resolved(path, each) for each in parts[2::3]]
        left += loaded
        parts[2::3] = [f'"{module_name(each)}"' for each in loaded]
        yield path, "".join(parts)


def _resolved(path: str, relative: str) -> str:
    """Where a module of this path finds another."""
    whole = (COMPONENTS / PurePosixPath(path).parent / relative).resolve()
    return whole.relative_to(Path(COMPONENTS).resolve()).as_posix()
