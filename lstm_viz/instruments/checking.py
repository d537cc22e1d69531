"""Whether what was replayed is what was measured."""

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
import torch

from lstm_viz.errors import UnsupportedModelError
from lstm_viz.instruments.recording import Recording
from lstm_viz.models.cell import Array
from lstm_viz.numerals import numeral
from lstm_viz.words import N_

Mask = npt.NDArray[np.bool_]

TOLERANCE: Mapping[torch.dtype, float] = {torch.float64: 1e-6, torch.float32: 1e-2}
"""How far a step's output may be from its equations: CUDA's float32 is TF32 inside."""
TOLERANCE_OF_HALVES = 1e-1
"""The sums before the nonlinearity are rounded, too, and may be large."""
ROUNDINGS = 16
"""In half precision, how many roundings the last state may be away from what led to it."""


class DisagreementError(UnsupportedModelError):
    """A layer gives other values than its equations do."""


def check(recording: Recording, replayed: Array, measured: Array) -> None:
    """Raise UnsupportedModelError where a layer's output does not follow from its equations."""
    dtype = _precision(recording)
    if not _apart(replayed, measured, TOLERANCE.get(dtype, TOLERANCE_OF_HALVES)).any():
        return
    if dtype not in TOLERANCE:
        raise DisagreementError(
            N_("The layer {layer} gives other values than its equations, as where {dtype} is too "
               "coarse for it. Run the layer in float32, or use 'trace', which takes float64."),
            layer=recording.shown, dtype=_written(recording),
        )  # fmt: skip
    raise DisagreementError(
        N_("The layer {layer} gives other values than its equations, so it cannot be shown. Take "
           "away what changes its weights or output, or draws random numbers just before it."),
        layer=recording.shown,
    )  # fmt: skip


def check_last(recording: Recording, replayed: Sequence[Array], measured: Sequence[Array]) -> None:
    """Raise UnsupportedModelError where what was found does not lead to the layer's own h_n or c_n.

    c_t can be another one while h_t = o_t tanh(c_t) still looks right.
    """
    for state, last, own in zip(("h", "c", "inner c"), replayed, measured, strict=False):
        apart = _apart(last, own, tolerance_at_the_end(recording))
        if apart.any():
            raise DisagreementError(
                N_("The layer {layer} ended at {state} = {own}, by its equations at {replayed}: "
                   "{dtype} is too coarse for it. Run the layer in float32, or use 'trace', "
                   "which takes float64."),
                layer=recording.shown, state=state, own=numeral(float(own[apart][0]), 4),
                replayed=numeral(float(last[apart][0]), 4), dtype=_written(recording),
            )  # fmt: skip


def tolerance_at_the_end(recording: Recording) -> float:
    """How far a last state may be from what led to it."""
    dtype = _precision(recording)
    return TOLERANCE[dtype] if dtype in TOLERANCE else ROUNDINGS * torch.finfo(dtype).eps / 2


def _apart(replayed: Array, measured: Array, allowed: float) -> Mask:
    # NaN is never far: a run that diverged is worth a look.
    apart: Mask = np.abs(replayed - measured) > allowed * (1.0 + np.abs(measured))
    return apart


def _precision(recording: Recording) -> torch.dtype:
    return recording.autocast or recording.outputs[0].dtype


def _written(recording: Recording) -> str:
    return "autocast" if recording.autocast else str(_precision(recording)).split(".")[-1]
