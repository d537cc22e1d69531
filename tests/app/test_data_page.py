"""The Data page for everything that can be learned from."""

import io

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from lstm_viz.data.choice import ENTRIES
from lstm_viz.data.reading import read
from lstm_viz.training.inprocess import InProcessTrainer
from lstm_viz.ui import service
from lstm_viz.ui.data_views import VIEWS
from tests.app.conftest import button, components, go, healthy, texts

PAGE = "pages/lab/data.py"
ALL = [(group, name) for group, entries in ENTRIES.items() for name in entries]


def drawn(app: AppTest) -> int:
    """How many figures and texts the page shows."""
    charts = [node for node in app.main if "chart" in node.type]
    return len(charts) + len(components(app)) + len(app.code)


@pytest.mark.parametrize(("group", "name"), ALL)
def test_everything_on_offer_is_shown(
    app: AppTest, trainer: InProcessTrainer, group: str, name: str
) -> None:
    app.session_state["data.group"] = group
    app.session_state[f"data.{group}"] = name
    go(app, PAGE)
    assert not app.error
    assert drawn(app)
    assert "training" in texts(app), "how many examples there are"


@pytest.mark.parametrize("view", VIEWS)
def test_a_series_is_seen_from_every_side(
    app: AppTest, trainer: InProcessTrainer, view: str
) -> None:
    chosen = {"data.group": "real", "data.real": "sunspots", "data.view": view}
    for key, value in chosen.items():
        app.session_state[key] = value
    go(app, PAGE)
    assert not app.error
    assert drawn(app) == 2, "the view, and the windows"


def bring(app: AppTest, data: bytes, name: str) -> AppTest:
    content = read(data, name)
    service.service().uploads[app.session_state["viewer"]] = service.Upload(content, data, name)
    app.session_state["data.group"] = "upload"
    return go(app, PAGE)


def workbook() -> bytes:
    file = io.BytesIO()
    table = pd.DataFrame({f"x{k}": np.arange(60) ** (1 + k / 9) for k in range(40)})
    table.to_excel(file, index=False)
    return file.getvalue()


def test_a_workbook_of_many_columns_offers_them_all(
    app: AppTest, trainer: InProcessTrainer
) -> None:
    bring(app, workbook(), "many.xlsx")
    assert not app.error
    forecast = next(each for each in app.multiselect if each.label == "Forecast")
    assert len(forecast.options) == 39, "the first one counts the rows"
    forecast.select("x3").run()
    healthy(app)
    assert "Excel" in texts(app)
    assert "x3" in app.session_state["data.targets"]


def test_a_pasted_text_is_learned_letter_by_letter(app: AppTest, trainer: InProcessTrainer) -> None:
    app.session_state["data.group"] = "upload"
    go(app, PAGE)
    assert "Upload a file" in texts(app)
    app.text_area(key="data.pasted").set_value("the cat sat on the mat. " * 60)
    button(app, "Use this").click().run()
    healthy(app)
    assert not app.error
    assert "the cat sat" in app.code[0].value
    button(app, "Remove").click().run()
    assert "Upload a file" in texts(app)


def test_a_wrong_reading_is_corrected_by_hand(app: AppTest, trainer: InProcessTrainer) -> None:
    rows = "\n".join(f"{k},{k % 7}" for k in range(60))
    bring(app, f"a,b\n{rows}".encode(), "numbers.csv")
    assert "separated by commas" in texts(app)
    app.selectbox(key="told.delimiter").select("").run()
    button(app, "Read it again").click().run()
    healthy(app)
    assert "one column" in texts(app) or app.error


def test_what_cannot_be_read_leaves_the_former_in_place(
    app: AppTest, trainer: InProcessTrainer
) -> None:
    bring(app, b"a\n" + b"\n".join(b"%d" % (k % 9) for k in range(60)), "good.csv")
    app.text_area(key="data.pasted").set_value("\x00\x01\x02")
    button(app, "Use this").click().run()
    healthy(app)
    assert len(app.error) == 1
    assert "good" in texts(app)


def test_choices_of_one_kind_are_kept_while_another_is_looked_at(
    app: AppTest, trainer: InProcessTrainer
) -> None:
    go(app, PAGE)
    app.slider(key="data.adding.length").set_value(33).run()
    for group in ("series", "task"):
        app.session_state["data.group"] = group
        go(app, PAGE)
    assert app.slider(key="data.adding.length").value == 33
