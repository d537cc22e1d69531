"""A user's own file on the pages: read, or refused in one sentence."""

import math
from itertools import pairwise

import pytest
from streamlit.testing.v1 import AppTest

from lstm_viz.data.preparing.clipping import Clip
from lstm_viz.data.preparing.difference import Difference
from lstm_viz.training.inprocess import InProcessTrainer
from lstm_viz.ui import service
from tests.app.conftest import go, small_run, texts
from tests.app.test_address import address, opened
from tests.app.uploading import upload_of

ROWS = range(80)
FILES = {
    "constant": ("a,b\n" + "\n".join(f"7,{k % 5}" for k in ROWS), "nothing to learn|same"),
    "gaps": ("a,b\n" + "\n".join(f"{'' if k % 2 else k},{k % 5}" for k in ROWS), "missing"),
    "short": ("a,b\n1,2\n2,3\n3,4", "longer|rows"),
}


SEQUENCES = "all, as sequences that no window crosses"


def with_upload(app: AppTest, data: str | bytes, name: str) -> AppTest:
    upload = upload_of(data.encode() if isinstance(data, str) else data, name)
    service.service().uploads.keep(app.session_state["viewer"], upload)
    app.session_state["data.group"] = "upload"
    return app


@pytest.mark.parametrize("name", FILES)
def test_a_column_that_cannot_be_learned_is_one_sentence_on_data_and_train(
    app: AppTest, trainer: InProcessTrainer, name: str
) -> None:
    text, fragment = FILES[name]
    with_upload(app, text, f"{name}.csv")
    app.session_state["data.targets"] = ["a"]
    for page in ("pages/lab/data.py", "pages/lab/train.py"):
        go(app, page)
        (error,) = app.error
        assert any(part in error.value for part in fragment.split("|")), error.value
    train = next(each for each in app.button if each.label == "Train")
    assert train.disabled
    assert any(part in train.help.replace("\\", "") for part in fragment.split("|"))


def test_a_column_named_in_markup_is_shown_as_it_is(
    app: AppTest, trainer: InProcessTrainer
) -> None:
    name = "<b>a</b> [x](y) $z$"
    text = f'"{name}",n\n' + "\n".join(f"{k % 7 / 2},{k % 5}" for k in ROWS)
    with_upload(app, text, "odd *name*.csv")
    app.session_state["data.targets"] = [name]
    go(app, "pages/lab/data.py")
    assert not app.error
    assert "odd \\*name\\*\\.csv" in "\n".join(caption.value for caption in app.caption)
    go(app, "pages/lab/train.py")
    assert not app.error


def test_each_decision_of_the_reader_is_a_choice_that_reads_the_file_anew(
    app: AppTest, trainer: InProcessTrainer
) -> None:
    head = "Report,,\nMade by hand,,\n"
    rows = [
        f"{who},2020-01-{k:02},{k % 5 + 0.5}" for who in ("north", "south") for k in range(1, 29)
    ]
    with_upload(app, "\n".join([head + "who,day,level", *rows, "Total,,99"]), "report.csv")
    go(app, "pages/lab/data.py")
    assert not app.exception and not app.error
    assert app.multiselect(key="import.header").value == [2]
    assert app.multiselect(key="import.skip").value == [0, 1, 59]
    assert app.multiselect(key="import.time").value == ["day"]
    assert app.selectbox(key="import.entity").value == "who"
    series = app.selectbox(key="import.series")
    assert series.options == ["north", "south", SEQUENCES, "all, each as a column"]
    series.set_value(("columns", "")).run()
    assert app.multiselect(key="data.targets").options == ["north", "south"]
    app.selectbox(key="import.entity").set_value("").run()
    assert "56 rows" in "\n".join(caption.value for caption in app.caption)
    app.multiselect(key="import.skip").set_value([0, 1, 3, 59]).run()
    assert "55 rows" in "\n".join(caption.value for caption in app.caption)
    next(each for each in app.button if each.label == "Find everything anew").click().run()
    assert app.selectbox(key="import.series").options[0] == "north"
    assert not app.exception and not app.error


def test_the_decimal_mark_of_one_column_is_a_choice_of_its_own(
    app: AppTest, trainer: InProcessTrainer
) -> None:
    rows = [f"{day:02}.0{month}.2020;{day},5;{day}.125" for month in (1, 3) for day in range(1, 29)]
    with_upload(app, "\n".join(["Datum;Netz;Kurs", *rows]), "rates.csv")
    go(app, "pages/lab/data.py")
    assert app.multiselect(key="import.commas").value == ["Netz", "Kurs"]
    app.multiselect(key="import.commas").set_value(["Netz"]).run()
    assert app.multiselect(key="import.commas").value == ["Netz"]
    upload = service.service().uploads.of(app.session_state["viewer"])
    assert upload is not None and upload.reading.frame.iloc[0].tolist() == [1.5, 1.125]
    assert not app.exception and not app.error


