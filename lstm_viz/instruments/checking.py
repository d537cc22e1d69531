"""Whether what was replayed is what was measured."""

from collections.abc import Mapping

import numpy as np
import torch

from lstm_viz.errors import UnsupportedModelError
from lstm_viz.instruments.recording import Recording
from lstm_viz.models.cell import Array
from lstm_viz.words import N_

TOLERANCE: Mapping[torch.dtype, float] = {torch.float64: 1e-6, torch.float32: 1e-2}
"""How far a layer's output may be from its equations: CUDA's float32 is TF32 inside."""
TOLERANCE_OF_HALVES = 1e-1


def check(recording: Recording, replayed: Array, measured: Array) -> None:
    """Raise UnsupportedModelError where a layer's output does not follow from its equations."""
    allowed = TOLERANCE.get(recording.outputs[0].dtype, TOLERANCE_OF_HALVES)
    allowed = TOLERANCE_OF_HALVES if recording.autocast else allowed
    # NaN is never far: a run that diverged is worth a look.
    if (np.abs(replayed - measured) > allowed * (1.0 + np.abs(measured))).any():
        raise UnsupportedModelError(
            N_("The layer {layer} gives other values than its equations do, so what is "
               "inside it cannot be shown. Take away what changes its weights or its "
               "output, or draws random numbers just before it."),
            layer=repr(recording.layer),
        )  # fmt: skip
