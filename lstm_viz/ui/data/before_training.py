"""What the data alone tell, said before training, with what mends it where a choice does."""

import zlib
from collections.abc import Iterator
from itertools import islice
from typing import Any

import streamlit as st

from lstm_viz.data.resolved import Resolved
from lstm_viz.measures.before_training import Finding, findings
from lstm_viz.ui.say import plain
from lstm_viz.ui.session import choose, setting
from lstm_viz.words import _, language

MOST = 4
"""Findings that are said; the first ones weigh most."""
MOST_SERIES = 20
"""Of several series those that are looked at for findings."""
FOUND = "data.findings"
"""In the session: of which data, in which language, and what was found in each series."""


def say_findings(data: Resolved, entity: int = 0, most: int = MOST) -> None:
    """Each in a sentence, and a button where one choice mends it; of several series those of the
    one that is looked at first, then of the others, each with its name.
    """
    offered = []
    for place, (name, found) in enumerate(islice(_findings(data, entity), most)):
        with st.container(horizontal=True, vertical_alignment="center", key=f"finding.{place}"):
            said = plain(found.said)
            if name:
                said = _("Series '{name}': {finding}").format(name=plain(name), finding=said)
            st.warning(said, icon=":material/lightbulb:", width="stretch")
            mending = _mending(found)
            if mending and mending not in offered:
                offered.append(mending)
                label, choices = mending
                st.button(label, on_click=choose, args=(choices,), key=f"mend.{place}")


def _findings(data: Resolved, first: int) -> Iterator[tuple[str, Finding]]:
    """Each with the name of the series of which it is said; none of data that is one series."""
    names = data.dataset.entities or ("",)
    others = (place for place in range(len(names)) if place != first)
    for place in islice((first, *others), MOST_SERIES):
        yield from ((names[place], found) for found in _found_in(data, place, names[place]))


def _found_in(data: Resolved, place: int, name: str) -> list[Finding]:
    earlier = (data.as_read(name), data.each[name].observed) if data.is_series else ()
    observed = [each for each in earlier if each is not None]
    before = tuple(zlib.crc32(each.tobytes()) for each in observed)
    of = data.dataset.fingerprint, language()
    found: dict[object, list[Finding]]
    known, found = st.session_state.get(FOUND, (None, {}))
    if known != of:
        found = {}
    if (place, before) not in found:
        found[place, before] = findings(data.dataset.alone(place), *observed)
        st.session_state[FOUND] = of, found
    return found[place, before]


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
