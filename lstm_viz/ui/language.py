"""The reader's language, held per browser session."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

import streamlit as st

from lstm_viz import words

KEY = "language"
_outside: ContextVar[str | None] = ContextVar("language", default=None)


def speak() -> None:
    """Let every marked sentence follow the language of the session that shows it."""
    words.ask_language(chosen)


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Let marked sentences be in this language, where no session is at hand."""
    before = _outside.set(language)
    try:
        yield
    finally:
        _outside.reset(before)


def chosen() -> str:
    """The session's language; the source language where no session is at hand."""
    outside = _outside.get()
    if outside is not None:
        return outside
    language: str = st.session_state.get(KEY, words.SOURCE_LANGUAGE)
    return language
