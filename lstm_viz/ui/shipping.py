"""The components' files: a browser fetches each once, and has it until there is another.

Streamlit asks for a component's style sheets again wherever it is mounted, for a dozen of them at a
change of pages. So the name under which the components are served says what is in all their files,
and a browser may keep what it got under it. Who changes them starts the server again.
"""

import hashlib
import time
from contextlib import suppress

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from lstm_viz.files import COMPONENTS

READ_AT = time.time()
"""What is written later is not what the name says: no browser is told to keep it."""


def _content() -> str:
    """Other files, other letters."""
    found = hashlib.sha256()
    for file in sorted(each for each in COMPONENTS.rglob("*") if each.is_file()):
        content = file.read_bytes()
        found.update(f"{file.relative_to(COMPONENTS).as_posix()} {len(content)} ".encode())
        found.update(content)
    return found.hexdigest()[:12]


PROJECT = f"lstm_viz-{_content()}"
_FOLDER = f"/_stcore/bidi-components/{PROJECT}."
_KEPT = "public, max-age=31536000, immutable"


class KeptFiles:
    """An ASGI middleware: lets a browser keep the components' files."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"].partition(_FOLDER)[2] if scope["type"] == "http" else ""
        if not _is_as_read(path.partition("/")[2]):
            await self._app(scope, receive, send)
            return

        async def kept(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] == 200:
                MutableHeaders(scope=message)["cache-control"] = _KEPT
            await send(message)

        await self._app(scope, receive, kept)


def _is_as_read(file: str) -> bool:
    """Whether a component's file was not written since it was read."""
    with suppress(OSError, ValueError):
        return bool(file) and (COMPONENTS / file).stat().st_mtime <= READ_AT
    return False
