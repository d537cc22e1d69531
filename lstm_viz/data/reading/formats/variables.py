"""A variable of a NetCDF or HDF5 file, with what its attributes say of its numbers.

What a library raises of a damaged file, `read_bytes` makes one sentence of.
"""

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from lstm_viz.data.reading.ceilings import check_table
from lstm_viz.data.reading.formats.arrays import Array, check
from lstm_viz.data.reading.formats.since import moments
from lstm_viz.data.reading.moments.times import LEAST_TIMES
from lstm_viz.words import Sentence

UNFILLED = 9.969209968386869e36
"""What NetCDF holds where nothing was written."""
WORDS = np.dtype("U1")
"""Stands for words of any length, which may be dates."""

ZONED = re.compile(r"\d{4}-\d\d-\d\d[T ][\d:.]+ ?(?:Z|[+-]\d\d(?::?\d\d)?)")
"""A moment in words, with its zone."""


@dataclass(frozen=True)
class Variable:
    """An array of a file that is not read yet."""

    name: str
    group: str
    shape: tuple[int, ...]
    dtype: np.dtype[Any]
    read: Callable[[], Array]
    dimensions: tuple[str, ...] = ()
    """Names of its sides, where they have some."""
    attributes: Mapping[str, Any] = field(default_factory=dict)
    notes: tuple[Sentence, ...] = ()

    def values(self, filename: str) -> Array:
        """In its own unit, moments as such. Raises DataError for what cannot be columns."""
        check_table(filename, self.shape[0], math.prod(self.shape[1:]))
        words = self.dtype.kind in "SU" and len(self.shape) == 1
        if words and (dates := _dates(self.read())) is not None:
            return dates
        check(self.dtype, self.shape, filename)
        values = np.asarray(self.read())
        if values.dtype.kind not in "iuf":
            return values
        numbers = self._scaled(self._signed(values))
        told = (self.word("units"), self.word("calendar"))
        times = moments(numbers, *told) if self.counts_since else None
        return numbers if times is None else times

    def _scaled(self, values: Array) -> Array:
        """In their own unit, NaN for what the file says is none."""
        numbers = values.astype(np.float64)
        for name in ("_FillValue", "missing_value"):
            numbers[np.isin(values, self._alike(name, values.dtype))] = np.nan
        if "_FillValue" not in self.attributes and values.dtype.kind == "f":
            numbers[values == values.dtype.type(UNFILLED)] = np.nan
        scale, offset = self._numbers("scale_factor"), self._numbers("add_offset")
        packed = values.dtype.kind in "iu" and (scale.size or offset.size)
        unpacked = numbers * (scale[0] if scale.size else 1) + (offset[0] if offset.size else 0)
        for name, place, beyond in (
            ("valid_min", 0, np.less), ("valid_max", 0, np.greater),
            ("valid_range", 0, np.less), ("valid_range", 1, np.greater),
        ):  # fmt: skip
            told = self._numbers(name)
            in_unit = packed and np.asarray(self.attributes.get(name)).dtype.kind == "f"
            bounds = told if in_unit else self._alike(name, values.dtype).astype(np.float64)
            if len(bounds) <= place or (name == "valid_range") != (told.size == 2):
                continue
            out = beyond(unpacked if in_unit else numbers, bounds[place])
            if not out.all():
                unpacked[out] = np.nan
        return unpacked

    def _signed(self, values: Array) -> Array:
        """Whole numbers with or without a sign, as `_Unsigned` says, whatever the file stores."""
        told = self.word("_Unsigned").lower()
        kind = {"true": "u", "false": "i"}.get(told, values.dtype.kind)
        if values.dtype.kind not in "iu" or values.dtype.kind == kind:
            return values
        native = values.astype(values.dtype.newbyteorder("="))
        return native.view(f"{kind}{values.dtype.itemsize}")

    def _alike(self, name: str, dtype: np.dtype[Any]) -> Array:
        """An attribute's numbers as the values are stored: -999.9 of 32 bits."""
        told = self._numbers(name)
        if dtype.kind == "f":
            with np.errstate(over="ignore"):
                return told.astype(dtype)
        whole = told[(told % 1 == 0) & (np.abs(told) < 2.0**63)].astype(np.int64)
        return self._signed(whole.astype(dtype))

    @property
    def counts_since(self) -> bool:
        """Whether its unit is the time since a moment, in whatever calendar."""
        return " since " in self.word("units").lower()

    def _numbers(self, name: str) -> Array:
        try:
            return np.asarray(self.attributes.get(name, ()), np.float64).ravel()
        except (TypeError, ValueError):
            return np.empty(0)

    @property
    def tells_zone(self) -> bool:
        """Whether it is of moments in words, the first of which has a zone."""
        if self.dtype.kind not in "SU" or len(self.shape) != 1 or not self.shape[0]:
            return False
        return ZONED.fullmatch(as_word(self.read()[0])) is not None

    def word(self, name: str) -> str:
        """An attribute in words; `""` where there is none."""
        return as_word(self.attributes.get(name, ""))


def as_word(told: Any) -> str:
    """What may be bytes, as text."""
    return told.decode(errors="replace") if isinstance(told, bytes) else str(told)


def _dates(cells: Array) -> Array | None:
    """Words that are dates as moments, in UTC where they tell a zone; None of others."""
    told = pd.Series([*map(as_word, cells)], dtype=str)
    moments = pd.to_datetime(told, errors="coerce", format="ISO8601", utc=True).dt.tz_localize(None)
    return moments.to_numpy("datetime64[us]") if moments.notna().mean() >= LEAST_TIMES else None
