"""Files of named variables, as NetCDF and HDF5 are: those of one group and length make a table.

What a library raises of a damaged file, `read_bytes` makes one sentence of.
"""

import io
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import product
from typing import Any

import numpy as np

from lstm_viz.data.reading.ceilings import check_table
from lstm_viz.data.reading.formats.arrays import Array, check, of_content
from lstm_viz.data.reading.formats.containers import said_of_others
from lstm_viz.data.reading.found import Found, Sequences, empty
from lstm_viz.data.reading.how import How
from lstm_viz.data.reading.moments.times import LEAST_TIMES
from lstm_viz.errors import DataError
from lstm_viz.words import N_

LENGTHS = {
    "days": 86_400.0, "hours": 3600.0, "minutes": 60.0, "seconds": 1.0, "milliseconds": 1e-3,
    "microseconds": 1e-6, "d": 86_400.0, "h": 3600.0, "hr": 3600.0, "min": 60.0, "s": 1.0,
    "sec": 1.0,
}  # fmt: skip
"""A unit of time, in seconds."""
CALENDARS = ("standard", "gregorian", "proleptic_gregorian", "")
"""Those that are ours."""
WORDS = np.dtype("U1")
"""Stands for words of any length, which may be dates."""


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

    def values(self, filename: str) -> Array:
        """In its own unit, moments as such. Raises DataError for what cannot be columns."""
        check_table(filename, self.shape[0], math.prod(self.shape[1:]))
        words = self.dtype.kind in "SU" and len(self.shape) == 1
        if words and (moments := _dates(self.read())) is not None:
            return moments
        check(self.dtype, self.shape, filename)
        values = np.asarray(self.read())
        if values.dtype.kind not in "iuf":
            return values
        values = values.astype(np.float64)
        for name in ("_FillValue", "missing_value"):
            values[np.isin(values, self._numbers(name))] = np.nan
        scale, offset = self._numbers("scale_factor"), self._numbers("add_offset")
        values = values * (scale[0] if scale.size else 1) + (offset[0] if offset.size else 0)
        return self._since(values)

    @property
    def is_time(self) -> bool:
        """Whether its unit is the time since a moment, in our calendar."""
        unit, _, begin = self._word("units").partition(" since ")
        return unit.strip() in LENGTHS and begin != "" and self._word("calendar") in CALENDARS

    def _since(self, values: Array) -> Array:
        """Numbers of "days since 1850-01-01", and their like, as moments."""
        import pandas as pd

        if not self.is_time:
            return values
        unit, _, text = self._word("units").partition(" since ")
        try:
            begin = pd.Timestamp(text.strip())
        except ValueError:
            return values
        begin = begin.tz_convert(None) if begin.tz is not None else begin
        steps = np.round(values * LENGTHS[unit.strip()] * 1e6).astype("timedelta64[us]")
        return np.asarray(np.datetime64(begin, "us") + steps)

    def _numbers(self, name: str) -> Array:
        try:
            return np.asarray(self.attributes.get(name, ()), np.float64).ravel()
        except (TypeError, ValueError):
            return np.empty(0)

    def _word(self, name: str) -> str:
        told = self.attributes.get(name, "")
        return (told.decode(errors="replace") if isinstance(told, bytes) else str(told)).lower()


def _dates(cells: Array) -> Array | None:
    """Words that are dates as moments; None of others."""
    import pandas as pd

    told = [each.decode(errors="replace") if isinstance(each, bytes) else each for each in cells]
    moments = pd.to_datetime(pd.Series(told, dtype=str), errors="coerce", format="ISO8601")
    return moments.to_numpy("datetime64[us]") if moments.notna().mean() >= LEAST_TIMES else None


def read_netcdf(data: bytes, filename: str, how: How) -> Found | Sequences:
    """The variables of a NetCDF file up to version 3."""
    from scipy.io import netcdf_file

    with netcdf_file(io.BytesIO(data), mmap=False) as file:
        variables = [
            Variable(name, "", each.shape, each.data.dtype, _native(each), each.dimensions,
                     each._attributes)
            for name, each in file.variables.items()
        ]  # fmt: skip
        return table_of_variables(variables, filename, how)


