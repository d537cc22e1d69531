"""How much may be on its way into this server: files that are uploaded and not yet read.

Streamlit keeps each until its session ends, whether a widget asked for it or not. Ours are let go
of as soon as they are read (`data.upload`), so what is held here is on its way, or nobody's.
"""

import itertools
import re
import time
from typing import Any

from streamlit import config, runtime

MEGABYTE = 2**20

UPLOAD = re.compile(r"/_stcore/upload_file/(?P<session>[^/]++)/(?P<file>[^/]++)$")
FILES = 2
"""Of one session: one that is read and the next one."""
UNREAD_SECONDS = 60.0
"""After which a file that nobody has read gives way to another's."""
REFUSAL = "Other visitors' files are on their way to this server. Try again in a minute.\n"


class UploadCheck:
    """An ASGI middleware: a session's older files give way, and all together have a limit.

    For others' sake those of closed tabs, and those that nobody reads, give way too.
    """

    def __init__(self, app: Any) -> None:
        self.app = app
        self._on_way: dict[int, int] = {}
        """Each upload that is under way -> its bytes."""
        self._since: dict[tuple[str, str], float] = {}
        """Session and file -> since when it is here."""
        self._numbers = itertools.count()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        upload = scope["type"] == "http" and scope["method"] == "PUT"
        found = UPLOAD.search(scope["path"]) if upload else None
        if found is None or not runtime.exists():
            await self.app(scope, receive, send)
            return
        from lstm_viz.ui.service import service  # the server begins before this is imported

        size = _claimed(scope)
        _let_older_go(found["session"])
        most = service().uploads.limits.uploads_bytes - size
        if self._size > most:
            self._let_unread_go()
        if self._size > most:
            headers = [(b"content-type", b"text/plain; charset=utf-8")]
            await send({"type": "http.response.start", "status": 503, "headers": headers})
            await send({"type": "http.response.body", "body": REFUSAL.encode()})
            return
        number = next(self._numbers)
        self._on_way[number] = size
        try:
            await self.app(scope, receive, send)
        finally:
            del self._on_way[number]
            self._since[found["session"], found["file"]] = time.monotonic()

    @property
    def _size(self) -> int:
        return sum(self._on_way.values()) + _held()

    def _let_unread_go(self) -> None:
        here = runtime.get_instance()
        now = time.monotonic()
        for (session, file), since in list(self._since.items()):
            if now - since > UNREAD_SECONDS or not here.is_active_session(session):
                _kept().remove_file(session, file)
            if file not in _kept().file_storage.get(session, ()):
                del self._since[session, file]


def _claimed(scope: Any) -> int:
    """Bytes that an upload says it has; the most that Streamlit lets through where it says none."""
    length = dict(scope["headers"]).get(b"content-length", b"")
    if length.isdigit():
        return int(length)
    return int(config.get_option("server.maxUploadSize")) * MEGABYTE


def _kept() -> Any:
    """Where Streamlit keeps uploads: `file_storage` is session -> file -> what it holds of it."""
    return runtime.get_instance().uploaded_file_mgr


def _let_older_go(session: str) -> None:
    held = list(_kept().file_storage.get(session, ()))
    for file in held[: max(0, len(held) + 1 - FILES)]:
        _kept().remove_file(session, file)


def _held() -> int:
    sessions = list(_kept().file_storage.values())
    return sum(len(file.data) for files in sessions for file in list(files.values()))
