"""How fast a run trains: as fast as it can, or slowly enough to follow it."""

import streamlit as st

from lstm_viz.runs.run import ACTIVE, Run
from lstm_viz.ui.owning import check_owned, why_not
from lstm_viz.ui.say import mistakes_kept
from lstm_viz.ui.service import trainer
from lstm_viz.ui.session import remembered
from lstm_viz.words import _, ngettext

FULL, FOLLOWED = 0, 40
PACES = (FULL, FOLLOWED, 10, 2)
"""Optimizer updates a second at most, from fast to slow."""


def choose_pace(run: Run | None) -> None:
    """The reader's choice for a run that trains; a new one trains at full speed."""
    active = run is not None and run.state in ACTIVE and run.resident
    key = f"pace.{run.id}" if run and active else "pace"
    remembered(key, round(run.pace) if run and active else FULL)
    foreign = why_not([run]) if run and active else None
    st.selectbox(
        _("Speed of the training"),
        PACES,
        format_func=_named,
        key=key,
        on_change=_set,
        args=(run.id if run else "", key),
        disabled=not active or foreign is not None,
        label_visibility="collapsed",
        help=foreign,
        width=150,
    )


def _named(pace: int) -> str:
    if pace == FULL:
        return _("Full speed")
    return ngettext("{count} update/s", "{count} updates/s", pace).format(count=pace)


def _set(run_id: str, key: str) -> None:
    with mistakes_kept():
        check_owned([trainer().run(run_id)])
        trainer().pace(run_id, float(st.session_state[key]))
