"""The components' files where no server is asked for them: modules under names of their own.

A module of a page that lies in a file cannot load another file. An import map gives each its text
as a data: URL, and where a module says "../wire.js" it says the name in that map. Where there is no
such map either, as in a notebook, one module holds the texts of all.
"""

import re
from base64 import b64encode
from collections.abc import Mapping
from functools import cache
from json import dumps
from pathlib import Path, PurePosixPath

from lstm_viz.files import COMPONENTS

PREFIX = "lstm_viz/"
_IMPORT = re.compile(r'(\bfrom\s*|\bimport\s*)"(\.[^"]+)"')
_SHEET = re.compile(r'@import url\("\./([^"]+)"\);\n?')


def module_name(path: str) -> str:
    """The name under which a page's own modules load a file of `assets/components/`."""
    return PREFIX + path


@cache
def import_map(entry: str) -> dict[str, str]:
    """Name -> data: URL, of a file of `assets/components/` and all that it loads."""
    return {
        name: "data:text/javascript;base64," + b64encode(text.encode()).decode()
        for name, text in _modules(entry).items()
    }


def bundle(entry: str, styles: Mapping[str, str]) -> str:
    """The same as one module: what the entry's default export makes of these style sheets."""
    given = {"modules": _modules(entry), "styles": dict(styles), "entry": module_name(entry)}
    return f"const GIVEN = {dumps(given)};\n" + (COMPONENTS / "loader.js").read_text()


@cache
def style_sheet(entry: str) -> str:
    """A style sheet of `assets/components/`, those that it loads written into it."""
    text = (COMPONENTS / entry).read_text()
    return _SHEET.sub(lambda found: style_sheet(found[1]), text)


@cache
def _modules(entry: str) -> dict[str, str]:
    """Name -> text, what a module loads before the module itself; none loads what loads it."""
    found: dict[str, str] = {}
    parts = _IMPORT.split((COMPONENTS / entry).read_text())
    loaded = [_resolved(entry, each) for each in parts[2::3]]
    for each in loaded:
        found |= _modules(each)
    parts[2::3] = [f'"{module_name(each)}"' for each in loaded]
    return {**found, module_name(entry): "".join(parts)}


def _resolved(path: str, relative: str) -> str:
    """Where a module of this path finds another."""
    whole = (COMPONENTS / PurePosixPath(path).parent / relative).resolve()
    return whole.relative_to(Path(COMPONENTS).resolve()).as_posix()
