"""What a film draws: rows of heat maps and lines, all on one time axis.

A row names the signal that it draws; what stands still through the training it brings along.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from lstm_viz.figures.drawn_frames import linear_ends, log_ends
from lstm_viz.figures.packing import Numbers, Scale, quantise
from lstm_viz.figures.palette import LOOKS, Signal
from lstm_viz.words import N_, _

FLOAT32_FLOOR = -44.85
"""log10 of the smallest positive float32, 1.4e-45: what is smaller reads there as exactly 0."""
UNIT = N_("unit")
NO_TITLE = ""
Arrays = list[Any]


@dataclass(frozen=True)
class Heat:
    """One value for each row (a unit, a symbol) at each time step, as colour."""

    signal: Signal
    values: Numbers | None = None
    """(rows, T) on the scale from `low` to `high`; None for the frame's signal of this name."""
    low: float = 0.0
    high: float = 1.0
    y: str | None = None
    """What a row is; "unit" if not said. Only units can be pinned."""
    labels: Sequence[int | str] | None = None
    """(rows,): the rows' names; the film's units if not said."""
    title: str | None = None
    """The signal's name if not said."""
    height: int | None = None
    """Pixels; grows with the number of rows if not said."""
    picks: bool = True
    """Whether a click on a unit pins it."""
    each: bool = False
    """Whether each unit is drawn on a scale of its own, from -m to m, its largest magnitude."""
    reads: bool = False
    """Whether it draws the example that the network reads, a row a symbol."""


@dataclass(frozen=True)
class Line:
    """One series over time, or over the training in a `History`."""

    signal: Signal
    values: Numbers | None = None
    """(T,), NaN where there is nothing to draw; None for the frame's."""
    source: str | None = None
    """The frame's signal that it draws; `signal`, whose look it has, if not said."""
    name: str | None = None
    """In the legend; the signal's name if not said, no entry if empty."""
    dashed: bool = False
    faint: bool = False
    """One of many, drawn thin."""
    dots: bool = False
    """Points instead of a line."""
    ring: bool = False
    """Hollow points, so that what should be equal can lie inside."""
    film: int | None = None
    """The film whose signal it is; its own if not said."""
    colour: Mapping[str, str] | None = None
    """Theme -> colour; the signal's if not said."""


@dataclass(frozen=True)
class Rule:
    """A horizontal line at a value that means something; a logarithm on a log scale."""

    value: float
    label: str


@dataclass(frozen=True)
class Lines:
    """Series over time on one axis."""

    lines: Sequence[Line]
    y: str
    """The axis title, with its unit."""
    scale: Scale = "linear"
    """On a log scale all values are decimal logarithms."""
    low: float | None = None
    high: float | None = None
    """The axis' ends; taken from the values if not said."""
    widens: bool = False
    """Whether values beyond these ends widen them."""
    rules: Sequence[Rule] = ()
    names: Sequence[str] | None = None
    """What 0, 1, 2, ... on the axis are called, where they stand for symbols."""
    reads: bool = False
    """Whether it draws the example that the network reads, its columns first."""
    worked: str = ""
    """Beside the title, with "{answer}" in the place of the answer that is drawn last."""
    title: str = NO_TITLE
    height: int = 132


@dataclass(frozen=True)
class Pinned:
    """A panel for each pinned unit, with its line in each of these heat maps."""

    signals: Sequence[Signal]
    y: str
    height: int = 104
    newest: bool = False
    """Whether only the unit that was pinned last has a panel."""


@dataclass(frozen=True)
class Bundle:
    """A heat map's units as thin lines on one axis."""

    signal: Signal
    y: str
    title: str = NO_TITLE
    height: int = 132


@dataclass(frozen=True)
class Trained:
    """A line's signal in every frame of the training, the first at the top, as colour."""

    signal: Signal
    source: str
    title: str
    y: str = N_("epoch")
    """What counts the frames."""
    height: int = 150


Row = Heat | Lines | Pinned | Bundle | Trained


