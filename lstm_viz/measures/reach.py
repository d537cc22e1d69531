"""How far back in the sequence the gradient reaches."""

import numpy as np
import numpy.typing as npt

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
