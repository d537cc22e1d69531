"""Whose a run is: whoever has its address watches it, and who started it alone commands it.

What owns a run is a cookie of the browser that started it, which no script can read and which is
no part of any address; so a reload keeps it, and a link does not pass it on. Where a browser keeps
no cookies, its session owns what it starts, until it is reloaded.
"""

import re
import secrets
from collections.abc import Iterable
from http.cookies import CookieError, SimpleCookie
from typing import TYPE_CHECKING

import streamlit as st
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from lstm_viz.errors import ConfigError
from lstm_viz.words import N_, _

if TYPE_CHECKING:  # the server begins before the rest is imported
    from lstm_viz.runs.run import Run

COOKIE = "lstm_viz_owner"
KEY = "owner"
ELSEWHERE = N_(
    "You watch another browser's run: only there can it be paused, stopped or trained further."
)
_TOKEN = re.compile(r"[\w-]{32}", re.ASCII)


def owner() -> str:
    """What owns the runs that this session starts."""
    cookie = str(st.context.cookies.get(COOKIE, ""))
    if _TOKEN.fullmatch(cookie):
        return cookie
    token: str = st.session_state.setdefault(KEY, _new_token())
    return token


def owns(run: "Run") -> bool:
    """Whether this session may command a run."""
    return bool(run.owner) and secrets.compare_digest(run.owner, owner())


def why_not(runs: Iterable["Run"]) -> str | None:
    """Why this session cannot command some of these runs; None where it can."""
    return None if all(map(owns, runs)) else _(ELSEWHERE)


def check_owned(runs: Iterable["Run"]) -> None:
    """Raise ConfigError for a run of somebody else's."""
    if not all(map(owns, runs)):
        raise ConfigError(ELSEWHERE)


def _new_token() -> str:
    return secrets.token_urlsafe(24)


class OwnerCookie:
    """Gives a browser that opens a page the cookie that owns what it will start."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or _has_cookie(Headers(scope=scope).get("cookie", "")):
            await self._app(scope, receive, send)
            return

        async def with_cookie(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                if headers.get("content-type", "").startswith("text/html"):
                    secure = "; Secure" if scope.get("scheme") == "https" else ""
                    cookie = f"{COOKIE}={_new_token()}; Path=/; HttpOnly; SameSite=Lax{secure}"
                    headers.append("set-cookie", cookie)
            await send(message)

        await self._app(scope, receive, with_cookie)


def _has_cookie(header: str) -> bool:
    try:
        found = SimpleCookie(header).get(COOKIE)
    except CookieError:
        return False
    return found is not None and bool(_TOKEN.fullmatch(found.value))
