"""Both trainers: the one in a process, and the one without."""

from collections.abc import Iterator

import pytest

from lstm_viz.runs.pool import ChildTrainer
from lstm_viz.runs.trainer import Trainer
from lstm_viz.training.inprocess import InProcessTrainer
from tests.runs.pools import Lent


@pytest.fixture(scope="module")
def child() -> Iterator[ChildTrainer]:
    trainer = ChildTrainer()
    yield trainer
    trainer.close()


@pytest.fixture(params=["child", "in process"])
def trainer(request: pytest.FixtureRequest) -> Trainer:
    return request.getfixturevalue("child") if request.param == "child" else InProcessTrainer()


@pytest.fixture(scope="module")
def lent() -> Iterator[Lent]:
    template = Lent()
    yield template
    template.end()


@pytest.fixture
def template(lent: Lent, monkeypatch: pytest.MonkeyPatch) -> None:
    """For tests that leave the template alone."""
    monkeypatch.setattr("lstm_viz.runs.pool.processes", lambda: lent)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """A trainer that is soon impatient."""
    monkeypatch.setattr("lstm_viz.runs.pool.BEAT_SECONDS", 0.1)
    monkeypatch.setattr("lstm_viz.runs.connection.SILENT_BEATS", 100)
    monkeypatch.setattr("lstm_viz.runs.pool.UNBORN_BEATS", 400)
    monkeypatch.setattr("lstm_viz.runs.processes.QUICK_DEATH_SECONDS", 0.1)
