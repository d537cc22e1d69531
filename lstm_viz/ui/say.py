"""Small words around figures and mistakes, said the same way on every page."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import streamlit as st

from lstm_viz.data.reading.naming import one_line
from lstm_viz.errors import LstmVizError, kept
from lstm_viz.ui import components, session
from lstm_viz.ui.selection import opened_run
from lstm_viz.words import _

PROBLEM = "problem"
SIGNS = r"\`*_{}[]()<>#+-.!|~$:&=^"
JOINER, ISOLATE, ISOLATED = "\u2060", "\u2068", "\u2069"
JOINED = re.compile(
    r"(?<=:)(?=\S)|(?<=@)|(?=@)|(?<=www)(?=\.)|(?<=-)(?=[->])|(?<=<)(?=[-=])|(?<=[>~])(?==)",
    re.IGNORECASE,
)
"""Where what Streamlit makes something of is joined by what is not seen."""


@contextmanager
def head(title: str, lead: str = "") -> Iterator[None]:
    """A page's one line: its title, what the caller puts beside it, and at its end the ways to
    hand this view on and to present it. `lead` is what the page is for, behind the title's "?".
    """
    with st.container(horizontal=True, vertical_alignment="center", key="head"):
        st.title(title, anchor=False, width="content", help=lead or None)
        yield
        components.link(_words_of_link())
        components.present(_words_of_presenter())


def heading(title: str, lead: str = "") -> None:
    """A page's title and the one sentence that says what it is for, in one line."""
    with head(title):
        if lead:
            st.container(key="lead").markdown(lead)


def _words_of_link() -> dict[str, str]:
    """What the button that copies the link of this very view says."""
    uploaded = session.setting("data.group") == "upload" or opened_run() is not None
    return {
        "label": _("Copy link"),
        "copied": _("Link copied. The file is not in the link.") if uploaded else _("Link copied."),
        "manual": _("Press Ctrl+C to copy it. The file is not in the link.")
        if uploaded
        else _("Press Ctrl+C to copy the link."),
    }


def _words_of_presenter() -> dict[str, str]:
    """What the presenter and its buttons say, and what is said of a key that is pressed in vain."""
    return {
        "label": _("Present"),
        "help": _(
            "One figure on the whole screen. F: begin, end. Page Up, Down or arrows: turn. R: "
            "play from the beginning. T: light or dark. Esc: end."
        ),
        "back": _("Previous figure (Page Up)"),
        "next": _("Next figure (Page Down)"),
        "restart": _("Play from the beginning (R)"),
        "theme": _("Light or dark (T)"),
        "leave": _("End (Esc)"),
        "refused": _("{button} is not possible now."),
        "marks": _("Arrow keys: the marks, one by one. Enter: choose it."),
    }


def look_for(sentence: str, formula: str | None = None) -> None:
    """One sentence under a figure that says what to look for; its formulas behind the "?"."""
    st.caption(sentence, help=formula)


def formulas(equations: Iterable[str]) -> str:
    r"""Equations in LaTeX, a line each.

    >>> formulas(["h_t = x_t", "y_t = h_t"])
    '$h_t = x_t$\n\n$y_t = h_t$'
    """
    return "\n\n".join(f"${equation}$" for equation in equations)


def plain(text: str) -> str:
    r"""Text from a user as it stands, on one line, wherever Streamlit reads markdown.

    A backslash makes each sign a letter. Addresses, icons, colours and arrows Streamlit finds
    after that, so where one would begin a word joiner stands, which is not seen. A text from right
    to left keeps to itself.

    >>> plain("<b>[a](b)</b>").replace(chr(0x2060), "|")
    '\\<b\\>\\[a\\]\\(b\\)\\</b\\>'
    >>> plain("http://x.y a@b.c a->b").replace(chr(0x2060), "|")
    'http\\:|//x\\.y a|@|b\\.c a\\-|\\>b'
    """
    line = one_line(text)
    made = JOINED.sub(JOINER, line)
    made = "".join(f"\\{sign}" if sign in SIGNS else sign for sign in made)
    right_to_left = any(unicodedata.bidirectional(sign) in ("R", "AL", "AN") for sign in line)
    return f"{ISOLATE}{made}{ISOLATED}" if right_to_left else made


def decimal(number: float) -> str:
    """A small number without an exponent.

    >>> decimal(1e-05), decimal(10.0)
    ('0.00001', '10')
    """
    return f"{number:.12f}".rstrip("0").rstrip(".")


class StoppedError(LstmVizError):
    """The reader did not want to wait: there is nothing to show, and nothing is wrong."""


def say_error(sentence: object) -> None:
    """What is wrong and how to go on; names from a user's file are shown as they are."""
    if isinstance(sentence, StoppedError):
        st.info(plain(str(sentence)), icon=":material/stop_circle:")
        return
    st.error(plain(str(sentence)), icon=":material/error:")


@contextmanager
def mistakes_in_words() -> Iterator[None]:
    """Show a user's mistake as one sentence; the page goes on below."""
    try:
        yield
    except LstmVizError as error:
        say_error(error)


@contextmanager
def mistakes_kept() -> Iterator[None]:
    """In a callback: keep the mistake for `show_problem`, which the page calls when it draws."""
    try:
        yield
    except LstmVizError as error:
        st.session_state[PROBLEM] = kept(error)


def show_problem() -> bool:
    """Show, once, what went wrong in a callback; whether anything did."""
    problem = st.session_state.pop(PROBLEM, None)
    if problem is not None:
        say_error(problem)
    return problem is not None
