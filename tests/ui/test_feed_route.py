"""The feed over real sockets: who may connect, what ends a connection, what a slow reader costs."""

import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, asynccontextmanager
from dataclasses import replace

import numpy as np
import pytest
import uvicorn
from starlette.applications import Starlette
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from lstm_viz.figures.drawn_frames import Thinning
from lstm_viz.figures.film_frames import describe_signals
from lstm_viz.figures.layer_film import LayerFilm
from lstm_viz.runs.feed import Feed
from lstm_viz.runs.frames import Frame
from lstm_viz.runs.messages import FrameTaken, Started, StateChanged
from lstm_viz.runs.recordings import load_recordings
from lstm_viz.runs.registry import Runs
from lstm_viz.runs.run import Run
from lstm_viz.runs.topics import Topic
from lstm_viz.ui.controls import PROGRESS
from lstm_viz.ui.feed_route import open_feed, routes
from lstm_viz.ui.feeding import Drawings
from tests.figures.message import unpack

SECONDS = 60.0
RECORDED = "adding"


class Served:
    """A server with the feed of a few runs: a recorded one, and one that a test lets train."""

    def __init__(self, recorded: Run) -> None:
        self.runs, self.recorded = Runs(), recorded
        self.runs.shelve(recorded)
        self.feed: Feed | None = None
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]

        @asynccontextmanager
        async def lifespan(_app: object):
            async with open_feed(self.runs) as self.feed:
                yield

        app = Starlette(routes=routes(), lifespan=lifespan)
        config = uvicorn.Config(
            app, "127.0.0.1", self.port, ws="websockets-sansio", log_level="error"
        )
        self.server = uvicorn.Server(config)

    def begin(self) -> Run:
        """A run that has begun, and has no frame yet."""
        run = self.runs.add(self.recorded.settings, self.recorded.dataset)
        started = {"probe": self.recorded.probe, "device": "cpu", "parameters": 1}
        more = {"steps_per_epoch": 10, "total_steps": 100}
        self.runs.apply(Started(run.id, **started, **more))
        self.runs.apply(StateChanged(run.id, "training"))
        return run

    def measure(self, run: Run, step: int) -> None:
        frames = self.recorded.film.frames
        frame = replace(frames[step % len(frames)], step=step)
        self.runs.apply(FrameTaken(run.id, frame))

    def open(self, path: str = "/feed", **more: object) -> ClientConnection:
        url = f"ws://127.0.0.1:{self.port}{path}"
        how = {"max_size": None, "open_timeout": SECONDS, "close_timeout": 0.5, **more}
        return connect(url, **how)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    made = Served(next(run for run in load_recordings() if run.id == RECORDED))
    thread = threading.Thread(target=made.server.run)
    thread.start()
    deadline = time.monotonic() + SECONDS
    while not made.server.started:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    yield made
    made.server.should_exit = True
    thread.join(SECONDS)
    assert not thread.is_alive()


def film(run: Run, sample: int = 0) -> Topic:
    return Topic("film", (run.id,), ("recurrent.l0", str(sample)))


def watch(browser: ClientConnection, topic: Topic, have: list[int] | None = None) -> None:
    browser.send(json.dumps({"watch": topic.text, "have": have or []}))


def steps(browser: ClientConnection, count: int) -> list[int]:
    """The training steps of the next so many frames."""
    return [unpack(browser.recv(SECONDS))[0]["clock"][0] for _ in range(count)]


def closed(browser: ClientConnection) -> int:
    """The code with which the server closes a connection."""
    with pytest.raises(ConnectionClosed) as end:
        while True:
            browser.recv(SECONDS)
    assert end.value.rcvd is not None
    return end.value.rcvd.code


def test_a_frame_travels_as_it_is_drawn(served: Served) -> None:
    run = served.recorded
    with served.open() as browser:
        watch(browser, film(run))
        header, arrays = unpack(browser.recv(SECONDS))
    newest = run.film.frames[-1]
    assert header["topic"] == film(run).text
    assert header["clock"] == [newest.step, newest.epoch, pytest.approx(newest.validation_loss)]
    expected: list[np.ndarray] = []
    made = LayerFilm(run, "recurrent.l0", 0)
    assert made.topic == film(run)
    described = describe_signals([made.drawn(newest, Thinning())], expected)
    assert header["signals"] == described
    for sent, drawn in zip(arrays, expected, strict=True):
        np.testing.assert_array_equal(sent, drawn)


def test_the_weights_of_a_frame_travel_as_they_were(served: Served) -> None:
    run = served.recorded
    topic, wanted = Topic("weights", (run.id,)), run.film.frames[7]
    with served.open() as browser:
        watch(browser, topic, [each.step for each in run.film.frames if each is not wanted])
        header, arrays = unpack(browser.recv(SECONDS))
    assert (header["topic"], header["step"]) == (topic.text, wanted.step)
    assert wanted.weights is not None
    for name, sent in zip(header["names"], arrays, strict=True):
        np.testing.assert_array_equal(sent, wanted.weights[name])


