"""Parameters of generators and tasks, as data: pages build their widgets from them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from lstm_viz.errors import ConfigError
from lstm_viz.words import N_

MAX_SEED = 2**31 - 1
Entry = TypeVar("Entry")


@dataclass(frozen=True)
class Parameter:
    """One number a user may choose; `label` and `help` are marked for translation."""

    label: str
    default: float
    low: float
    high: float
    step: float
    help: str

    @property
    def whole(self) -> bool:
        """Whether only whole numbers make sense; its numbers are all ints then, else all floats."""
        return isinstance(self.default, int)

    def check(self, name: str, value: object) -> float:
        """`value` as an int or float; ConfigError with the range when it is not in it."""
        if (
            not isinstance(value, int | float | np.integer | np.floating)
            or isinstance(value, bool)
            or not self.low <= value <= self.high  # also refuses NaN
        ):
            raise ConfigError(
                N_("The '{setting}' must be between {low:g} and {high:g}, got {got}."),
                setting=name,
                low=self.low,
                high=self.high,
                got=value,
            )
        if not self.whole:
            return float(value)
        if value != int(value):
            raise ConfigError(
                N_("The '{setting}' must be a whole number, got {got}."), setting=name, got=value
            )
        return int(value)


def complete(
    known: Mapping[str, Parameter], chosen: Mapping[str, float] | None
) -> dict[str, float]:
    """`chosen`, checked, with the defaults of those left out.

    Raises ConfigError for a parameter that is out of range or not known.
    """
    chosen = chosen or {}
    for name in chosen:
        find(known, name, N_("There is no parameter called '{name}'. Choose one of: {known}."))
    return {
        name: parameter.check(name, chosen.get(name, parameter.default))
        for name, parameter in known.items()
    }


def find(table: Mapping[str, Entry], name: str, otherwise: str) -> Entry:
    """`table[name]`, or a ConfigError of the marked sentence `otherwise` ({name}, {known})."""
    if name not in table:
        raise ConfigError(otherwise, name=name, known=", ".join(table))
    return table[name]


def random_source(seed: int) -> np.random.Generator:
    """The random numbers of a seed; ConfigError when it is no whole number in range."""
    whole = Parameter(N_("Seed"), 0, 0, MAX_SEED, 1, "")
    return np.random.default_rng(int(whole.check("seed", seed)))
