"""What a reader changes in a run's network, as data: the run itself is never altered."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any, cast

from lstm_viz.errors import ConfigError
from lstm_viz.limits import Limit, Number, check_kind, spelled
from lstm_viz.words import N_, Sentence

PARTS = {
    "weight_ih": N_("input weights W_ih"),
    "weight_hh": N_("recurrent weights W_hh"),
    "bias": N_("biases"),
}
"""What of a layer can be that of another moment: part of its parameters' names -> what it is
called, marked for translation."""
LARGEST = 1e6
"""Of a number that a reader gives."""
CLAMPED, BEGUN, READ_IN = Number(1.0, -1, 1), Number(0.5, -1, 1), Number(0.0, -LARGEST, LARGEST)
"""What a gate of any kind is clamped at, a state begins from, and an input is changed to."""
MOST_NAMED = 6
"""Units that a sentence names."""


@dataclass(frozen=True)
class Place:
    """What there is to intervene in: a layer, and the example that the network reads."""

    gates: Mapping[str, Number]
    """Gate -> the values that it can have."""
    units: int
    steps: int
    columns: int
    """Of the input; 1 where it is a symbol's code."""
    examples: int
    """Those after whose last step the layer can begin."""
    symbols: int = 0
    """How many there are, where the input is a symbol's code."""


@dataclass(frozen=True)
class Intervention:
    """What is changed in one layer, and in the example that the network reads."""

    gates: tuple[tuple[str, float], ...] = ()
    """Gates that are clamped, each with its value."""
    units: tuple[int, ...] = ()
    """In which units; in all of them if none is named."""
    steps: tuple[int, int] | None = None
    """From which time step to which, both included; at all of them if not said."""
    silenced: tuple[int, ...] = ()
    """Units whose h is 0 for all that reads it."""
    begin: float | None = None
    """What every unit of every state begins from."""
    begin_like: int | None = None
    """The example after whose last step it begins."""
    change: tuple[int, int, float] | None = None
    """Time step, column and value of one input of the example shown."""
    swap: tuple[str, int] | None = None
    """One of `PARTS`, and the training step from whose frame it is taken."""

    def to_text(self) -> str:
        """As a link writes it; empty if nothing is changed.

        >>> Intervention((("forget", 1.0),), steps=(3, 9), begin=0.5).to_text()
        'clamp:forget,1 steps:3,9 begin:0.5'
        """
        words = [f"clamp:{gate},{spelled(value)}" for gate, value in self.gates]
        several = {
            "units": self.units if self.gates else (),
            "steps": self.steps if self.gates else (),
            "silence": self.silenced,
            "begin": () if self.begin is None else (self.begin,),
            "like": () if self.begin_like is None else (self.begin_like,),
            "change": self.change,
            "swap": self.swap,
        }
        for name, values in several.items():
            if values:
                words.append(f"{name}:" + ",".join(spelled(each) for each in values))
        return " ".join(words)

    @classmethod
    def from_text(cls, text: str) -> "Intervention":
        """The inverse of `to_text`. Raises ConfigError for what it does not write.

        >>> Intervention.from_text("clamp:forget,1 silence:2,5").silenced
        (2, 5)
        """
        found: dict[str, Any] = {}
        try:
            for word in text.split():
                name, _colon, said = word.partition(":")
                found |= READ[name](found, said.split(","))
        except ConfigError:
            raise
        except (KeyError, ValueError, TypeError, OverflowError):
            raise ConfigError(N_("No intervention can be read from '{text}'."), text=text) from None
        if "gates" not in found and found.keys() & {"units", "steps"}:
            raise ConfigError(
                N_("No gate is clamped at these units and steps. Add one, as in "
                   "'clamp:forget,1'."),
            )  # fmt: skip
        return cls(**found)

    def __post_init__(self) -> None:
        object.__setattr__(self, "gates", tuple(dict(self.gates).items()))
        object.__setattr__(self, "silenced", tuple(sorted({*self.silenced})))
        object.__setattr__(self, "units", tuple(sorted({*self.units})) if self.gates else ())
        if not self.gates:  # they say where a gate is clamped: of none, nothing
            object.__setattr__(self, "steps", None)
        if self.begin_like is not None:
            object.__setattr__(self, "begin", None)

    def fitting(self, there: Place) -> tuple["Intervention", list[Sentence]]:
        """What of it can be done there, and a sentence for each thing that is left out: what names
        units or time steps that are not there is done nowhere.
        """
        left: list[Sentence] = []
        found = Intervention(
            **_clamp_there(self, there, left),
            silenced=_units_there(self.silenced, there, left),
            begin=_begin_there(self.begin, left),
            begin_like=_like_there(self.begin_like, there, left),
            change=_change_there(self.change, there, left),
            swap=self.swap,
        )
        return found, left

    @property
    def of_network(self) -> "Intervention":
        """What of it holds for any example."""
        return replace(self, change=None)


@dataclass(frozen=True)
class Changes(Limit):
    """An intervention, in a link."""

    def check(self, name: str, value: object) -> Intervention:
        check_kind(value, Intervention, name)
        return cast("Intervention", value)

    def read(self, name: str, text: str) -> Intervention:
        del name
        return Intervention.from_text(text)

    def write(self, value: Intervention) -> str:
        return value.to_text()


