"""A visitor without a browser: a raw WebSocket that says what a browser says, or worse."""

import json
import socket
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from email.message import Message
from http.client import HTTPConnection
from typing import NamedTuple
from urllib.parse import parse_qs, urlsplit

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Delta_pb2 import Delta
from streamlit.proto.Exception_pb2 import Exception as Mistake
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.NewSession_pb2 import NewSession
from websockets.sync.client import ClientConnection, connect

from lstm_viz.ui.shipping import PROJECT

ANSWER_SECONDS = 60
STREAM = "/_stcore/stream"
ADDRESS, PULSE = f"{PROJECT}.address", f"{PROJECT}.pulse"
TO_BEGIN_AGAIN = ForwardMsg.FINISHED_EARLY_FOR_RERUN
WORDS = ("markdown", "alert", "heading", "text")


class Answer(NamedTuple):
    """To one request."""

    status: int
    headers: Message
    text: str


@dataclass
class Visitor:
    """One session: what it was shown last."""

    connection: ClientConnection
    session: str = ""
    page: str = ""
    """What Streamlit calls the page that is open."""
    buttons: dict[str, str] = field(default_factory=dict)
    """Label -> the id of a button that can be pressed."""
    words: list[str] = field(default_factory=list)
    """All that the last answers said."""
    live: str = ""
    """The fragment in which the page hears that its run has changed; empty if it is in none."""
    uploader: str = ""
    """The id of the page's file uploader."""
    query: str = ""
    """What the page wrote into the browser's address."""
    exceptions: list[Mistake] = field(default_factory=list)
    """Mistakes of ours, as the page shows them."""

    def open(self, page: str = "", query: str = "") -> "Visitor":
        """Open a page, and see it drawn to its end."""
        self.send(to_open(page, query))
        return self.see()

    def press(self, label: str) -> "Visitor":
        """Press the button that is called so, and see what comes of it."""
        self.send(self.pressed(label))
        return self.see()

    def pressed(self, label: str) -> BackMsg:
        """What a browser says when the button that is called so is pressed."""
        message = BackMsg()
        message.rerun_script.page_script_hash = self.page
        pressed = message.rerun_script.widget_states.widgets.add()
        pressed.id, pressed.trigger_value = self.buttons[label], True
        return message

    def changed(self) -> BackMsg:
        """What a page says by itself when its run has changed."""
        message = BackMsg()
        message.rerun_script.page_script_hash = self.page
        message.rerun_script.fragment_id = self.live
        return message

    def bring(self, url: str, data: bytes, name: str) -> "Visitor":
        """Choose a file in the page's uploader, and see what comes of it."""
        assert self.upload(url, "brought", data, name) == 204
        message = BackMsg()
        message.rerun_script.page_script_hash = self.page
        chosen = message.rerun_script.widget_states.widgets.add()
        chosen.id = self.uploader
        file = chosen.file_uploader_state_value.uploaded_file_info.add()
        file.file_id, file.name, file.size = "brought", name, len(data)
        file.file_urls.file_id = "brought"
        self.send(message)
        return self.see()

    def upload(self, url: str, file: str, data: bytes, name: str = "x.csv", **headers: str) -> int:
        """Put a file where the session's files go, asked for or not; the status."""
        cookies = ask(url, "/_stcore/health").headers.get_all("set-cookie") or []
        cookie = next((each.partition(";")[0] for each in cookies if "_xsrf" in each), "")
        part = f'--b\r\nContent-Disposition: form-data; name="f"; filename="{name}"\r\n\r\n'
        whose = {"Cookie": cookie, "X_Xsrftoken": cookie.partition("=")[2], **headers}
        said = ask(
            url,
            f"/_stcore/upload_file/{self.session}/{file}",
            "PUT",
            part.encode() + data + b"\r\n--b--\r\n",
            Content_Type="multipart/form-data; boundary=b",
            **whose,
        )
        return said.status

    @property
    def run(self) -> str:
        """The run that the page shows; empty where there is none."""
        return parse_qs(self.query).get("run", [""])[0]

    def moments(self, url: str, enough: Callable[[set[int]], bool]) -> set[int]:
        """The training steps of the run's frames, as the feed brings them to whoever comes; as many
        as come until they are enough. Raises TimeoutError where they never are.
        """
        place, steps = urlsplit(url), set[int]()
        with connect(f"ws://{place.netloc}/feed", origin=url, proxy=None) as feed:
            feed.send(json.dumps({"watch": f"film/{self.run}/recurrent.l0/0", "have": []}))
            while not enough(steps):
                frame = feed.recv(ANSWER_SECONDS)
                assert isinstance(frame, bytes)
                size = int.from_bytes(frame[:4], "little")
                steps.add(json.loads(frame[4 : 4 + size])["clock"][0])
        return steps

    def send(self, message: BackMsg) -> None:
        self.connection.send(message.SerializeToString())

    def see(self) -> "Visitor":
        """Read until a script, or a part of one, has run to its end; not to begin again."""
        begins_again = True
        while True:
            if begins_again:
                self.words.clear()
                self.buttons.clear()
            message = ForwardMsg.FromString(self.connection.recv(ANSWER_SECONDS))
            kind = message.WhichOneof("type")
            if kind == "new_session":
                self._begins(message.new_session)
            elif kind == "delta" and message.delta.WhichOneof("type") == "new_element":
                self._is_shown(message.delta)
            elif kind == "navigation":
                self.page = message.navigation.page_script_hash
            begins_again = kind == "script_finished" and message.script_finished == TO_BEGIN_AGAIN
            if kind == "script_finished" and not begins_again:
                return self

    def says(self, what: str) -> bool:
        """Whether the last answers said this; escapes are no part of what is said."""
        return any(what in words.replace("\\", "") for words in self.words)

    def _begins(self, new: NewSession) -> None:
        self.session = new.initialize.session_id or self.session

    def _is_shown(self, delta: Delta) -> None:
        element = delta.new_element
        kind = element.WhichOneof("type")
        if kind == "button" and not element.button.disabled:
            self.buttons[element.button.label] = element.button.id
        elif kind == "file_uploader":
            self.uploader = element.file_uploader.id
        elif kind == "bidi_component" and element.bidi_component.component_name == ADDRESS:
            self.query = json.loads(element.bidi_component.json)["query"]
        elif kind == "bidi_component" and element.bidi_component.component_name == PULSE:
            self.live = delta.fragment_id
        elif kind == "exception":
            self.exceptions.append(element.exception)
        elif kind in WORDS:
            self.words.append(str(getattr(element, kind)))


def to_open(page: str, query: str) -> BackMsg:
    """What a browser says that opens a page."""
    message = BackMsg()
    message.rerun_script.page_name = page
    message.rerun_script.query_string = query
    return message


@contextmanager
def visit(
    url: str, host: str = "", origin: str = "", path: str = STREAM, **headers: str
) -> Iterator[Visitor]:
    """Connect to the app under its own name, or another one. Raises InvalidStatus if refused."""
    place = urlsplit(url)
    with (
        socket.create_connection((place.hostname, place.port)) as line,
        connect(
            f"ws://{host or place.netloc}{path}",
            sock=line,
            proxy=None,
            subprotocols=["streamlit"],
            origin=origin or f"http://{host or place.netloc}",
            additional_headers=headers,
            max_size=None,
        ) as connection,
    ):
        yield Visitor(connection)


def ask(
    url: str, path: str = "/", method: str = "GET", body: bytes = b"", **headers: str
) -> Answer:
    """One request without a session."""
    place = urlsplit(url)
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    with closing(HTTPConnection(place.hostname or "", place.port, timeout=ANSWER_SECONDS)) as line:
        line.request(method, path, body, names)
        with line.getresponse() as said:
            return Answer(said.status, said.headers, said.read().decode())