def describe(
    row: Row, units: Sequence[int], arrays: Arrays, names: Mapping[Signal, str]
) -> dict[str, Any]:
    """A row as the browser reads it; what it brings along is added to `arrays`.

    `names` are those of signals that are not called by their usual ones.
    """
    match row:
        case Heat():
            usual = names.get(row.signal, _(LOOKS[row.signal].name))
            title = usual if row.title is None else row.title
            if row.each:
                title = _("{signal}, each unit on its own scale").format(signal=title)
            return {
                **_heat(row, units, arrays),
                "title": title,
                "each": row.each,
                "reads": row.reads,
            }
        case Lines():
            return _lines(row, arrays)
        case Pinned():
            return {
                "kind": "pinned",
                "signals": list(row.signals),
                "newest": row.newest,
                **heading_of(row),
            }
        case Bundle():
            return {"kind": "bundle", "signal": row.signal, **heading_of(row)}
        case Trained():
            return {
                "kind": "trained",
                "signal": row.signal,
                "source": row.source,
                "scale": "log",
                **heading_of(row, y=_(row.y)),
            }


def signals_of(row: Row) -> list[Signal]:
    """The signals whose colours a row needs."""
    match row:
        case Lines():
            return [line.signal for line in row.lines]
        case Pinned():
            return list(row.signals)
        case _:
            return [row.signal]


def heading_of(row: Any, y: str | None = None) -> dict[str, Any]:
    """What every row has."""
    return {
        "y": row.y if y is None else y,
        "title": getattr(row, "title", NO_TITLE),
        "height": row.height,
    }


def _heat(row: Heat, units: Sequence[int], arrays: Arrays) -> dict[str, Any]:
    described: dict[str, Any] = {
        "kind": "heat",
        "signal": row.signal,
        "y": row.y if row.y is not None else _(UNIT),
        "picks": row.y is None and row.picks,
    }
    if row.values is None:
        count = len(units)
        described["source"] = row.signal
    else:
        if not row.low < row.high:
            raise ValueError(f"A scale cannot run from {row.low} to {row.high}.")
        values = np.asarray(row.values)
        count = len(values)
        finite = values[np.isfinite(values)]
        described |= {
            "array": add(quantise(values, row.low, row.high), arrays),
            "ends": [row.low, row.high],
            "clipped": [bool((finite < row.low).any()), bool((finite > row.high).any())],
            "labels": list(row.labels) if row.labels is not None else list(range(count)),
        }
    described["height"] = row.height or min(176, max(72, 5 * count))
    return described


def _lines(row: Lines, arrays: Arrays) -> dict[str, Any]:
    still = [np.asarray(line.values) for line in row.lines if line.values is not None]
    ends = [row.low, row.high]
    if still and None in ends:
        found = (log_ends if row.scale == "log" else linear_ends)(np.concatenate(still))
        ends = [own if own is not None else end for own, end in zip(ends, found, strict=True)]
    return {
        "kind": "lines",
        "lines": [
            {
                "signal": line.signal,
                "source": None if line.values is not None else line.source or line.signal,
                "array": None
                if line.values is None
                else add(np.asarray(line.values, np.float32), arrays),
                "name": line.name if line.name is not None else _(LOOKS[line.signal].name),
                "dashed": line.dashed,
                "faint": line.faint,
                "dots": line.dots,
                "ring": line.ring,
                "film": line.film,
                "colour": dict(line.colour) if line.colour else None,
            }
            for line in row.lines
        ],
        "ends": ends,
        "fixed": row.low is not None and row.high is not None and not row.widens,
        "scale": row.scale,
        "worked": row.worked,
        "reads": row.reads,
        "rules": [{"value": rule.value, "label": rule.label} for rule in row.rules],
        "names": list(row.names) if row.names is not None else None,
        **heading_of(row),
    }


def add(array: Any, arrays: Arrays) -> int:
    """The place of an array in a message."""
    arrays.append(array)
    return len(arrays) - 1
