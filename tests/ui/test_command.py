"""What `lstm-viz` understands; `tests/browser/test_installed.py` serves the app with it."""

import os

import pytest
from streamlit.web import cli

from lstm_viz.files import APP
from lstm_viz.ui.command import main


@pytest.mark.parametrize(
    ("arguments", "flags"), [([], []), (["--port", "8502"], ["--server.port=8502"])]
)
def test_it_runs_the_app_at_the_port_that_is_asked_for(
    monkeypatch: pytest.MonkeyPatch, arguments: list[str], flags: list[str]
) -> None:
    ran: list[list[str]] = []
    monkeypatch.setattr(cli, "main", ran.append)
    monkeypatch.setenv("STREAMLIT_SERVER_ADDRESS", "0.0.0.0")
    main(arguments)
    assert ran == [["run", str(APP), *flags]]
    assert os.environ["STREAMLIT_SERVER_ADDRESS"] == "0.0.0.0"


def test_it_serves_this_computer_alone_where_nothing_else_is_said(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(cli, "main", lambda _arguments: None)
    monkeypatch.setenv("STREAMLIT_SERVER_ADDRESS", "")
    monkeypatch.delenv("STREAMLIT_SERVER_ADDRESS")
    main([])
    assert os.environ["STREAMLIT_SERVER_ADDRESS"] == "localhost"


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["--prot", "8502"], "unrecognized arguments: --prot 8502"),
        (["app.py"], "unrecognized arguments: app.py"),
        (["--port", "http"], "argument --port: a port is a number from 1 to 65535, got 'http'"),
        (["--port", "0"], "argument --port: a port is a number from 1 to 65535, got '0'"),
        (["--port", "65536"], "argument --port: a port is a number from 1 to 65535, got '65536'"),
    ],
)
def test_what_it_does_not_know_is_refused_in_a_sentence(
    capsys: pytest.CaptureFixture[str], arguments: list[str], reason: str
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    assert capsys.readouterr().err == f"lstm-viz: {reason}. See lstm-viz --help.\n"
