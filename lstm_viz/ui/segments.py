"""One of a few, side by side: how a page is looked at, kept from page to page."""

from collections.abc import Mapping
from typing import Any, TypeVar

import streamlit as st

from lstm_viz.ui.session import remembered
from lstm_viz.words import _

Option = TypeVar("Option")


def one_of(
    label: str, names: Mapping[Option, str], key: str, default: Option, **how: Any
) -> Option:
    """The option chosen, of several with names marked for translation; always one. Its `label` is
    heard, and seen where `label_visibility` says so.
    """
    chosen: Option | None = st.segmented_control(
        label,
        list(names),
        format_func=lambda each: _(names[each]),
        key=remembered(key, default),
        required=True,
        persist_state="session",
        **{"label_visibility": "collapsed", **how},
    )
    return default if chosen is None else chosen
