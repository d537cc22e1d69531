"""What happened inside one recurrent layer at every time step, as plain arrays."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

Array = npt.NDArray[np.float64]
State = Literal["hidden", "cell"]


@dataclass(frozen=True)
class LayerTrace:
    """One layer over one batch; every array is batch-first, its time axis the input's.

    Shapes: B samples, T time steps, D input features, H hidden units.
    """

    kind: str
    """`"rnn_tanh"`, `"rnn_relu"`, `"lstm"` or `"gru"`."""
    input: Array
    """(B, T, D): x_t as this layer received it."""
    hidden: Array
    """(B, T, H): h_t."""
    cell: Array | None
    """(B, T, H): c_t; None outside the LSTM family."""
    gates: Mapping[str, Array]
    """Name -> (B, T, H): activations, after the nonlinearity."""
    grad_hidden: Array | None = None
    """(B, T, H): the total derivative dL/dh_t, through the output and every later step."""
    grad_cell: Array | None = None
    """(B, T, H): the total derivative dL/dc_t."""
    grad_gates: Mapping[str, Array] | None = None
    """Name -> (B, T, H): dL/d(pre-activation) of each gate."""
