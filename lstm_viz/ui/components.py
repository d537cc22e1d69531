"""The components of assets/components in a page: the film, the cell, a coloured text, the address.

Their files travel once: the server hands out assets/components/ by URL, as it does for the assets
of an installed component. Given as text they would be sent again with every change of the data,
five times the bytes of a live frame. Streamlit declares such a directory only for installed
packages; `register_from_manifest` is the step that an installation would have triggered.
"""

import html
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import streamlit as st
from streamlit.components.v2.get_bidi_component_manager import get_bidi_component_manager
from streamlit.components.v2.manifest_scanner import ComponentConfig, ComponentManifest

from lstm_viz.figures.film_view import SORTS, Sort
from lstm_viz.figures.palette import Theme, ask_theme
from lstm_viz.files import ASSETS, COMPONENTS
from lstm_viz.ui.shipping import PROJECT

if TYPE_CHECKING:
    from lstm_viz.figures.vega import Spec

NAMES = (
    *("film", "curves", "text", "cell", "knob", "space"),
    *("words", "alarm", "badge", "pulse", "address", "link", "present"),
)
HTML = '<div class="{name}" style="visibility: hidden"></div>'

MOST, MOST_PINNED, MOST_SAID = 2**31, 100, 200
"""Beyond these no component counts, steps or units, pins units, and says letters of a mark."""

_lock = threading.Lock()
_mounts: dict[str, Callable[..., Any]] = {}


@dataclass(frozen=True)
class Picked:
    """What the reader moved last in a component; None for what stayed."""

    t: int | None = None
    pinned: tuple[int, ...] | None = None
    step: int | None = None
    """Training step; -1 follows the newest."""
    sort: Sort | None = None
    down: bool | None = None
    """Whether the browser has no way to the feed."""


def film(data: bytes, *, key: str, **on: Callable[[], None]) -> None:
    """Show what `figures.film_view.film_view` packed.

    `on` names what the reader can change (a field of `Picked`) and what runs then, before the
    script (or fragment) does.
    """
    _mount("film", data, key, on)


def curves(data: bytes, *, key: str, **on: Callable[[], None]) -> None:
    """Show what `film_view` packed of courses alone; `on` as in `film`: step, down."""
    _mount("curves", data, key, on)


def text(data: bytes, *, key: str, **on: Callable[[], None]) -> None:
    """Show what `figures.text.text_view` packed; `on` as in `film`: t."""
    _mount("text", data, key, on)


def cell(data: bytes, *, key: str, **on: Callable[[], None]) -> None:
    """Show what `figures.cell.view.cell_view` packed; `on` as in `film`: t, pinned, step."""
    _mount("cell", data, key, on)


def space(data: Mapping[str, Any], *, key: str, t: Callable[[], None]) -> None:
    """Show what `figures.space.space_view` says; `t` runs when a time step is picked."""
    _mount("space", dict(data), key, {"t": t})


def knob(data: Mapping[str, Any], *, key: str, turned: Callable[[], None]) -> None:
    """Show what `figures.knob.knob_view` says; `turned` runs when the reader has let a knob go,
    with all of them as the component's state "knobs".
    """
    _registered("knob")(key=key, data=dict(data), on_knobs_change=turned)


MOVES = ("t", "pinned", "step", "sort")
"""What a component reports as one move: it names what moved of these, and has a number."""


def _mount(name: str, data: Any, key: str, on: Mapping[str, Callable[[], None]]) -> None:
    def moved() -> None:
        found = picked(key)
        for what in MOVES:
            if what in on and getattr(found, what) is not None:
                on[what]()

    others = {f"on_{what}_change": call for what, call in on.items() if what not in MOVES}
    _registered(name)(key=key, data=data, on_theme_change=_nothing, on_move_change=moved, **others)


def words(
    text: str,
    *,
    key: str,
    kind: str = "line",
    share: float | None = None,
    topic: str | None = None,
    subject: str | None = None,
    moments: Mapping[int, str] | None = None,
) -> None:
    """A line about a run, with a bar where there is a `share`; or of another `kind`, a "text".

    It follows the feed's `topic`, and with the film of its `subject` the `moments` of the training.
    """
    data = {"text": text, "share": share, "kind": kind, "topic": topic}
    moved = {"subject": subject, "moments": list((moments or {}).items())}
    _registered("words")(key=key, data=data | moved)


def alarm(said: Mapping[int, str], step: int, *, key: str, subject: str, topic: str | None) -> None:
    """What is `said` of the moments of a run, that of the moment which the run's film shows; at
    `step` where no film says which. The feed's `topic` brings what is said of the others.
    """
    data = {"said": list(said.items()), "step": step, "subject": subject, "topic": topic}
    _registered("alarm")(key=key, data=data)


def badge(topic: str, checking: Mapping[str, str], *, key: str) -> None:
    """A mark that follows the feed's `topic`, and says what is `checking` until that has come."""
    _registered("badge")(key=key, data={"topic": topic, "checking": dict(checking)})


def pulse(
    state: str, phases: Mapping[str, str], *, down: bool, key: str, on_down: Callable[[], None]
) -> None:
    """Nothing to see: the page is drawn anew when its runs' `phases` have changed.

    `state` is the feed's topic of how they stand; `on_down` runs when the browser finds or loses
    its way to the feed, other than `down` says.
    """
    _registered("pulse")(
        key=key,
        data={"state": state, "phases": dict(phases), "down": down},
        on_changed_change=_nothing,
        on_down_change=on_down,
    )


