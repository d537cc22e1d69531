"""What all browser sessions share: the trainer, the uploads, and the janitor that tidies both.

It belongs to the server, not to a cache: whoever holds a socket can have Streamlit's caches
cleared for all visitors, by a message of Streamlit's own.
"""

import gc
import logging
import os
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field, fields, replace
from functools import partial
from typing import Any, TypeVar

import streamlit as st
from streamlit import runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx

from lstm_viz.measures.alarm_thresholds import AlarmThresholds
from lstm_viz.runs.freed import give_back
from lstm_viz.runs.keeping import Keeping
from lstm_viz.runs.pool import ChildTrainer
from lstm_viz.runs.recordings import load_recordings
from lstm_viz.runs.run import Run
from lstm_viz.runs.trainer import Trainer
from lstm_viz.ui.opener import Opener
from lstm_viz.ui.owning import owner
from lstm_viz.ui.resolving import Resolving
from lstm_viz.ui.uploads import UploadLimits, Uploads

JANITOR_SECONDS = 15.0
ENVIRONMENT = "LSTM_VIZ_"

_LOG = logging.getLogger(__name__)
_Limits = TypeVar("_Limits", Keeping, UploadLimits, AlarmThresholds)

WATCHERS = "watchers of "
"""Before an owner, in the name of those who watch their runs."""

REST_SECONDS = 5.0
"""PyTorch is loaded once the first page is there, or after so long without a visitor."""

make_trainer: Callable[[Keeping], Trainer] = partial(ChildTrainer, rest=REST_SECONDS)
"""Which trainer the app starts; tests put one without a process here."""


@dataclass
class Service:
    """One per server."""

    trainer: Trainer
    uploads: Uploads = field(default_factory=Uploads)
    opener: Opener = field(default_factory=Opener)
    resolved: Resolving = field(default_factory=Resolving)
    seconds: dict[str, float] = field(default_factory=dict)
    """Preset -> how long it takes on this machine, as measured."""
    _sessions: dict[str, str] = field(default_factory=dict)
    """Viewer -> Streamlit's session of theirs."""
    _seen: float = field(default_factory=time.monotonic)
    """When somebody last did something."""
    _ended: threading.Event = field(default_factory=threading.Event)

    @classmethod
    def begin(cls) -> "Service":
        """With the recorded runs on its shelf, and a janitor."""
        thresholds = from_environment(AlarmThresholds(), f"{ENVIRONMENT}ALARM_")
        keeping = from_environment(replace(Keeping(), alarm_thresholds=thresholds))
        begun = cls(make_trainer(keeping), Uploads(from_environment(UploadLimits())))
        for run in load_recordings():
            begun.trainer.runs.shelve(run)
        threading.Thread(target=begun._janitor, name="janitor", daemon=True).start()
        return begun

    def end(self) -> None:
        """End the trainer, the reader of files and the janitor."""
        self._ended.set()
        self.trainer.close()
        self.uploads.close()
        self.opener.close()

    def ended(self, seconds: float) -> bool:
        """Whether it is ended, now or within so many seconds."""
        return self._ended.wait(seconds)

    def is_idle(self, seconds: float) -> bool:
        """Whether nobody has done anything for so long, and nothing trains."""
        quiet = time.monotonic() - self._seen >= seconds
        return quiet and not self.trainer.runs.any_trains

    def come(self, viewer: str, session: str) -> None:
        """A browser tab is here, under Streamlit's name for it."""
        self._seen = time.monotonic()
        self._sessions[viewer] = session
        self.uploads.come(viewer)

    def leave(self, viewer: str) -> None:
        """A browser tab was closed or lost its connection."""
        self._sessions.pop(viewer, None)
        self.trainer.runs.leave(viewer)
        self.trainer.cancel(viewer)
        self.uploads.leave(viewer)

    def tidy(self) -> None:
        """Stop and forget what nobody looks at any more."""
        # Asked for, not told: Streamlit's hook for a session's end is a cache that anyone clears.
        for viewer, session in list(self._sessions.items()):
            if runtime.exists() and not runtime.get_instance().is_active_session(session):
                self.leave(viewer)
        self.trainer.tidy()
        self.uploads.tidy()
        self.opener.rest(JANITOR_SECONDS)
        self.resolved.tidy()

    def _janitor(self) -> None:
        # Streamlit's own collection after every script run is off: it costs 155 ms each time.
        while not self.ended(JANITOR_SECONDS):
            try:
                self.tidy()
            except Exception:  # noqa: BLE001 - whatever went wrong, the next round comes
                _LOG.exception("The janitor goes on after a mistake.")
            gc.collect()
            give_back()


_held: Service | None = None
_holding = threading.Lock()


def service() -> Service:
    """The server's one service, begun by its lifespan; at first use where nothing else began it.

    So it is in a test, and in a script that Streamlit runs without `st.App`.
    """
    global _held
    if _held is None:
        with _holding:
            if _held is None:
                _held = Service.begin()
    return _held


def close() -> None:
    """End the service; the next one that is asked for is a new one."""
    global _held
    with _holding:
        ended, _held = _held, None
    if ended is not None:
        ended.end()


def trainer() -> Trainer:
    """The server's one trainer."""
    return service().trainer


def from_environment(standard: _Limits, begin: str = ENVIRONMENT) -> _Limits:
    """These limits, with what LSTM_VIZ_STOP_AFTER and its like set: their names after `begin`."""
    given: dict[str, Any] = {}
    for setting in fields(standard):
        text, kind = os.environ.get(begin + setting.name.upper()), type(setting.default)
        if text is not None and kind in (int, float):
            given[setting.name] = kind(text)
    return replace(standard, **given)


def viewer() -> str:
    """The token of the present browser session."""
    token: str = st.session_state.setdefault("viewer", secrets.token_urlsafe(9))
    return token


def ask(question: str, **about: Any) -> Any:
    """Ask the trainer for the present session: as `Trainer.ask`."""
    return trainer().ask(question, viewer=viewer(), owner=owner(), **about)


def ask_for(watched: Run, question: str, **about: Any) -> Any:
    """Ask the trainer for those who watch a run, without a session: as `Trainer.ask`. It is
    charged to the run's owner, beside what their own pages ask.
    """
    return trainer().ask(question, owner=f"{WATCHERS}{watched.owner}", **about)


def be_present() -> None:
    """Say that this session is here; when its connection ends, its runs lose a viewer."""
    context = get_script_run_ctx()
    service().come(viewer(), context.session_id if context else "")
    runs = trainer().runs
    mine = [*st.session_state.setdefault("runs", []), st.session_state.get("opened")]
    for run in mine:
        if run in runs:
            runs.watch(run, viewer())
