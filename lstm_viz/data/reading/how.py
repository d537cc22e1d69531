"""What a reader may be told instead of finding it: each of its decisions has one name."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any

from lstm_viz.errors import DataError
from lstm_viz.words import N_

Range = tuple[int, int]
"""The first row, and the one after the last."""


@dataclass(frozen=True)
class How:
    """What is told of a file; None leaves it to be found, and nothing (`()`, `""`) means none."""

    encoding: str | None = None
    """One of `ENCODINGS`, by any name that Python knows."""
    delimiter: str | None = None
    """One of `DELIMITERS`."""
    decimal: str | None = None
    """`"."` or `","`, in the file."""
    marks: tuple[tuple[str, str], ...] | None = None
    """Columns, and the decimal mark of each, where it is not the file's."""
    header: tuple[int, ...] | None = None
    """Rows of the file that hold names or units, from 0."""
    skip: tuple[Range, ...] | None = None
    """Rows of the file that are left out."""
    time: tuple[str | int, ...] | None = None
    """Columns that together say when, by name or by place from 0."""
    day_first: bool | None = None
    """Whether 1/2 is the first of February."""
    missing: tuple[str | float, ...] | None = None
    """Words and numbers that stand for nothing, besides those that always do."""
    entity: str | None = None
    """The column that says whose row it is."""
    sheet: str | None = None
    member: str | None = None
    """Of an archive with several files."""

    @classmethod
    def of(cls, told: dict[str, Any]) -> "How":
        """What is told, in one form. Raises DataError for what nothing is called.

        >>> How.of({"header": 2, "skip": [0, range(5, 8)], "missing": -999}).skip
        ((0, 1), (5, 8))
        """
        known = [each.name for each in fields(cls)]
        for name in told:
            if name not in known:
                raise DataError(
                    N_("A file is not read by '{name}'. Choose among: {known}."),
                    name=name,
                    known=", ".join(known),
                )
        try:
            return cls(**{name: _plain(name, value) for name, value in told.items()})
        except (TypeError, ValueError):
            raise DataError(
                N_("Rows are told by their numbers from 0, as in header=[2] or skip=range(3).")
            ) from None

    @property
    def skipped(self) -> frozenset[int]:
        """The rows that are told to be left out."""
        return frozenset(row for start, stop in self.skip or () for row in range(start, stop))


def _plain(name: str, value: Any) -> Any:
    if value is None:
        return None
    if name == "header":
        rows = () if value is False else tuple(map(int, _listed(value)))
        if any(row < 0 for row in rows):
            raise ValueError
        return rows
    if name == "skip":
        return tuple(sorted(_ranges(value)))
    if name == "marks":
        return tuple(value.items()) if isinstance(value, Mapping) else tuple(map(tuple, value))
    if name in ("time", "missing"):
        return tuple(_listed(value))
    if name == "day_first":
        return bool(value)
    return "" if value is False else str(value)


def _listed(value: Any) -> Iterable[Any]:
    return value if isinstance(value, Iterable) and not isinstance(value, str) else (value,)


def _ranges(value: Any) -> Iterator[Range]:
    if isinstance(value, range):
        yield value.start, value.stop
    elif isinstance(value, Iterable) and not isinstance(value, tuple):
        for each in value:
            yield from _ranges(each)
    elif isinstance(value, tuple) and len(value) == 2 and all(isinstance(v, int) for v in value):
        yield value
    elif isinstance(value, tuple):
        for each in value:
            yield from _ranges(each)
    else:
        yield int(value), int(value) + 1