def address(query: str, drawing: int) -> None:
    """Write the query string into the browser's address, without a rerun or a step in its history.

    A page draws it once. Its script runs in the browser where its data changed: the number of the
    page's `drawing` does each time, for Streamlit's way to another page leaves the address bare.
    """
    _registered("address")(key="address", data={"query": query, "drawing": drawing})


def link(words: Mapping[str, str]) -> None:
    """A button that copies the browser's address; `words` are `label`, `copied`, `manual`."""
    _registered("link")(key="link", data=dict(words))


def present(words: Mapping[str, str]) -> None:
    """A button that shows the page's figures one by one on the whole screen.

    `words` are its `label` and `help`, what its own buttons do: `back`, `next`, `restart`, `theme`,
    `leave`, what is said of any `button` of the page whose key is `refused`, and of a chart with
    `marks` that can be clicked.
    """
    _registered("present")(key="present", data=dict(words))


def chart(spec: "Spec", *, key: str, picked: Callable[[list[int]], None] | None = None) -> None:
    """Show a chart, and say its numbers to those who hear the page; the key lets the browser
    update it in place.

    `picked` hears the whole numbers of a mark on which the reader clicks, before the script runs.
    """
    from lstm_viz.figures.heard import pointed  # loaded already, for there is a chart
    from lstm_viz.figures.telling import told
    from lstm_viz.figures.vega import PICK

    def moved() -> None:
        if picked and (numbers := _clicked(st.session_state.get(key), PICK)):
            picked(numbers)

    shown = pointed(spec)
    if picked:
        st.vega_lite_chart(shown, width="stretch", key=key, on_select=moved, selection_mode=PICK)
    else:
        st.vega_lite_chart(shown, width="stretch", key=key)
    if heard := told(spec):
        st.html(f'<p class="heard">{html.escape(heard)}</p>')


def _clicked(state: object, name: str) -> list[int]:
    """The numbers of the mark that was clicked: one, or several as "1, 4, …"."""
    selection = state.get("selection") if isinstance(state, Mapping) else None
    rows = selection.get(name) if isinstance(selection, Mapping) else None
    row = rows[0] if isinstance(rows, list) and rows and isinstance(rows[0], Mapping) else {}
    said = str(next(iter(row.values()), ""))[:MOST_SAID]
    return [int(each) for each in said.split(", ") if each.isascii() and each.isdigit()]


def charts(specs: "Sequence[Spec]", *, columns: int, key: str) -> None:
    """Show charts beside each other, in rows of so many."""
    with st.container(key=f"panels.{key}"):
        for start in range(0, len(specs), columns):
            row = st.columns(columns, gap="small")
            for k, spec in enumerate(specs[start : start + columns], start):
                with row[k - start]:
                    chart(spec, key=f"{key}.{k}")


def picked(key: str) -> Picked:
    """What the reader has picked last in the component with this key, also before it is drawn.

    A browser can say anything: what no component says counts as not picked.
    """
    state = st.session_state.get(key) or {}
    down, said = state.get("down"), state.get("move")
    move = said if isinstance(said, Mapping) else {}
    sort = move.get("sort")
    numbers = {name: _whole(move.get(name)) for name in ("t", "step")}
    return Picked(
        pinned=_several(move.get("pinned")),
        sort=sort if isinstance(sort, str) and sort in SORTS else None,
        down=down if isinstance(down, bool) else None,
        **numbers,
    )


def picked_step(key: str) -> int | None:
    """The training step that the reader picked in a component; None follows the newest."""
    step = picked(key).step
    return None if step is None or step < 0 else step


def _several(value: object) -> tuple[int, ...] | None:
    """The first of several whole numbers, or None."""
    if not isinstance(value, list | tuple):
        return None
    found = [number for each in value[:MOST_PINNED] if (number := _whole(each)) is not None]
    return tuple(found) if len(found) == len(value[:MOST_PINNED]) else None


def _whole(value: object) -> int | None:
    """A whole number as a browser counts, or None; JSON writes 3 as 3.0, too."""
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value:
        return None
    return int(value) if abs(value) < MOST and value == int(value) else None


def theme() -> Theme:
    """The reader's theme, for charts that bring their own colours."""
    return "dark" if st.context.theme.type == "dark" else "light"


ask_theme(theme)


def _registered(name: str) -> Callable[..., Any]:
    """A component's mounting command, registered once for each server."""
    manager = get_bidi_component_manager()
    with _lock:
        if not _mounts or manager.get_component_asset_root(f"{PROJECT}.{name}") is None:
            several = [ComponentConfig(each, asset_dir=COMPONENTS.name) for each in NAMES]
            manager.register_from_manifest(ComponentManifest(PROJECT, "", several), ASSETS)
            for each in NAMES:
                _mounts[each] = st.components.v2.component(
                    f"{PROJECT}.{each}",
                    html=HTML.format(name=each),
                    js=f"{each}.js",
                    css=f"{each}.css",
                )
        return _mounts[name]


def _nothing() -> None:
    """A state without a callback is no state to Streamlit."""
