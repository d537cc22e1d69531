"""What came of reading a file."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from lstm_viz.errors import DataError
from lstm_viz.words import N_, Sentence, _

if TYPE_CHECKING:
    import pandas as pd

Layout = Mapping[str, Any]
SHOWN = 5
"""Names in a sentence."""


@dataclass(frozen=True, eq=False)
class Reading:
    """What a file holds, how it was read, and what is doubtful about it."""

    name: str
    frame: "pd.DataFrame"
    """Columns of numbers, float64, NaN where missing; a DatetimeIndex where times were found, in
    their order, else a RangeIndex. Of several entities: each a column, or several, of its own."""
    entities: tuple[str, ...] = ()
    """Whose rows are stacked in a long table; empty of any other."""
    sequences: npt.NDArray[np.float64] | None = None
    """(N, T, D) of a file with a sequence a row, NaN beyond the end of a shorter one."""
    labels: npt.NDArray[Any] | None = None
    """(N,) the sequences' classes."""
    text: str | None = None
    """Of a text, and of no table; lines end in a line feed."""
    layout: Layout = field(default_factory=dict)
    """What was found, under the names by which it can be told, and more."""
    sentences: tuple[Sentence, ...] = ()
    """What is doubtful, was left out or changed, in any language."""
    proposed: tuple[str, ...] = ()
    """Columns worth a forecast, the best first."""
    left_out: tuple[str, ...] = ()
    """Names of the columns without numbers, those that say when or whose apart; said in `notes`."""
    stacked: "pd.DataFrame | None" = None
    """All rows of a long table, one entity after the other, each in the order of time."""
    codes: npt.NDArray[np.int64] | None = None
    """(rows,) of `stacked`: the place of the row's entity."""
    stacked_proposed: tuple[str, ...] = ()
    """Columns of one entity worth a forecast."""

    @property
    def notes(self) -> list[str]:
        """What is doubtful, was left out or changed, in the reader's language."""
        said = [str(each) for each in self.sentences]
        if self.left_out:
            names = ", ".join(f"'{name}'" for name in self.left_out[:SHOWN])
            more = ", …" if len(self.left_out) > SHOWN else ""
            said.append(_("Left out of the table: {names}.").format(names=names + more))
        return said

    def frame_of(self, entity: str) -> "pd.DataFrame":
        """The rows of one entity, in the order of time. Raises DataError for an unknown one."""
        if self.stacked is None or self.codes is None or entity not in self.entities:
            raise DataError(
                N_("'{file}' has no entity called '{entity}'. Choose one of: {known}."),
                file=self.name,
                entity=entity,
                known=", ".join(self.entities[:20]) or "-",
            )
        rows: pd.DataFrame = self.stacked[self.codes == self.entities.index(entity)]
        return rows
