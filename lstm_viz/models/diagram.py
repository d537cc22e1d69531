"""What a diagram of a cell is: operations at places, ways between them, sentences about them.

Places are in units of a drawing of `SIZE`. Signals are the names of an `Anatomy`'s arrays. In an
equation `_t` and `_{t−1}` are subscripts. In its numbers, and in words, `{forget}` is the value of
a signal, `{a + b = c}` a sum whose terms are shown with equally many decimals, `{forget%}` a share
and `{-added}` a value with its sign turned.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from lstm_viz.models.options import Gate
from lstm_viz.words import N_

Point = tuple[float, float]
Shape = Literal["gate", "pill", "point", "dot"]
Anchor = Literal["start", "middle", "end"]

SIZE = 1180, 500
BELT, ROW, BUS = 80, 320, 420
"""Heights of the path of the state, of the gates and of what they read."""
OFF = N_("This gate is off: it is always 1.")
EACH_FACTOR = N_("Each factor gets the gradient times the other.")
SUM = N_("A sum passes the gradient on unchanged.")
SIGN = N_("The gradient changes its sign.")
SLOPE_OF_SIGMOID = N_("Times the slope of σ: {[slope]}, of at most 0.25.")
SLOPE_OF_TANH = N_("Times the slope of tanh: {[slope]}, of at most 1.")
LINEAR = N_("No tanh here: the slope is 1.")


@dataclass(frozen=True)
class Case:
    """Words that are said of a step, if a signal is in a range."""

    words: str
    """Marked for translation. `[name]` stands for what `insert` has."""
    signal: str = ""
    """Always said, if there is none."""
    low: float | None = None
    """The signal is at least this large."""
    below: float | None = None
    """And smaller than this."""
    insert: Mapping[str, str] = field(default_factory=dict)


Words = str | Sequence[Case]
"""What is said of every step, or the first of these cases that fits; marked for translation."""


@dataclass(frozen=True)
class Telling:
    """What is said of an operation."""

    equation: str
    numbers: str
    means: Words


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
    """A signal of `figures.palette`."""
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
class Diagram:
    """A cell's diagram, and the step in words both ways: a sentence each."""

    title: str
    operations: Sequence[Operation]
    ways: Sequence[Way]
    ports: Sequence[Port]
    forward: Sequence[Words]
    backward: Sequence[Words]
    state: str
    """The signal that goes on to the next step: what the strip below draws."""
    gradient: str
    """Its total derivative."""
    factor: Point | None = None
    """Where a step's factor on the way back through time stands."""
    gain: Point | None = None
    """And the product of those of all later steps."""


def cases(words: Words) -> Sequence[Case]:
    """Words that are always said are a case without a condition."""
    return (Case(words),) if isinstance(words, str) else words


def added(signal: str) -> Words:
    """A term of the new state, by its sign."""
    insert = {"added": signal}
    return (
        Case(N_("Taken away: {-[added]}."), signal, below=0.0, insert=insert),
        Case(N_("Added: {[added]}."), insert=insert),
    )


def fork_of_h(place: Point) -> Operation:
    """Where h parts, of a cell whose path of the state is that of h."""
    return Operation(
        "fork",
        "",
        place,
        Telling("h_t", "{h}", N_("h goes to the next step and out.")),
        Telling(
            "dL/dh_t = dL/dy · dy/dh_t + dL/dh_{t+1} · dh_{t+1}/dh_t",
            "{direct + later = dh}",
            N_("The gradients that arrive here add up."),
        ),
        shape="dot",
        look="hidden",
    )


PATH = (
    Case(N_("Factor 1: along the state, all of the gradient is kept."),
         "factor", low=1.0),
    Case(N_("Along the state the gradient is multiplied by {factor}: at this rate, half is left "
            "after {half_life} steps."), "factor", low=0.6),
    Case(N_("Along the state the gradient is multiplied by {factor}: {factor%} is left after one "
            "step."), "factor", low=0.0),
)  # fmt: skip
"""What a step's factor does to a gradient; `half_life` is -ln 2 / ln of it."""
REMAINS = N_("Product of the factors since the last step: {gain}.")


WORDS = {"x": "w·x_t", "u": "u·h_{t−1}", "b": "b"}
"""The terms of a pre-activation; see `dissection.terms`."""


def sigma_gate(
    gate: Gate, x: float, means: Words, name: str, terms: Mapping[str, str] = WORDS
) -> Operation:
    """A gate's box: its pre-activation as a sum of terms, and σ. `name` is marked."""
    f = gate.letter
    forward, sums = _sum(gate.name, terms)
    slope = Case(SLOPE_OF_SIGMOID, insert={"slope": f"slope.{gate.name}"})
    return Operation(
        gate.name,
        "σ",
        (x, ROW),
        Telling(f"{f}_t = σ({forward})", f"σ({{{sums}}}) = {{{gate.name}}}", means),
        Telling(f"dL/da_{f} = dL/d{f}_t · {f}(1 − {f})", _times_slope(gate.name), (slope,)),
        name,
        "gate",
        gate.role or gate.name,
    )


def tanh_gate(
    gate: Gate,
    x: float,
    means: Words,
    name: str,
    terms: Mapping[str, str] = WORDS,
    *,
    linear: bool = False,
) -> Operation:
    """A candidate's box, with tanh or `linear`."""
    g = gate.letter
    forward, sums = _sum(gate.name, terms)
    numbers = f"{{{sums} = {gate.name}}}" if linear else f"tanh({{{sums}}}) = {{{gate.name}}}"
    slope = Case(SLOPE_OF_TANH, insert={"slope": f"slope.{gate.name}"})
    return Operation(
        gate.name,
        "=" if linear else "tanh",
        (x, ROW),
        Telling(f"{g}_t = {forward}" if linear else f"{g}_t = tanh({forward})", numbers, means),
        Telling(
            f"dL/da_{g} = dL/d{g}_t" + ("" if linear else f" · (1 − {g}²)"),
            _times_slope(gate.name),
            LINEAR if linear else (slope,),
        ),
        name,
        "gate",
        gate.role or gate.name,
    )


def missing_gate(gate: Gate, x: float, name: str, why: str = OFF) -> Operation:
    """A gate that is switched off."""
    nothing = Telling(f"{gate.letter}_t = 1", f"{{{gate.name}}}", why)
    look = gate.role or gate.name
    return Operation(gate.name, "1", (x, ROW), nothing, nothing, name, "gate", look, why)


def _sum(gate: str, terms: Mapping[str, str]) -> tuple[str, str]:
    """A pre-activation as an equation, and by its signals."""
    return " + ".join(terms.values()), " + ".join(f"{gate}.{term}" for term in terms)


def _times_slope(gate: str) -> str:
    return f"{{d.{gate}}} · {{slope.{gate}}} = {{da.{gate}}}"
