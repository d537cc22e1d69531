"""Which unit's curves are drawn, and of which moment of the training."""

import streamlit as st

from lstm_viz.figures.layer_rows import longest_memory
from lstm_viz.runs.frames import Frame, LayerFrame
from lstm_viz.runs.run import Run
from lstm_viz.ui.selection import pin, select, selected
from lstm_viz.words import _


def unit_shown(layer: LayerFrame) -> int:
    """The unit pinned last; where none of those kept is, the one that keeps longest."""
    unit = selected().unit
    return unit if unit is not None and unit in layer.units else longest_memory(layer)


def pick_places(run: Run, frame: Frame, layer: LayerFrame) -> None:
    """The controls of both."""
    left, right = st.columns((3, 1), vertical_alignment="bottom")
    with left:
        _pick_moment(run, frame)
    with right:
        _pick_unit(layer)


def _pick_unit(layer: LayerFrame) -> None:
    key = "intervene.unit"
    st.session_state[key] = unit_shown(layer)
    units = [int(unit) for unit in layer.units]
    st.selectbox(_("Unit"), units, key=key, on_change=lambda: pin([st.session_state[key]]))


def _pick_moment(run: Run, frame: Frame) -> None:
    key, words = "intervene.moment", _("epoch {epoch:.1f}")
    epochs = {each.step: words.format(epoch=each.epoch) for each in run.film.frames}
    if len(epochs) < 2:
        return
    st.session_state[key] = frame.step

    def moved() -> None:
        step = st.session_state[key]
        select(step=None if step == [*epochs][-1] else step)

    st.select_slider(
        _("Moment of the training"),
        list(epochs),
        key=key,
        format_func=lambda each: epochs.get(each, str(each)),
        on_change=moved,
    )
