"""A story told in scenes: which one is on, the ways to the next and back, and its link."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

import streamlit as st

from lstm_viz.ui import address
from lstm_viz.ui.address import SCENE
from lstm_viz.ui.session import remembered
from lstm_viz.words import _

Scenes = Mapping[str, Callable[[], None]]
"""A scene's name, marked for translation -> what draws it."""


def tell(scenes: Scenes) -> None:
    """The strip of scenes, and the one that is on."""
    place = min(st.session_state[remembered(SCENE, 1)], len(scenes))
    names = list(scenes)
    with st.container(horizontal=True, vertical_alignment="center", key="scenes"):
        _turn(_("Back"), "arrow_back", "B", place - 1, place > 1)
        st.segmented_control(
            _("Scene"),
            range(1, len(names) + 1),
            format_func=lambda number: f"{number}  {_(names[number - 1])}",
            key=SCENE,
            persist_state="session",
            required=True,
            label_visibility="collapsed",
        )
        _turn(_("Next"), "arrow_forward", "N", place + 1, place < len(names))
    address.describe_scene(place)
    scenes[names[place - 1]]()


@contextmanager
def sentence(words: str) -> Iterator[None]:
    """The one sentence of a scene, and in its line what stands there besides."""
    with st.container(horizontal=True, vertical_alignment="center", key="scene"):
        st.markdown(f"#### {words}", width="stretch")
        yield


def _turn(label: str, icon: str, key: str, place: int, there: bool) -> None:
    st.button(
        label,
        icon=f":material/{icon}:",
        shortcut=key,
        on_click=st.session_state.update,
        args=({SCENE: place},),
        disabled=not there,
        type="tertiary",
    )
