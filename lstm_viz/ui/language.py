"""The reader's language, held per browser session."""

import streamlit as st

from lstm_viz import words

KEY = "language"


def speak() -> None:
    """Let every marked sentence follow the language of the session that shows it."""
    words.ask_language(chosen)


def chosen() -> str:
    """The session's language; the source language where no session is at hand."""
    language: str = st.session_state.get(KEY, words.SOURCE_LANGUAGE)
    return language
