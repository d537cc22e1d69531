"""The command `lstm-viz`: serve the app, from whichever folder it is called in."""

import argparse
import os
from collections.abc import Sequence
from typing import NoReturn

from lstm_viz.errors import MissingExtraError
from lstm_viz.files import APP
from lstm_viz.words import N_, _


def main(arguments: Sequence[str] | None = None) -> None:
    """Serve the app until it is interrupted; arguments that do not fit end it with a sentence."""
    port = _parser().parse_args(arguments).port
    os.environ.setdefault("STREAMLIT_SERVER_ADDRESS", "localhost")  # nobody is asked a password
    try:
        from streamlit.web import cli
    except ImportError as error:
        missing = MissingExtraError(N_("The app needs streamlit. Install lstm_viz[app]."))
        raise SystemExit(str(missing)) from error
    cli.main(["run", str(APP), *([f"--server.port={port}"] if port else [])])


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        self.exit(2, _("lstm-viz: {reason}. See lstm-viz --help.").format(reason=message) + "\n")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        "lstm-viz",
        description=_(
            "See what happens inside an RNN, LSTM or GRU while it learns, in your browser."
        ),
        epilog=_(
            "Streamlit's settings come from the environment: STREAMLIT_SERVER_HEADLESS=true "
            "opens no browser, STREAMLIT_SERVER_ADDRESS=0.0.0.0 serves the network."
        ),
        allow_abbrev=False,
    )
    parser.add_argument(
        "--port",
        type=_port,
        help=_("Where the app answers; otherwise 8501 or the next free port."),
    )
    return parser


def _port(text: str) -> int:
    if not (text.isdecimal() and 1 <= int(text) <= 65535):
        wrong = _("a port is a number from 1 to 65535, got {text!r}")
        raise argparse.ArgumentTypeError(wrong.format(text=text))
    return int(text)
