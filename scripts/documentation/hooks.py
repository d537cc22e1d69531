"""What of the documentation is made from the code: MkDocs calls this while it builds the site.

The pages of cells come from the cells' own specs, the API reference from the public names, the
notebooks are executed and the charts drawn, and the tables of what can be read are made of the
tests' own models.
"""

from pathlib import Path
from typing import Any

from mkdocs.structure.files import File, Files

from scripts.documentation import cells, notebooks, pictures, reference, shapes

ROOT = Path(__file__).parents[2]
PICTURES = ("assets/icon.svg", "assets/pictures/three_lines.png")
MADE = {"cells/": cells.titles, "reference/": reference.titles, "notebooks/": notebooks.titles}
"""Entry of the navigation -> page -> title of each page that is made."""
TABLES = {"{{ shapes }}": shapes.read, "{{ refusals }}": shapes.refused}


def on_config(config: Any) -> Any:
    """Put the pages that are made into the navigation."""
    for entry in config.nav:
        for title, place in entry.items():
            if isinstance(place, str) and place in MADE:
                entry[title] = [f"{place}index.md"] + [
                    {name: page} for page, name in MADE[place]().items()
                ]
    return config


def on_files(files: Files, config: Any) -> Files:
    """Add the pages and pictures that are made."""
    for make in (cells, reference, notebooks, pictures):
        for place, content in make.pages().items():
            files.append(File.generated(config, place, content=content))
    for place in PICTURES:
        path = ROOT / place
        files.append(File.generated(config, f"pictures/{path.name}", abs_src_path=str(path)))
    return files


def on_page_markdown(markdown: str, **_: Any) -> str:
    """Fill in the tables."""
    for mark, table in TABLES.items():
        if mark in markdown:
            markdown = markdown.replace(mark, table())
    return markdown
