"""A layer's trace in a few numbers: saturation, time constants, how far gradients get."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from lstm_viz.measures.alarm_thresholds import AlarmThresholds
from lstm_viz.measures.gates import saturation, time_constants
from lstm_viz.measures.packed import Mask, is_reverse, measured_steps
from lstm_viz.models.cells import cell_of

NUMBERS = (
    "saturation", "time_constant_median", "time_constant_longest", "gradient_first_over_last",
    "dead_units",
)  # fmt: skip


def layer_summary(name: str, layer: Any) -> dict[str, Any]:
    """One layer of a trace, by the names of the columns; NaN for what it has not, and for what
    cannot be said because states or gates are no finite numbers, or there is no sample.

    - `saturation`: share of all values of its gates, but for candidates, below 0.1 or above 0.9.
    - `time_constant_median`, `time_constant_longest`: over the units, in steps.
    - `gradient_first_over_last`: ‖dL/dh‖ at the first step of the run over that at its last one,
      each averaged over the samples; of a packed batch at each sample's own.
    - `dead_units`: those whose h is the same at all steps of all samples.
    """
    steps = measured_steps(layer)
    _B, T, H = layer.hidden.shape
    found: dict[str, Any] = {"layer": name, "kind": layer.kind, "T": T, "H": H}
    found |= dict.fromkeys(NUMBERS, np.nan)
    if not steps.any():
        return found
    gates = [*_gates(layer, steps).values()]
    if gates and all(np.isfinite(gate).all() for gate in gates):
        found["saturation"] = float(np.mean([np.add(*saturation(gate)) for gate in gates]))
    kept = kept_share(layer)
    if kept is not None:
        tau = time_constants(kept[steps])
        found["time_constant_median"] = float(np.median(tau))
        found["time_constant_longest"] = float(tau.max())
    found["gradient_first_over_last"] = _first_over_last(name, layer, steps)
    hidden = layer.hidden[steps]
    if np.isfinite(hidden).all():  # one step says nothing of what stays the same
        dead = np.ptp(hidden, axis=0) <= AlarmThresholds().dead_range
        found["dead_units"] = int(dead.sum()) if len(hidden) > 1 else 0
    return found


def kept_share(layer: Any) -> npt.NDArray[np.float64] | None:
    """(B, T, H): the share of its old state that each unit keeps; None where there is none.

    Of a registered cell, the gate that was named so. Raises ConfigError for an unknown kind.
    """
    if is_registered(layer):
        return layer.gates.get(layer.options["keeps"])  # type: ignore[no-any-return]
    return cell_of(layer.kind).kept(layer.gates, layer.options)


def is_registered(layer: Any) -> bool:
    """Whether its cell is somebody's own, told by `register_cell`."""
    return "keeps" in layer.options


def layer_scalars(name: str, layer: Any) -> dict[str, float]:
    """The numbers of `layer_summary` that there are, and each gate's saturation, for a logger."""
    row, steps = layer_summary(name, layer), measured_steps(layer)
    numbers = {key: float(row[key]) for key in NUMBERS}
    for gate, values in _gates(layer, steps).items():
        if not (values.size and np.isfinite(values).all()):
            continue
        left, right = saturation(values)
        numbers[f"{gate}_left"], numbers[f"{gate}_right"] = float(left.mean()), float(right.mean())
    return {f"{name}/{key}": number for key, number in numbers.items() if not np.isnan(number)}


def _gates(layer: Any, steps: Mask) -> Mapping[str, npt.NDArray[np.float64]]:
    """(N, H) each, of the steps that there are; not the candidates."""
    return {gate: values[steps] for gate, values in layer.gates.items() if "candidate" not in gate}


def _first_over_last(name: str, layer: Any, steps: Mask) -> float:
    if layer.grad_hidden is None:
        return np.nan
    norms, samples = layer.grad_norm("hidden"), np.arange(len(steps))
    first, last = norms[:, 0], norms[samples, steps.sum(axis=1) - 1]
    if is_reverse(name):
        first, last = last, first
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        return float(first.mean() / last.mean())