def _native(variable: Any) -> Callable[[], Array]:
    kind = variable.data.dtype.newbyteorder("=")
    return lambda: np.array(variable[...]).astype(kind)


def table_of_variables(variables: Sequence[Variable], filename: str, how: How) -> Found | Sequences:
    """The table that is told, or the largest."""
    tables = _tables(variables)
    if not tables:
        raise empty(filename)
    if how.sheet and how.sheet not in tables:
        raise DataError(
            N_("'{file}' has no table called '{sheet}'. Choose another."),
            file=filename,
            sheet=how.sheet,
        )
    name = how.sheet or max(tables, key=lambda each: _cells(tables[each]))
    sides = {each.name: each for each in variables if each.group == tables[name][0].group}
    content: dict[str, Any] = {}
    for each in tables[name]:
        content |= _columns(each, sides, filename)
    found = of_content(
        content, filename, of=lambda v: v.values(filename) if isinstance(v, Variable) else v
    )
    if len(tables) == 1 or isinstance(found, Sequences):
        return found
    words = N_("Table '{name}' was read. The file holds others: {others}.")
    notes = (*said_of_others(words, name, tables), *found.notes)
    return replace(found, sheet=name, sheets=tuple(tables), notes=notes)


def _tables(variables: Sequence[Variable]) -> dict[str, list[Variable]]:
    """Name -> the variables of one group that have as many rows; sides alone are no table."""
    made: dict[tuple[str, int], list[Variable]] = {}
    scales = {side for each in variables for side in each.dimensions[1:]}
    for each in variables:
        if each.shape and each.shape[0]:
            made.setdefault((each.group, each.shape[0]), []).append(each)
    kept = [
        together
        for together in made.values()
        if not all(each.name in scales and len(each.shape) == 1 for each in together)
        or len(made) == 1
    ]
    kept = [together for together in kept if _cells(together)[0]] or kept
    named: dict[str, list[Variable]] = {}
    for together in kept:
        alone = sum(each[0].group == together[0].group for each in kept) == 1
        group = together[0].group
        inside = ", ".join(each.name for each in together)
        name = group if alone and group else f"{group}/{inside}".lstrip("/")
        named[name[:60] if name[:60] not in named else f"{name[:50]} ({len(named) + 1})"] = together
    return named


def _cells(table: Sequence[Variable]) -> tuple[bool, bool, int]:
    """Whether a table holds numbers, whether in several rows, and how many."""
    numbers = [math.prod(each.shape) for each in table if each.dtype.kind in "biuf"]
    return bool(numbers), table[0].shape[0] > 1, sum(numbers)


def _columns(
    variable: Variable, sides: Mapping[str, Variable], filename: str
) -> dict[str, Variable | Array]:
    """A variable over time and other sides as a column for each place on these."""
    first, *others = variable.dimensions or ("",)
    time = sides.get(first)
    known = variable.dtype.kind in "iuf" and 0 not in variable.shape
    if time is None or not time.is_time or not others or not known:
        return {variable.name: variable}
    flat = (variable.shape[0], math.prod(variable.shape[1:]))
    values = replace(variable, shape=flat, read=lambda: variable.read().reshape(flat))
    cells = values.values(filename)
    told = [
        _places(side, length, sides.get(side), filename)
        for side, length in zip(others, variable.shape[1:], strict=True)
    ]
    names = (" ".join((variable.name, *filter(None, place))) for place in product(*told))
    return dict(zip(names, cells.T, strict=True))


def _places(side: str, length: int, scale: Variable | None, filename: str) -> list[str]:
    """What stands at each place of a side; nothing where it has a single one."""
    if length == 1:
        return [""]
    if scale is not None and scale.shape == (length,) and scale.dtype.kind in "iuf":
        return [f"{side}={value:g}" for value in scale.values(filename).astype(np.float64)]
    return [f"{side}={place}" for place in range(1, length + 1)]
