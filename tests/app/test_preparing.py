"""The section Preparing of the Data page: steps are added, changed, switched off and undone."""

import datetime
from urllib.parse import parse_qs

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from lstm_viz.data.preparing.clipping import Clip
from lstm_viz.data.preparing.difference import Difference
from lstm_viz.data.preparing.resampling import Resample
from lstm_viz.data.preparing.span import Span
from lstm_viz.training.inprocess import InProcessTrainer
from lstm_viz.ui.data.upload import goes_on
from lstm_viz.ui.uploads import Upload
from tests.app.conftest import button, go, healthy, small_run, texts
from tests.app.test_address import address, opened
from tests.app.test_data_page import bring, drawn
from tests.app.uploading import upload_of

PAGE = "pages/lab/data.py"
LATE = "prepare=range,,1990&prepare=resample,month&prepare=diff,log"


def steps(app: AppTest) -> list[str]:
    """The steps of the page's link."""
    return parse_qs(address(app)).get("prepare", [])


def said(app: AppTest) -> str:
    """What the page says, as it is read."""
    return texts(app).replace("\\", "")


def labels(app: AppTest) -> list[str]:
    return [each.label for each in app.expander if each.label.startswith("Preparing")]


@pytest.fixture
def co2(app: AppTest) -> AppTest:
    app.session_state["data.group"] = "real"
    app.session_state["data.real"] = "co2"
    return go(app, PAGE)


def test_steps_are_added_changed_switched_off_removed_and_undone(co2: AppTest) -> None:
    assert labels(co2) == ["Preparing: nothing"] and not steps(co2)
    healthy(button(co2, "Differences").click().run())
    healthy(button(co2, "Resample").click().run())
    assert steps(co2) == ["resample,month", "diff"], "a grid coarser than weeks, before values"
    assert "Rows: 2,284 → 526. Gaps: 3 (1958-06" in said(co2)
    assert "Rows: 526 → 525." in said(co2)
    healthy(co2.number_input(key="prepare.1.lag").set_value(12).run())
    healthy(co2.selectbox(key="prepare.1.kind").set_value("log").run())
    healthy(co2.toggle(key="prepare.0.on").set_value(False).run())
    assert steps(co2) == ["diff,log,12"] and labels(co2) == ["Preparing: 1 step"]
    assert co2.selectbox(key="prepare.0.grid").disabled
    healthy(co2.button(key="prepare.1.remove").click().run())
    assert not steps(co2)
    for back in (
        ["diff,log,12"],
        ["resample,month", "diff,log,12"],
        ["resample,month", "diff,,12"],
    ):
        healthy(button(co2, "Undo").click().run())
        assert [each.replace("plain", "") for each in steps(co2)] == back
    assert drawn(co2) == 2


def test_a_part_outside_the_range_is_mended_by_a_click_that_can_be_undone(co2: AppTest) -> None:
    assert "outside the training range" in said(co2)
    healthy(button(co2, "Take differences").click().run())
    assert steps(co2) == ["diff"] and "outside the training range" not in said(co2)
    healthy(button(co2, "Undo").click().run())
    assert not steps(co2) and "outside the training range" in said(co2)


def test_a_range_is_chosen_by_dates_or_by_rows(co2: AppTest) -> None:
    healthy(button(co2, "Range").click().run())
    assert not co2.error and "Nothing changed." in said(co2)
    healthy(co2.date_input(key="prepare.0.first").set_value(datetime.date(1990, 1, 1)).run())
    assert steps(co2) == ["range,1990-01-01"]
    healthy(co2.date_input(key="prepare.0.last").set_value(datetime.date(1990, 1, 20)).run())
    assert "Rows: 2,284 → 3." in said(co2)
    (error,) = co2.error
    assert "The step 'Range' leaves 3 of 2,284 rows" in error.value.replace("\\", "")
    assert "Change it or leave it out" in error.value
    healthy(co2.pills(key="data.group").set_value("series").run())
    assert not steps(co2), "of another series other steps"
    assert {"Resample", "Calendar input"}.isdisjoint(each.label for each in co2.button)
    healthy(button(co2, "Range").click().run())
    healthy(co2.number_input(key="prepare.0.first").set_value(200).run())
    assert steps(co2) == ["range,200"] and not co2.error
    healthy(co2.pills(key="data.group").set_value("real").run())
    assert steps(co2) == ["range,1990-01-01,1990-01-20"], "its own are kept"


def test_a_link_brings_the_steps_and_a_run_keeps_them(trainer: InProcessTrainer) -> None:
    app = opened(f"real=co2&{LATE}&prepare=fly&cell=gru", PAGE)
    (toast,) = app.toast
    assert "There is no step 'fly'" in toast.value.replace("\\", "")
    assert steps(app) == ["range,,1990", "resample,month", "diff,log"]
    assert app.date_input(key="prepare.0.last").value == datetime.date(1990, 12, 31)
    small_run(app, **{"data.group": "real", "train.epochs": 1})
    run = trainer.run(app.session_state["runs"][0])
    assert run.data is not None
    assert run.data.preparation == (Span("", "1990"), Resample("month"), Difference("log"))
    assert run.dataset.differences == (Difference("log"),)
    trainer.advance()
    app.session_state["data.preparation"] = []
    go(app, "pages/lab/train.py")
    change = "Preparing: Range (…, 1990), Resample (month), Differences (log) → nothing"
    assert change in said(app)


