"""What is wrong in one layer: its states, gates, gradient, units."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

from lstm_viz.measures.alarm_thresholds import AlarmThresholds
from lstm_viz.measures.gradient_flow import lasting
from lstm_viz.measures.packed import is_reverse, measured_steps, of_steps
from lstm_viz.measures.spelling import percent, share
from lstm_viz.numerals import numeral

Numbers = npt.NDArray[np.floating]
Found = Iterator[tuple[float, str, dict[str, Any]]]
"""(number, which sentence, what fills it)."""


def _not_finite(name: str, layer: Any, _: AlarmThresholds) -> Found:
    """Hidden states that are NaN or infinite, and where they begin in the order of the run."""
    finite = np.isfinite(layer.hidden)
    if finite.all():
        return
    steps = measured_steps(layer)
    wrong = ~finite & steps[..., None]
    if wrong.any():
        at = np.flatnonzero(wrong.any(axis=(0, 2)))
        share = float(wrong[steps].mean())
        step = int(at[-1] if is_reverse(name) else at[0])
        yield share, "state", {"share": percent(share), "step": step}


def _stuck(_name: str, layer: Any, thresholds: AlarmThresholds) -> Found:
    """Gates that are open or shut at nearly all steps in many units."""
    near = thresholds.near
    for gate, values in layer.gates.items():
        if gate.endswith("candidate"):
            continue
        at_steps = of_steps(layer, values)
        for end, edge, there in (
            ("open", 1 - near, at_steps > 1 - near),
            ("shut", near, at_steps < near),
        ):
            if not there.any():
                continue
            share = float((there.mean(axis=0) >= thresholds.stuck_steps).mean())
            if share > 0 and share >= thresholds.stuck_units:
                yield share, f"gate {end}", {
                    "gate": gate.replace("_", " "), "share": percent(share), "edge": numeral(edge),
                    "steps": f"{thresholds.stuck_steps:.0%}",
                }  # fmt: skip


def _vanished(name: str, layer: Any, thresholds: AlarmThresholds) -> Found:
    """Steps at the beginning of the run at which nothing arrives, in any example."""
    measured = _gradient(name, layer)
    if measured is None:
        return
    norms, entered, reverse = measured
    T = norms.shape[1]
    whole = norms[np.arange(len(norms)), entered]
    known = (whole > 0) & np.isfinite(norms).all(axis=1)
    shares = norms[known] / whole[known, None]
    if not len(shares) or shares[:, 0].max() >= thresholds.gradient:  # it arrives at every step
        return
    shares[np.arange(T) > entered[known, None]] = -np.inf
    arrives = np.flatnonzero(shares.max(axis=0) >= thresholds.gradient)
    count = int(arrives[0]) if len(arrives) else 0
    if count:
        place = T - count if reverse else count - 1
        yield float(count), "gradient", {
            "least": share(thresholds.gradient), "count": count, "steps": T, "step": place,
        }  # fmt: skip


def _gradient(name: str, layer: Any) -> tuple[Numbers, npt.NDArray[np.int64], bool] | None:
    """Norms (B, T) and where they enter (B,), in the order of the run; whether that is turned."""
    if hasattr(layer, "log_grad_hidden"):  # a frame
        if not layer.flow_norms:  # of a layer that is called step by step
            return None
        entered, reverse = layer.flow_from, layer.reverse
        norms = layer.flow_norms[lasting(layer.flow_norms, entered)]
    elif layer.grad_hidden is None:
        return None
    else:
        norms = layer.grad_norm("hidden" if layer.grad_cell is None else "cell")
        norms = np.where(measured_steps(layer), norms, 0.0)  # nothing is beyond a sample's end
        entered, reverse = np.nan_to_num(norms).argmax(axis=1), is_reverse(name)
    if reverse:
        return norms[:, ::-1], norms.shape[1] - 1 - entered, True
    return norms, entered, False


def _dead(_name: str, layer: Any, thresholds: AlarmThresholds) -> Found:
    """Units whose hidden state never changes."""
    hidden = of_steps(layer, layer.hidden)
    if len(hidden) < 2:
        return
    with np.errstate(invalid="ignore"):  # inf - inf
        ranges = np.ptp(hidden, axis=0)
    share = float((ranges <= thresholds.dead_range).mean())
    if share > 0 and share >= thresholds.dead_units:
        yield share, "dead", {"share": percent(share)}


JUDGES = (_not_finite, _stuck, _vanished, _dead)
"""Each takes a layer's name, its trace or frame, and the thresholds."""
