"""A table on its way from cells to a reading."""

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from lstm_viz.data.reading.cells.numbers import Numbers
from lstm_viz.data.reading.moments.index import When
from lstm_viz.data.series import Rows
from lstm_viz.words import Sentence


@dataclass(eq=False)
class Table:
    """What is known of it so far."""

    filename: str
    frame: pd.DataFrame
    names: tuple[str, ...]
    numbers: dict[int, Numbers | None]
    when: When | None = None
    entity: tuple[int, ...] = ()
    notes: list[Sentence] = field(default_factory=list)
    ignored: set[int] = field(default_factory=set)
    mixed: bool = False
    """Whether a column's decimal mark may be another than the file's."""

    @property
    def values(self) -> dict[int, Rows]:
        """Place -> (N,) of the columns of numbers that neither say when nor whose."""
        used = {*self.ignored, *self.entity, *(self.when.places if self.when else ())}
        return {p: n.values for p, n in self.numbers.items() if n is not None and p not in used}

    def keep(self, rows: npt.NDArray[Any]) -> None:
        """Only those rows, in that order; places or truth values."""
        self.frame = self.frame.iloc[rows if rows.dtype != bool else np.flatnonzero(rows)]
        for place, each in self.numbers.items():
            if each is not None:
                self.numbers[place] = replace(each, values=each.values[rows])
        if self.when is not None:
            times = self.when.times.changed(lambda moments: moments[rows])
            self.when = When(times, self.when.places)

    def replace(self, place: int, cells: Any) -> None:
        """Other cells in a column."""
        self.frame = self.frame.copy()
        self.frame[self.frame.columns[place]] = cells

    def say(self, words: str, **facts: object) -> None:
        """Note a sentence; `words` are marked for translation."""
        self.notes.append(Sentence(words, facts))

    @property
    def words(self) -> tuple[str, ...]:
        """Names of the columns without numbers, those that say when or whose apart."""
        used = {*self.entity, *(self.when.places if self.when else ())}
        return tuple(
            name
            for place, name in enumerate(self.names)
            if self.numbers[place] is None
            and place not in used
            and not (name == f"column {place + 1}" and self.frame.iloc[:, place].isna().all())
        )

    def framed(self) -> pd.DataFrame:
        """The columns of numbers, with the moments as their index."""
        frame = pd.DataFrame({self.names[p]: values for p, values in self.values.items()})
        if self.when is not None:
            frame.index = _index_of(self.when)
        return frame


def _index_of(when: When) -> pd.DatetimeIndex:
    """The moments, with the zone that the file says, where it is known."""
    index = pd.DatetimeIndex(when.times.values)
    zone = when.times.zone
    if zone and zone[0] in "+-":
        return index.tz_localize(f"UTC{zone}")
    return index.tz_localize("UTC") if zone == "UTC" else index
