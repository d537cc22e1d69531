"""A browser fetches the components' files once."""

import asyncio
import os
from pathlib import Path
from urllib.parse import urljoin

import pytest
from starlette.datastructures import Headers
from starlette.types import Message, Receive, Scope, Send

from lstm_viz.files import COMPONENTS
from lstm_viz.ui import shipping
from tests.server.visitor import ask, visit
from tests.serving import App

FOLDER = f"/_stcore/bidi-components/{shipping.PROJECT}.film"


def test_each_file_of_a_component_may_be_kept_and_what_is_none_may_not(app: App) -> None:
    with visit(app.url) as visitor:
        visitor.open("gates")  # from here on the server knows the components
    for file in ("film.css", "film/view.js"):
        said = ask(app.url, f"{FOLDER}/{file}")
        assert said.text == (COMPONENTS / file).read_text()
        assert "immutable" in said.headers["cache-control"]
        assert "set-cookie" not in said.headers
    for file in ("cell.js", "words.css"):
        said = ask(app.url, f"{FOLDER.removesuffix('film')}{file.split('.')[0]}/{file}")
        assert (said.status, "immutable" in said.headers["cache-control"]) == (308, True)
        shared = urljoin(f"{FOLDER}/", said.headers["location"])
        assert shared == f"{FOLDER}/{file}", "one address for what all import"
        assert ask(app.url, shared).text == (COMPONENTS / file).read_text()
    for path in (f"{FOLDER}/%00", f"{FOLDER}/../../page.css", f"{FOLDER}/..", "/"):
        assert "immutable" not in ask(app.url, path).headers.get("cache-control", "")


def test_what_is_written_under_a_running_server_is_not_kept_under_the_old_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shipping, "COMPONENTS", tmp_path)
    named = {shipping._content()}
    for name, text in (("a.css", "b"), ("a.css", "c"), ("b.css", "")):
        (tmp_path / name).write_text(text)
        named.add(shipping._content())
    assert len(named) == 4, "the name says all that is in the files, and what they are called"

    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def serve(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})

    async def receive() -> Message:
        return {"type": "http.disconnect"}

    for at in (shipping.READ_AT - 1, shipping.READ_AT + 60):
        os.utime(tmp_path / "a.css", (at, at))
        scope = {"type": "http", "path": f"/base{FOLDER}/a.css"}
        asyncio.run(shipping.KeptFiles(serve)(scope, receive, send))
    assert ["cache-control" in Headers(raw=each["headers"]) for each in sent] == [True, False]
