"""Charts with a mark for each unit, in an order of their own: a click on one picks it."""

from collections.abc import Collection

import altair as alt
import numpy as np
import pandas as pd

SIZES = 320, 80
"""Area of the mark of a pinned unit, and of another one."""


def sized(table: pd.DataFrame, pinned: Collection[int]) -> pd.DataFrame:
    """The same with `size`, larger for the `pinned` among the column `unit`, which holds words."""
    of_pinned = table["unit"].isin([str(unit) for unit in pinned])
    return table.assign(size=np.where(of_pinned, *SIZES))


def unit_axis(title: str) -> alt.X:
    """The units in the table's order, each by its number where there is room."""
    return alt.X(
        "unit:N",
        title=title,
        sort=None,
        axis=alt.Axis(labelAngle=0, labelOverlap="greedy"),
    )
