"""What the data alone tell, said before training, with what mends it where a choice does."""

from typing import Any

import streamlit as st

from lstm_viz.data.dataset import Dataset
from lstm_viz.measures.before_training import Finding, findings
from lstm_viz.ui.say import plain
from lstm_viz.ui.session import choose, setting
from lstm_viz.words import _, language

MOST = 4
"""Findings that are said; the first ones weigh most."""
FOUND = "data.findings"
"""In the session: of which data, in which language, and what was found."""


def say_findings(dataset: Dataset, most: int = MOST) -> None:
    """Each in a sentence, and a button where one choice mends it."""
    offered = []
    for place, found in enumerate(_findings(dataset)[:most]):
        with st.container(horizontal=True, vertical_alignment="center", key=f"finding.{place}"):
            st.warning(plain(found.said), icon=":material/lightbulb:", width="stretch")
            mending = _mending(found)
            if mending and mending not in offered:
                offered.append(mending)
                label, choices = mending
                st.button(label, on_click=choose, args=(choices,), key=f"mend.{place}")


def _findings(dataset: Dataset) -> list[Finding]:
    of = dataset.fingerprint, language()
    found: list[Finding]
    known, found = st.session_state.get(FOUND, (None, []))
    if known != of:
        found = findings(dataset)
        st.session_state[FOUND] = of, found
    return found


def _mending(found: Finding) -> tuple[str, dict[str, Any]] | None:
    """The words of a button, and the choices that it makes."""
    if found.leave_out:
        left = [each for each in setting("data.features") if each != found.leave_out]
        label = _("Leave out {column}").format(column=plain(_(found.leave_out)))
        return label, {"data.features": left}
    if found.scaling:
        return _("Scale it"), {"data.scaling": found.scaling}
    if found.step:
        steps = [*setting("data.preparation"), found.step]
        return _("Take differences"), {"data.preparation": steps}
    return None
