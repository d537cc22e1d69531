"""Which names this server answers to, so that no foreign web page can speak to it as its own.

A page can point a name of its own at this server once it is loaded (DNS rebinding). Its script is
then of the same origin as the server, and the browser sends that name as `Host`. What cannot be
had this way is let in without being listed:

* an IP address: whoever opens one is at that machine, no name was looked up;
* a name without a dot, `localhost` or `lab-pc`, and what is below `localhost`: no such name can be
  registered, it comes from the machine itself, its network or its containers;
* this machine's own name, also with `.local`;
* `*.streamlit.app`: Community Cloud passes its apps' names on, and nobody else can have one;
* what came through a proxy that says so: whoever runs it says which names lead here. A script
  cannot set these headers on a WebSocket, and without one there is no session to get at.

Any other name is set in Streamlit's `server.allowedHosts`, which then is all that is let in by a
WebSocket, or is that of `browser.serverAddress`. Whoever asks for the server's health by its
address is answered all the same.
"""

import ipaddress
from functools import cache
from socket import gethostname
from typing import Any
from urllib.parse import urlsplit

from streamlit import config
from streamlit.web.server.starlette.starlette_websocket import is_host_allowed

CLOUD = ".streamlit.app"
OF_PROXIES = (b"x-forwarded-for", b"x-forwarded-host", b"forwarded")
REFUSAL = (
    "This server does not answer to that name. Whoever runs it can add the name to Streamlit's "
    "setting server.allowedHosts.\n"
)
SAFE = (
    (b"x-content-type-options", b"nosniff"),
    # pictures come from here alone: one from elsewhere would tell its server who looks at what
    (b"content-security-policy", b"img-src 'self' data: blob:; object-src 'none'"),
)
"""Headers of every answer."""


def is_known(host: str, *, proxied: bool = False, socket: bool = False) -> bool:
    """Whether a request for this host is for this server; "" is of no browser.

    >>> is_known("localhost:8501"), is_known("192.168.1.7:8501"), is_known("[::1]:8501")
    (True, True, True)
    >>> is_known("lab-pc"), is_known("lstm.streamlit.app"), is_known("evil.example:8501")
    (True, True, False)
    """
    if not host:
        return True
    listed = config.get_option("server.allowedHosts")
    if listed and (socket or is_host_allowed(host)):
        return bool(is_host_allowed(host))
    try:
        name = (urlsplit(f"//{host}").hostname or "").rstrip(".")
    except ValueError:
        return False
    by_proxy = proxied and not listed
    return by_proxy or _is_address(name) or "." not in name or _is_ours(name)


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name.partition("%")[0])
    except ValueError:
        return False
    return True


def _is_ours(name: str) -> bool:
    return (
        name.endswith((".localhost", CLOUD))
        or name in own_names()
        or (config.is_manually_set("browser.serverAddress") and name == _address_of_server())
    )


def _address_of_server() -> str:
    return str(config.get_option("browser.serverAddress")).lower()


@cache
def own_names() -> tuple[str, ...]:
    """What this machine calls itself; no other machine is asked."""
    name = gethostname().lower().rstrip(".")
    return (name, f"{name}.local")


class HostCheck:
    """An ASGI middleware: what is for another host is refused, answers carry `SAFE` headers."""

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        given = dict(reversed(scope["headers"]))  # of two, the first counts
        host = given.get(b"host", b"").decode("latin-1")
        is_socket = scope["type"] == "websocket"
        proxied = any(name in given for name in OF_PROXIES)
        if is_known(host, proxied=proxied, socket=is_socket):
            await self.app(scope, receive, _safely(send))
        elif is_socket:
            await receive()
            await send({"type": "websocket.close", "code": 1008})
        else:
            headers = [(b"content-type", b"text/plain; charset=utf-8"), *SAFE]
            await send({"type": "http.response.start", "status": 403, "headers": headers})
            await send({"type": "http.response.body", "body": REFUSAL.encode()})


def _safely(send: Any) -> Any:
    async def with_headers(message: Any) -> None:
        if message["type"] == "http.response.start":
            message = {**message, "headers": [*message.get("headers", ()), *SAFE]}
        await send(message)

    return with_headers
