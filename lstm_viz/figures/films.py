"""The same rows at many moments of a training, as one film on one scale."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from lstm_viz.figures.strips import Heat, Lines, Row, UnitLines


def film(moments: Sequence[Sequence[Row]]) -> list[Row]:
    """The same rows at many moments as rows of a film, each on one scale throughout."""
    return [_filmed(row) for row in zip(*moments, strict=True)]


def _filmed(rows: tuple[Row, ...]) -> Row:
    first = rows[0]
    if isinstance(first, UnitLines):
        return first
    if isinstance(first, Heat):
        heats = [row for row in rows if isinstance(row, Heat)]
        return replace(
            first,
            values=np.stack([row.values for row in heats]),
            low=min(row.low for row in heats),
            high=max(row.high for row in heats),
        )
    columns = zip(*(row.lines for row in rows if isinstance(row, Lines)), strict=True)
    lines = [replace(at[0], values=np.stack([line.values for line in at])) for at in columns]
    return replace(first, lines=lines)
