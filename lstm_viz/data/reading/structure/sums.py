"""Whether a row that is called a total is one."""

import re
from collections.abc import Sequence

import numpy as np

from lstm_viz.data.reading.cells.columns import Row
from lstm_viz.data.reading.cells.numbers import as_float

TOTAL = re.compile(r"total|totals|sum|summe|gesamt|insgesamt|suma|somme|totale", re.I)
NEAR = 0.02
"""How far a rounded total may be from the sum."""


def only_called_so(row: Row, above: Sequence[Row]) -> bool:
    """Whether a last row is called Total as a brand is: no number in it is the sum, the mean or an
    extreme of those above, which are plain.

    >>> rows = [Row(k, ["x", str(v)]) for k, v in enumerate((100, 120, 150))]
    >>> [only_called_so(Row(3, ["Total", told]), rows) for told in ("45", "370")]
    [True, False]
    """
    if len(above) < 2 or not TOTAL.fullmatch(str(row.cells[0]).strip()):
        return False
    tested = False
    for place in range(1, len(row.cells)):
        told = as_float(row.cells[place])
        column = [as_float(each.cells[place]) for each in above if place < len(each.cells)]
        values = np.array([each for each in column if each is not None])
        if told is None or len(values) < len(above):
            if row.cells[place] not in ("", None):
                return False
            continue
        sums = (values.sum(), values.sum() / 2, values.mean(), values.min(), values.max())
        if any(abs(told - each) <= NEAR * max(abs(each), 1e-9) for each in sums):
            return False
        tested = True
    return tested
