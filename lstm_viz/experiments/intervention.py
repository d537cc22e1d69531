"""What a reader changes in a run's network, as data: the run itself is never altered."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any, cast

from lstm_viz.errors import ConfigError
from lstm_viz.limits import Limit, check_kind
from lstm_viz.words import N_

PARTS = {
    "weight_ih": N_("input weights W_ih"),
    "weight_hh": N_("recurrent weights W_hh"),
    "bias": N_("biases"),
}
"""What of a layer can be that of another moment: part of its parameters' names -> what it is
called, marked for translation."""
LARGEST = 1e6
"""Of a number that a reader gives."""


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
        words = [f"clamp:{gate},{value:g}" for gate, value in self.gates]
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
                words.append(f"{name}:" + ",".join(_written(each) for each in values))
        return " ".join(words)

    @classmethod
    def from_text(cls, text: str) -> "Intervention":
        """The inverse of `to_text`. Raises ConfigError for what it does not write.

        >>> Intervention.from_text("clamp:forget,1 silence:2,5").silenced
        (2, 5)
        """
        found = cls()
        try:
            for word in text.split():
                name, _colon, said = word.partition(":")
                found = replace(found, **READ[name](found, said.split(",")))
        except (KeyError, ValueError, TypeError, OverflowError):
            raise ConfigError(N_("No intervention can be read from '{text}'."), text=text) from None
        return found

    def fitting(
        self, gates: Collection[str], size: int, steps: int, columns: int, examples: int
    ) -> "Intervention":
        """What of it there is in a layer of so many units with these gates, which reads so many
        steps of so many columns.
        """
        first, last = self.steps or (0, steps - 1)
        whole = first == 0 and last >= steps - 1
        there = first <= min(last, steps - 1)
        change = self.change
        return replace(
            self,
            gates=tuple(each for each in self.gates if each[0] in gates),
            units=_below(size, self.units),
            steps=(first, min(last, steps - 1)) if there and not whole else None,
            silenced=_below(size, self.silenced),
            begin_like=self.begin_like if (self.begin_like or 0) < examples else None,
            change=change if change and change[0] < steps and change[1] < columns else None,
        )

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


def _below(size: int, units: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(unit for unit in units if unit < size)


def _written(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def _whole(text: str) -> int:
    number = int(text)
    if not 0 <= number < LARGEST:
        raise ValueError
    return number


def _number(text: str) -> float:
    number = float(text)
    if not abs(number) <= LARGEST:  # also refuses NaN
        raise ValueError
    return number


def _pair(said: list[str]) -> tuple[int, int]:
    first, last = map(_whole, said)
    return first, last


def _clamped(found: Intervention, said: list[str]) -> dict[str, Any]:
    gate, value = said
    return {"gates": (*found.gates, (gate, _number(value)))}


def _changed(_found: Intervention, said: list[str]) -> dict[str, Any]:
    t, column, value = said
    return {"change": (_whole(t), _whole(column), _number(value))}


def _swapped(_found: Intervention, said: list[str]) -> dict[str, Any]:
    part, step = said
    if part not in PARTS:
        raise ValueError
    return {"swap": (part, _whole(step))}


READ: Mapping[str, Callable[[Intervention, list[str]], dict[str, Any]]] = {
    "clamp": _clamped,
    "units": lambda _found, said: {"units": tuple(map(_whole, said))},
    "steps": lambda _found, said: {"steps": _pair(said)},
    "silence": lambda _found, said: {"silenced": tuple(map(_whole, said))},
    "begin": lambda _found, said: {"begin": _number(*said)},
    "like": lambda _found, said: {"begin_like": _whole(*said)},
    "change": _changed,
    "swap": _swapped,
}
"""Word of a link -> what it says of an intervention."""