def test_stacked_series_are_learned_together_and_forecast_one_by_one(
    app: AppTest, trainer: InProcessTrainer
) -> None:
    lengths = {"north": 90, "south": 120, "short": 6}
    rows = [
        f"{who},2020-01-01 {t // 60:02}:{t % 60:02},{1000 * k + (min(t, 104) * 37) % 11}"
        for k, (who, count) in enumerate(lengths.items())
        for t in range(count)
    ]
    with_upload(app, "\n".join(["who,when,level", *rows]), "panel.csv")
    app.session_state["data.window"] = 10
    app.session_state["data.stacked"], app.session_state["view.entity"] = "sequences", "south"
    go(app, "pages/lab/data.py")
    assert "1 of 3 series are left out \\(short\\)" in texts(app)
    assert "2 series" in texts(app)
    assert app.selectbox(key="import.series").value == ("sequences", "")
    assert not app.exception and not app.error
    small_run(app, **{"train.hidden_size": 4, "train.epochs": 1})
    run = trainer.run(app.session_state["runs"][0])
    assert run.dataset.entities == ("north", "south")
    trainer.advance()
    go(app, "pages/lab/forecast.py")
    assert app.selectbox(key="view.entity").value == "south"
    assert not app.error
    assert "are 1009: nothing can be judged" in texts(app)
    assert "the naive forecast (last value) is exact" not in texts(app)
    assert "stacked=sequences" in run.experiment.to_query()
    again = opened(address(app), "pages/lab/forecast.py")
    assert again.selectbox(key="view.entity").value == "south"
    go(app, "pages/lab/train.py")
    assert "looked_at=south" in address(app)
    assert texts(app).count("Of the series 'north'.") == 2
    assert not app.exception


def test_findings_are_of_each_of_several_series_by_name(
    app: AppTest, trainer: InProcessTrainer
) -> None:
    rows = [
        f"{who},2020-01-01 {t // 60:02}:{t % 60:02},{level(t)}"
        for who, level in (
            ("calm", lambda t: round(math.sin(t * t), 3)),
            ("stuck", lambda t: (min(t, 60) * 37) % 11),
        )
        for t in range(100)
    ]
    with_upload(app, "\n".join(["who,when,level", *rows]), "panel.csv")
    app.session_state["data.window"], app.session_state["data.stacked"] = 5, "sequences"
    for page in ("pages/lab/data.py", "pages/lab/train.py"):
        go(app, page)
        said = [each.value for each in app.warning if "Series '" in each.value]
        assert said
        assert all("'stuck'" in each for each in said)
        assert not app.exception


def test_a_file_of_labelled_sequences_is_trained_on(
    app: AppTest, trainer: InProcessTrainer
) -> None:
    def wave(faster: int) -> str:
        return ",".join(f"{math.sin(t / 3 * (1 + faster)):.3f}" for t in range(20))

    rows = [f"{k % 2},{wave(k % 2)}" for k in range(40)]
    with_upload(app, "\n".join(rows), "waves.csv")
    go(app, "pages/lab/data.py")
    assert not app.exception and not app.error
    assert "40 sequences" in "\n".join(caption.value for caption in app.caption)
    go(app, "pages/lab/train.py")
    assert not app.exception and not app.error


def test_a_column_that_gives_the_answer_away_is_said_and_left_out_by_a_click(
    app: AppTest, trainer: InProcessTrainer
) -> None:
    close = [round(10 + (k * 37 % 11) / 7, 3) for k in range(91)]
    text = "close,next_close\n" + "\n".join(f"{a},{b}" for a, b in pairwise(close))
    with_upload(app, text, "prices.csv")
    app.session_state["data.targets"] = ["close"]
    app.session_state["data.features"] = ["next_close"]
    for steps in ([], [Difference()], [Clip(0.5)]):
        app.session_state["data.preparation"] = steps
        for page in ("pages/lab/train.py", "pages/lab/data.py"):
            go(app, page)
            assert "gives the answer away" in app.warning[0].value
    app.session_state["data.targets"] = ["close", "next_close"]
    go(app, "pages/lab/data.py")
    leave = next(each for each in app.button if each.label.startswith("Leave out"))
    leave.click().run()
    assert app.session_state["data.features"] == []
    assert app.session_state["data.targets"] == ["close"]
    assert not [each for each in app.warning if "gives the answer" in each.value]
