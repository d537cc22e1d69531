"""What a trace's name and lengths say: which way the layer ran, which steps a sample has."""

from typing import Any

import numpy as np
import numpy.typing as npt

Mask = npt.NDArray[np.bool_]


def measured_steps(layer: Any) -> Mask:
    """(B, T): whether a sample has a step; all of them but in a packed batch."""
    B, T, _ = layer.hidden.shape
    lengths = getattr(layer, "lengths", None)
    if lengths is None:
        return np.ones((B, T), bool)
    return np.asarray(np.arange(T) < np.asarray(lengths)[:, None])


def of_steps(layer: Any, values: npt.NDArray[np.floating]) -> npt.NDArray[np.floating]:
    """(N, U): values (B, T, U) of all steps that samples have, one under the other."""
    if getattr(layer, "lengths", None) is None:
        return values.reshape(-1, values.shape[-1])
    return values[measured_steps(layer)]


def is_reverse(name: str) -> bool:
    """Whether the layer of this name ran from the last input to the first.

    >>> is_reverse("lstm.l0_reverse#2")
    True
    """
    return name.partition("#")[0].endswith("_reverse")
