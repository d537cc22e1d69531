"""The app without a browser, on a trainer without a process."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest, local_script_runner

from lstm_viz.training.inprocess import InProcessTrainer
from lstm_viz.ui import service
from lstm_viz.ui.shipping import PROJECT

APP = Path(__file__).parents[2] / "app.py"
LAB = [f"pages/lab/{name}.py" for name in ("experiments", "data", "train", "forecast", "compare")]
INSIDE = [
    f"pages/inside/{name}.py" for name in ("cell", "gates", "cell_state", "gradients", "intervene")
]
PAGES = ["pages/welcome/start.py", *LAB, *INSIDE]
Open = Callable[..., AppTest]

look_whether_it_ended = local_script_runner.require_widgets_deltas


def wait(runner: local_script_runner.LocalScriptRunner, timeout: float = 3) -> None:
    """Streamlit's own asks a thousand times a second, which holds up what it waits for."""
    if runner._script_thread:
        runner._script_thread.join(timeout)
    look_whether_it_ended(runner, timeout)


local_script_runner.require_widgets_deltas = wait


@pytest.fixture
def trainer(monkeypatch: pytest.MonkeyPatch) -> Iterator[InProcessTrainer]:
    """The trainer that the app of this test uses; it moves only when told to."""
    monkeypatch.setattr(service, "make_trainer", InProcessTrainer)
    service.close()
    made = service.service().trainer
    assert isinstance(made, InProcessTrainer)
    yield made
    service.close()


@pytest.fixture
def app(trainer: InProcessTrainer) -> AppTest:
    """The app, opened on its first page."""
    return healthy(another_session().run())


def another_session() -> AppTest:
    """The app as one more visitor has it; a busy machine is no failure."""
    return AppTest.from_file(str(APP), default_timeout=300)


def healthy(app: AppTest) -> AppTest:
    """No traceback on the page."""
    assert [shown.value for shown in app.exception] == []
    return app


def go(app: AppTest, script: str) -> AppTest:
    """Switch to a page as its link would."""
    return healthy(app.switch_page(script).run())


def small_run(app: AppTest, **settings: object) -> AppTest:
    """Choose a run of a second and press Train."""
    wanted = {"data.adding.count": 100, "data.adding.length": 12, "train.epochs": 4, **settings}
    for key, value in wanted.items():
        app.session_state[key] = value
    go(app, "pages/lab/train.py")
    return healthy(button(app, "Train").click().run())


def button(app: AppTest, label: str):
    return next(each for each in app.button if each.label == label)


def texts(app: AppTest) -> str:
    """All that the page says."""
    kinds = (app.markdown, app.caption, app.info, app.error, app.warning, app.success, app.text)
    said = (str(node.value) for kind in kinds for node in kind)
    return "\n".join([*said, *words(app), *alarms(app)])


def words(app: AppTest) -> list[str]:
    """What the page says in words that follow a run."""
    return [
        json.loads(node.proto.json)["text"]
        for node in app.main
        if node.type == "bidi_component" and node.proto.component_name == f"{PROJECT}.words"
    ]


def alarms(app: AppTest) -> list[str]:
    """What the page says is wrong in the moments that it knows."""
    nodes = [each for each in app.main if each.type == "bidi_component"]
    alarms = [each for each in nodes if each.proto.component_name == f"{PROJECT}.alarm"]
    return [text for each in alarms for _step, text in json.loads(each.proto.json)["said"]]


def components(app: AppTest, *names: str) -> list[bytes]:
    """What the page sent to its components; to these alone, and without names to its pictures."""
    wanted = {f"{PROJECT}.{name}" for name in names or ("film", "text", "cell")}
    return [
        node.proto.bytes
        for node in app.main
        if node.type == "bidi_component" and node.proto.component_name in wanted
    ]


def charts(app: AppTest) -> list[dict[str, bytes]]:
    """The tables of each of the page's charts."""
    shown = [node.proto for node in app.main if node.type == "vega_lite_chart"]
    return [{table.name: table.data.data for table in chart.datasets} for chart in shown]
