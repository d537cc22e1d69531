"""Whatever one client sends, the others' pages answer and their runs go on."""

import contextlib
import io
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from urllib.parse import quote

import numpy as np
import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from websockets.exceptions import ConnectionClosed, InvalidStatus

from bench.load import family
from tests.data.hostile.workbooks import cell, formats, raw
from tests.server.test_shared import LONG, children
from tests.server.visitor import Visitor, ask, to_open, visit
from tests.serving import App, serve

Attack = Callable[[App, Visitor], None]
SCARCE = {"LSTM_VIZ_MAX_BYTES": str(24 * 2**20)}
"""Bytes of all films and datasets together: seven of one visitor's are too many."""
MOST_MORE = 5
"""Processes that may come to those of one who trains: for slow runs, questions and a file."""
NAMED = "![x](http://evil.example/x.png)<img src=x>[login](http://evil.example).csv"


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """An app of its own: Streamlit logs a traceback for each message that is none."""
    with serve(tmp_path_factory.mktemp("home"), **SCARCE) as served:
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


def number_formats(app: App, _visitor: Visitor) -> None:
    book = raw(cell("A1", "a") + cell("A2", 2), **{"xl/styles.xml": formats(20_000, "[" * 990)})
    with visit(app.url) as visitor:
        visitor.open("data", "upload=it.xlsx")
        assert visitor.bring(app.url, book, "it.xlsx").says("it.xlsx")


def largest_networks(app: App, _visitor: Visitor) -> None:
    """What opening Train asks about a network that it shows: nothing large is built for it."""
    for more, said in (
        ("cell=lstm&units=256&layers=2&batch=128", "It fits with"),
        ("cell=nested_lstm&units=512&layers=4&batch=1024", "Choose shorter sequences"),
    ):
        with visit(app.url) as visitor:
            visitor.open("train", f"task=adding&count=200&length=1000&{more}")
            assert visitor.says(said), more


def heavy_data(app: App, _visitor: Visitor) -> None:
    """Seven runs on a file that takes half of what there is."""
    file = io.BytesIO()
    np.save(file, np.arange(2_400_000, dtype=np.int8).reshape(-1, 12) % 7)
    with visit(app.url) as visitor:
        visitor.open("data", "upload=big.npy").bring(app.url, file.getvalue(), "big.npy")
        visitor.open("train", "upload=big.npy&units=1&epochs=1&batch=1024")
        for _ in range(7):
            visitor.press("Train")
        assert visitor.exceptions == []


def stopped(app: App, visitor: Visitor) -> None:
    """All processes of the trainer stand still for a while, and somebody asks them something."""
    _, *trainer = family(app.pid)
    for pid in trainer:
        os.kill(pid, signal.SIGSTOP)
    try:
        visitor.open("gates")
        visitor.send(to_open("train", "units=3"))
    finally:
        for pid in trainer:
            os.kill(pid, signal.SIGCONT)
    visitor.see()


def what_is_out_of_range(app: App, _visitor: Visitor) -> None:
    """Dates that no clock of nanoseconds holds, and a first step that diverges."""
    file = b"date,a\n" + b"".join(b"%d-01-01,%d\n" % (year, year % 7) for year in range(1600, 1760))
    with visit(app.url) as visitor:
        visitor.open("data", "upload=old.csv").bring(app.url, file, "old.csv")
        assert visitor.says("old.csv") and not visitor.says("2184")
        assert visitor.exceptions == []
    with visit(app.url) as visitor:
        visitor.open("train", "cell=rnn_relu&optimizer=sgd&lr=5&clip=0&radius=3&task=adding")
        assert visitor.says("diverge") and not visitor.says("nan.")
        assert visitor.exceptions == []


def hostile_name(app: App, _visitor: Visitor) -> None:
    with visit(app.url) as visitor:
        visitor.open("data", "upload=x.csv")
        visitor.bring(app.url, b"a,b\n" + b"1,2\n3,1\n" * 100, NAMED)
        visitor.open("train", f"upload={quote(NAMED)}&units=1&epochs=1").press("Train")
        while not visitor.run:
            visitor.see()
        with visit(app.url) as follower:
            follower.open("compare", f"run={visitor.run}")
            assert follower.exceptions == []
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
    number_formats,
    largest_networks,
    heavy_data,
    stopped,
    what_is_out_of_range,
    names_in_an_address,
]
"""Each finding of the review of security, but what a link lets one do, and malformed messages."""


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
        at_work, processes = children(app.pid), len(family(app.pid))
        film = owner.moments(app.url, lambda steps: len(steps) > 1)
        for attack in [*ATTACKS, commanding(owner)]:
            with visit(app.url) as hostile:
                hostile.open()
                with contextlib.suppress(ConnectionClosed):
                    attack(app, hostile)
                assert hostile.exceptions == [], attack.__name__
            owner.open("train")
            assert "Pause" in owner.buttons, attack.__name__
            assert owner.exceptions == [], attack.__name__
            film |= owner.moments(app.url, film.issubset)
        assert children(app.pid) <= at_work
        assert len(family(app.pid)) <= processes + MOST_MORE
        owner.moments(app.url, lambda steps: max(steps, default=0) > max(film))
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
