"""A range of dates or rows: the others are left out."""

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from lstm_viz.data.preparing.step import Given, Step
from lstm_viz.errors import ConfigError, DataError
from lstm_viz.limits import Limit, limited
from lstm_viz.words import N_, Sentence

if TYPE_CHECKING:
    import pandas as pd

_DATE = re.compile(r"(?!0000)\d{4}(-\d\d(-\d\d(T\d\d:\d\d(:\d\d)?)?)?)?")


@dataclass(frozen=True)
class Place(Limit):
    """A date (2004, 2004-05, 2004-05-31, 2004-05-31T14:30), a number, or nothing."""

    def check(self, name: str, value: object) -> str:
        if isinstance(value, str) and (not value or date_of(value) or _is_number(value)):
            return value
        raise ConfigError(
            N_("The '{setting}' must be a date such as 2004-05-31, or a number, got '{got}'."),
            setting=name,
            got=value,
        )

    def read(self, name: str, text: str) -> str:
        return self.check(name, text)


def date_of(text: str) -> np.datetime64 | None:
    """The date that a text spells, as exact as it does; None where it spells none.

    >>> date_of("2004-05"), date_of("2004-13"), date_of("40000")
    (np.datetime64('2004-05'), None, None)
    """
    if not _DATE.fullmatch(text):
        return None
    try:
        return np.datetime64(text)
    except ValueError:
        return None


def _is_number(text: str) -> bool:
    try:
        return len(text) < 30 and math.isfinite(float(text)) and "_" not in text
    except ValueError:
        return False


@dataclass(frozen=True)
class Span(Step):
    """The rows from `first` to `last`, both included; an empty one leaves that end open.

    The year 2004 as the last includes its December. Rows without labels count from 0.
    """

    name = "range"
    label = N_("Range")
    help = N_("Only the rows between two dates, or two rows.")
    on_rows = True

    first: str = limited(Place(""))
    last: str = limited(Place(""))

    def apply(self, given: Given) -> "tuple[pd.DataFrame, Sentence | None]":
        labels = given.frame.index.to_numpy()
        dated = labels.dtype.kind == "M"
        keep = self._dates(labels) if dated else self._numbers(labels)
        made = given.frame[keep]
        if not len(made):
            raise DataError(
                N_(
                    "No row lies between '{first}' and '{last}': the rows run from {low} to "
                    "{high}. Choose another range."
                ),
                first=self.first or "…",
                last=self.last or "…",
                low=_written(labels[0]) if len(labels) else "-",
                high=_written(labels[-1]) if len(labels) else "-",
            )
        return made, None

    def _dates(self, labels: npt.NDArray[Any]) -> npt.NDArray[np.bool_]:
        seconds = labels.astype("datetime64[s]")
        keep = np.ones(len(labels), np.bool_)
        if self.first:
            keep &= seconds >= self._date(self.first).astype("datetime64[s]")
        if self.last:
            keep &= seconds < (self._date(self.last) + 1).astype("datetime64[s]")
        return keep

    def _numbers(self, labels: npt.NDArray[Any]) -> npt.NDArray[np.bool_]:
        keep = np.ones(len(labels), np.bool_)
        if self.first:
            keep &= labels >= self._number(self.first)
        if self.last:
            keep &= labels <= self._number(self.last)
        return keep

    def _date(self, text: str) -> np.datetime64:
        found = date_of(text)
        if found is None:
            raise DataError(N_("The rows have dates, and '{got}' is none."), got=text)
        return found

    def _number(self, text: str) -> float:
        if not _is_number(text):
            raise DataError(N_("The rows have no dates, and '{got}' is one."), got=text)
        return float(text)


def _written(label: Any) -> str:
    if isinstance(label, np.datetime64):
        return str(label.astype("datetime64[s]")).replace("T00:00:00", "")
    return f"{float(label):.15g}"
