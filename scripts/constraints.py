"""Pin what the app and its tests need indirectly: `python -m scripts.constraints`.

Reads which versions are installed in this environment, after `make test` in a new one, and writes
constraints.txt, which requirements.txt and scripts/install.sh hand to pip. What requirements.txt
and pyproject.toml pin themselves is not repeated, nor what comes with another system alone:
PyTorch's build for NVIDIA cards asks for its libraries by their exact versions.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
TARGET = ROOT / "constraints.txt"
HEADER = (
    "# Written by scripts/constraints.py: what requirements.txt and the tests need indirectly.\n"
)


def to_serve() -> list[Requirement]:
    """What requirements.txt pins."""
    lines = (ROOT / "requirements.txt").read_text().splitlines()
    return [Requirement(line) for line in lines if re.match(r"\w", line)]


def to_test() -> list[Requirement]:
    """What the extras, the tests and the documentation ask for besides."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    extras = project["project"]["optional-dependencies"]["data"]
    groups = project["dependency-groups"].values()
    return [Requirement(each) for each in [*extras, *(need for group in groups for need in group)]]


def needed(by: Iterable[Requirement]) -> dict[str, str]:
    """Name -> version of all that these bring along here, they themselves included."""
    found: dict[str, str] = {}
    open_ends = list(by)
    while open_ends:
        asked = open_ends.pop()
        name = canonicalize_name(asked.name)
        try:
            there = distribution(asked.name)
        except PackageNotFoundError:
            continue  # another system's
        if name not in found or asked.extras:
            found[name] = there.version.partition("+")[0]
            open_ends += _of(there.requires or (), asked.extras)
    return found


def _of(lines: Iterable[str], extras: set[str]) -> Iterator[Requirement]:
    for line in lines:
        each = Requirement(line)
        wanted = ({"extra": extra} for extra in ("", *extras))
        if each.marker is None or any(each.marker.evaluate(extra) for extra in wanted):
            yield each


def pinned() -> dict[str, str]:
    """Name -> version of what is needed indirectly."""
    serving = needed(to_serve())
    by_requirements = {canonicalize_name(each.name) for each in to_serve()}
    by_project = {canonicalize_name(each.name) for each in to_test() if "==" in str(each.specifier)}
    own = by_requirements | (by_project - {*serving})
    return {
        name: version
        for name, version in {**needed(to_test()), **serving}.items()
        if name not in own
    }


def main() -> None:
    lines = [f"{name}=={version}\n" for name, version in sorted(pinned().items())]
    TARGET.write_text("".join([HEADER, *lines]))
    print(f"{TARGET.name}: {len(lines)} packages")


if __name__ == "__main__":
    main()
