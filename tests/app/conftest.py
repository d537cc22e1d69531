"""The app without a browser, on a trainer without a process."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from lstm_viz.training.inprocess import InProcessTrainer
from lstm_viz.ui import service

APP = Path(__file__).parents[2] / "app.py"
PAGES = [
    "pages/welcome/start.py",
    "pages/lab/data.py",
    "pages/lab/train.py",
    "pages/inside/gates.py",
    "pages/inside/cell_state.py",
    "pages/inside/gradients.py",
]
Open = Callable[..., AppTest]


@pytest.fixture
def trainer(monkeypatch: pytest.MonkeyPatch) -> Iterator[InProcessTrainer]:
    """The trainer that the app of this test uses; it moves only when told to."""
    monkeypatch.setattr(service, "make_trainer", InProcessTrainer)
    service.service.clear()
    made = service.service().trainer
    assert isinstance(made, InProcessTrainer)
    yield made
    service.service.clear()


@pytest.fixture
def app(trainer: InProcessTrainer) -> AppTest:
    """The app, opened on its first page."""
    return healthy(AppTest.from_file(str(APP), default_timeout=30).run())


def healthy(app: AppTest) -> AppTest:
    """No traceback on the page."""
    assert [shown.value for shown in app.exception] == []
    return app


def go(app: AppTest, page: str) -> AppTest:
    """Switch to a page as its link would."""
    return healthy(app.switch_page(page).run())


def components(app: AppTest) -> list[bytes]:
    """What the page sent to its components."""
    return [
        node.proto.bytes for node in app.main if node.type == "bidi_component" and node.proto.bytes
    ]
