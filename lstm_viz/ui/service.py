"""What all browser sessions share: the trainer, the uploads, and the janitor that tidies both."""

import gc
import hashlib
import os
import secrets
import threading
import time
import weakref
from collections.abc import Callable
from dataclasses import dataclass, field, fields, replace
from functools import cached_property

import streamlit as st

from lstm_viz.data.reading.tables import Table, Text, Told
from lstm_viz.runs.recordings import load_recordings
from lstm_viz.runs.registry import Keeping
from lstm_viz.runs.trainer import ChildTrainer, Trainer

JANITOR_SECONDS = 15.0
ENVIRONMENT = "LSTM_VIZ_"

make_trainer: Callable[[Keeping], Trainer] = ChildTrainer
"""Which trainer the app starts; tests put one without a process here."""


@dataclass
class Upload:
    """What a viewer brought along."""

    content: Table | Text
    data: bytes
    """The file itself, to be read again when the user corrects how."""
    name: str
    told: Told | None = None
    """How the user corrected the reading."""
    unseen_since: float | None = None

    @cached_property
    def id(self) -> str:
        """The same for the same file, read the same way."""
        how = repr((self.name, self.told)).encode()
        return hashlib.sha256(self.data + how).hexdigest()[:12]


@dataclass
class Service:
    """One per server."""

    trainer: Trainer
    uploads: dict[str, Upload] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    """Preset -> how long it takes on this machine, as measured."""

    def leave(self, viewer: str) -> None:
        """A browser tab was closed or lost its connection."""
        self.trainer.runs.leave(viewer)
        if viewer in self.uploads:
            self.uploads[viewer].unseen_since = time.monotonic()

    def tidy(self) -> None:
        """Stop and forget what nobody looks at any more."""
        self.trainer.tidy()
        keep = self.trainer.runs.keeping.drop_after
        now = time.monotonic()
        for viewer, upload in list(self.uploads.items()):
            if upload.unseen_since is not None and now - upload.unseen_since > keep:
                del self.uploads[viewer]


@st.cache_resource(show_spinner=False)
def service() -> Service:
    """The server's one trainer, with the recorded runs on its shelf, started at first use."""
    made = Service(make_trainer(keeping_from_environment()))
    for run in load_recordings():
        made.trainer.runs.shelve(run)
    threading.Thread(target=_janitor, args=(weakref.ref(made),), daemon=True).start()
    return made


def trainer() -> Trainer:
    """The server's one trainer."""
    return service().trainer


def keeping_from_environment() -> Keeping:
    """`Keeping`, with what LSTM_VIZ_STOP_AFTER and its like set."""
    standard, given = Keeping(), {}
    for setting in fields(Keeping):
        text = os.environ.get(ENVIRONMENT + setting.name.upper())
        if text is not None:
            given[setting.name] = type(getattr(standard, setting.name))(text)
    return replace(standard, **given)


def viewer() -> str:
    """The token of the present browser session."""
    token: str = st.session_state.setdefault("viewer", secrets.token_urlsafe(9))
    return token


def be_present() -> None:
    """Say that this session is here; when its connection ends, its runs lose a viewer."""
    _presence(viewer())
    runs = trainer().runs
    for run in st.session_state.setdefault("runs", []):
        if run in runs:
            runs.watch(run, viewer())
    if viewer() in service().uploads:
        service().uploads[viewer()].unseen_since = None


@st.cache_resource(
    scope="session", show_spinner=False, on_release=lambda token: service().leave(token)
)
def _presence(token: str) -> str:
    return token


def _janitor(of: weakref.ref[Service]) -> None:
    # Streamlit's own collection after every script run is off: it costs 155 ms each time.
    while True:
        time.sleep(JANITOR_SECONDS)
        if (made := of()) is None:
            return
        made.tidy()
        del made
        gc.collect()
