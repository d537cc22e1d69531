"""What a step of preparing is: one thing done to the rows or columns of a series."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, ClassVar, Literal, get_args

import numpy as np
import numpy.typing as npt

from lstm_viz.errors import ConfigError
from lstm_viz.limits import Choice, check_fields, limits_of
from lstm_viz.words import N_, Sentence

if TYPE_CHECKING:
    import pandas as pd

Labels = npt.NDArray[Any]
"""(N,) datetime64 or numbers."""
Among = Literal["targets", "all"]
"""Which columns a step concerns: those to forecast, or all that were chosen."""
AMONG = Choice("targets", get_args(Among))


def usual_seconds(index: Labels | None) -> float:
    """From one row to the next, by the median; 0 of rows without dates, and of fewer than two."""
    if index is None or index.dtype.kind != "M" or len(index) < 2:
        return 0.0
    return float(np.median(np.diff(index.astype("datetime64[s]").astype(np.float64))))


@dataclass(frozen=True, eq=False)
class Given:
    """What a step is taken of."""

    frame: "pd.DataFrame"
    """Its columns in the order of the series: those to forecast first."""
    columns: Sequence[str]
    """Those that the step concerns."""
    training: int
    """The rows, from the first one, on which anything may be fitted; 0 for a step on rows."""


@dataclass(frozen=True)
class Step(ABC):
    """One thing done to a series; equal by value, and so part of an experiment.

    A new step is one file with one such class, and its place in `catalogue.STEPS`: its fields are
    `limited`, so that they stand in links and have controls.
    """

    name: ClassVar[str]
    """What a link calls it."""
    label: ClassVar[str]
    help: ClassVar[str]
    """Marked for translation."""
    on_rows: ClassVar[bool] = False
    """Whether it chooses or makes rows: such steps come before missing values are filled in."""
    dated: ClassVar[bool] = False
    """Whether it needs rows with dates."""

    def __post_init__(self) -> None:
        check_fields(self)

    @property
    def reach(self) -> int:
        """Rows that it looks back: as many at the beginning it leaves incomplete."""
        return 0

    @abstractmethod
    def apply(self, given: Given) -> "tuple[pd.DataFrame, Sentence | None]":
        """The frame that comes of it, and what was done; the given one stays as it is.

        Raises DataError for data that it cannot be done to.
        """

    @classmethod
    def for_rows(cls, index: Labels | None) -> "Step":
        """What a user begins with, of rows with these labels."""
        del index
        return cls()

    def write(self) -> str:
        """How a link writes it: its name and its values, without the last ones at defaults.

        >>> from lstm_viz.data.preparing.difference import Difference
        >>> Difference().write(), Difference("log", 12).write()
        ('diff', 'diff,log,12')
        """
        limits = limits_of(self)
        values = [(each.name, getattr(self, each.name)) for each in fields(self)]
        while values and values[-1][1] == limits[values[-1][0]].default:
            values.pop()
        return ",".join([self.name, *(limits[name].write(value) for name, value in values)])

    @classmethod
    def read(cls, values: Sequence[str]) -> "Step":
        """The step of these values, in the order of its fields. Raises ConfigError."""
        limits = limits_of(cls)
        if len(values) > len(limits):
            raise ConfigError(
                N_("The step '{step}' takes {most} values, got {got}."),
                step=cls.name,
                most=len(limits),
                got=len(values),
            )
        given = zip(limits.items(), values, strict=False)
        read = {name: limit.read(name, text) for (name, limit), text in given if text}
        return cls(**read)
