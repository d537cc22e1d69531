"""What a diagram of a cell is: operations at places, ways between them, sentences about them.

Places are in units of a drawing of `SIZE`. Signals are the names of an `Anatomy`'s arrays. In an
equation `_t` and `_{t−1}` are subscripts. In its numbers `{forget}` is the value of a signal,
`{a + b = c}` a sum whose terms are shown with equally many decimals, `{forget%}` a share and
`{-added}` a value with its sign turned.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from lstm_viz.words import N_

Point = tuple[float, float]
Shape = Literal["gate", "pill", "point", "dot"]
Anchor = Literal["start", "middle", "end"]

SIZE = 1180, 500
BELT, ROW, BUS = 80, 320, 420
"""Heights of the conveyor belt, of the gates and of what they read."""
OPEN = N_("This gate is off. In its place stands 1: everything passes, always.")


@dataclass(frozen=True)
class Telling:
    """What is said of an operation; `means` is marked for translation."""

    equation: str
    numbers: str
    means: str


@dataclass(frozen=True)
class Operation:
    """One operation of a step."""

    id: str
    sign: str
    place: Point
    forward: Telling
    backward: Telling
    name: str = ""
    """Marked for translation; written in the box of a gate."""
    shape: Shape = "point"
    look: str = "series"
    missing: str = ""
    """What stands in its place, where this part is switched off; marked for translation."""


@dataclass(frozen=True)
class Way:
    """A line on which one signal flows forward and one gradient back."""

    id: str
    points: Sequence[Point]
    forward: str
    backward: str = ""
    look: str = "series"
    grad: str = "grad_cell"
    label: Point | None = None
    """Where its number stands; None for a way that repeats another's number."""
    anchor: Anchor = "start"
    said: Literal["both", "forward", "backward"] = "both"
    belt: bool = False
    missing: bool = False


@dataclass(frozen=True)
class Port:
    """Where a step begins or ends."""

    id: str
    text: str
    place: Point
    look: str = "series"


@dataclass(frozen=True)
class Clause:
    """A part of a step told in words, marked for translation; `below` where a signal is below 0."""

    words: str
    below: str = ""
    signal: str = ""


@dataclass(frozen=True)
class Diagram:
    """A cell's diagram, and the step in words both ways."""

    title: str
    operations: Sequence[Operation]
    ways: Sequence[Way]
    ports: Sequence[Port]
    forward: Sequence[Clause]
    backward: Sequence[Clause]
    state: str
    """The signal that goes on to the next step: what the strip below draws."""
    gradient: str
    """Its total derivative."""
    looks: Mapping[str, str] = field(default_factory=dict)
    factor: Point | None = None
    """Where a step's factor on the way back through time stands, and below: what is left of 1."""
    gain: Point | None = None
    notes: Sequence[str] = ()
    """What else is to be known of this cell, marked for translation."""


def gate(
    id: str,  # noqa: A002 - what it is called in the table
    letter: str,
    name: str,
    x: float,
    look: str,
    means: str,
    terms: str = "x u b",
    function: str = "σ",
) -> Operation:
    """A gate's box: its pre-activation as a sum of terms, and its nonlinearity."""
    words = {"x": "w·x_t", "u": "u·h_{t−1}", "b": "b", "p": "p·c_{t−1}"}
    if id == "output":
        words["p"] = "p·c_t"
    names = terms.split()
    sum_of = " + ".join(f"{id}.{term}" for term in names)
    shown = " + ".join(words[term] for term in names)
    slope = {"σ": f"{letter}(1 − {letter})", "tanh": f"(1 − {letter}²)", "": "1"}[function]
    numbers = f"{function}({{{sum_of}}}) = {{{id}}}" if function else f"{{{sum_of} = {id}}}"
    return Operation(
        id,
        function or "=",
        (x, ROW),
        Telling(f"{letter}_t = {function}({shown})", numbers, means),
        Telling(
            f"dL/da_{letter} = dL/d{letter}_t · {slope}",
            f"{{d.{id}}} · {{slope.{id}}} = {{da.{id}}}",
            N_(
                "Before its nonlinearity the gate gets the gradient times the slope. A gate near "
                "0 or 1 has a slope near 0: it hardly learns."
            ),
        ),
        name,
        "gate",
        look,
    )


def missing_gate(id: str, name: str, x: float, look: str, why: str = OPEN) -> Operation:  # noqa: A002
    """A gate that is switched off."""
    nothing = Telling(f"{name[:1]}_t = 1", "{" + id + "}", why)
    return Operation(id, "1", (x, ROW), nothing, nothing, name, "gate", look, why)
