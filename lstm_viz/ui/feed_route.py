"""The feed's way into the web: a WebSocket beside Streamlit's own, under any base path."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING

from starlette.routing import BaseRoute, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState
from streamlit.web.server.starlette.starlette_websocket import _is_origin_allowed

if TYPE_CHECKING:  # the server begins before these are imported
    from lstm_viz.runs.encoded import Message
    from lstm_viz.runs.feed import Feed
    from lstm_viz.runs.registry import Runs

POLICY_VIOLATION, TRY_LATER = 1008, 1013

_feed: "Feed | None" = None


@asynccontextmanager
async def open_feed(runs: "Runs") -> AsyncIterator["Feed"]:
    """Serve these runs to those who connect, for as long as this lasts."""
    from lstm_viz.runs.feed import Feed
    from lstm_viz.ui.feeding import Drawings

    global _feed
    feed = Feed(runs, Drawings())
    async with feed.open():
        _feed = feed
        try:
            yield feed
        finally:
            _feed = None


def routes() -> list[BaseRoute]:
    """Where browsers connect. Streamlit puts no base path before routes that are not its own."""
    return [WebSocketRoute(path, _connect) for path in ("/feed", "/{base:path}/feed")]


class _Browser:
    """A browser's socket as the feed knows it."""

    def __init__(self, socket: WebSocket) -> None:
        self._socket = socket

    async def receive(self) -> object:
        message = await self._socket.receive()
        if message["type"] == "websocket.disconnect":
            return None
        return message.get("text") or message.get("bytes") or ""

    async def send(self, message: "Message") -> None:
        if isinstance(message, str):
            await self._socket.send_text(message)
        else:
            await self._socket.send_bytes(message)


async def _connect(socket: WebSocket) -> None:
    """Origin and host are checked as Streamlit checks them for its own socket."""
    if not _is_origin_allowed(socket.headers.get("origin"), socket.headers.get("host")):
        await socket.close(POLICY_VIOLATION)
        return
    await socket.accept()
    if _feed is None:
        await socket.close(TRY_LATER)
        return
    from lstm_viz.runs.topics import RefusedError

    try:
        await _feed.serve(_Browser(socket))
    except RefusedError as error:
        await _close(socket, POLICY_VIOLATION, str(error))
    except TimeoutError:
        await _close(socket, TRY_LATER, "nothing was taken for too long")
    except WebSocketDisconnect:
        pass


async def _close(socket: WebSocket, code: int, reason: str) -> None:
    if socket.application_state is WebSocketState.CONNECTED:
        with suppress(RuntimeError, WebSocketDisconnect):  # it went first
            await socket.close(code, reason)
