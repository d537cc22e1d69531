"""A real app, served by a process of its own."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen

import pytest

ROOT = Path(__file__).parents[1]
START_SECONDS = 120


@dataclass(frozen=True)
class App:
    """A served app: where it answers, its process, and what it wrote."""

    url: str
    pid: int
    log: Path


def serve(home: Path, script: str = "app.py", **settings: str) -> AbstractContextManager[App]:
    """`streamlit run app.py` as a stranger would start it; or another script, or settings."""
    port = free_port()
    command = [sys.executable, "-m", "streamlit", "run", script, f"--server.port={port}"]
    return serve_by(command, port, home, ROOT, settings)


@contextmanager
def serve_by(
    command: Sequence[str | Path],
    port: int,
    home: Path,
    folder: Path,
    settings: Mapping[str, str] | None = None,
    base: str = "",
) -> Iterator[App]:
    """The app that a command serves at a port, called in a folder; `settings` are variables,
    `base` is the path under which it answers.

    Whatever the tests do to it, no traceback reaches its log and no torch its process.
    """
    log = home / "app.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env={**_clean_environment(home), **(settings or {})},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    served = App(f"http://127.0.0.1:{port}{base}", process.pid, log)
    try:
        _wait_for(served, process)
        yield served
        loaded = Path(f"/proc/{process.pid}/maps")
        assert not loaded.exists() or "libtorch" not in loaded.read_text()
    finally:
        _end(process)
    assert "Traceback" not in log.read_text(), log.read_text()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


OURS = ("STREAMLIT_", "LSTM_VIZ_", "PYTEST_", "PYTHONPATH", "PYTHONDONTWRITEBYTECODE", "XDG_")
"""How variables begin that no stranger has set: theirs is a Python that keeps what it compiled."""


def _clean_environment(home: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
    return {
        **kept,
        "HOME": str(home),
        "PYTHONUNBUFFERED": "1",
        "STREAMLIT_SERVER_ADDRESS": "127.0.0.1",
        "STREAMLIT_SERVER_HEADLESS": "true",
    }


def _wait_for(served: App, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urlopen(f"{served.url}/_stcore/health", timeout=1) as answer:
                if answer.status == 200:
                    return
        except OSError:  # nobody answers yet, or not in time
            time.sleep(0.1)
    pytest.fail(f"the app did not start:\n{served.log.read_text()}")


def _end(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
