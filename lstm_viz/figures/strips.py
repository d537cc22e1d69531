"""Rows of heat maps and lines on one time axis, packed into bytes for the strips component.

A heat map travels as one byte a value, a line as float32, or as its logarithm where the axis is
logarithmic: float32 itself ends at 1.4e-45, the logarithm does not.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from lstm_viz.figures.palette import LOOKS, THEMES, Signal, ramp, theme
from lstm_viz.figures.wire import Numbers, Scale, logarithm, pack, quantise
from lstm_viz.words import N_, _

FLOAT32_FLOOR = 1.4e-45
"""The smallest positive float32: what is smaller reads as exactly 0."""
NO_TITLE = ""


@dataclass(frozen=True)
class Heat:
    """One value for each row (a unit, an epoch) at each time step, as colour."""

    signal: Signal
    values: Numbers
    """(rows, T), or (frames, rows, T) for a film."""
    low: float
    high: float
    """The scale's ends; what lies outside is drawn at them, and the legend says so."""
    scale: Scale = "linear"
    y: str | None = None
    """What a row is; "unit" if not said. Only units can be picked."""
    labels: Sequence[int | str] | None = None
    """(rows,): the rows' names; 0, 1, 2, ... if not said."""
    title: str | None = None
    """The signal's name if not said."""
    height: int | None = None
    """Pixels; grows with the number of rows if not said."""


@dataclass(frozen=True)
class Line:
    """One series over time."""

    signal: Signal
    values: Numbers
    """(T,), or (frames, T) for a film."""
    name: str | None = None
    """In the legend; the signal's name if not said, no entry if empty."""
    dashed: bool = False
    faint: bool = False
    """One of many, drawn thin."""


@dataclass(frozen=True)
class Rule:
    """A horizontal line at a value that means something."""

    value: float
    label: str


@dataclass(frozen=True)
class Lines:
    """Series over time on one axis."""

    lines: Sequence[Line]
    y: str
    """The axis title, with its unit."""
    scale: Scale = "linear"
    low: float | None = None
    high: float | None = None
    """The axis' ends; taken from the values if not said."""
    rules: Sequence[Rule] = ()
    title: str = NO_TITLE
    height: int = 132


@dataclass(frozen=True)
class UnitLines:
    """The picked unit's line in each of these heat maps, read from the heat maps themselves."""

    signals: Sequence[Signal]
    y: str
    low: float = 0.0
    high: float = 1.0
    title: str = NO_TITLE
    height: int = 132


Row = Heat | Lines | UnitLines


@dataclass(frozen=True)
class Transport:
    """The bar that moves through the frames of a training run."""

    labels: Sequence[str]
    """(frames,): what the bar says at each, such as "epoch 12, step 384"."""
    index: int = -1
    """The frame this data shows; -1 follows the newest."""
    mode: Literal["client", "server"] = "client"
    """client: the data holds every frame. server: one frame; moving the bar asks for another."""
    live: bool = False
    """Frames are still coming."""
    autoplay: bool = False
    rate: float = 6.0
    """Frames a second at single speed."""


WORDS = {
    "play": N_("Play"),
    "pause": N_("Pause"),
    "speed": N_("Speed"),
    "live": N_("Live"),
    "follow": N_("Follow the newest frame"),
    "frame": N_("Moment of the training"),
    "missing": N_("not a number"),
    "unit": N_("unit"),
    "keys": N_(
        "Left and right move the time step, up and down the unit, Home and End jump, "
        "space plays the training."
    ),
}


def strips(
    rows: Sequence[Row],
    *,
    time_title: str | None = None,
    cursor: int | None = None,
    unit: int | None = None,
    transport: Transport | None = None,
    letters: Sequence[str] | None = None,
) -> bytes:
    """Pack rows for the component, all on one time axis of T steps.

    `cursor` and `unit` are the picked time step and unit (its label); the browser moves to them
    when they change. `letters` (T,) stand at the time axis. Raises ValueError where rows
    disagree about T or about the frames.

    >>> from lstm_viz.figures.wire import unpack
    >>> header, arrays = unpack(strips([Heat("forget", np.full((2, 3), 0.5), low=0, high=1)]))
    >>> header["steps"], arrays[0].tolist()
    (3, [[128, 128, 128], [128, 128, 128]])
    """
    arrays: list[npt.NDArray[Any]] = []
    described = [_describe(row, arrays) for row in rows]
    steps = _one({array.shape[-1] for array in arrays}, "time steps")
    films = {array.shape[0] for row in described for array in _films(row, arrays)}
    header = {
        "steps": steps,
        "frames": _one(films, "frames") if films else 1,
        "time": time_title if time_title is not None else _("time step t in the window"),
        "cursor": cursor,
        "unit": unit,
        "rows": described,
        "looks": _looks(rows),
        "theme": theme(),
        "transport": asdict(transport) if transport else None,
        "letters": list(letters) if letters is not None else None,
        "words": {key: _(word) for key, word in WORDS.items()},
        "summary": _summary(described, steps),
    }
    return pack(header, arrays)


