"""What a cell is set by and gated by: its settings and its gates, as it names them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lstm_viz.limits import Limit, Number, Switch
from lstm_viz.words import N_

Options = Mapping[str, Any]
"""A cell's own settings by name; those left out have their defaults."""


@dataclass(frozen=True)
class Gate:
    """A gate of a cell, or its candidate."""

    name: str
    """Its key in traces."""
    letter: str
    """As the equations write it."""
    role: str = ""
    """The gate in whose colour it is drawn, of a gate that has none of its own in
    `figures.palette`."""
    label: str = ""
    """What figures call it, marked for translation; the palette's name if not said."""


@dataclass(frozen=True)
class Option:
    """One setting of a cell, and the switches without which it has no effect."""

    limit: Limit
    label: str
    """Marked for translation, as are the next two."""
    help: str
    missing: str = ""
    """What is said where it has no effect."""
    needs: tuple[tuple[str, ...], ...] = ()
    """Of each group of switches, one must be on."""
    without: tuple[str, ...] = ()
    """Switches that must be off."""
    starts: bool = False
    """Whether it only says how the weights start: a layer that is there does without it."""


FORGET_BIAS = Option(
    Number(1.0, -10.0, 10.0),
    N_("Forget-gate bias"),
    N_("Before training: PyTorch's two biases together. 0: gate near 50%, 1: 73%, 3: 95%."),
    without=("chrono",),
    starts=True,
)
CHRONO = Option(
    Switch(False),
    N_("Chrono initialisation"),
    N_("Gate biases for time constants up to the sequence's length (Tallec & Ollivier 2018)."),
    N_("Chrono initialisation is for the LSTM, the GRU and cells like them."),
    starts=True,
)
"""Of the gate that keeps; in place of the forget-gate bias."""
