"""The contenders as the editor holds them in the session: slots, each with a few settings."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import streamlit as st

from lstm_viz.experiments.settings import Settings, differing
from lstm_viz.ui.names import units_in_words
from lstm_viz.ui.race.equal import BUDGET
from lstm_viz.words import N_, Sentence, _

FEWEST, MOST = 2, 8
OWN = ("cell", "hidden_size", "learning_rate", "forget_bias")
"""What a slot sets by itself."""
FIRST = ("rnn_tanh", "lstm", "gru")
"""The cells of the contenders that a visitor finds."""
SLOTS = "race.slots"
TAKEN = "race.taken.{slot}"

SHORT: Mapping[str, str] = {
    "layers": N_("layers: {value}"),
    "learning_rate": N_("learning rate {value}"),
    "forget_bias": N_("forget bias {value}"),
    "optimizer": "{value}",
    "seed": N_("seed {value}"),
    "epochs": N_("epochs: {value}"),
    "batch_size": N_("batches of {value}"),
}
"""Setting -> how a contender's name tells it from the others."""
TELLING = ("hidden_size", *SHORT)


class Taken(NamedTuple):
    """What a slot was filled with: a run's or a preset's settings, and their name."""

    settings: Settings
    label: str = ""


def numbers() -> list[int]:
    """The numbers of the slots, in their order."""
    found: list[int] = st.session_state.setdefault(SLOTS, list(range(len(FIRST))))
    return found


def key_of(slot: int, name: str) -> str:
    """The place of a slot's own setting."""
    return f"race.{slot}.{name}"


def taken(slot: int) -> Taken | None:
    """What a slot was filled with; None for one that starts from the present settings."""
    found: Taken | None = st.session_state.get(TAKEN.format(slot=slot))
    return found


def add(values: Mapping[str, Any], source: Taken | None = None) -> None:
    """One more slot, with these settings of its own."""
    slot = max([*numbers(), len(FIRST) - 1]) + 1
    st.session_state[SLOTS] = [*numbers(), slot]
    st.session_state[TAKEN.format(slot=slot)] = source
    for name in OWN:
        st.session_state[key_of(slot, name)] = values[name]


def remove(slot: int) -> None:
    """Leave a contender out."""
    numbers().remove(slot)


def fill(contenders: Sequence[Taken], otherwise: Mapping[str, Any]) -> None:
    """These contenders in the place of those that there are.

    `otherwise` has values for what a contender's cell does not take.
    """
    st.session_state[SLOTS] = []
    for each in contenders:
        add({**otherwise, **each.settings.flat()}, each)


def label_of(slot: int, settings: Settings) -> str:
    """The name that a slot was filled with, and what was changed since; empty if it has none."""
    source = taken(slot)
    return "" if source is None else relabelled(source, settings)


def relabelled(source: Taken, settings: Settings) -> str:
    """A label for changed settings; empty where it would no longer be true.

    >>> before = Taken(Settings.of(hidden_size=8), "LSTM of 1997")
    >>> relabelled(before, before.settings.changed(forget_bias=3.0))
    'LSTM of 1997 · forget bias 3'
    >>> relabelled(before, before.settings.changed(cell="gru"))
    ''
    """
    apart = [name for name in differing([source.settings, settings]) if name not in BUDGET]
    if not source.label or any(name not in TELLING for name in apart):
        return ""
    return " · ".join([_(source.label), *(in_words(each, settings) for each in apart)])


def in_words(name: str, settings: Settings) -> str:
    """One setting, as a contender's name has it."""
    value = settings.flat()[name]
    if name == "hidden_size":
        return units_in_words(value)
    return str(Sentence(SHORT[name], {"value": value}))
