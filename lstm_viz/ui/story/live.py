"""From a recording to the same training, live: the same example and unit, slow enough to follow."""

from collections.abc import Sequence

import streamlit as st

from lstm_viz.runs.run import Run
from lstm_viz.ui import presets, session
from lstm_viz.ui.pace import FOLLOWED
from lstm_viz.ui.selection import select
from lstm_viz.ui.service import trainer
from lstm_viz.words import _


def live_button(runs: Sequence[Run], unit: int | None) -> None:
    """The button that trains now what was recorded."""
    clicked = st.button(
        _("Train it live") if len(runs) == 1 else _("Train both live"),
        icon=":material/play_arrow:",
        type="primary",
        shortcut="Ctrl+Enter",
        help=_("Train it now on this server, slowly."),
    )
    if clicked:
        _train(runs, unit)
        st.switch_page("pages/lab/train.py" if len(runs) == 1 else "pages/lab/compare.py")


def recorded(runs: Sequence[Run], unit: int | None) -> None:
    """The same beside what is shown, with the word that it is a recording."""
    st.badge(_("Recorded"), icon=":material/videocam:", color="gray")
    live_button(runs, unit)


def _train(runs: Sequence[Run], unit: int | None) -> None:
    data = runs[0].data
    assert data is not None
    if len(runs) > 1:
        session.choose({session.SEEDS: 1})  # as each was recorded once
    for run in presets.begin(data, [(run.settings.changed(device="auto"), "") for run in runs]):
        trainer().pace(run.id, FOLLOWED)
    select(sample=0, units=() if unit is None else (unit,))
