"""A process that has not said its first word yet is waited for, and one that is gone is not."""

import socket
import threading

import pytest

from lstm_viz.runs import wire
from lstm_viz.runs.connection import Connection
from lstm_viz.runs.messages import Ready
from lstm_viz.runs.processes import Process

LONG = 60.0


class There(Process):
    """A process at the other end of a socket."""

    def __init__(self, way: socket.socket) -> None:
        self._way = way
        self.events, self.requests = way.makefile("rb"), way.makefile("wb")

    def has_pid(self, pid: int) -> None:
        self.pid = pid

    def close(self) -> None:
        self._way.shutdown(socket.SHUT_RDWR)

    def kill(self) -> None:
        self._way.close()


@pytest.fixture
def ways():
    here, there = socket.socketpair()
    yield here, there
    for each in (here, there):
        each.close()


def test_it_is_waited_for_until_it_is_there_or_gone(ways) -> None:
    here, there = ways
    connection = Connection(There(here), lambda event: None, lambda gone: None)
    assert connection.begin(0.0) < LONG and connection.pid == 0
    waits = threading.Thread(target=connection.begin, args=(LONG,))
    waits.start()
    with there.makefile("wb") as says:
        wire.write(says, Ready(("cpu",), 7))
    waits.join(LONG / 2)
    assert not waits.is_alive() and connection.pid == 7
    there.shutdown(socket.SHUT_RDWR)
    connection.join()


def test_one_that_ends_before_its_first_word_holds_nobody(ways) -> None:
    here, there = ways
    connection = Connection(There(here), lambda event: None, lambda gone: None)
    waits = threading.Thread(target=connection.begin, args=(LONG,))
    waits.start()
    there.shutdown(socket.SHUT_RDWR)
    waits.join(LONG / 2)
    assert not waits.is_alive() and connection.over
    connection.join()
