"""The signals of one frame of a training as they travel to the film in the browser.

A heat map's signal is (U, T), a line's (T,). On a log scale values and ends are decimal
logarithms: float32 itself ends at 1.4e-45, its logarithm does not.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil

import numpy as np
import numpy.typing as npt

from lstm_viz.figures.packing import Numbers, Scale, logarithm
from lstm_viz.figures.palette import LOOKS, Signal
from lstm_viz.runs.frames import LayerFrame

Logs = npt.NDArray[np.float64]
FRAME_BYTES = 288 * 1024
"""Heat maps of one frame. What is larger is thinned: first to every 2nd, 4th, ... unit, as long
as `FEWEST_UNITS` are left, then to every 2nd, 4th, ... time step."""
FEWEST_UNITS = 16
NEAR = -35.0
"""From here on down an axis of gradients reaches to where float32 ends."""
FLOOR = -50.0


@dataclass(frozen=True)
class DrawnSignal:
    """One signal in one frame."""

    values: Numbers
    """(U, T), or (T,)."""
    low: float
    high: float
    """The ends of its scale in this frame; the film draws on the widest of all frames."""
    scale: Scale = "linear"


@dataclass(frozen=True)
class DrawnFrame:
    """One frame of a film: its place in the training, and what of it is drawn."""

    step: int
    signals: Mapping[str, DrawnSignal]


@dataclass(frozen=True)
class Thinning:
    """Which units and time steps a film keeps of a layer too large for it."""

    units: int = 1
    steps: int = 1
    """Every k-th."""

    @classmethod
    def of(cls, layer: LayerFrame) -> "Thinning":
        """What brings a layer's heat maps below `FRAME_BYTES` a frame."""
        _samples, steps, units = layer.hidden.shape
        signals, every = len(_maps(layer)), cls()
        while signals * ceil(units / every.units) * ceil(steps / every.steps) > FRAME_BYTES:
            if ceil(units / (2 * every.units)) >= FEWEST_UNITS:
                every = cls(2 * every.units, every.steps)
            else:
                every = cls(every.units, 2 * every.steps)
        return every


def drawn_frame(layer: LayerFrame, sample: int, step: int, thinning: Thinning) -> DrawnFrame:
    """All that a layer did on one example: gates, states, gradients, on their own scales."""
    signals: dict[str, DrawnSignal] = {}
    for signal, values in _maps(layer).items():
        low, high, scale = _scale(signal, values)
        kept = values[sample, :: thinning.steps, :: thinning.units].T
        signals[signal] = DrawnSignal(kept, low, high, scale)
    norms = {"grad_hidden": layer.grad_hidden_norm, "grad_cell": layer.grad_cell_norm}
    for gradient, norm in norms.items():
        if norm is not None:
            signals[norm_of(gradient)] = _drawn_norm(logarithm(norm[sample]))
    for state, norm in layer.flow_norms.items():
        logs = logarithm(norm[sample])
        signals[flow_of(state)] = _drawn_norm(logs)
        signals[FLOW_SHARE] = _drawn_norm(_share(logs, layer.flow_from[sample]))
    return DrawnFrame(step, signals)


def units_of(layer: LayerFrame, thinning: Thinning) -> list[int]:
    """The numbers of the units that a film keeps."""
    return [int(unit) for unit in layer.units[:: thinning.units]]


def norm_of(signal: str) -> str:
    """The name of a gradient's norm over all units: `grad_hidden` -> `grad_hidden_norm`."""
    return f"{signal}_norm"


def _maps(layer: LayerFrame) -> dict[Signal, Numbers]:
    """Signal -> (B, T, U); gradients as logarithms."""
    maps: dict[str, Numbers | None] = {
        **layer.gates,
        "inner_cell": layer.inner_cell,
        "cell": layer.cell,
        "hidden": layer.hidden,
        "grad_hidden": layer.log_grad_hidden,
        "grad_cell": layer.log_grad_cell,
    }
    return {name: values for name, values in maps.items() if values is not None}  # type: ignore[misc]


def _scale(signal: Signal, values: Numbers) -> tuple[float, float, Scale]:
    """Gates lie in 0..1; what has a sign diverges from 0; gradients are powers of ten."""
    if signal in ("grad_hidden", "grad_cell"):
        finite = values[np.isfinite(values)]
        if not finite.size:
            return -3.0, 0.0, "log"
        # A few units that are nearly cut off would take the colours from all others.
        low, high = np.floor(np.percentile(finite, 2)), np.ceil(finite.max())
        return float(min(low, high - 3)), float(high), "log"
    if not LOOKS[signal].signed:
        return 0.0, 1.0, "linear"
    reach = reach_of(values)
    return -reach, reach, "linear"


def flow_of(state: str) -> str:
    """The name of the signal of what enters at one step alone: `cell` -> `flow_cell`."""
    return f"flow_{state}"


FLOW_SHARE = "flow_share"
"""Its share of what entered, in the state that lasts longest."""


def _share(logs: Logs, entered: int) -> Logs:
    """Of its value where it entered; of nothing where that is 0."""
    whole = logs[entered]
    return logs - whole if np.isfinite(whole) else np.full_like(logs, np.nan)


def _drawn_norm(logs: Logs) -> DrawnSignal:
    low, high = log_ends(logs)
    if low <= NEAR:
        low, high = min(low, FLOOR), max(high, 0.0)
    return DrawnSignal(logs, low, high, "log")


def log_ends(logs: Numbers) -> tuple[float, float]:
    """Whole powers of ten around logarithms, two apart at least."""
    finite = logs[np.isfinite(logs)]
    low = float(np.floor(finite.min())) if finite.size else 0.0
    high = float(np.ceil(finite.max())) if finite.size else 1.0
    return max(min(low, high - 2), -320.0), min(high, 308.0)


def linear_ends(values: Numbers) -> tuple[float, float]:
    """Round numbers around values, so that an axis rests while training goes on."""
    finite = values[np.isfinite(values)]
    low = float(finite.min()) if finite.size else 0.0
    high = float(finite.max()) if finite.size else 1.0
    step = round_step((high - low) or abs(high) or 1.0)
    low, high = float(np.floor(low / step) * step), float(np.ceil(high / step) * step)
    return low, high if high > low else low + step


def reach_of(values: Numbers) -> float:
    """The largest magnitude, rounded up so that the scale rests while training goes on."""
    largest = float(np.abs(values[np.isfinite(values)]).max(initial=0.0)) or 1.0
    step = round_step(largest, parts=3)
    return max(1.0, float(np.ceil(largest / step) * step))


def round_step(span: float, parts: int = 5) -> float:
    """The largest of 1, 2 and 5 times a power of ten that cuts `span` into at least `parts`.

    >>> [round_step(span) for span in (1.0, 3.0, 40.0)]
    [0.2, 0.5, 5.0]
    """
    power = 10.0 ** np.floor(np.log10(span / parts))
    return float(max(m * power for m in (1, 2, 5) if m * power <= span / parts * (1 + 1e-9)))
