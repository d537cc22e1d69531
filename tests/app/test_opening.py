"""A saved run of one's own module, opened in the app and gone with its visitor."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from streamlit.testing.v1 import AppTest

import lstm_viz
from lstm_viz import fit
from lstm_viz.training.inprocess import InProcessTrainer
from lstm_viz.ui.opening import WANTED
from lstm_viz.ui.selection import OPENED
from tests.app.conftest import INSIDE, PAGES, alarms, another_session, go, healthy, texts
from tests.app.test_address import address
from tests.notebook.test_fit import Own, sequences


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path: Path = tmp_path_factory.mktemp("saved") / "loop.npz"
    model = Own(2)
    with lstm_viz.watch(model, every=2) as watcher:
        for x in [*torch.randn(2, 5, 8, 2), *torch.randn(4, 5, 9, 2)]:
            model(x).square().mean().backward()
    watcher.save(path)
    return path.read_bytes()


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path: Path = tmp_path_factory.mktemp("saved") / "mine.npz"
    fit(Own(2), sequences(), epochs=1, clip_norm=0.01, progress=False).save(path)
    return path.read_bytes()


def upload(app: AppTest, data: bytes, name: str = "mine.npz") -> AppTest:
    go(app, "pages/welcome/start.py")
    (uploader,) = (each for each in app.file_uploader if "library saved" in each.label)
    return healthy(uploader.set_value((name, data, "application/octet-stream")).run())


def test_a_saved_run_is_shown_on_all_pages_and_goes_with_its_visitor(
    app: AppTest, trainer: InProcessTrainer, saved: bytes
) -> None:
    before = trainer.runs.size
    upload(app, saved)
    run = trainer.run(app.session_state[OPENED])
    assert "Opened: Own, (X, y)" in next(s for s in app.selectbox if s.key == "inside.run").options
    for script in PAGES:
        go(app, script)
        if script in INSIDE:
            assert app.session_state["selection"].run == run.id
    assert "recorded · epoch" in texts(go(app, "pages/inside/gradients.py"))
    assert "Clipping acted at" in texts(app), "and the same without it is not to be had"
    assert not [each for each in app.button if "without clipping" in each.label]
    link = address(app)
    assert f"run={run.id}" in link and "data=" not in link, "which is of another experiment"
    assert "set=" not in link, "since its visitor has set nothing"
    assert "Opened\\: Own, \\(X, y\\) was not trained here" in texts(
        go(app, "pages/lab/forecast.py")
    )
    assert "is not trained here" in texts(go(app, "pages/lab/train.py"))
    select = app.session_state["selection"]
    app.session_state["selection"] = replace(select, run="adding")
    assert "Recorded\\: LSTM" in texts(go(app, "pages/lab/train.py"))
    app.session_state["selection"] = replace(select, run=None)
    assert "is not trained here" not in texts(go(app, "pages/lab/train.py"))
    app.session_state["selection"] = select
    for layer in run.film.frames[-1].layers:
        app.session_state["selection"] = replace(app.session_state["selection"], layer=layer)
        go(app, "pages/inside/cell_state.py")
    assert "code is not in the file" in texts(go(app, "pages/inside/intervene.py"))

    other = healthy(another_session().run())
    assert run.id not in [each.id for each in trainer.runs.recorded]
    assert OPENED not in other.session_state
    assert trainer.runs.size == before + run.size + run.dataset.nbytes

    upload(app, b"no run", "other.npz")
    assert "holds no saved run" in texts(app)
    error = app.session_state[WANTED].error
    assert (error.__traceback__, error.__context__, error.__cause__) == (None, None, None)
    assert app.session_state[OPENED] == run.id, "the former one stays"
    upload(app, saved, "again.run")
    assert run.id not in trainer.runs and app.session_state[OPENED] in trainer.runs
    again = trainer.run(app.session_state[OPENED])
    trainer.runs.leave(app.session_state["viewer"])
    assert trainer.runs.tidy(again.unseen_since + 119) == ([], [])
    assert trainer.runs.tidy(again.unseen_since + 121) == ([], [again.id])
    healthy(go(app, "pages/inside/cell.py"))


def test_a_watched_loop_is_shown_without_epochs_losses_and_answers(
    app: AppTest, trainer: InProcessTrainer, watched: bytes
) -> None:
    upload(app, watched, "loop.npz")
    run = trainer.run(app.session_state[OPENED])
    assert [frame.step for frame in run.film.frames] == [4, 6] and run.watched
    for script in INSIDE:
        said = texts(go(app, script))
        names = next(each for each in app.selectbox if each.key == "inside.run").options
        assert "Opened: watched loop, loop.npz" in names, script
        assert "recorded · update 6" in said, script
        assert "1 of 3 kept moments" in app.info[0].value, script
        assert not re.search("epoch|loss|Untrained:|clip", said), said
        assert alarms(app) == [] or "loss" not in str(alarms(app))
    assert "code is not in the file" in said, "of the last page: intervene"
    app.session_state["selection"] = replace(app.session_state["selection"], step=4)
    assert "recorded · shown: update 4" in texts(go(app, "pages/inside/gates.py"))
    for script in ("pages/lab/forecast.py", "pages/lab/train.py"):
        assert "watched loop, loop\\.npz" in texts(go(app, script)).replace("\\,", ",")
