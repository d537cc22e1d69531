"""Tables to prepare, and what comes of it."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from lstm_viz.data.dataset import Dataset
from lstm_viz.data.preparing.catalogue import ordered
from lstm_viz.data.preparing.prepare import Prepared, prepare
from lstm_viz.data.preparing.step import Step
from lstm_viz.data.reading.missing import series_from
from lstm_viz.data.reading.tables import Missing, Table, column_of
from lstm_viz.data.series import Series
from lstm_viz.data.windows import WindowSpec, cut
from lstm_viz.errors import LstmVizError

SPEC = WindowSpec(window=4, horizon=3, scaling="standard")


def table(
    *columns: Sequence[float], start: str = "2020-01-01", every: str = "h", dated: bool = True
) -> Table:
    """Columns a, b, ..., a row an hour."""
    named = [
        column_of(name, np.array(each, np.float64))
        for name, each in zip("abcd", columns, strict=False)
    ]
    index = pd.date_range(start, periods=len(columns[0]), freq=every).to_numpy() if dated else None
    return Table("own.csv", len(columns[0]), tuple(named), "time" if dated else "", index)


def prepared(
    source: Table, *steps: Step, targets: int = 1, missing: Missing = "interpolate"
) -> Prepared:
    chosen = [column.name for column in source.columns]

    def fill(read: Table, at: Sequence[int]) -> Series:
        return series_from(read, chosen, (), missing, at)

    return prepare(source, chosen, targets, ordered(steps), SPEC, fill)


def series_of(source: Table, *steps: Step, **how: object) -> Series:
    result = prepared(source, *steps, **how).result  # type: ignore[arg-type]
    assert isinstance(result, Series), str(result)
    return result


def problem_of(source: Table, *steps: Step) -> str:
    result = prepared(source, *steps).result
    assert isinstance(result, LstmVizError)
    return str(result)


def dataset_of(source: Table, *steps: Step, targets: int = 1, **how: object) -> Dataset:
    made = series_of(source, *steps, targets=targets, **how)
    return cut(made, made.columns[:targets], SPEC, made.columns[targets:])


def noise(rows: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=rows).cumsum() + 50