def _describe(row: Row, arrays: list[npt.NDArray[Any]]) -> dict[str, Any]:
    if isinstance(row, Heat):
        return _describe_heat(row, arrays)
    if isinstance(row, UnitLines):
        return {"kind": "unit", "scale": "linear", **asdict(row)}
    return _describe_lines(row, arrays)


def _describe_heat(row: Heat, arrays: list[npt.NDArray[Any]]) -> dict[str, Any]:
    if not row.low < row.high or (row.scale == "log" and row.low <= 0):
        raise ValueError(f"A {row.scale} scale cannot run from {row.low} to {row.high}.")
    values = np.asarray(row.values)
    count = values.shape[-2]
    finite = values[np.isfinite(values)]
    arrays.append(quantise(values, row.low, row.high, row.scale))
    return {
        "kind": "heat",
        "signal": row.signal,
        "array": len(arrays) - 1,
        "film": values.ndim == 3,
        "low": row.low,
        "high": row.high,
        "scale": row.scale,
        "clipped": [bool((finite < row.low).any()), bool((finite > row.high).any())],
        "y": row.y if row.y is not None else _("unit"),
        "picks": row.y is None,
        "labels": list(row.labels) if row.labels is not None else list(range(count)),
        "title": row.title if row.title is not None else _(LOOKS[row.signal].name),
        "height": row.height or min(176, max(72, 5 * count)),
    }


def _describe_lines(row: Lines, arrays: list[npt.NDArray[Any]]) -> dict[str, Any]:
    first = len(arrays)
    arrays.extend(_drawn(line, row.scale) for line in row.lines)
    low, high = _ends(row, arrays[first:])
    return {
        "kind": "lines",
        "lines": [
            {
                "signal": line.signal,
                "array": first + k,
                "film": arrays[first + k].ndim == 2,
                "name": line.name if line.name is not None else _(LOOKS[line.signal].name),
                "dashed": line.dashed,
                "faint": line.faint,
            }
            for k, line in enumerate(row.lines)
        ],
        "low": low,
        "high": high,
        "scale": row.scale,
        "rules": [asdict(rule) for rule in row.rules],
        "y": row.y,
        "title": row.title,
        "height": row.height,
    }


def _drawn(line: Line, scale: Scale) -> npt.NDArray[np.float32]:
    values = np.asarray(line.values)
    return np.asarray(logarithm(values) if scale == "log" else values, np.float32)


def _ends(row: Lines, drawn: Sequence[npt.NDArray[np.float32]]) -> tuple[float, float]:
    """The axis' ends, moved out to round numbers so that they rest while training goes on."""
    finite = [values[np.isfinite(values)] for values in drawn]
    low = min((float(values.min()) for values in finite if values.size), default=0.0)
    high = max((float(values.max()) for values in finite if values.size), default=1.0)
    if row.scale == "log":
        low, high = np.floor(low), np.ceil(high)
        low, high = 10.0 ** max(min(low, high - 2), -320), 10.0 ** min(high, 308)
    else:
        step = round_step((high - low) or abs(high) or 1.0)
        low, high = np.floor(low / step) * step, np.ceil(high / step) * step
        high = high if high > low else low + step
    return (
        row.low if row.low is not None else float(low),
        row.high if row.high is not None else float(high),
    )


def round_step(span: float, parts: int = 5) -> float:
    """The largest of 1, 2 and 5 times a power of ten that cuts `span` into at least `parts`.

    >>> [round_step(span) for span in (1.0, 3.0, 40.0)]
    [0.2, 0.5, 5.0]
    """
    power = 10.0 ** np.floor(np.log10(span / parts))
    return float(max(m * power for m in (1, 2, 5) if m * power <= span / parts * (1 + 1e-9)))


def _looks(rows: Sequence[Row]) -> dict[str, Any]:
    """The colours of the signals in these rows: one for lines, a ramp where there is a heat map."""
    heats = {row.signal for row in rows if isinstance(row, Heat)}
    lines = {line.signal for row in rows if isinstance(row, Lines) for line in row.lines}
    units = {signal for row in rows if isinstance(row, UnitLines) for signal in row.signals}
    return {
        signal: {
            "name": _(LOOKS[signal].name),
            "colour": {theme: LOOKS[signal][theme] for theme in THEMES},
            "ramp": {theme: ramp(signal, theme) for theme in THEMES} if signal in heats else None,
        }
        for signal in sorted(heats | lines | units)
    }


def _films(row: dict[str, Any], arrays: list[npt.NDArray[Any]]) -> list[npt.NDArray[Any]]:
    parts = [row] if row["kind"] == "heat" else row.get("lines", [])
    return [arrays[part["array"]] for part in parts if part["film"]]


def _one(sizes: set[int], what: str) -> int:
    if len(sizes) != 1:
        raise ValueError(f"The rows must agree about their number of {what}, got {sorted(sizes)}.")
    return sizes.pop()


def _summary(rows: Sequence[dict[str, Any]], steps: int) -> str:
    names = [row["title"] or row["y"] for row in rows]
    return _("{steps} time steps from left to right. From top to bottom: {names}.").format(
        steps=steps, names=", ".join(names)
    )
