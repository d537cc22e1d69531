"""Both trainers: the one in a process, and the one without."""

from collections.abc import Iterator

import pytest

from lstm_viz.runs.pool import ChildTrainer
from lstm_viz.runs.trainer import Trainer
from lstm_viz.training.inprocess import InProcessTrainer


@pytest.fixture(scope="module")
def child() -> Iterator[ChildTrainer]:
    trainer = ChildTrainer()
    yield trainer
    trainer.close()


@pytest.fixture(params=["child", "in process"])
def trainer(request: pytest.FixtureRequest) -> Trainer:
    return request.getfixturevalue("child") if request.param == "child" else InProcessTrainer()
