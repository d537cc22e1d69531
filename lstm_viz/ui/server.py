"""What happens once a server: the trainer and the feed start with it and end with it."""

import asyncio
import gc
import inspect
import logging
import threading
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from importlib import import_module
from typing import TYPE_CHECKING, Any

from starlette.middleware import Middleware
from streamlit import runtime
from streamlit.runtime.pages_manager import PagesManager

from lstm_viz.ui.feed_route import open_feed
from lstm_viz.ui.hosts import HostCheck
from lstm_viz.ui.owning import OwnerCookie
from lstm_viz.ui.shipping import KeptFiles
from lstm_viz.ui.uploading import UploadCheck

if TYPE_CHECKING:
    from lstm_viz.ui.service import Service

_LOG = logging.getLogger(__name__)

QUIET_SECONDS = 5.0
"""The first visitor's first page comes before what nobody has asked for yet."""
FORGET_SECONDS = 15.0
MIDDLEWARE = [Middleware(each) for each in (HostCheck, UploadCheck, OwnerCookie, KeptFiles)]


@asynccontextmanager
async def lifespan(_app: Any) -> AsyncGenerator[None]:
    """Start the trainer and the feed, end them after the last visitor.

    The server answers meanwhile: a browser fetches Streamlit's own scripts while ours are imported.
    """
    # A folder called pages/ makes a cold server take its first visitor through Streamlit's old
    # multipage mode, which does not know our addresses: a deep link would open on a "Page not
    # found" dialog. st.navigation says this too, but only once the first visitor is there.
    PagesManager.uses_pages_directory = False
    over = asyncio.Event()
    serving = asyncio.create_task(_serve(over))
    try:
        yield
    finally:
        over.set()
        await serving


async def _serve(over: asyncio.Event) -> None:
    gc.disable()  # next to nothing of what is imported is garbage: it takes a seventh less
    try:
        begun = await asyncio.to_thread(_begin)
    except Exception:
        gc.enable()
        _LOG.exception("The trainer could not be started.")  # each page says so, too
        raise
    threading.Thread(target=_prepare, args=(begun,), name="prepare", daemon=True).start()
    try:
        async with open_feed(begun.trainer.runs):
            while not await _is_over(over):
                _forget_sessions()
    finally:
        from lstm_viz.ui import service

        service.close()


async def _is_over(over: asyncio.Event) -> bool:
    """Whether the server ends, now or within `FORGET_SECONDS`."""
    with suppress(TimeoutError):
        return await asyncio.wait_for(over.wait(), FORGET_SECONDS)
    return False


def _forget_sessions() -> None:
    """Let go of sessions whose time to come back is over.

    Streamlit keeps one that left for two minutes, and then until the next one leaves. Its storage
    belongs to the thread of the server's loop.
    """
    sessions = getattr(runtime.get_instance(), "_session_mgr", None) if runtime.exists() else None
    kept = getattr(getattr(sessions, "_session_storage", None), "_cache", None)
    getattr(kept, "expire", lambda: None)()


def _begin() -> "Service":
    from lstm_viz.ui import service, shell  # noqa: F401 - the first page's
    from lstm_viz.ui.story import scenes  # noqa: F401

    with suppress(ImportError):
        import_module("PIL.Image")  # Streamlit's, for the page's icon
    # Streamlit's first command looks where each module lies, which Python remembers from here on.
    inspect.stack()
    return service.service()


def _prepare(begun: "Service") -> None:
    try:
        _import_rest(begun)
    finally:
        settle()
    from lstm_viz.ui import timing

    timing.measure(begun)


def settle() -> None:
    """Never look again for garbage among what is there now: with all modules that takes 100 ms, for
    which every page waits.
    """
    gc.collect()
    gc.freeze()
    gc.enable()


def _import_rest(begun: "Service") -> None:
    if begun.ended(QUIET_SECONDS):
        return
    import altair  # noqa: F401 - the first page with a chart need not wait for it

    import lstm_viz.data.reading.content  # noqa: F401 - nor the first that takes a file
