"""The reader's language, held per browser session."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

import streamlit as st

from lstm_viz import words

KEY = "language"
_here: ContextVar[str | None] = ContextVar("language", default=None)
"""In the thread at work."""


def speak() -> None:
    """Let every marked sentence follow the language of the session that shows it. It is looked up
    once for a page, whose sentences are hundreds.
    """
    words.ask_language(chosen)
    _here.set(_of_session())


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Let marked sentences be in this language, where no session is at hand."""
    before = _here.set(language)
    try:
        yield
    finally:
        _here.reset(before)


def chosen() -> str:
    """The session's language; the source language where no session is at hand."""
    return _here.get() or _of_session()


def _of_session() -> str:
    language: str = st.session_state.get(KEY, words.SOURCE_LANGUAGE)
    return language
