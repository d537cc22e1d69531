"""What all visitors share: whose tab is there is asked of Streamlit, and files are let go of."""

import gc
import weakref
from contextlib import AbstractContextManager
from types import SimpleNamespace

import pytest

from lstm_viz.data.reading.process import Reader
from lstm_viz.data.reading.read import read_bytes
from lstm_viz.errors import ConfigError, DataError
from lstm_viz.measures.alarm_thresholds import AlarmThresholds
from lstm_viz.runs.asking import Question
from lstm_viz.runs.keeping import Keeping
from lstm_viz.runs.place import Place
from lstm_viz.training.inprocess import InProcessTrainer
from lstm_viz.ui import service
from lstm_viz.ui.service import Service
from lstm_viz.ui.uploads import Upload, UploadLimits, Uploads
from tests.runs.waiting import SMALL
from tests.training.datasets import wave

ROWS = b"x\n" + b"".join(b"%d\n" % (k % 7) for k in range(1000))
SIZE = len(ROWS) + 8 * 1000


def limited(**limits: float) -> Uploads:
    reader = Reader()
    reader.read = read_bytes  # type: ignore[method-assign] # in this process
    return Uploads(UploadLimits(**limits), reader)


def test_a_file_counts_as_its_bytes_and_its_numbers() -> None:
    assert Upload.of(ROWS, "it.csv", None, read_bytes).size == SIZE


def test_a_replaced_file_is_freed_at_once() -> None:
    uploads = limited()
    former = weakref.ref(uploads.take("ada", ROWS, "it.csv"))
    uploads.take("ada", ROWS, "other.csv")
    gc.collect()
    assert former() is None
    assert uploads.size == SIZE


def test_a_file_that_cannot_be_read_leaves_the_former_one() -> None:
    uploads = limited()
    former = uploads.take("ada", ROWS, "it.csv")
    with pytest.raises(DataError, match="no column of numbers"):
        uploads.take("ada", b"a\nb\nc\n", "words.csv")
    assert uploads.of("ada") is former


def test_a_file_too_large_for_one_visitor_is_refused_with_the_size_that_fits() -> None:
    with pytest.raises(DataError, match="takes 1 MB when read; this server keeps"):
        limited(upload_bytes=SIZE - 1).take("ada", ROWS, "it.csv")


def test_all_files_have_a_limit_and_those_of_closed_tabs_go_first() -> None:
    uploads = limited(uploads_bytes=2 * SIZE)
    uploads.take("ada", ROWS, "it.csv")
    uploads.take("bob", ROWS, "it.csv")
    with pytest.raises(DataError, match="No room"):
        uploads.take("eve", ROWS, "it.csv")
    assert uploads.of("ada") and uploads.of("bob")
    uploads.take("ada", ROWS, "it.csv")
    uploads.leave("bob")
    uploads.take("eve", ROWS, "it.csv")
    assert uploads.of("bob") is None


def test_the_file_of_a_closed_tab_goes_when_nobody_can_come_back_to_it() -> None:
    uploads = limited(upload_seconds=120)
    uploads.take("ada", ROWS, "it.csv")
    uploads.leave("ada", now=1000)
    uploads.tidy(now=1119)
    assert uploads.of("ada")
    uploads.come("ada")
    uploads.tidy(now=2000)
    assert uploads.of("ada"), "the connection was lost and came back"
    uploads.leave("ada", now=2000)
    uploads.tidy(now=2120)
    assert uploads.of("ada") is None


def test_a_viewer_is_gone_when_streamlit_says_so_and_not_before(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    active = {"session of ada", "session of bob"}
    streamlit = SimpleNamespace(is_active_session=active.__contains__)
    monkeypatch.setattr(service.runtime, "exists", lambda: True)
    monkeypatch.setattr(service.runtime, "get_instance", lambda: streamlit)
    made = Service(InProcessTrainer(Keeping()))
    gone: list[str] = []
    monkeypatch.setattr(made.trainer.runs, "leave", gone.append)
    for name in ("ada", "bob"):
        made.come(name, f"session of {name}")
    made.tidy()
    assert gone == []
    active.remove("session of bob")
    made.tidy()
    made.tidy()
    assert gone == ["bob"]


def test_what_is_asked_for_watchers_is_charged_to_the_runs_owner_and_measuring_is_long(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[Question] = []

    class Noting(InProcessTrainer):
        def _answering(self, ends: float, question: Question) -> AbstractContextManager[Place]:
            asked.append(question)
            return super()._answering(ends, question)

    made = Noting()
    monkeypatch.setattr(service, "trainer", lambda: made)
    run = made.run(made.submit(SMALL, wave(), hold=True, owner="ada"))
    probe, layer = run.examples, next(iter(run.film.frames[0].layers))
    about = {"layer": layer, "inputs": probe.inputs[:1], "targets": probe.targets[:1]}
    service.ask_for(run, "anatomy", run=run.id, **about)
    service.ask_for(run, "laboratory", run=run.id, what="verify", **about)
    made.ask("laboratory", run=run.id, what="map", owner="ada", **about)
    assert [each.owner for each in asked] == ["watchers of ada"] * 2 + ["ada"]
    assert [each.long for each in asked] == [False, False, True]


def test_where_alarms_begin_is_a_setting_of_the_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "make_trainer", InProcessTrainer)
    monkeypatch.setenv("LSTM_VIZ_ALARM_GRADIENT", "1e-3")
    monkeypatch.setenv("LSTM_VIZ_ALARM_THRESHOLDS", "of no kind that can be read")
    service.close()
    try:
        runs = service.service().trainer.runs
        run = runs.add(SMALL, wave())
        assert run.film.thresholds == AlarmThresholds(gradient=1e-3)
        monkeypatch.setenv("LSTM_VIZ_ALARM_GRADIENT", "2")
        service.close()
        with pytest.raises(ConfigError, match="gradient"):
            service.service()
    finally:
        service.close()
