"""What happens once a server: the trainer and the feed start with it and end with it."""

import threading
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

from starlette.middleware import Middleware
from streamlit.runtime.pages_manager import PagesManager

from lstm_viz.ui import service
from lstm_viz.ui.feed_route import open_feed
from lstm_viz.ui.hosts import HostCheck
from lstm_viz.ui.owning import OwnerCookie
from lstm_viz.ui.uploading import UploadCheck

QUIET_SECONDS = 5.0
"""The first visitor's first page comes before what nobody has asked for yet."""
MIDDLEWARE = [Middleware(HostCheck), Middleware(UploadCheck), Middleware(OwnerCookie)]


@asynccontextmanager
async def lifespan(_app: Any) -> AsyncGenerator[None]:
    """Start the trainer before the first visitor comes, end it after the last."""
    # A folder called pages/ makes a cold server take its first visitor through Streamlit's old
    # multipage mode, which does not know our addresses: a deep link would open on a "Page not
    # found" dialog. st.navigation says this too, but only once the first visitor is there.
    PagesManager.uses_pages_directory = False
    begun = service.service()
    threading.Thread(target=_prepare, args=(begun,), name="prepare", daemon=True).start()
    try:
        async with open_feed(begun.trainer.runs):
            yield
    finally:
        service.close()


def _prepare(begun: service.Service) -> None:
    if begun.ended(QUIET_SECONDS):
        return
    import altair  # noqa: F401 - the first page with a chart need not wait for it

    from lstm_viz.ui import timing

    timing.measure(begun)
