"""Which columns say when: one of moments, or a day and a time of day, or a year, a month, a day."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from lstm_viz.data.reading.cells.numbers import Numbers
from lstm_viz.data.reading.cells.units import day_comes_first
from lstm_viz.data.reading.how import How
from lstm_viz.data.reading.moments import epochs, hours, parts
from lstm_viz.data.reading.moments.calendars import month_of
from lstm_viz.data.reading.moments.epochs import YEAR_WORDS
from lstm_viz.data.reading.moments.order import best_of
from lstm_viz.data.reading.moments.times import Times, times_in
from lstm_viz.data.series import Rows
from lstm_viz.errors import DataError
from lstm_viz.words import N_

MOST_TRIED = 20
"""Columns of words that are tried as times."""
HALF = re.compile(r"^\s*[ap]\.? ?m\.?\s*$", re.I)
HOURS_IN_A_DAY = 24
Read = Mapping[int, Numbers | None]


@dataclass(frozen=True, eq=False)
class When:
    """The moments of a table's rows, and the columns that tell them."""

    times: Times
    places: tuple[int, ...]


class Finder:
    """Looks for the columns that say when."""

    def __init__(
        self,
        frame: pd.DataFrame,
        names: Sequence[str],
        read: Read,
        how: How,
        units: Mapping[int, str],
        *,
        workbook: bool,
    ) -> None:
        self.frame, self.names, self.read, self.how = frame, names, read, how
        self.units, self.workbook = units, workbook
        self._kept: dict[int, Times | None] = {}

    def find(self) -> When | None:
        """What is told, or what is found. Raises DataError for a column that holds no times."""
        if self.how.time is not None:
            return self._halved(self._told()) if self.how.time else None
        return self._halved(self._found())

    def _found(self) -> When | None:
        words = [place for place in range(self.frame.shape[1]) if self.read[place] is None]
        numeric = [p for p, numbers in self.read.items() if numbers is not None]
        first = self._moments(words[:MOST_TRIED]) or self._parts()
        if first is not None:
            return first
        for place in numeric:
            if (found := self._counted(place)) is not None:
                return self._with_clock(place, found, words)
        return None

    def years(self) -> When | None:
        """Years that begin anew, as where series are stacked: of one only if these are found."""
        for place, numbers in self.read.items() if self.how.time is None else ():
            if numbers is None or not YEAR_WORDS.match(self.names[place]):
                continue
            told = numbers.values
            if ((told % 1 == 0) & (told >= 1000) & (told <= 3000)).all():
                moments = (told.astype(np.int64) - 1970).astype("datetime64[Y]")
                return When(Times(moments.astype("datetime64[us]"), "year"), (place,))
        return None

    def times(self, place: int) -> Times | None:
        """The moments of a column of words or of moments."""
        if place not in self._kept:
            self._kept[place] = times_in(self.frame.iloc[:, place], self._day_first(place))
        return self._kept[place]

    def dates(self) -> dict[int, Times]:
        """Place -> the moments of columns of dates, of those with numbers by their names.

        None where the columns that say when are told.
        """
        if self.how.time is not None:
            return {}
        words = [place for place in range(self.frame.shape[1]) if self.read[place] is None]
        found = {place: self.times(place) for place in words[:MOST_TRIED]}
        found |= {p: self._counted(p) for p, n in self.read.items()
                  if n is not None and epochs.is_named_so(self.names[p])}  # fmt: skip
        return {place: times for place, times in found.items() if times is not None}

    def _day_first(self, place: int) -> bool | None:
        """What is told, or what the head of the column says."""
        head = f"{self.names[place]} {self.units.get(place, '')}"
        return day_comes_first(head) if self.how.day_first is None else self.how.day_first

    def _told(self) -> When:
        places = [self._place(each) for each in self.how.time or ()]
        places = [place for place in places if not self._is_half(place)] or places
        named = {n: p for n, p in self._named().items() if p in places}
        as_they_stand = dict(zip((part for part, *_ in parts.UNNAMED), places, strict=False))
        tries = [self._told_together(places), self._told_together(places[::-1])]
        if len(places) > 1:
            tries = [self._put_together(named), *tries, self._put_together(as_they_stand)]
        for found in tries:
            if found is not None and {*found.places} == {*places}:
                return found
        used = set() if tries[0] is None else {*tries[0].places}
        used |= {place for place in places if self.times(place) is not None}
        known = used or {*named.values()} or {p for p in places if self.read[p] is not None}
        raise DataError(
            N_("The column '{column}' holds no times that can be read. Choose another."),
            column=self.names[next((p for p in places if p not in known), places[-1])],
        )

    def _told_together(self, places: Sequence[int]) -> When | None:
        """A day or moment, with the clock that is told with it."""
        times = self.times(places[0]) or self._counted(places[0], told=True)
        return None if times is None else self._with_clock(places[0], times, places[1:])

    def _is_half(self, place: int) -> bool:
        """Whether a column tells morning from afternoon."""
        column = self.frame.iloc[:, place]
        if self.read[place] is not None or not len(column) or not HALF.match(str(column.iloc[0])):
            return False
        return all(HALF.match(str(each)) for each in column.unique())

    def _halved(self, when: When | None) -> When | None:
        """With the column that tells morning from afternoon, of a clock of twelve hours."""
        halves = [p for p in range(len(self.names)) if self._is_half(p)]
        if when is None or not when.times.clock or not halves:
            return when
        times = when.times
        hours = times.values.astype("datetime64[h]").astype(np.int64) % HOURS_IN_A_DAY
        shown = hours[~np.isnat(times.values)]
        if not ((shown >= 1) & (shown <= 12)).all():
            return when
        late = self.frame.iloc[:, halves[0]].astype(str).str.lower().str.startswith("p").to_numpy()
        more = np.where(late, 12, 0) - np.where(hours == 12, 12, 0)
        since = more.astype("timedelta64[h]")
        made = times.changed(lambda moments: moments + since)
        return When(made, (*when.places, halves[0]))

    def _place(self, told: str | int) -> int:
        if isinstance(told, int) and 0 <= told < len(self.names):
            return told
        if told in self.names:
            return list(self.names).index(str(told))
        raise DataError(N_("There is no column called '{column}'. Choose another."), column=told)

    def _moments(self, words: Sequence[int]) -> When | None:
        """The first column of moments; a day alone goes with the time of day beside it."""
        days = [p for p in words if (t := self.times(p)) is not None and t.unit != "clock"]
        if not days:
            return None
        days = [p for p in days if self._steps(p).any()] or days
        run = (p for p in days if (s := np.sign(self._steps(p))).any() and np.ptp(s) < 2)
        place = next(run, days[0])
        times = self.times(place)
        assert times is not None
        return self._with_clock(place, times, words)

    def _steps(self, place: int) -> npt.NDArray[np.int64]:
        times = self.times(place)
        assert times is not None
        return np.diff(times.values[~np.isnat(times.values)]).astype(np.int64)

    def _with_clock(self, place: int, times: Times, words: Sequence[int]) -> When:
        """A day together with the time of day that stands nearest behind it, or before.

        Days that are there once each need none: then a column must be called one, or be told.
        """
        alone = When(times, (place,))
        if times.clock or times.unit != "day" or (self.how.time and not words):
            return alone
        once = len(np.unique(times.values)) == len(times.values)
        clocks = [p for p in words if (t := self.times(p)) is not None and t.unit == "clock"]
        if once and not self.how.time:
            clocks = [p for p in clocks if hours.NAMED.search(self.names[p])]
        for other in sorted(clocks, key=lambda p: (abs(p - place), p)):
            if (clock := self.times(other)) is not None:
                return When(_joined(times, clock), (place, other))
        told = words if self.how.time else [p for p, n in self.read.items() if n is not None]
        named = [(p, n.values) for p in told if (n := self.read[p]) is not None]
        found = hours.of_day(
            {p: (self.names[p], values) for p, values in named}, once=once and not self.how.time
        )
        return alone if found is None else When(_joined(times, found[0]), (place, *found[1]))

    def _counted(self, place: int, *, told: bool = False) -> Times | None:
        numbers = self.read[place]
        other = epochs.OTHER_WORDS.search(self.names[place])
        if numbers is None or (other and not told and not epochs.is_named_so(self.names[place])):
            return None
        first = told or place == min(p for p, n in self.read.items() if n is not None)
        leads = told or place == 0 or (first and place < 2)
        unit = self.units.get(place, "")
        own = (
            f"{self.names[place]} {unit}" if epochs.ASTRONOMERS.search(unit) else self.names[place]
        )
        name = f"time {own}" if told else own
        found = epochs.moments_in(
            numbers.values,
            name,
            first=leads,
            workbook=self.workbook,
            day_first=self._day_first(place),
        )
        years = told or {*range(1, 13)} <= {*map(month_of, self.names)}  # months side by side
        return found or epochs.years_in(numbers.values, "year" if years else name, first=leads)

    def _named(self) -> dict[str, int]:
        """The parts of a date by their names, that of periods by what its cells begin with."""
        named = parts.named(self.names)
        for place, name in enumerate(self.names):
            if "year" in named and not parts.enough(named) and parts.PERIOD.match(name):
                first = str(next(iter(self.frame.iloc[:, place]), ""))
                if (part := parts.LETTERS.get(first[:1].upper())) is not None:
                    named[part] = place
        return named

    def _parts(self) -> When | None:
        named = self._named()
        if parts.enough(named):
            return self._put_together(named)
        return self._put_together(parts.unnamed(self.names, self._part))

    def _put_together(self, named: Mapping[str, int]) -> When | None:
        told = {n: v for n, p in named.items() if (v := self._part(n, p)) is not None}
        unknown = np.zeros(len(self.frame), bool)
        for name in parts.IN_WORDS:  # what sums up a year is of no month
            if name in told and self.read[named[name]] is None:
                unknown |= np.isnan(told[name])
                told[name] = np.nan_to_num(told[name], nan=1)
        found = (
            None
            if unknown.mean() > 0.25
            else parts.put_together(told, once_too=self.how.time is not None)
        )
        if found is None:
            return None
        times, used = found
        times.values[unknown] = np.datetime64("NaT")
        return When(times, tuple(named[name] for name in used))

    def _part(self, name: str, place: int) -> Rows | None:
        numbers = self.read[place]
        if numbers is not None:
            return numbers.values
        return parts.in_words(name, self.frame.iloc[:, place])


def _joined(day: Times, clock: Times) -> Times:
    """The moments of a day and a time of day."""
    since = clock.values - np.datetime64("1970-01-01", "us")
    readings = [(day.first, day.values + since)]
    if day.other is not None:
        readings.append(("month" if day.first == "day" else "day", day.other + since))
    first, values, other = best_of(readings, usual=day.first)
    return replace(
        day,
        values=values,
        clock=True,
        zone=day.zone or clock.zone,
        zones=day.zones or clock.zones,
        first=first,
        other=other,
    )
