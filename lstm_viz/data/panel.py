"""Several series learned together: each cut and scaled by itself, so that no window crosses two."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import numpy.typing as npt

from lstm_viz.data.dataset import Dataset, Part, Scaler, Values
from lstm_viz.errors import DataError
from lstm_viz.words import N_

MOST_NUMBERS = 2**26
"""Numbers in the windows of a part: they are copied, 256 MB of float32."""


@dataclass(frozen=True)
class Member:
    """One of the series of a panel."""

    name: str
    rows: int
    split: int
    """The first of its own rows in its validation part, from 0."""
    test_split: int
    scaler: Scaler


@dataclass(frozen=True, eq=False)
class Panel(Dataset):
    """Series one after the other. The examples of a part are the first series' ones, then the next.

    Rows are counted through all of them. `split`, `test_split`, `scaler` and `rows` are those of
    the first series: what looks at one series takes it `alone`.
    """

    members: tuple[Member, ...] = ()

    @property
    def entities(self) -> tuple[str, ...]:
        return tuple(member.name for member in self.members)

    def alone(self, place: int = 0) -> Dataset:
        """One of the series as a dataset of its own."""
        member, start = self.members[place], int(self._starts[place])
        rows = slice(start, start + member.rows)
        shared = {each.name: getattr(self, each.name) for each in fields(Dataset)}
        return Dataset(
            **shared
            | {
                "values": self.values[rows],
                "index": None if self.index is None else self.index[rows],
                "levels": None if self.levels is None else self._levels(place, rows),
                "split": member.split,
                "test_split": member.test_split,
                "scaler": member.scaler,
            }
        )

    def _levels(self, place: int, rows: slice) -> npt.NDArray[np.float64]:
        assert self.levels is not None
        before = (self.levels.shape[1] - len(self.values)) // len(self.members)
        first, stop = rows.start + place * before, rows.stop + (place + 1) * before
        levels: npt.NDArray[np.float64] = self.levels[:, first:stop]
        return levels

    @property
    def _starts(self) -> npt.NDArray[np.int64]:
        """(E + 1,) the first row of each, and the number of all."""
        return np.cumsum([0, *(member.rows for member in self.members)])

    @property
    def _all(self) -> Iterator[Dataset]:
        return (self.alone(place) for place in range(len(self.members)))

    def rows(self, part: Part) -> slice:
        return self.alone().rows(part)

    def count(self, part: Part) -> int:
        return sum(each.count(part) for each in self._all)

    def origins(self, part: Part) -> npt.NDArray[np.int64]:
        pairs = zip(self._starts, self._all, strict=False)
        return np.concatenate([start + each.origins(part) for start, each in pairs])

    def part(self, part: Part) -> tuple[Values, Values]:
        """As of a series, and copied. Raises DataError for more than `MOST_NUMBERS`."""
        wanted = self.count(part) * (self.window + self.horizon) * self.values.shape[1]
        if wanted > MOST_NUMBERS:
            raise DataError(
                N_(
                    "The windows of all series together hold {got:,} numbers, and at most {most:,} "
                    "fit. Shorten the window or learn from one series."
                ),
                got=wanted,
                most=MOST_NUMBERS,
            )
        inputs, answers = zip(*(each.part(part) for each in self._all), strict=True)
        return np.concatenate(inputs), np.concatenate(answers)

    @property
    def raw(self) -> npt.NDArray[np.floating]:
        return np.concatenate([each.raw for each in self._all])

    @property
    def known_targets(self) -> npt.NDArray[np.float64]:
        return np.concatenate([each.known_targets for each in self._all])

    @property
    def unclipped(self) -> npt.NDArray[np.float64]:
        return np.concatenate([each.unclipped for each in self._all])

    def in_raw_units(
        self, answers: Values, origins: npt.NDArray[np.integer]
    ) -> npt.NDArray[np.floating]:
        """(n, horizon, K), each in the unit of the series that its origin is in."""
        starts, rows = self._starts, np.asarray(origins, np.int64)
        whose = np.searchsorted(starts, rows, side="right") - 1
        steps = answers.reshape(len(answers), -1, len(self.target_names))
        made = np.empty(steps.shape)
        for place in np.unique(whose):
            of = whose == place
            made[of] = self.alone(int(place)).in_raw_units(steps[of], rows[of] - starts[place])
        return made


def pooled(each: Mapping[str, Dataset]) -> Panel:
    """The panel of several series, by name, all of the same columns, windows and steps."""
    first = next(iter(each.values()))
    shared = {field.name: getattr(first, field.name) for field in fields(Dataset)}

    def joined(name: str, axis: int = 0) -> Any:
        arrays = [getattr(dataset, name) for dataset in each.values()]
        return None if arrays[0] is None else np.concatenate(arrays, axis=axis)

    together = {name: joined(name) for name in ("values", "index")} | {
        "levels": joined("levels", 1)
    }
    members = tuple(
        Member(name, len(of.values), of.split, of.test_split, of.scaler)
        for name, of in each.items()
    )
    return Panel(**shared | together, members=members)
