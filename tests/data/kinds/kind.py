"""A kind of file, and what must be read; rows to write it with."""

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

ROWS = 30
V = [round(10 + np.sin(k / 3) * 4 + k / 10, 2) for k in range(ROWS)]
W = [round(1000 + np.cos(k / 5) * 300, 1) for k in range(ROWS)]
DAYS = pd.date_range("2021-03-25", periods=ROWS)
HOURS = pd.date_range("2021-03-25 20:00", periods=ROWS, freq="h")
MONTHS = pd.date_range("2001-01-01", periods=ROWS, freq="MS")


Writer = Callable[[pd.Timestamp, float, float], str]


def plain(d: pd.Timestamp, v: float, w: float) -> str:
    return f"{d:%F},{v}"


def both(d: pd.Timestamp, v: float, w: float) -> str:
    return f"{d:%F},{v},{w}"


def by_minute(d: pd.Timestamp, v: float, w: float) -> str:
    return f"{d:%F %R},{v}"


class Kind(NamedTuple):
    """A kind of file, and what must be read."""

    name: str
    data: bytes | str
    first: str
    """Its first moment, as far as it is told."""
    last: str
    columns: dict[str, float]
    """Name -> first value."""
    notes: Sequence[str] = ()
    """Fragments of what is said."""
    file: str = "it.csv"
    rows: int = ROWS


def lines(*parts: str | Iterable[str]) -> str:
    return "\n".join(line for part in parts for line in ([part] if isinstance(part, str) else part))


def stamped(
    moments: pd.DatetimeIndex, row: Callable[[pd.Timestamp, float, float], str]
) -> list[str]:
    return [row(moment, v, w) for moment, v, w in zip(moments, V, W, strict=True)]


def local(begin: str, freq: str) -> pd.DatetimeIndex:
    """Berlin's clocks."""
    moments = pd.date_range(begin, periods=ROWS, freq=freq, tz="UTC")
    return moments.tz_convert("Europe/Berlin").tz_localize(None)


IN_ORDER = ("2021-03-25", "2021-04-23")
IN_HOURS = ("2021-03-25 20:00", "2021-03-27 01:00")
IN_MONTHS = ("2001-01-01", "2003-06-01")


def of(moments: pd.DatetimeIndex, ends: tuple[str, str]) -> Callable[..., Kind]:
    """What makes a kind of a head and a row for each of the moments, with one column, `v`."""

    def kind(
        name: str,
        head: str,
        row: Writer,
        columns: dict[str, float] | None = None,
        notes: Sequence[str] = (),
        file: str = "it.csv",
        rows: int = ROWS,
    ) -> Kind:
        text = lines(head, stamped(moments, row))
        columns = {"v": V[0]} if columns is None else columns
        return Kind(name, text, *ends, columns, notes, file, rows)

    return kind


daily, hourly, monthly = of(DAYS, IN_ORDER), of(HOURS, IN_HOURS), of(MONTHS, IN_MONTHS)
