"""The textbook experiments, one click each."""

import streamlit as st

from lstm_viz.experiments.preset import Preset
from lstm_viz.experiments.settings import Settings
from lstm_viz.ui import presets
from lstm_viz.ui.controls import about
from lstm_viz.ui.names import cell_name, units_in_words
from lstm_viz.ui.say import heading, show_problem
from lstm_viz.words import _

COLUMNS = 3


def page() -> None:
    heading(
        _("Experiments"),
        _(
            "The experiments of the textbooks. Each starts with one click and says what to watch "
            "for; every setting can be changed afterwards."
        ),
    )
    show_problem()
    for section in dict.fromkeys(preset.section for preset in presets.on_offer().values()):
        st.subheader(_(section), anchor=False)
        members = [name for name, preset in presets.on_offer().items() if preset.section == section]
        for start in range(0, len(members), COLUMNS):
            row = st.columns(COLUMNS)
            for column, name in zip(row, members[start : start + COLUMNS], strict=False):
                with column.container(border=True, height="stretch", key=f"preset.{name}"):
                    _card(name, presets.on_offer()[name])


def _card(name: str, preset: Preset) -> None:
    st.markdown(f"**{_(preset.label)}**")
    st.caption(_(preset.see))
    seconds = presets.seconds_of(name)
    size = _size(preset)
    time = (
        _("not timed here yet") if seconds is None else _("{time} here").format(time=about(seconds))
    )
    with st.container(vertical_alignment="bottom", height="stretch"):
        st.caption(f"{size} · {time}")
        clicked = st.button(
            _("Train"), icon=":material/play_arrow:", key=f"start.{name}", help=_(preset.label)
        )
    if clicked:
        presets.start(name)
        st.switch_page(presets.PAGES[preset.page])


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
