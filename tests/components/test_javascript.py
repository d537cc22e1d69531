"""The components' JavaScript that needs no page, where Node is at hand to run it."""

import shutil
import subprocess
from pathlib import Path

import pytest

NODE = shutil.which("node")


@pytest.mark.skipif(NODE is None, reason="Node is not installed")
def test_what_needs_no_page_does_what_it_says() -> None:
    assert NODE is not None
    command = [NODE, "--test", str(Path(__file__).parent)]
    told = subprocess.run(command, check=False, capture_output=True, text=True)
    assert told.returncode == 0, told.stdout
