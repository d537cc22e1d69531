"""Numbers that stand for nothing, -999: asked, never assumed."""

from collections.abc import Sequence

import numpy as np

from lstm_viz.data.series import Rows

STRANGE = (-200, -99, -99.9, -99.99, -999, -999.9, -999.99, -9999, -9999.9, -99999, -999999, -888,
           -8888, -777, -7777, -6999, 99.99, 999, 999.9, 9999, 9999.9, 99999, 999999, 9999999, 8888,
           -32768, 32767, 65535, -2147483648, 2147483647, -1e30, 1e20, 1e30)  # fmt: skip
"""Numbers that loggers and archives write for nothing."""
LEAST_TIMES = 3
"""How often any other number is there that may stand for nothing."""
LEAST_OTHERS = 5
"""Unlike numbers that must be there besides."""
FAR = 2.0
"""How far from them it is, the width of all of them being 1."""


def sentinels_in(values: Rows) -> Sequence[tuple[float, int]]:
    """Numbers that may stand for nothing, and how often each is there: far from all others.

    >>> sentinels_in(np.array([1.4, 1.6, -200, 2.0, 1.8, -200]))
    [(-200.0, 2)]
    """
    known = values[np.isfinite(values)]
    far_off = _far_off(known)
    strange = [each for each in STRANGE if each not in far_off and (known == each).any()]
    others = known[~np.isin(known, (*strange, *far_off))]
    found = [*far_off.items()]
    if not strange or len(others) < 2:
        return found
    low, high = float(others.min()), float(others.max())
    span = max(high - low, 1e-9)
    for each in strange:
        far = max(low - each, each - high)
        edge = np.quantile(others, (0.05, 0.95))
        usual = max(float(edge[1] - edge[0]), 1e-9)
        if far > 0 and (far > span or far > 3 * usual or (each < 0 <= low and far > 0.5 * span)):
            found.append((float(each), int((known == each).sum())))
    return found


def _far_off(known: Rows) -> dict[float, int]:
    """The least and the greatest number, if it is there again and again and far from all others."""
    found = {}
    for each in {float(known.min()), float(known.max())} if len(known) else ():
        count = int((known == each).sum())
        if not LEAST_TIMES <= count <= len(known) / 2:
            continue
        others = known[known != each]
        low, high = float(others.min()), float(others.max())
        far = max(low - each, each - high)
        if far > FAR * (high - low) and len(np.unique(others)) >= LEAST_OTHERS:
            found[each] = count
    return found
