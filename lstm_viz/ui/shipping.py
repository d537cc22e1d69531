"""The components' files: a browser fetches each once, and has it until there is another.

Streamlit asks for a component's style sheets again wherever it is mounted, for a dozen of them at a
change of pages. So the name under which the components are served says what is in all their files,
and a browser may keep what it got under it. Who changes them starts the server again.
Streamlit gives each component an address of its own, too, under which a browser would fetch and run
again what it has of another one: more than half of 124 files on a page.
"""

import hashlib
import time
from contextlib import suppress

from starlette.datastructures import MutableHeaders
from starlette.responses import RedirectResponse
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
_SHARED = "film"
_KEPT = "public, max-age=31536000, immutable"


class KeptFiles:
    """An ASGI middleware: lets a browser keep the components' files, and gives each one address.

    What components share lies in one folder: who asks for a file under another one's name is sent
    to it there, and what the file imports is then the same for all.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"].partition(_FOLDER)[2] if scope["type"] == "http" else ""
        name, _, file = path.partition("/")
        if not _is_as_read(file):
            await self._app(scope, receive, send)
            return
        if name != _SHARED and "/" not in file:
            place = f"../{PROJECT}.{_SHARED}/{file}"  # a proxy may have put a path before ours
            await RedirectResponse(place, 308, {"cache-control": _KEPT})(scope, receive, send)
            return

        async def kept(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] == 200:
                MutableHeaders(scope=message)["cache-control"] = _KEPT
            await send(message)

        await self._app(scope, receive, kept)


def _is_as_read(file: str) -> bool:
    """Whether a component's file was not written since it was read."""
    with suppress(OSError, ValueError):
        place = COMPONENTS / file
        return place.is_file() and place.stat().st_mtime <= READ_AT
    return False