def test_thirty_browsers_follow_a_run_and_each_frame_comes_once(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    run, count = served.begin(), 20
    encoded: list[int] = []

    def counted(self: Drawings, topic: Topic, run_: Run, frame: Frame) -> bytes:
        encoded.extend([frame.step] if run_ is run else [])
        return encode(self, topic, run_, frame)

    encode = Drawings.frame
    monkeypatch.setattr(Drawings, "frame", counted)
    with ExitStack() as connections:
        browsers = [connections.enter_context(served.open()) for _ in range(30)]
        for browser in browsers:
            watch(browser, film(run))
        for step in range(count):
            served.measure(run, step)
        for browser in browsers:
            assert sorted(steps(browser, count)) == list(range(count))
        assert sorted(encoded) == list(range(count))
        served.measure(run, count)
        for browser in browsers:
            assert steps(browser, 1) == [count], "the next one follows, and nothing came twice"


def test_a_connection_that_was_cut_goes_on_from_what_it_has(served: Served) -> None:
    run = served.begin()
    for step in range(6):
        served.measure(run, step)
    with served.open() as browser:
        watch(browser, film(run))
        had = steps(browser, 3)
        browser.socket.close()
    served.measure(run, 6)
    with served.open() as browser:
        watch(browser, film(run), had)
        assert sorted(steps(browser, 4)) == sorted({*range(7)} - {*had})


def test_one_that_stops_reading_costs_nobody_anything(served: Served) -> None:
    run = served.begin()
    with served.open(max_queue=1) as stuck, served.open() as quick:
        stuck.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        watch(stuck, film(run))
        watch(quick, film(run))
        for step in range(100):
            served.measure(run, step)
            assert steps(quick, 1) == [step]
        stuck.socket.close()


def test_progress_and_state_come_as_words_and_facts(served: Served) -> None:
    run = served.begin()
    with served.open() as browser:
        watch(browser, Topic(PROGRESS, (run.id,), ("en",)))
        progress = json.loads(browser.recv(SECONDS))
        assert progress["share"] == 0.0
        assert progress["text"].startswith("epoch 0.0 of 10 · update 0")
        watch(browser, Topic("state", (run.id,)))
        state = json.loads(browser.recv(SECONDS))["runs"][run.id]
        assert (state["training"], state["steps"]) == (True, [])


def test_origins_are_checked_as_streamlit_checks_them(served: Served) -> None:
    own = f"http://127.0.0.1:{served.port}"
    for origin in (own, "http://localhost:3000", None):
        with served.open(origin=origin) as browser:
            watch(browser, film(served.recorded))
            assert steps(browser, 1)
    for origin in ("http://evil.example", "null", "https://127.0.0.1.evil.example"):
        with pytest.raises(InvalidStatus), served.open(origin=origin):
            pass


def test_it_answers_under_any_base_path(served: Served) -> None:
    for path in ("/base/feed", "/a/b/feed"):
        with served.open(path) as browser:
            watch(browser, film(served.recorded))
            assert steps(browser, 1)


@pytest.mark.parametrize(
    "message",
    [
        b"\x00\x01",
        "no json",
        json.dumps({"watch": "film/adding/recurrent.l9/0", "have": []}),
        json.dumps({"watch": "film/adding/recurrent.l0/4000", "have": []}),
        json.dumps({"watch": "film/adding/recurrent.l0/-1", "have": []}),
        json.dumps({"watch": "film/adding/recurrent.l0/0/turned", "have": []}),
        json.dumps({"watch": "film/adding", "have": []}),
        json.dumps({"watch": "weights/adding/recurrent.l0", "have": []}),
        json.dumps({"watch": "weights/adding,adding_rnn", "have": []}),
        json.dumps({"watch": "everything/adding", "have": []}),
        json.dumps({"watch": "progress/adding/..", "have": []}),
        "x" * 100_000,
    ],
)
def test_a_hostile_message_closes_its_own_connection(served: Served, message: str | bytes) -> None:
    with served.open() as neighbour, served.open() as hostile:
        hostile.send(message)
        assert closed(hostile) == 1008
        watch(neighbour, film(served.recorded))
        assert steps(neighbour, 1)


def test_a_run_that_cannot_be_named_cannot_be_seen(served: Served) -> None:
    run = served.begin()
    served.measure(run, 0)
    with served.open() as stranger:
        for guess in (run.id[:-1], run.id.swapcase(), "preview"):
            watch(stranger, Topic("state", (guess,)))
            assert json.loads(stranger.recv(SECONDS))["runs"] == {}
            watch(stranger, Topic("film", (guess,), ("recurrent.l0", "0")))
        with pytest.raises(TimeoutError):
            stranger.recv(0.2)
