"""Collect the marked sentences into messages.pot and carry them into every catalogue."""

from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parents[1]
LOCALE = ROOT / "lstm_viz" / "locale"
TEMPLATE = LOCALE / "messages.pot"
KEYWORDS = {"_": None, "N_": None, "ngettext": (1, 2)}


def sources() -> Iterator[Path]:
    """The files whose sentences people read."""
    yield ROOT / "app.py"
    yield from sorted((ROOT / "pages").rglob("*.py"))
    yield from sorted((ROOT / "lstm_viz").rglob("*.py"))


def where(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def collect() -> Catalog:
    """Every sentence marked with `_`, `N_` or `ngettext`."""
    found = Catalog(header_comment="# The sentences of lstm_viz.", fuzzy=False)
    for path in sources():
        for _line, message, comments, _context in extract_from_file(
            "python", path, keywords=KEYWORDS, comment_tags=("Translators:",)
        ):
            found.add(message, auto_comments=comments)
    return found


def sentences(catalogue: Catalog) -> set[object]:
    return {message.id for message in catalogue if message.id}


def read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file)


def write(path: Path, catalogue: Catalog) -> None:
    with path.open("wb") as file:
        write_po(file, catalogue, width=100, no_location=True, sort_output=True)


def main() -> None:
    found = collect()
    # The file's date would change at every call.
    if not TEMPLATE.exists() or sentences(read(TEMPLATE)) != sentences(found):
        LOCALE.mkdir(exist_ok=True)
        write(TEMPLATE, found)
    print(f"{where(TEMPLATE)}: {len(sentences(found))} sentences")
    for path in sorted(LOCALE.glob("*/LC_MESSAGES/messages.po")):
        catalogue = read(path)
        catalogue.update(found)
        write(path, catalogue)
        with path.with_suffix(".mo").open("wb") as file:
            write_mo(file, catalogue)
        done = sum(1 for message in catalogue if message.id and message.string)
        print(f"{where(path)}: {done} translated")


if __name__ == "__main__":
    main()
