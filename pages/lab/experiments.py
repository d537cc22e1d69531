"""The textbook experiments as a gallery in teaching order, one click each."""

from base64 import b64encode
from collections.abc import Sequence
from pathlib import Path

import streamlit as st

from lstm_viz.experiments.preset import Preset
from lstm_viz.experiments.presets import COURSE
from lstm_viz.experiments.settings import Settings
from lstm_viz.files import GALLERY
from lstm_viz.ui import components, presets
from lstm_viz.ui.controls import about
from lstm_viz.ui.names import cell_name, units_in_words
from lstm_viz.ui.say import heading, show_problem
from lstm_viz.words import _

COLUMNS = 5


def page() -> None:
    heading(_("Experiments"))
    show_problem()
    offered = presets.on_offer()
    course = [name for name in COURSE if name in offered]
    _section(_("A course in five experiments"), course, numbered=True)
    further = {name: preset.section for name, preset in offered.items() if name not in course}
    for section in dict.fromkeys(further.values()):
        _section(_(section), [name for name, its in further.items() if its == section])


def _section(title: str, names: Sequence[str], numbered: bool = False) -> None:
    if not names:
        return
    st.subheader(title, anchor=False)
    for start in range(0, len(names), COLUMNS):
        row = st.columns(COLUMNS, gap="small")
        for place, (column, name) in enumerate(zip(row, names[start:], strict=False), start + 1):
            with column.container(border=True, height="stretch", gap="small", key=f"preset.{name}"):
                _card(name, presets.on_offer()[name], place if numbered else None)


def _card(name: str, preset: Preset, number: int | None) -> None:
    """All of it is the button: what the experiment gave in a picture, its name, what to see."""
    picture = GALLERY / f"{name}-{components.theme()}.webp"
    if picture.is_file():
        st.image(_inline(picture), width="stretch", alt=_(preset.label))
    st.markdown(f"**{number}  {_(preset.label)}**" if number else f"**{_(preset.label)}**")
    st.caption(_(preset.see))
    seconds = presets.seconds_of(name)
    size = _size(preset)
    time = _("not timed here yet") if seconds is None else about(seconds)
    with st.container(
        horizontal=True, vertical_alignment="bottom", height="stretch", key=f"foot.{name}"
    ):
        st.caption(f"{size} · {time}", width="stretch")
        clicked = st.button(
            _("Train"),
            icon=":material/play_arrow:",
            key=f"start.{name}",
            type="tertiary",
            help=_("Train: {name}").format(name=_(preset.label)),
        )
    if clicked:
        presets.start(name)
        st.switch_page(presets.PAGES[preset.page])


def _inline(picture: Path) -> str:
    """A picture as part of the page: Streamlit would make a larger file of it at every visit, and
    take that away again with the page, even before the browser has fetched it.
    """
    return f"data:image/webp;base64,{b64encode(picture.read_bytes()).decode()}"


def _size(preset: Preset) -> str:
    settings: Settings = presets.settings_of(preset)
    if preset.variants:
        words = _("{count} networks, seeds: {seeds}")
        return words.format(count=len(preset.variants), seeds=presets.seeds_of(preset))
    words = _("{cell}, {layers} × {units}") if settings.network.layers > 1 else _("{cell}, {units}")
    return words.format(
        cell=cell_name(settings.cell.kind),
        layers=settings.network.layers,
        units=units_in_words(settings.network.hidden_size),
    )


page()
