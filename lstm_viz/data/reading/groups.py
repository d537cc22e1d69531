"""What a pattern takes out of each cell of a column, as numbers."""

import re
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from lstm_viz.data.reading.calendars import ZONES, month_of

Wholes = npt.NDArray[np.int64]


class Clock(NamedTuple):
    """Times of day."""

    since: npt.NDArray[np.timedelta64]
    """(N,) since midnight; 0 where none is told."""
    told: bool
    """Whether any is."""
    wrong: npt.NDArray[np.bool_]
    """(N,) whether it is none that a clock shows."""


class Groups:
    """The groups of one pattern: name -> (N,) text, empty where nothing was matched."""

    def __init__(self, words: Any, pattern: str) -> None:
        import pyarrow.compute as pc

        found = pc.extract_regex(words, pattern)
        names = [found.type.field(at).name for at in range(found.type.num_fields)]
        self._cells = {
            n: pc.fill_null(pc.struct_field(found, [p]), "") for p, n in enumerate(names)
        }
        self.count = len(words)

    def __contains__(self, name: str) -> bool:
        return name in self._cells

    def numbers(self, name: str, nothing: int = 0) -> Wholes:
        """(N,) whole numbers, `nothing` where there is none."""
        import pyarrow as pa
        import pyarrow.compute as pc

        cells = self._cells.get(name)
        if cells is None:
            return np.full(self.count, nothing)
        plain = pc.if_else(pc.match_substring_regex(cells, r"^\d+$"), cells, str(nothing))
        made: Wholes = pc.cast(plain, pa.int64()).to_numpy(zero_copy_only=False)
        return made

    def words(self, name: str) -> npt.NDArray[np.str_]:
        """(N,) text."""
        cells = self._cells.get(name)
        if cells is None:
            return np.full(self.count, "")
        made: npt.NDArray[np.str_] = cells.to_numpy(zero_copy_only=False).astype(str)
        return made

    def months(self) -> Wholes:
        """(N,) numbers of months by name, 0 where it is none."""
        unlike, codes = self._coded("word")
        made: Wholes = np.array([month_of(each) for each in unlike])[codes]
        return made

    def clock(self) -> Clock:
        """The times of day."""
        if "H" not in self:
            none = np.zeros(self.count, "timedelta64[us]")
            return Clock(none, told=False, wrong=np.zeros(self.count, bool))
        hours, minutes, seconds = (self.numbers(each) for each in "HMS")
        halves, before = np.char.lower(self.words("half")).astype("U1"), self.words("before")
        late = (halves == "p") | np.isin(before, ("午後", "下午"))
        early = (halves == "a") | np.isin(before, ("午前", "上午"))
        wrong = (hours > 24) | (minutes > 59) | (seconds > 60) | ((late | early) & (hours > 12))
        hours = np.where(late & (hours < 12), hours + 12, np.where(early & (hours == 12), 0, hours))
        total = ((hours * 60 + minutes) * 60 + seconds).astype("timedelta64[s]")
        told = bool((self.words("H") != "").any())
        return Clock(total.astype("timedelta64[us]") + self._fractions(), told, wrong)

    def _fractions(self) -> npt.NDArray[np.timedelta64]:
        import pyarrow.compute as pc

        cells = self._cells.get("f")
        if cells is None or not pc.any(pc.not_equal(cells, "")).as_py():
            return np.zeros(self.count, "timedelta64[us]")
        self._cells["f"] = pc.utf8_slice_codeunits(pc.utf8_rpad(cells, 6, "0"), 0, 6)
        return self.numbers("f").astype("timedelta64[us]")

    def zone(self) -> tuple[str, npt.NDArray[np.timedelta64]]:
        """(the zone that all are in, (N,) what to take off the others so that they are in it)."""
        none = np.zeros(self.count, "timedelta64[m]")
        if "zone" not in self:
            return "", none
        unlike, codes = self._coded("zone")
        if unlike == [""]:
            return "", none
        east = [minutes_of(each) for each in unlike]
        if len(unlike) == 1:
            return _zone_name(unlike[0], east[0]), none
        return "UTC", np.array([each or 0 for each in east])[codes].astype("timedelta64[m]")

    def _coded(self, name: str) -> tuple[list[str], Wholes]:
        coded = self._cells[name].dictionary_encode()
        return coded.dictionary.to_pylist(), coded.indices.to_numpy(zero_copy_only=False)


def _zone_name(text: str, east: int | None) -> str:
    if east is None:
        return text.strip("[]")
    hours, minutes = divmod(abs(east), 60)
    return f"{'+' if east > 0 else '-'}{hours:02}:{minutes:02}" if east else "UTC"


def minutes_of(zone: str) -> int | None:
    """Minutes east of Greenwich; None of what is not known.

    >>> minutes_of("+05:30"), minutes_of("UTC-3"), minutes_of("MEZ"), minutes_of("XYZ")
    (330, -180, 60, None)
    """
    if zone in ZONES:
        return ZONES[zone]
    found = re.fullmatch(r"(?:UTC|GMT)?([+\-−])(\d{1,2})(?::?(\d{2}))?", zone)
    if found is None:
        return None
    minutes = 60 * int(found[2]) + int(found[3] or 0)
    return minutes if found[1] == "+" else -minutes
