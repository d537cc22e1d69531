"""How far back in the sequence the gradient reaches."""

import numpy as np
import numpy.typing as npt

from lstm_viz.training.frames import Frame

Numbers = npt.NDArray[np.floating]

THOUSANDTH = 1e-3


def reach(norms: Numbers, share: float = THOUSANDTH) -> int | None:
    """Steps back from the end at which a gradient norm (T,) first falls below `share` of its last.

    None where it never does within the sequence.

    >>> reach(np.array([1e-5, 1e-4, 1e-2, 1.0]))
    2
    """
    below = np.flatnonzero(norms[::-1] < share * norms[-1])
    return int(below[0]) if below.size else None


def through_time(frame: Frame) -> npt.NDArray[np.float64]:
    """(T,) ‖dL/dc_t‖₂, or ‖dL/dh_t‖₂ without a cell state: of the top layer, the geometric mean
    over the probe's examples.
    """
    layer = list(frame.layers.values())[-1]
    norms = layer.grad_hidden_norm if layer.grad_cell_norm is None else layer.grad_cell_norm
    norms = np.maximum(norms, np.finfo(np.float64).tiny)
    return np.asarray(np.exp(np.log(norms).mean(axis=0)))
