"""What a server loads before it answers."""

import subprocess
import sys

from tests.serving import ROOT

ASK = """
import sys, streamlit
before = {*sys.modules}
import app
print(*sorted(name for name in {*sys.modules} - before if name.startswith("lstm_viz.")))
"""


def test_the_server_answers_before_the_rest_of_the_package_is_imported() -> None:
    command = [sys.executable, "-c", ASK]
    said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert "lstm_viz.ui.server" in said
    heavy = ("data", "models", "measures", "instruments", "experiments", "runs", "figures")
    assert not [name for name in said.split() if name.split(".")[1] in heavy]