def parameters_of(names: Collection[str], layer: str, part: str) -> list[str]:
    """Which of a network's parameters are one of the `PARTS` of a layer, as a trace names it.

    >>> parameters_of(["recurrent.weight_hh_l0", "recurrent.weight_hh_l0_reverse"],
    ...               "recurrent.l0", "weight_hh")
    ['recurrent.weight_hh_l0']
    """
    path, _dot, place = layer.rpartition(".")
    inside = [name for name in names if name.startswith(f"{path}.") and part in name]
    return [name for name in inside if name.endswith(f"_{place}")]


def _clamp_there(asked: Intervention, there: Place, left: list[Sentence]) -> dict[str, Any]:
    """`gates`, `units` and `steps`; no gate where none of the units, or of the steps, is there."""
    gates = [each for each in asked.gates if _gate_there(*each, there, left)]
    if not gates:
        return {}
    units = _units_there(asked.units, there, left)
    first, last = asked.steps or (0, there.steps - 1)
    last = min(last, there.steps - 1)
    if asked.units and not units:
        left.append(Sentence(N_("No gate is clamped: this layer has none of these units.")))
        return {}
    if first > last:
        words = N_("No gate is clamped: this sequence has none of these time steps.")
        left.append(Sentence(words))
        return {}
    whole = (first, last) == (0, there.steps - 1)
    return {"gates": tuple(gates), "units": units, "steps": None if whole else (first, last)}


def _gate_there(gate: str, value: float, there: Place, left: list[Sentence]) -> bool:
    if gate not in there.gates:
        words = N_("This cell has no gate '{gate}': its clamp is left out.")
        left.append(Sentence(words, {"gate": gate}))
        return False
    limit = there.gates[gate]
    if not limit.low <= value <= limit.high:
        words = N_(
            "The gate '{gate}' lies between {low} and {high}: its clamp at {value} is left out."
        )
        values = {"gate": gate, "low": limit.low, "high": limit.high, "value": value}
        left.append(Sentence(words, values))
        return False
    return True


def _units_there(units: tuple[int, ...], there: Place, left: list[Sentence]) -> tuple[int, ...]:
    missing = [str(unit) for unit in units if unit >= there.units]
    if missing:
        named = ", ".join(missing[:MOST_NAMED]) + (", …" if len(missing) > MOST_NAMED else "")
        words = N_("The units of this layer are 0 to {last}. Left out: {units}.")
        left.append(Sentence(words, {"last": there.units - 1, "units": named}))
    return tuple(unit for unit in units if unit < there.units)


def _begin_there(begin: float | None, left: list[Sentence]) -> float | None:
    if begin is None or BEGUN.low <= begin <= BEGUN.high:
        return begin
    words = N_("A state begins between {low} and {high}: {value} is left out.")
    left.append(Sentence(words, {"low": BEGUN.low, "high": BEGUN.high, "value": begin}))
    return None


def _like_there(like: int | None, there: Place, left: list[Sentence]) -> int | None:
    if like is None or like < there.examples:
        return like
    words = N_("This run has no example {number} whose last state could be the first.")
    left.append(Sentence(words, {"number": like + 1}))
    return None


def _change_there(
    change: tuple[int, int, float] | None, there: Place, left: list[Sentence]
) -> tuple[int, int, float] | None:
    if change is None:
        return None
    t, column, value = change
    if t >= there.steps or column >= there.columns:
        words = N_("The changed input is left out: this example has none there.")
    elif there.symbols and value not in range(there.symbols):
        words = N_("The changed input is left out: {value} is the code of no symbol here.")
    elif not READ_IN.low <= value <= READ_IN.high:  # also refuses NaN
        words = N_("The changed input is left out: {value} is too large a number.")
    else:
        return change
    left.append(Sentence(words, {"value": value}))
    return None


def _whole(text: str) -> int:
    number = int(text)
    if not 0 <= number < LARGEST:
        raise ValueError
    return number


def _stretch(_found: Mapping[str, Any], said: list[str]) -> dict[str, Any]:
    first, last = map(_whole, said)
    if first > last:
        raise ConfigError(
            N_("The 'steps' are the first and the last, and {first} comes after {last}."),
            first=first, last=last,
        )  # fmt: skip
    return {"steps": (first, last)}


def _clamped(found: Mapping[str, Any], said: list[str]) -> dict[str, Any]:
    gate, value = said
    return {"gates": (*found.get("gates", ()), (gate, CLAMPED.read("clamp", value)))}


def _begun(_found: Mapping[str, Any], said: list[str]) -> dict[str, Any]:
    (value,) = said
    return {"begin": BEGUN.read("begin", value), "begin_like": None}


def _changed(_found: Mapping[str, Any], said: list[str]) -> dict[str, Any]:
    t, column, value = said
    return {"change": (_whole(t), _whole(column), READ_IN.read("change", value))}


def _swapped(_found: Mapping[str, Any], said: list[str]) -> dict[str, Any]:
    part, step = said
    if part not in PARTS:
        raise ValueError
    return {"swap": (part, _whole(step))}


READ: Mapping[str, Callable[[Mapping[str, Any], list[str]], dict[str, Any]]] = {
    "clamp": _clamped,
    "units": lambda _found, said: {"units": tuple(map(_whole, said))},
    "steps": _stretch,
    "silence": lambda _found, said: {"silenced": tuple(map(_whole, said))},
    "begin": _begun,
    "like": lambda _found, said: {"begin_like": _whole(*said)},
    "change": _changed,
    "swap": _swapped,
}
"""Word of a link -> what it says of an intervention."""
