"""Whatever one client sends, the others' pages answer and their runs go on."""

import contextlib
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from websockets.exceptions import ConnectionClosed, InvalidStatus

from tests.server.test_shared import LONG, children
from tests.server.visitor import Visitor, ask, visit
from tests.serving import App, serve

Attack = Callable[[App, Visitor], None]
PATIENCE = 60
NAMED = "![x](http://evil.example/x.png)<img src=x>[login](http://evil.example).csv"


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """An app of its own: Streamlit logs a traceback for each message that is none."""
    with serve(tmp_path_factory.mktemp("home")) as served:
        yield served
        log = served.log.read_text()
        assert "/lstm_viz/" not in log, log
        served.log.write_text("")


def cleared(_app: App, visitor: Visitor) -> None:
    visitor.send(BackMsg(clear_cache=True))


def random_bytes(_app: App, visitor: Visitor) -> None:
    visitor.connection.send(bytes(range(256)) * 40)


def cut_off(_app: App, visitor: Visitor) -> None:
    message = BackMsg()
    message.rerun_script.query_string = "x" * 1000
    visitor.connection.send(message.SerializeToString()[:-10])


def nothing(_app: App, visitor: Visitor) -> None:
    visitor.connection.send(b"")


def unknown_widgets(_app: App, visitor: Visitor) -> None:
    message = BackMsg()
    for number in range(20_000):
        widget = message.rerun_script.widget_states.widgets.add()
        widget.id, widget.string_value = f"widget-{number}", "x" * 20
    visitor.send(message)
    visitor.see()


def unknown_page(_app: App, visitor: Visitor) -> None:
    message = BackMsg()
    message.rerun_script.page_script_hash = "../../etc/passwd"
    message.rerun_script.fragment_id = "no such"
    visitor.send(message)


def many_lines(app: App, _visitor: Visitor) -> None:
    with ExitStack() as stack:
        for _ in range(60):
            stack.enter_context(visit(app.url))


def foreign_names(app: App, _visitor: Visitor) -> None:
    for host in ("evil.example", "a" * 5000):
        with contextlib.suppress(InvalidStatus, ConnectionClosed), visit(app.url, host=host):
            pass


def large_files(app: App, visitor: Visitor) -> None:
    for number in range(3):
        visitor.upload(app.url, f"f{number}", bytes(20 * 2**20))


def line_ends(app: App, _visitor: Visitor) -> None:
    with visit(app.url) as visitor:
        visitor.open("data", "upload=it.csv")
        visitor.bring(app.url, b"\n" * (10 * 2**20) + b"a,b\n1,2\n", "it.csv")
        assert visitor.says("it.csv")


def names_in_an_address(_app: App, visitor: Visitor) -> None:
    for query in (
        "run=<b>",
        "run=../..&run=",
        "run=" + "x" * 5000,
        "%00=1&task=%ff",
        "units=1e999",
    ):
        visitor.open("train", query)


def hostile_name(app: App, _visitor: Visitor) -> None:
    with visit(app.url) as visitor:
        visitor.open("data", "upload=x.csv")
        visitor.bring(app.url, b"a,b\n" + b"1,2\n3,1\n" * 100, NAMED)
        assert visitor.exceptions == []


ATTACKS: list[Attack] = [
    hostile_name,
    cleared,
    random_bytes,
    cut_off,
    nothing,
    unknown_widgets,
    unknown_page,
    many_lines,
    foreign_names,
    large_files,
    line_ends,
    names_in_an_address,
]


def commanding(owner: Visitor) -> Attack:
    """Whoever has a run's link presses the buttons that its owner has."""

    def commands(_app: App, visitor: Visitor) -> None:
        visitor.open("train", f"run={owner.run}")
        assert "Stop" not in visitor.buttons
        for label in ("Stop", "Pause"):
            visitor.buttons[label] = owner.buttons[label]
            visitor.press(label)

    return commands


def test_a_neighbours_run_goes_on_whatever_one_sends(app: App) -> None:
    with visit(app.url) as owner:
        owner.open("train", LONG).press("Train")
        at_work, step = children(app.pid), owner.come_to(app.url)
        for attack in [*ATTACKS, commanding(owner)]:
            with visit(app.url) as hostile:
                hostile.open()
                with contextlib.suppress(ConnectionClosed):
                    attack(app, hostile)
                assert hostile.exceptions == [], attack.__name__
            owner.open("train")
            assert "Pause" in owner.buttons, attack.__name__
            assert owner.exceptions == [], attack.__name__
            before, step = step, owner.come_to(app.url)
            assert step >= before, attack.__name__
        assert children(app.pid) <= at_work
        ends = time.monotonic() + PATIENCE
        while owner.come_to(app.url) <= step:
            assert time.monotonic() < ends, "the training no longer goes on"
            time.sleep(0.1)
        owner.press("Stop")


@pytest.mark.parametrize(
    "name", ["../../app.py", "..%2f..%2fapp.py", "%2e%2e/%2e%2e/app.py", "//etc/passwd"]
)
@pytest.mark.parametrize(
    "folder", ["/_stcore/bidi-components/", "/component/", "/static/", "/media/", "/"]
)
def test_no_path_leads_out_of_what_is_served(app: App, folder: str, name: str) -> None:
    said = ask(app.url, folder + name)
    assert "st.App(" not in said.text and "root:" not in said.text
