"""What is uploaded is kept within bounds, asked for or not, and let go of when it is read."""

import time
from contextlib import ExitStack

import pytest

from tests.server.visitor import ask, visit
from tests.serving import App

MEGABYTE = 2**20


def is_held(app: App) -> int:
    """Bytes of uploads that Streamlit says it keeps; it looks every five seconds."""
    time.sleep(5.5)
    said = ask(app.url, "/_stcore/metrics").text.splitlines()
    lines = [line for line in said if "UploadedFileManager" in line]
    return int(float(lines[0].split()[-1])) if lines else 0


def test_a_file_is_let_go_of_when_it_is_read_and_when_it_cannot_be(app: App) -> None:
    rows = b"x,y\n" + b"".join(b"%d,%d\n" % (k % 7, k % 5) for k in range(200))
    with visit(app.url) as visitor:
        visitor.open("data", "upload=first.csv")
        assert visitor.bring(app.url, rows, "first.csv").says("first.csv")
        assert visitor.bring(app.url, rows, "second.csv").says("second.csv")
        assert visitor.bring(app.url, b"words\nalone\n", "words.csv").says("no column of numbers")
        assert visitor.says("second.csv"), "the former one is still there"
        assert visitor.exceptions == []


def test_what_waits_to_be_read_has_a_limit_in_a_session_and_in_all(app: App) -> None:
    large = bytes(50 * MEGABYTE)
    with ExitStack() as stack:
        visitors = [stack.enter_context(visit(app.url)).open() for _ in range(3)]
        said = [visitors[0].upload(app.url, f"f{n}", large) for n in range(8)]
        assert said == [204] * 8, "its older files give way"
        said = [each.upload(app.url, f"f{n}", large) for each in visitors[1:] for n in range(2)]
        assert said == [204, 204, 204, 503]
        assert 0 < is_held(app) <= 256 * MEGABYTE


@pytest.mark.parametrize(
    "headers",
    [{"X_Xsrftoken": ""}, {"X_Xsrftoken": "another"}, {"Cookie": ""}],
    ids=["no token", "another token", "no cookie"],
)
def test_a_page_elsewhere_cannot_upload(app: App, headers: dict[str, str]) -> None:
    with visit(app.url) as visitor:
        assert visitor.open().upload(app.url, "f", b"x", **headers) == 403
