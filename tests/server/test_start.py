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


NOT_YET = {"altair", "pandas", "pyarrow", "lstm_viz.data.reading.content"}
"""Charts, and what reads files."""


def test_the_server_waits_for_no_package_and_the_first_page_for_no_chart_or_file() -> None:
    command = [sys.executable, "-c", ASK]
    said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    to_answer, to_show = (line.split() for line in said.splitlines())
    assert "lstm_viz.ui.server" in to_answer
    heavy = ("data", "models", "measures", "instruments", "experiments", "runs", "figures")
    assert not [name for name in to_answer if name.split(".")[1] in heavy]
    assert "lstm_viz.ui.story.scenes" in to_show
    assert NOT_YET.isdisjoint(to_show)
