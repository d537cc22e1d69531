"""Names out of a file are text on every page, whatever markdown would make of them."""

import io
from collections.abc import Iterator
from itertools import islice
from typing import Any

import pytest
from openpyxl import Workbook
from streamlit.testing.v1 import AppTest

from lstm_viz.data.preparing.clipping import Clip
from lstm_viz.data.preparing.difference import Difference
from lstm_viz.data.preparing.lag import Lag
from lstm_viz.training.inprocess import InProcessTrainer
from lstm_viz.ui import service
from lstm_viz.ui.address import LABORATORY
from lstm_viz.ui.say import plain
from lstm_viz.ui.silencing import SILENCED
from lstm_viz.ui.trajectories import POINTS
from tests.app.conftest import INSIDE, LAB, button, go, healthy
from tests.app.uploading import upload_of
from tests.ui.hostile_names import NAMES

FILE = NAMES[0]
PARTS = (
    "evil.example",
    "![x]",
    "](",
    "**b**",
    ":red[",
    ":material/home:",
    "<b>",
    "<script",
    "==m==",
)
"""What would be left of the names if one of them were no plain text."""
LITERAL = {
    ("selectbox", "options"),
    ("multiselect", "options"),
    ("multiselect", "raw_values"),
    ("selectbox", "raw_value"),
    ("vega_lite_chart", "spec"),
    ("bidi_component", "json"),
    ("bidi_component", "mixed"),
}
"""Where Streamlit shows text as it is."""


def table(columns: int = 6) -> bytes:
    """A CSV whose columns are called like that, but for what a CSV's own rules end."""
    names = [name for name in NAMES if not {*'"\n\x00'} & {*name}][1 : columns + 1]
    head = ",".join(f'"{name}"' for name in names)
    rows = (",".join(str((k * (c + 3)) % 11) for c in range(columns)) for k in range(150))
    return "\n".join([head, *rows]).encode()


def bring(app: AppTest, data: bytes, name: str = FILE) -> list[str]:
    """Bring a file along; all names that the reader found in it, and its own."""
    upload = upload_of(data, name)
    service.service().uploads.keep(app.session_state["viewer"], upload)
    app.session_state["data.group"] = "upload"
    app.session_state["data.upload"] = upload.name
    return [upload.name, *(column.name for column in upload.content.columns)]


def texts(app: AppTest) -> Iterator[tuple[str, str, str]]:
    """All text of a page: (kind of element, field, text)."""
    for node in [*app.main, *app.sidebar]:
        proto = getattr(node, "proto", None)
        if proto is not None and hasattr(proto, "ListFields"):
            yield from ((node.type, *each) for each in _strings(proto, ""))


def _strings(message: Any, inside: str) -> Iterator[tuple[str, str]]:
    for field, value in message.ListFields():
        name = inside or field.name
        for each in value if _repeated(value) else [value]:
            if isinstance(each, str):
                yield name, each
            elif hasattr(each, "ListFields"):
                yield from _strings(each, name)


def _repeated(value: Any) -> bool:
    return (
        not isinstance(value, str | bytes)
        and hasattr(value, "__len__")
        and hasattr(value, "__getitem__")
    )


def left_over(app: AppTest, names: list[str]) -> list[tuple[str, str, str]]:
    """Where a page says a name in another way than as plain text."""
    found = []
    for kind, field, text in texts(app):
        if (kind, field) in LITERAL:
            continue
        rest = text
        for name in sorted(names, key=len, reverse=True):
            rest = rest.replace(plain(name), "")
        parts = [part for part in PARTS if part[0] == "<"] if kind == "html" else PARTS
        if any(part in rest for part in parts):  # of what is HTML, escaped, no Markdown is made
            found.append((kind, field, text))
    return found


def said(app: AppTest, name: str) -> bool:
    return any(plain(name) in text for _kind, _field, text in texts(app))


def test_every_page_says_names_as_text(app: AppTest, trainer: InProcessTrainer) -> None:
    names = bring(app, table())
    app.session_state["data.targets"], app.session_state["data.features"] = names[1:3], names[3:5]
    app.session_state["train.epochs"], app.session_state["train.hidden_size"] = 1, 2
    for cell in ("lstm", "gru"):
        app.session_state["train.cell"] = cell
        go(app, "pages/lab/train.py")
        healthy(button(app, "Train").click().run())
        trainer.advance()
        app.session_state["data.features"] = names[4:6]  # other data than the first run's
    for key in (POINTS, SILENCED):
        app.session_state[key] = True
    app.session_state[LABORATORY] = "inputs"
    for page in [*LAB, *INSIDE]:
        go(app, page)
        assert left_over(app, names) == [], page
    go(app, "pages/lab/compare.py")
    assert said(app, FILE), "names of runs on different data"


def test_steps_of_preparing_say_columns_as_text(app: AppTest, trainer: InProcessTrainer) -> None:
    names = bring(app, table())
    app.session_state["data.targets"] = names[1:3]
    made = (Clip(), Lag(), Difference())
    for steps in (made, (*made, Difference(kind="log"))):
        app.session_state["data.preparation"] = list(steps)
        go(app, "pages/lab/data.py")
        assert left_over(app, names) == []
    assert said(app, names[1]), "of what there is no logarithm"


def test_what_cannot_be_learned_is_said_with_names_as_text(
    app: AppTest, trainer: InProcessTrainer
) -> None:
    head, *rows = table(1).decode().splitlines()
    names = bring(app, "\n".join([head, *("7" for _row in rows)]).encode())
    for page in islice(LAB, 1, None):
        go(app, page)
        assert left_over(app, names) == [], page
    go(app, "pages/lab/train.py")
    assert said(app, names[1]), "why there is no training"


def test_a_sheets_name_is_text_and_one_line(app: AppTest, trainer: InProcessTrainer) -> None:
    book, target = Workbook(), io.BytesIO()
    sheet = book.active
    sheet.title = "x\n=== www.evil.example"
    for row in [["a"], *([k % 7] for k in range(50))]:
        sheet.append(row)
    book.save(target)
    bring(app, target.getvalue(), "it.xlsx")
    go(app, "pages/lab/data.py")
    assert said(app, "x === www.evil.example")


@pytest.mark.parametrize("name", NAMES)
def test_a_file_that_a_link_asks_for_is_named_as_text(
    app: AppTest, trainer: InProcessTrainer, name: str
) -> None:
    app.session_state["data.group"] = "upload"
    app.session_state["data.upload"] = name
    for page in ("pages/lab/data.py", "pages/lab/train.py"):
        go(app, page)
        assert said(app, name)
        assert left_over(app, [name]) == []
