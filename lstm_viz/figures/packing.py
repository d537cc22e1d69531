"""How arrays travel to a component in the browser: one JSON header, then raw bytes.

4 bytes   length of the header, little-endian
header    JSON, UTF-8, padded with spaces to a multiple of 4
arrays    float32 first, then uint8; each with its offset and shape in the header
"""

import json
from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

Scale = Literal["linear", "log"]
Numbers = npt.NDArray[np.floating]
Codes = npt.NDArray[np.uint8]

LEVELS = 255
"""Codes 1..255 are values, 0 is what has none: NaN or infinite."""


def quantise(values: Numbers, low: Any, high: Any) -> Codes:
    """Values as codes 1..255: the middle of the level is off by at most (high - low) / 255 / 2.

    NaN and infinities become 0. The ends are numbers, or arrays that broadcast to the values.
    """
    numbers = np.asarray(values, np.float64)
    drawable = np.isfinite(numbers)
    with np.errstate(invalid="ignore"):
        level = np.clip(np.floor((numbers - low) * (LEVELS / (high - low))), 0, LEVELS - 1)
    return np.where(drawable, np.nan_to_num(level) + 1, 0).astype(np.uint8)


def logarithm(values: Numbers) -> npt.NDArray[np.float64]:
    """log10, with -inf for zero and NaN for what is negative."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.log10(np.asarray(values, np.float64)))


def pack(header: dict[str, Any], arrays: Sequence[npt.NDArray[Any]]) -> bytes:
    """Header and arrays as bytes; the places of the arrays are added to the header."""
    # float32 before uint8, so that every array starts where its type may start
    order = sorted(range(len(arrays)), key=lambda k: -arrays[k].itemsize)
    offsets, end = dict.fromkeys(order, 0), 0
    for k in order:
        offsets[k] = end
        end += arrays[k].nbytes
    header["arrays"] = [
        {"offset": offsets[k], "shape": array.shape, "type": array.dtype.name}
        for k, array in enumerate(arrays)
    ]
    text = json.dumps(header, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()
    text += b" " * (-len(text) % 4)
    bodies = (np.ascontiguousarray(arrays[k]).tobytes() for k in order)
    return len(text).to_bytes(4, "little") + text + b"".join(bodies)
