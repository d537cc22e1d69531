"""A stretch of time to which units respond, as a reader asks for it and a link says it."""

import math
from dataclasses import dataclass, replace
from typing import cast

from lstm_viz.errors import ConfigError
from lstm_viz.limits import Limit, check_kind, spelled
from lstm_viz.words import N_

LARGEST = 10**6
"""Of a time step, and of a threshold."""
OUTSIDE = {
    "both": (True, True),
    "before": (True, False),
    "after": (False, True),
    "none": (False, False),
}
"""Word of a link -> whether the units are off just before the stretch, and just after it."""


@dataclass(frozen=True)
class Stretch:
    """From which time step to which, both included, units are on; and off just outside of it."""

    first: int
    last: int
    threshold: float
    """From which magnitude of its state on a unit is on."""
    before: bool = True
    after: bool = True

    @property
    def steps(self) -> tuple[int, int]:
        return self.first, self.last

    def to_text(self) -> str:
        """As a link writes it, which opens exactly this one.

        >>> Stretch(3, 9, 2.0).to_text(), Stretch(3, 9, 0.1 + 0.2, after=False).to_text()
        ('3,9,2,both', '3,9,0.30000000000000004,before')
        """
        (outside,) = (word for word, asked in OUTSIDE.items() if asked == (self.before, self.after))
        return f"{self.first},{self.last},{spelled(self.threshold)},{outside}"

    @classmethod
    def from_text(cls, text: str) -> "Stretch":
        """The inverse of `to_text`. Raises ConfigError for what it does not write."""
        try:
            first, last, threshold, outside = text.split(",")
            found = cls(int(first), int(last), float(threshold), *OUTSIDE[outside])
        except (ValueError, KeyError):
            found = None
        if found is None or not found._is_one():
            raise ConfigError(N_("No stretch of time can be read from '{text}'."), text=text)
        return found

    def _is_one(self) -> bool:
        steps = 0 <= self.first <= self.last < LARGEST
        return steps and math.isfinite(self.threshold) and 0 < self.threshold <= LARGEST

    def within(self, steps: int) -> "Stretch":
        """The same in a sequence of so many steps: what lies beyond is cut off."""
        return replace(self, first=min(self.first, steps - 1), last=min(self.last, steps - 1))


@dataclass(frozen=True)
class Stretches(Limit):
    """A stretch, in a link."""

    def check(self, name: str, value: object) -> Stretch:
        check_kind(value, Stretch, name)
        return cast("Stretch", value)

    def read(self, name: str, text: str) -> Stretch:
        del name
        return Stretch.from_text(text)

    def write(self, value: Stretch) -> str:
        return value.to_text()
