"""Whether what was replayed is what was measured."""

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
import torch

from lstm_viz.errors import UnsupportedModelError
from lstm_viz.instruments.recording import Recording
from lstm_viz.models.cell import Array
from lstm_viz.words import N_

Mask = npt.NDArray[np.bool_]

TOLERANCE: Mapping[torch.dtype, float] = {torch.float64: 1e-6, torch.float32: 1e-2}
"""How far a layer's output may be from its equations: CUDA's float32 is TF32 inside."""
TOLERANCE_OF_HALVES = 1e-1


def check(recording: Recording, replayed: Array, measured: Array) -> None:
    """Raise UnsupportedModelError where a layer's output does not follow from its equations."""
    if _apart(recording, replayed, measured).any():
        raise UnsupportedModelError(
            N_("The layer {layer} gives other values than its equations do, so what is "
               "inside it cannot be shown. Take away what changes its weights or its "
               "output, or draws random numbers just before it."),
            layer=repr(recording.layer),
        )  # fmt: skip


def check_last(recording: Recording, replayed: Sequence[Array], measured: Sequence[Array]) -> None:
    """Raise UnsupportedModelError where the equations do not lead to the layer's own h_n or c_n.

    A half-precision c_t that counts stops where its steps become smaller than its rounding,
    while h_t = o_t tanh(c_t) still looks right.
    """
    for state, last, own in zip(("h", "c", "inner c"), replayed, measured, strict=False):
        apart = _apart(recording, last, own)
        if apart.any():
            raise UnsupportedModelError(
                N_("The layer {layer} ended at {state} = {own:.4g} where its equations give "
                   "{replayed:.4g}: {dtype} rounds too coarsely for it. Run the layer in float32, "
                   "or use 'trace' with its default 'dtype', float64."),
                layer=repr(recording.layer), state=state, own=float(own[apart][0]),
                replayed=float(last[apart][0]), dtype=_precision(recording),
            )  # fmt: skip


def _apart(recording: Recording, replayed: Array, measured: Array) -> Mask:
    allowed = TOLERANCE.get(recording.outputs[0].dtype, TOLERANCE_OF_HALVES)
    allowed = TOLERANCE_OF_HALVES if recording.autocast else allowed
    # NaN is never far: a run that diverged is worth a look.
    apart: Mask = np.abs(replayed - measured) > allowed * (1.0 + np.abs(measured))
    return apart


def _precision(recording: Recording) -> str:
    return "autocast" if recording.autocast else str(recording.outputs[0].dtype).split(".")[-1]
