"""What all visitors share is nobody's to clear, and is there once."""

from pathlib import Path

from streamlit.proto.BackMsg_pb2 import BackMsg

from tests.server.visitor import visit
from tests.serving import App

LONG = "task=adding&count=200&length=12&cell=lstm&units=4&epochs=5000"


TRIES = 100
READER = b"lstm_viz.data.reading"


def children(pid: int) -> set[str]:
    """The processes of the trainer that a process started, whichever of its threads did; files are
    read in one of their own.
    """
    lists = Path(f"/proc/{pid}/task").glob("*/children")
    found = {child for each in lists for child in each.read_text().split()}
    return {each for each in found if READER not in Path(f"/proc/{each}/cmdline").read_bytes()}


def test_a_cleared_cache_ends_no_run_and_starts_no_trainer(app: App) -> None:
    with visit(app.url) as owner, visit(app.url) as other:
        owner.open("train", LONG).press("Train")
        at_work = children(app.pid)
        assert at_work
        for _ in range(3):
            other.send(BackMsg(clear_cache=True))
            other.open("train")
        owner.open("train")
        assert "Pause" in owner.buttons, "the run trains"
        assert owner.exceptions == other.exceptions == []
        assert children(app.pid) == at_work
        owner.press("Stop")


def test_a_click_is_not_lost_to_what_the_page_says_just_after_it(app: App) -> None:
    with visit(app.url) as visitor:
        visitor.open("train", LONG).press("Train")
        for label, then in (("Pause", "Resume"), ("Resume", "Pause")) * 3:
            visitor.send(visitor.pressed(label))
            visitor.send(visitor.changed())
            for _ in range(
                TRIES
            ):  # the trainer takes its time, of which a browser hears by the feed
                if then in visitor.see().buttons:
                    break
                visitor.send(visitor.changed())
            assert then in visitor.buttons
        visitor.press("Stop")
