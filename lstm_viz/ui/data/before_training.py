"""What the data alone tell, said before training, with what mends it where a choice does."""

import zlib
from typing import Any

import streamlit as st

from lstm_viz.data.resolved import Resolved
from lstm_viz.measures.before_training import Finding, findings
from lstm_viz.ui.say import plain
from lstm_viz.ui.session import choose, setting
from lstm_viz.words import _, language

MOST = 4
"""Findings that are said; the first ones weigh most."""
FOUND = "data.findings"
"""In the session: of which data, in which language, and what was found."""


def say_findings(data: Resolved, entity: int = 0, most: int = MOST) -> None:
    """Each in a sentence, and a button where one choice mends it; of one of several series."""
    offered = []
    for place, found in enumerate(_findings(data, entity)[:most]):
        with st.container(horizontal=True, vertical_alignment="center", key=f"finding.{place}"):
            st.warning(plain(found.said), icon=":material/lightbulb:", width="stretch")
            mending = _mending(found)
            if mending and mending not in offered:
                offered.append(mending)
                label, choices = mending
                st.button(label, on_click=choose, args=(choices,), key=f"mend.{place}")


def _findings(data: Resolved, entity: int) -> list[Finding]:
    name = next(iter(data.dataset.entities[entity:]), "")
    earlier = (data.as_read(name), data.each[name].observed) if data.is_series else ()
    observed = [each for each in earlier if each is not None]
    before = tuple(zlib.crc32(each.tobytes()) for each in observed)
    of = data.dataset.fingerprint, entity, before, language()
    found: list[Finding]
    known, found = st.session_state.get(FOUND, (None, []))
    if known != of:
        found = findings(data.dataset.alone(entity), *observed)
        st.session_state[FOUND] = of, found
    return found


def _mending(found: Finding) -> tuple[str, dict[str, Any]] | None:
    """The words of a button, and the choices that it makes."""
    if found.leave_out:
        chosen = {key: setting(key) for key in ("data.targets", "data.features")}
        left = {k: [each for each in v if each != found.leave_out] for k, v in chosen.items()}
        if left == chosen:  # a step made it
            return None
        return _("Leave out {column}").format(column=plain(_(found.leave_out))), left
    if found.scaling:
        return _("Scale it"), {"data.scaling": found.scaling}
    if found.step:
        steps = [*setting("data.preparation"), found.step]
        return _("Take differences"), {"data.preparation": steps}
    return None
