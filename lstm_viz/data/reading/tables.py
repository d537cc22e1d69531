"""What the app learns from: a table of numbers with labelled rows, or a text."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal, get_args

import numpy as np
import numpy.typing as npt

from lstm_viz.data.reading.reading import Reading
from lstm_viz.data.reading.shape import counts
from lstm_viz.data.series import Labels, Rows
from lstm_viz.errors import DataError
from lstm_viz.words import N_, Sentence

if TYPE_CHECKING:
    import pandas as pd

Missing = Literal["interpolate", "previous", "mean", "drop"]
"""What becomes of missing values."""
MISSING: tuple[Missing, ...] = get_args(Missing)
Stacked = Literal["one", "columns", "sequences"]
"""What is learned from where several series are stacked: one of them, all beside each other, or all
one after the other, so that no window crosses two."""


@dataclass(frozen=True, eq=False)
class Column:
    """A column of numbers, as read."""

    name: str
    """The file's own text, which may hold HTML."""
    values: Rows
    """(rows,) NaN where missing, infinite where the file says so."""
    missing: int
    """How many are neither: NaN or infinite."""
    constant: bool
    """Whether all others are equal."""


@dataclass(frozen=True, eq=False)
class Table:
    """What a series can be made of."""

    name: str
    """Its file name."""
    rows: int
    columns: tuple[Column, ...]
    """At least one; the file's order."""
    index_name: str
    """Name of what labels the rows; `""` where there is none."""
    index: Labels | None
    """(rows,) float64 or datetime64, never decreasing."""
    facts: tuple[Sentence, ...] = ()
    """What was found or done that the user should know."""
    proposed: tuple[str, ...] = ()
    """Columns worth a forecast, the best first."""
    parts: Mapping[str, int] = field(default_factory=dict)
    """Series that are one after the other -> their rows; empty of one alone. `index` never
    decreases within each."""

    @property
    def each(self) -> "dict[str, Table]":
        """Each of the `parts` by itself."""
        made, start = {}, 0
        for name, count in self.parts.items():
            rows = slice(start, start + count)
            made[name] = replace(
                self,
                rows=count,
                columns=tuple(column_of(of.name, of.values[rows]) for of in self.columns),
                index=None if self.index is None else self.index[rows],
                parts={},
            )
            start += count
        return made

    @property
    def target(self) -> str:
        """The column that is forecast where none is chosen."""
        return next(iter(self.proposed), self.columns[0].name)


@dataclass(frozen=True)
class Text:
    """A plain text, to learn letter by letter."""

    name: str
    """Its file name."""
    text: str
    """At most `MAX_LETTERS` letters; lines end in a line feed."""
    encoding: str


@dataclass(frozen=True, eq=False)
class Labelled:
    """Sequences, each with its class."""

    name: str
    """Their file's name."""
    values: npt.NDArray[np.float64]
    """(N, T, D), finite."""
    labels: npt.NDArray[Any]
    """(N,)."""


def content_of(
    reading: Reading, entity: str = "", stacked: Stacked = "one"
) -> Table | Text | Labelled:
    """What a reading holds; where several series are stacked in it, of one of them, the first where
    none is named, or of all.

    A first column that only counts labels the rows where there are others.
    Raises DataError for an unknown entity, and for sequences without classes.
    """
    if reading.sequences is not None:
        return _labelled(reading, reading.sequences)
    if reading.text is not None:
        return Text(reading.name, reading.text, reading.layout.get("encoding", ""))
    if reading.stacked is None or reading.codes is None or stacked == "columns":
        return _table(reading, reading.frame, reading.proposed)
    if stacked == "one":
        frame = reading.frame_of(entity or reading.entities[0])
        return _table(reading, frame, reading.stacked_proposed)
    counts = np.bincount(reading.codes, minlength=len(reading.entities)).tolist()
    parts = dict(zip(reading.entities, counts, strict=True))
    return _table(reading, reading.stacked, reading.stacked_proposed, parts)


def _table(
    reading: Reading,
    frame: "pd.DataFrame",
    proposed: tuple[str, ...],
    parts: Mapping[str, int] | None = None,
) -> Table:
    parts = parts or {}
    columns = {str(name): frame[name].to_numpy() for name in frame}
    index, name = _labels(frame, reading), " + ".join(reading.layout.get("time", ()))
    first = next(iter(columns))
    ends = np.cumsum([*parts.values()] or [len(frame)])[:-1]
    if (
        index is None
        and len(columns) > 1
        and all(_only_counts(each) for each in np.split(columns[first], ends))
    ):
        index, name = columns.pop(first), first
    elif index is not None:  # an hour that comes twice
        index = np.concatenate([np.maximum.accumulate(each) for each in np.split(index, ends)])
    return Table(
        name=reading.name,
        rows=len(frame),
        columns=tuple(column_of(*each) for each in columns.items()),
        index_name=name if index is not None else "",
        index=index,
        facts=reading.sentences,
        proposed=tuple(each for each in proposed if each in columns),
        parts=parts,
    )


def _labelled(reading: Reading, values: npt.NDArray[np.float64]) -> Labelled:
    """Shorter sequences go on with their last value, gaps with the one before."""
    if reading.labels is None or len(np.unique(reading.labels)) < 2:
        raise DataError(
            N_(
                "'{file}' holds sequences without two classes to tell apart. Upload labelled "
                "sequences, or a table with one row per time step."
            ),
            file=reading.name,
        )
    known = np.isfinite(values)
    last = np.maximum.accumulate(np.where(known, np.arange(values.shape[1])[:, None], 0), axis=1)
    filled = np.nan_to_num(np.take_along_axis(values, last, axis=1), posinf=0.0, neginf=0.0)
    return Labelled(reading.name, filled, reading.labels)


def _only_counts(values: Rows) -> bool:
    """Whether a column counts up, evenly or in years, as labels do."""
    return counts(values) and bool(values[-1] > values[0])


def _labels(frame: "pd.DataFrame", reading: Reading) -> Labels | None:
    """(rows,) moments in UTC, or the years that they are."""
    import pandas as pd

    if not isinstance(frame.index, pd.DatetimeIndex):
        return None
    if reading.layout.get("time_unit") in ("year", "two years"):
        return frame.index.year.to_numpy(np.float64)
    moments = frame.index.tz_localize(None) if frame.index.tz else frame.index
    labels: Labels = moments.to_numpy()
    return labels


def column_of(name: str, values: Rows) -> Column:
    """A column with what is missing in it counted."""
    known = values[np.isfinite(values)]
    constant = not known.size or bool(known.min() == known.max())
    return Column(name, values, len(values) - known.size, constant)


def table_of(reading: Reading) -> Table:
    """`content_of` for where only a table will do: a text is refused."""
    content = content_of(reading)
    if not isinstance(content, Table):
        raise DataError(
            N_(
                "'{file}' is a text and holds no table of numbers. Give one with a column of plain "
                "numbers such as 12.5."
            ),
            file=reading.name,
        )
    return content
