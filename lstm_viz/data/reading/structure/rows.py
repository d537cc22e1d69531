"""Tables whose rows are in memory: the sheets of a workbook, lists in JSON."""

import datetime
from collections.abc import Sequence
from typing import Any

import pandas as pd

from lstm_viz.data.reading.ceilings import MAX_VALUES, check_table
from lstm_viz.data.reading.cells.columns import Row
from lstm_viz.data.reading.cells.decimals import decimal_of
from lstm_viz.data.reading.cells.kinds import is_missing, only_names
from lstm_viz.data.reading.found import Found, no_rows
from lstm_viz.data.reading.how import How
from lstm_viz.data.reading.structure import layout as layouts

HEAD, TAIL = 400, 200


def tabulate(rows: Sequence[Sequence[Any]], filename: str, how: How, **facts: Any) -> Found:
    """The table in rows of cells. Raises DataError where there is none."""
    numbered = [Row(number, cells) for number, cells in enumerate(rows)]
    whole = len(numbered) <= HEAD
    found = layouts.find(numbered[:HEAD], numbered[-TAIL:], how, whole=whole)
    if found is None:
        raise no_rows(filename, rows[:HEAD])
    told = how.skipped
    body = [
        cells
        for number, cells in enumerate(rows[found.start : found.stop], found.start)
        if number not in told and any(cell not in ("", None) for cell in cells)
    ]
    check_table(filename, len(body), found.width, MAX_VALUES)
    columns = [[cells[p] if p < len(cells) else None for cells in body] for p in range(found.width)]
    decimal = how.decimal or _decimal(columns)
    kept = [
        p
        for p, cells in enumerate(columns)
        if found.names[p] or any(c not in ("", None) for c in cells)
    ]
    start = kept[0] if kept else 0
    return Found(
        frame=framed([columns[p] for p in kept if p >= start]),
        names=tuple(found.names[p] for p in kept if p >= start),
        **found.told(how, ((row.number, _line(row.cells)) for row in numbered)),
        units={kept.index(p): unit for p, unit in found.units.items() if p in kept},
        decimal=decimal,
        **facts,
    )


def _line(cells: Sequence[Any]) -> str:
    return " | ".join("" if cell is None else str(cell) for cell in cells[:40])


def _decimal(columns: Sequence[Sequence[Any]]) -> str:
    words = [[cell for cell in cells[:HEAD] if isinstance(cell, str)] for cells in columns]
    return decimal_of(words, ";")[0]


def framed(columns: Sequence[Sequence[Any]]) -> pd.DataFrame:
    """Columns of equal length, counted from 0."""
    return pd.DataFrame({place: _column(cells) for place, cells in enumerate(columns)})


def _column(cells: Any) -> pd.Series:
    """Cells as they are, those that stand for nothing as nothing."""
    if not isinstance(cells, list):
        return pd.Series(cells)
    named = only_names(cells)
    plain = [
        None if isinstance(c, str) and (not c or (is_missing(c) and not named)) else c
        for c in cells
    ]
    column = pd.Series(plain, dtype=object)
    kinds = {type(cell) for cell in plain} - {type(None)}
    if kinds <= {datetime.date, datetime.datetime} and kinds:
        return pd.to_datetime(column, errors="coerce")
    return column if kinds & {str, datetime.time, datetime.timedelta} else column.infer_objects()
