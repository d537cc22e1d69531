"""What a server loads before it answers."""

import subprocess
import sys

from tests.serving import ROOT

ASK = """
import sys, streamlit
before = {*sys.modules}
import app
print(*sorted(name for name in {*sys.modules} - before if name.startswith("lstm_viz.")))
from lstm_viz.ui import server, service, shell
from lstm_viz.ui.story import scenes, telling
print(*sys.modules)
"""
SETTLE = """
import gc
from types import SimpleNamespace
from lstm_viz.ui import server, shell
gc.disable()
before = len(gc.get_objects())
server._prepare(SimpleNamespace(ended=lambda seconds: True, seconds={}))
print(before, len(gc.get_objects()), gc.isenabled())
"""


NOT_YET = {"altair", "pandas", "pyarrow", "lstm_viz.data.reading.content"}
"""Charts, and what reads files."""


def test_the_server_waits_for_no_package_and_the_first_page_for_no_chart_or_file() -> None:
    to_answer, to_show = (line.split() for line in _said_by(ASK).splitlines())
    assert "lstm_viz.ui.server" in to_answer
    heavy = ("data", "models", "measures", "instruments", "experiments", "runs", "figures")
    assert not [name for name in to_answer if name.split(".")[1] in heavy]
    assert "lstm_viz.ui.story.scenes" in to_show
    assert NOT_YET.isdisjoint(to_show)


def test_no_page_waits_until_all_modules_are_looked_through_for_garbage() -> None:
    before, after, collects = _said_by(SETTLE).split()
    assert int(after) < int(before) / 10
    assert collects == "True"


def _said_by(script: str) -> str:
    command = [sys.executable, "-c", script]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
