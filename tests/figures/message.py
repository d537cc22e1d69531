"""What the browser reads of a message: the other half of `lstm_viz.figures.packing`."""

import json
from typing import Any

import numpy as np
import numpy.typing as npt

from lstm_viz.figures.packing import LEVELS, Codes, Numbers


def unpack(data: bytes) -> tuple[dict[str, Any], list[npt.NDArray[Any]]]:
    """Header and arrays of what `pack` packed."""
    start = 4 + int.from_bytes(data[:4], "little")
    header: dict[str, Any] = json.loads(data[4:start])
    return header, [
        np.frombuffer(
            data, part["type"], count=int(np.prod(part["shape"])), offset=start + part["offset"]
        ).reshape(part["shape"])
        for part in header["arrays"]
    ]


def restore(codes: Codes, low: Any, high: Any) -> Numbers:
    """The middle of each code's level, NaN for code 0."""
    middle = low + (codes.astype(np.float64) - 0.5) * ((high - low) / LEVELS)
    return np.where(codes == 0, np.nan, middle)
