"""Labelled sequences: a sequence a row with its class beside it, or as a format holds them."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from lstm_viz.data.reading import shape
from lstm_viz.data.reading.cells.kinds import kind_of
from lstm_viz.data.reading.found import Found, Sequences
from lstm_viz.data.reading.how import How
from lstm_viz.data.reading.reading import Reading
from lstm_viz.data.reading.table import Table
from lstm_viz.data.series import Rows
from lstm_viz.words import N_, Sentence


def labelled(table: Table, found: Found, how: How, layout: dict[str, Any]) -> Reading | None:
    """A sequence a row, each with its class."""
    if how.time or how.entity or (found.header and how.header is None and not _only_counted(found)):
        return None
    width = _filled(table)
    words = [p for p, each in table.numbers.items() if each is None and p < width]
    if len(words) > 1 or not {*words} <= {0, width - 1}:
        return None
    known: dict[int, tuple[Rows, npt.NDArray[Any]]] = {p: _coded(table, p) for p in words}
    columns = [
        known[p][0] if each is None else each.values
        for p, each in table.numbers.items()
        if p < width
    ]
    values = np.stack(columns, axis=1)
    place = shape.label_place(values)
    if place is None or {*words} - {place}:
        return None
    labels = values[:, place].astype(np.int64)
    sequences = np.delete(values, place, axis=1)[:, :, None]
    said = N_(
        "Each row is a sequence of {steps:,} steps and the class is in column {place}: "
        "{count:,} sequences of {classes:,} classes."
    )
    facts = {"steps": sequences.shape[1], "place": place + 1, "count": len(labels)}
    return Reading(
        name=table.filename,
        frame=pd.DataFrame(dict(zip(table.names, values.T, strict=False))),
        sequences=sequences,
        labels=known[place][1][labels] if words else labels,
        layout=layout,
        sentences=(Sentence(said, {**facts, "classes": len(np.unique(labels))}),),
    )


def of_sequences(found: Sequences, filename: str, layout: dict[str, Any]) -> Reading:
    """The reading of sequences that a format holds as such."""
    labels = found.labels
    if labels is not None and labels.dtype.kind in "US" and all(map(str.isdigit, labels)):
        labels = labels.astype(np.int64)
    names = found.names or tuple(f"signal {p + 1}" for p in range(found.values.shape[2]))
    return Reading(
        name=filename,
        frame=pd.DataFrame(columns=list(names), dtype=np.float64),
        sequences=found.values,
        labels=labels,
        layout={**layout, "units": {}, **found.layout},
        sentences=found.notes,
    )


def _filled(table: Table) -> int:
    """How many columns there are before those at the end that hold nothing in any row."""
    width = len(table.names)
    while width and table.numbers[width - 1] is None:
        column = table.frame.iloc[:, width - 1]
        if not all(kind_of(cell) in ("empty", "missing") for cell in column.unique()):
            break
        width -= 1
    return width


def _coded(table: Table, place: int) -> tuple[Rows, npt.NDArray[Any]]:
    """((N,) a number for each word of a column, the words)."""
    codes, unlike = pd.factorize(table.frame.iloc[:, place])
    return codes.astype(np.float64), np.array([str(each) for each in unlike])


def _only_counted(found: Found) -> bool:
    """Whether names do no more than count the columns, but for one."""
    digits = [name.strip("abcdefghijklmnopqrstuvwxyz_[] ").isdigit() for name in found.names]
    return sum(digits) >= len(digits) - 1
