"""The frames of a film as they travel: heat maps as codes between each unit's own ends."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from lstm_viz.figures.drawn_frames import DrawnFrame, DrawnSignal
from lstm_viz.figures.packing import LEVELS, pack, quantise


def frame_message(topic: str, frame: DrawnFrame, epoch: float, loss: float) -> bytes:
    """One frame for all who watch a topic of the feed."""
    arrays: list[npt.NDArray[Any]] = []
    header = {
        "topic": topic,
        "clock": [frame.step, epoch, loss if np.isfinite(loss) else None],
        "signals": describe_signals([frame], arrays),
    }
    return pack(header, arrays)


def describe_signals(sent: Sequence[DrawnFrame], arrays: list[npt.NDArray[Any]]) -> dict[str, Any]:
    """The frames' signals, stacked: (frames, U, T) codes or (frames, T) float32.

    What they bring along is added to `arrays`.
    """
    described: dict[str, Any] = {}
    for name in sent[0].signals if sent else ():
        signals = [frame.signals[name] for frame in sent]
        described[name] = {
            "array": len(arrays),
            "scale": signals[0].scale,
            "ends": [[each.low, each.high] for each in signals],
        }
        if signals[0].values.ndim == 1:
            arrays.append(np.stack([np.asarray(each.values, np.float32) for each in signals]))
            continue
        levels = [_levels(signal) for signal in signals]
        arrays.append(np.stack([codes for codes, _ends in levels]))
        described[name]["rows"] = len(arrays)
        arrays.append(np.stack([ends for _codes, ends in levels]))
    return described


def _levels(signal: DrawnSignal) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.float32]]:
    """(U, T) codes between each unit's own lowest and highest value, and these (U, 2).

    On a log scale the first code is what is exactly 0, and of nothing else.
    """
    values = np.asarray(signal.values, np.float64)
    known = np.isfinite(values)
    low = np.where(known, values, np.inf).min(axis=1, initial=np.inf)
    high = np.where(known, values, -np.inf).max(axis=1, initial=-np.inf)
    low, high = np.where(known.any(axis=1), [low, high], [[signal.low], [signal.high]])
    high = np.maximum(high, low + 1e-6 * np.maximum(np.abs(low), 1e-3))  # a unit that rests
    if signal.scale == "log":
        low = low - (high - low) / (LEVELS - 2)
    ends = np.stack([low, high], axis=1).astype(np.float32)
    codes = quantise(values, ends[:, :1], ends[:, 1:])
    if signal.scale == "log":
        codes = np.where(np.isneginf(values), 1, np.where(known, np.maximum(codes, 2), codes))
    return codes.astype(np.uint8), ends
