"""What a setting may be: its limits, its default, and how a link writes it."""

import math
from abc import ABC, abstractmethod
from collections.abc import Collection, Hashable, Iterator, Mapping
from dataclasses import Field, dataclass, field, fields
from numbers import Integral, Real
from typing import Any, TypeVar

from lstm_viz.errors import ConfigError
from lstm_viz.words import N_

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value", bound=Hashable)


class Frozen(Mapping[Key, Value]):
    """A mapping that cannot be changed and so can be hashed.

    >>> Frozen({"lag": 5}) == {"lag": 5}, hash(Frozen(a=1, b=2)) == hash(Frozen(b=2, a=1))
    (True, True)
    """

    __slots__ = ("_values",)

    def __init__(self, *values: Any, **more: Any) -> None:
        self._values: dict[Key, Value] = dict(*values, **more)

    def __getitem__(self, key: Key) -> Value:
        return self._values[key]

    def __iter__(self) -> Iterator[Key]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __hash__(self) -> int:
        return hash(frozenset(self._values.items()))

    def __repr__(self) -> str:
        return f"Frozen({self._values!r})"


@dataclass(frozen=True)
class Limit(ABC):
    """What one setting may be."""

    default: Any

    @abstractmethod
    def check(self, name: str, value: object) -> Any:
        """`value` in the setting's own type. Raises ConfigError with what would be right."""

    @abstractmethod
    def read(self, name: str, text: str) -> Any:
        """The value that a link or a form spells. Raises ConfigError like `check`."""

    def write(self, value: Any) -> str:
        """How a link spells a value: the shortest text that `read` takes back exactly.

        >>> Number(0.5, 0, 1).write(0.25), Number(1.0, 0, 9).write(3.0), Switch(False).write(True)
        ('0.25', '3', '1')
        """
        return spelled(value)


def spelled(value: object) -> str:
    """A value in a link, a number to its last digit: the shortest text that says exactly it.

    >>> spelled(0.1 + 0.2), spelled(3.0), spelled(3)
    ('0.30000000000000004', '3', '3')
    """
    return repr(float(value)).removesuffix(".0") if isinstance(value, float) else str(value)


@dataclass(frozen=True)
class Number(Limit):
    """A number between two others, both included."""

    low: float
    high: float

    def check(self, name: str, value: object) -> float:
        if isinstance(value, bool) or not isinstance(value, Real):
            raise ConfigError(
                N_("The '{setting}' must be a number, got {got!r}."), setting=name, got=value
            )
        try:
            number = float(value) + 0.0  # -0.0 is 0.0, also in a link
        except OverflowError:  # a whole number of more than 300 digits
            number = math.inf
        if not self.low <= number <= self.high:  # also refuses NaN
            raise ConfigError(
                N_("The '{setting}' must be between {low} and {high}, got {got}."),
                setting=name,
                low=self.low,
                high=self.high,
                got=number,
            )
        return number

    def read(self, name: str, text: str) -> float:
        try:
            return self.check(name, float(text))
        except ValueError as error:
            if isinstance(error, ConfigError):
                raise
            return self.check(name, text)


@dataclass(frozen=True)
class Whole(Number):
    """A whole number between two others, both included."""

    def check(self, name: str, value: object) -> int:
        found = super().check(name, value)
        if not isinstance(value, Integral):
            raise ConfigError(
                N_("The '{setting}' must be a whole number, got {got}."), setting=name, got=value
            )
        return int(found)

    def read(self, name: str, text: str) -> int:
        try:
            number = float(text)
        except ValueError:
            return self.check(name, text)
        return self.check(
            name, int(number) if math.isfinite(number) and number % 1 == 0 else number
        )


@dataclass(frozen=True)
class Switch(Limit):
    """On or off."""

    def check(self, name: str, value: object) -> bool:
        if not isinstance(value, bool):
            raise ConfigError(
                N_("The '{setting}' must be True or False, got {got!r}."), setting=name, got=value
            )
        return value

    def read(self, name: str, text: str) -> bool:
        known: dict[str, object] = {"1": True, "true": True, "0": False, "false": False}
        return self.check(name, known.get(text.lower(), text))

    def write(self, value: Any) -> str:
        return "1" if value else "0"


@dataclass(frozen=True)
class Choice(Limit):
    """One of a few names."""

    options: Collection[str]

    def check(self, name: str, value: object) -> str:
        if not isinstance(value, str) or value not in self.options:
            raise ConfigError(
                N_("The '{setting}' must be one of {known}, got '{got}'."),
                setting=name,
                known=", ".join(self.options),
                got=value,
            )
        return value

    def read(self, name: str, text: str) -> str:
        return self.check(name, text)


@dataclass(frozen=True)
class Numbered(Limit):
    """One of a few names and a place from 0 on, as "test-12"."""

    options: Collection[str]

    def check(self, name: str, value: object) -> tuple[str, int]:
        match value:
            case (str(which), int(place)) if which in self.options and 0 <= place < 10**9:
                return which, place
        raise ConfigError(
            N_("The '{setting}' must be one of {known} with a number, such as '{example}-12'."),
            setting=name,
            known=", ".join(self.options),
            example=next(iter(self.options)),
        )

    def read(self, name: str, text: str) -> tuple[str, int]:
        which, _dash, place = text.partition("-")
        number = place.isascii() and place.isdecimal() and len(place) < 10
        return self.check(name, (which, int(place) if number else -1))

    def write(self, value: Any) -> str:
        """Name and place.

        >>> Numbered(None, ["test"]).write(("test", 12))
        'test-12'
        """
        return "-".join(map(str, value))


@dataclass(frozen=True)
class Name(Limit):
    """A short text that anybody may have written."""

    longest: int = 40

    def check(self, name: str, value: object) -> str:
        if not isinstance(value, str) or len(value) > self.longest or _is_broken(value):
            raise ConfigError(
                N_("The '{setting}' must be a text of at most {longest} characters."),
                setting=name,
                longest=self.longest,
            )
        return value

    def read(self, name: str, text: str) -> str:
        return self.check(name, text)


def _is_broken(text: str) -> bool:
    """Whether it holds half of a character (a lone surrogate), which no link can carry."""
    return any("\ud800" <= letter <= "\udfff" for letter in text)


def limited(limit: Limit) -> Any:
    """A dataclass field with the limit's default, checked by `check_fields`."""
    return field(default=limit.default, metadata={"limit": limit})


def limits_of(record: Any) -> dict[str, Limit]:
    """Field -> limit, of a dataclass or its instance."""
    return {each.name: each.metadata["limit"] for each in fields(record) if _is_limited(each)}


def check_kind(value: object, kind: type, what: str) -> None:
    """Raise ConfigError for what is not of the `kind` that `what` must be."""
    if not isinstance(value, kind):
        raise ConfigError(
            N_("The '{setting}' must be a {kind}, got {got!r}."),
            setting=what,
            kind=kind.__name__,
            got=value,
        )


def check_fields(record: Any) -> None:
    """Bring each limited field of a frozen dataclass to its own type, or raise ConfigError."""
    for name, limit in limits_of(record).items():
        object.__setattr__(record, name, limit.check(name, getattr(record, name)))


def _is_limited(each: "Field[Any]") -> bool:
    return "limit" in each.metadata
