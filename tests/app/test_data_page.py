"""The Data page for everything that can be learned from."""

import io
from collections import Counter
from types import ModuleType
from typing import Any

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from lstm_viz.data import resolved
from lstm_viz.data.choice import ENTRIES
from lstm_viz.training.inprocess import InProcessTrainer
from lstm_viz.ui import choices, service
from lstm_viz.ui.data.views import VIEWS
from tests.app.conftest import button, components, go, healthy, small_run, texts
from tests.app.uploading import upload_of

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
    service.service().uploads.keep(app.session_state["viewer"], upload_of(data, name))
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


def test_a_file_is_read_and_the_uploader_is_empty_for_the_next(
    app: AppTest, trainer: InProcessTrainer
) -> None:
    app.session_state["data.group"] = "upload"
    go(app, PAGE)
    (chooser,) = app.file_uploader
    rows = "\n".join(f"{k};{k % 7},5" for k in range(60))
    healthy(chooser.set_value(("tide.csv", f"n;m\n{rows}".encode(), "text/csv")).run())
    assert "decimal comma" in texts(app)
    assert "Chosen: **tide" in texts(app)
    (chooser,) = app.file_uploader
    assert chooser.value is None
    healthy(chooser.set_value(("bad.csv", b"\x00\x01\x02", "text/csv")).run())
    (error,) = app.error
    assert "bad" in error.value
    assert "Chosen: **tide" in texts(app)
    still = "Still chosen: **tide\\.csv**."
    assert still in [each.value for each in app.warning]
    assert still not in [each.value for each in healthy(app.run()).warning]


def test_a_workbook_of_one_sheet_can_be_told_that_it_has_no_header(
    app: AppTest, trainer: InProcessTrainer
) -> None:
    bring(app, workbook(), "many.xlsx")
    healthy(app.multiselect(key="import.header").set_value([]).run())
    assert app.multiselect(key="import.header").value == []
    assert drawn(app) or app.error


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
    healthy(app.selectbox(key="import.delimiter").select(";").run())
    assert app.selectbox(key="import.delimiter").value == ";"
    assert "separated by commas" not in texts(app)


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


def test_the_columns_of_a_table_are_kept_while_another_is_looked_at(
    app: AppTest, trainer: InProcessTrainer
) -> None:
    app.session_state["data.group"] = "real"
    app.session_state["data.real"] = "stocks"
    go(app, PAGE)
    app.multiselect(key="data.targets").set_value(["FB"]).run()
    app.multiselect(key="data.features").set_value(["AAPL", "MSFT"]).run()
    app.selectbox(key="data.real").set_value("nile").run()
    assert not healthy(app).multiselect
    app.selectbox(key="data.real").set_value("stocks").run()
    assert app.multiselect(key="data.targets").value == ["FB"]
    assert app.multiselect(key="data.features").value == ["AAPL", "MSFT"]


def test_a_window_that_does_not_fit_is_shortened_and_said_to_be(
    app: AppTest, trainer: InProcessTrainer
) -> None:
    app.session_state["data.window"] = 800
    app.session_state["data.group"] = "real"
    app.session_state["data.real"] = "co2"
    go(app, PAGE)
    assert app.number_input(key="data.window").value == 800
    app.selectbox(key="data.real").set_value("nile").run()
    assert "Shortened from 800" in texts(healthy(app))


def test_shares_that_leave_nothing_to_learn_can_be_taken_back(
    app: AppTest, trainer: InProcessTrainer
) -> None:
    rows = "\n".join(str(k % 7) for k in range(24))
    app.session_state["data.validation_share"] = 0.5
    app.session_state["data.test_share"] = 0.4
    bring(app, f"a\n{rows}".encode(), "short.csv")
    (error,) = app.error
    assert "24 rows" in error.value
    app.slider(key="data.validation_share").set_value(0.2).run()
    app.slider(key="data.test_share").set_value(0.1).run()
    assert not healthy(app).error
    assert drawn(app) == 2


@pytest.mark.parametrize(
    ("task", "said"),
    [
        ("adding", "Answer: "),
        ("copy_memory", "5 answers, from time step 15 on"),
        ("reber", "of 60 answers count"),
        ("parity", "Best constant answer: 5"),
    ],
)
def test_a_task_says_what_the_drawn_sequence_asks_for(
    app: AppTest, trainer: InProcessTrainer, task: str, said: str
) -> None:
    app.session_state["data.task"] = task
    go(app, PAGE)
    assert said in texts(app)


@pytest.mark.parametrize("group", ["real", "upload", "series", "text"])
def test_data_is_resolved_once_in_a_rerun(
    app: AppTest, trainer: InProcessTrainer, monkeypatch: pytest.MonkeyPatch, group: str
) -> None:
    rows = b"x,y\n" + b"".join(b"%d,%d\n" % (k % 7, k % 5) for k in range(200))
    upload = upload_of(rows, "own.csv")
    service.service().uploads.keep(app.session_state["viewer"], upload)
    calls: Counter[str] = Counter()

    def counted(module: ModuleType, name: str) -> None:
        call = getattr(module, name)

        def counting(*given: Any, **named: Any) -> Any:
            calls[name] += 1
            return call(*given, **named)

        monkeypatch.setattr(module, name, counting)

    counted(resolved, "series_from")
    counted(resolved, "text_dataset")
    counted(choices, "data_choice")
    app.session_state["data.group"] = group
    go(app, PAGE)
    assert not app.error
    assert calls.pop("data_choice") == 1
    assert calls == {"series": {}, "text": {"text_dataset": 1}}.get(group, {"series_from": 1})
    calls.clear()
    go(app, "pages/lab/train.py")
    assert calls == {"data_choice": 1}, "what was made once is kept"


@pytest.mark.parametrize("name", ["", "other.csv"])
def test_a_file_that_is_not_here_is_asked_for_and_nothing_takes_its_place(
    app: AppTest, trainer: InProcessTrainer, name: str
) -> None:
    app.session_state["data.group"] = "upload"
    app.session_state["data.upload"] = name
    if name:
        rows = b"x\n" + b"".join(b"%d\n" % (k % 7) for k in range(200))
        upload = upload_of(rows, "own.csv")
        service.service().uploads.keep(app.session_state["viewer"], upload)
    go(app, PAGE)
    assert drawn(app) == 0
    assert name.replace(".", "\\.") in app.info[0].value
    go(app, "pages/lab/train.py")
    assert not components(app), "no network of other data"
    train = button(app, "Train")
    assert train.disabled and "Data page" in train.help
    go(app, "pages/lab/compare.py")
    assert button(app, "Start the race").disabled


def test_choices_that_come_to_the_same_data_are_the_same(
    app: AppTest, trainer: InProcessTrainer
) -> None:
    small_run(app, **{"data.group": "real", "data.real": "nile", "data.window": 500})
    go(app, PAGE)  # the widgets spell out the first column and a window that fits
    small_run(app, **{"data.group": "real", "data.real": "nile"})
    first, second = (trainer.run(run) for run in app.session_state["runs"])
    assert first.data == second.data
    assert first.experiment == second.experiment