def test_steps_that_are_switched_off_come_back_with_the_address(
    trainer: InProcessTrainer,
) -> None:
    link = "real=co2&prepare=resample,month&prepare=diff,log"
    app = opened(link, PAGE)
    healthy(app.toggle(key="prepare.1.on").set_value(False).run())
    again = opened(address(app), PAGE)
    assert steps(again) == ["resample,month"] and address(again) == address(app)
    assert [app.toggle(key=f"prepare.{k}.on").value for k in (0, 1)] == [True, False]
    for group in ("series", "real"):
        healthy(again.pills(key="data.group").set_value(group).run())
    assert address(again) == address(app), "as other data leave them, and back"
    healthy(again.toggle(key="prepare.1.on").set_value(True).run())
    assert steps(again) == ["resample,month", "diff,log"] and "off=" not in address(again)
    assert labels(opened(f"{link}&off=x&off=9:fly&off=0:clip,3", PAGE)) == ["Preparing: 2 steps"]


def test_forecasts_of_differences_are_in_the_series_own_unit(
    app: AppTest, trainer: InProcessTrainer
) -> None:
    chosen = {"data.group": "real", "data.real": "co2", "data.horizon": 3}
    steps = [Resample("month"), Difference()]
    small_run(app, **chosen, **{"data.preparation": steps, "train.epochs": 1})
    trainer.advance()
    go(app, "pages/lab/forecast.py")
    assert not app.error
    scores = app.dataframe[0].value
    assert 0 < scores["MAE"].max() < 10, "ppm, not hundreds"
    assert "outside the training range" not in said(app), "that is what differences are for"


def test_clipping_does_not_hide_what_a_forecast_is_worth(
    app: AppTest, trainer: InProcessTrainer
) -> None:
    values = np.append(np.random.default_rng(0).normal(size=90), np.arange(20.0, 30.0))
    app.session_state["data.preparation"] = [Clip(0.5)]
    bring(app, "\n".join(["v", *map(str, values)]).encode(), "shift.csv")
    assert "100% of the test set lies outside the training range" in said(app)
    small_run(app, **{"data.window": 8, "train.epochs": 1})
    trainer.advance()
    go(app, "pages/lab/forecast.py")
    assert "100% of the test set lies outside the training range" in said(app) and not app.error


@pytest.mark.parametrize("group", ["task", "text"])
def test_what_is_no_series_has_nothing_to_prepare(app: AppTest, group: str) -> None:
    app.session_state["data.group"] = group
    assert not labels(go(app, PAGE))


def test_a_file_is_prepared_and_the_next_one_is_not(app: AppTest) -> None:
    rows = "\n".join(f"{k % 7},{k % 11}" for k in range(40))
    bring(app, f"a,b\n{rows}".encode(), "first.csv")
    healthy(button(app, "Lagged input").click().run())
    assert "Inputs made: a (t-1)" in said(app) and not app.error
    healthy(button(app, "Differences").click().run())
    healthy(app.selectbox(key="prepare.1.kind").set_value("log").run())
    (error,) = app.error
    assert "'a' falls to 0" in error.value.replace("\\", "")
    app.text_area(key="data.pasted").set_value(f"c\n{rows.replace(',', '')}")
    healthy(button(app, "Use this").click().run())
    assert not app.error and labels(app) == ["Preparing: nothing"]


def test_gaps_of_a_new_grid_are_filled_as_chosen(app: AppTest) -> None:
    days = [str(np.datetime64("2020-01-01") + k) for k in range(80) if k not in (20, 21, 50)]
    rows = "\n".join(f"{day},{k % 7}" for k, day in enumerate(days))
    bring(app, f"day,a\n{rows}".encode(), "days.csv")
    assert not [each for each in app.selectbox if each.label.startswith("Missing values")]
    healthy(button(app, "Resample").click().run())
    assert app.selectbox(key="prepare.0.grid").value == "week"
    healthy(app.selectbox(key="prepare.0.grid").set_value("day").run())
    assert "Rows: 77 → 80. Gaps: 2 (2020-01-21 … 2020-01-22, 2020-02-20)." in said(app)
    assert app.selectbox(key="data.missing").label == "Missing values (3)"
    healthy(app.selectbox(key="data.missing").set_value("drop").run())
    assert "Rows left out for them: 3" in said(app)


def test_another_file_of_the_same_name_is_not_prepared_as_the_former_was(app: AppTest) -> None:
    def paste(lines: list[str]) -> None:
        app.text_area(key="data.pasted").set_value("\n".join(lines))
        healthy(button(app, "Use this").click().run())

    days = [f"{np.datetime64('2020-01-01') + k},{k % 7}" for k in range(80)]
    app.session_state["data.group"] = "upload"
    go(app, PAGE)
    paste(["day,a", *days])
    healthy(button(app, "Resample").click().run())
    assert labels(app) == ["Preparing: 1 step"]
    paste(["day,a", *days])
    assert labels(app) == ["Preparing: 1 step"], "the same once more"
    paste(["x", *(str(k * k % 17) for k in range(80))])
    (toast,) = app.toast
    assert "is another file now: the former steps are gone." in toast.value
    assert labels(app) == ["Preparing: nothing"] and not app.error
    assert "Undo" not in [each.label for each in app.button], "nor brought back"
    for group in ("series", "upload"):
        healthy(app.pills(key="data.group").set_value(group).run())
    assert labels(app) == ["Preparing: nothing"] and not app.error


def test_a_later_state_of_a_file_keeps_its_steps() -> None:
    def upload(rows: int, head: str = "day,a") -> Upload:
        days = [f"{np.datetime64('2020-01-01') + k},{k % 7}" for k in range(rows)]
        return upload_of("\n".join([head, *days]).encode(), "it.csv")

    assert goes_on(upload(40), upload(60))
    assert not goes_on(upload(40), upload(40, "day,b"))
    assert not goes_on(upload(40), upload_of(b"a\n" + b"1.5\n2.5\n" * 20, "it.csv"))
    assert not goes_on(upload(40), upload_of(b"the cat sat on the mat. " * 60, "it.txt"))
