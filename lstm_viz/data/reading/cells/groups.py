"""What a pattern takes out of each cell of a column, as numbers."""

import re
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from lstm_viz.data.reading.moments.calendars import ZONES, Wholes


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
        self.count = len(words)
        self._cells: dict[str, Any] = {}
        self._alike = _Alike.of(words, pattern)
        if self._alike is not None:
            self._cells = self._alike.first
            return
        found = pc.extract_regex(words, pattern)
        names = [found.type.field(at).name for at in range(found.type.num_fields)]
        self._cells = {
            n: pc.fill_null(pc.struct_field(found, [p]), "") for p, n in enumerate(names)
        }

    def __contains__(self, name: str) -> bool:
        return name in self._cells

    def numbers(self, name: str, nothing: int = 0) -> Wholes:
        """(N,) whole numbers, `nothing` where there is none."""
        cells = self._cells.get(name)
        if cells is None:
            return np.full(self.count, nothing)
        if self._alike is not None:
            return self._alike.numbers(name, nothing)
        plain = pc.if_else(pc.match_substring_regex(cells, r"^\d+$"), cells, str(nothing))
        made: Wholes = pc.cast(plain, pa.int64()).to_numpy(zero_copy_only=False)
        return made

    def words(self, name: str) -> npt.NDArray[np.str_]:
        """(N,) text."""
        cells = self._cells.get(name)
        if cells is None or self._alike is not None:
            return np.full(self.count, cells or "")
        made: npt.NDArray[np.str_] = cells.to_numpy(zero_copy_only=False).astype(str)
        return made

    def coded(self, name: str, number_of: Callable[[str], int]) -> Wholes:
        """(N,) numbers of words, such as the names of months."""
        unlike, codes = self._coded(name)
        made: Wholes = np.array([number_of(each) for each in unlike])[codes]
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
        cells = self._cells.get("f")
        if self._alike is not None:
            digits = 6 - len(cells or "")
            made: npt.NDArray[np.timedelta64] = (self.numbers("f") * 10**digits).astype("m8[us]")
            return made
        if cells is None or not pc.any(pc.not_equal(cells, "")).as_py():
            return np.zeros(self.count, "timedelta64[us]")
        self._cells["f"] = pc.utf8_slice_codeunits(pc.utf8_rpad(cells, 6, "0"), 0, 6)
        return self.numbers("f").astype("timedelta64[us]")

    def zones(self) -> tuple[list[str], npt.NDArray[np.timedelta64] | None]:
        """(their names, (N,) minutes east of Greenwich); None where those of one are not known."""
        if "zone" not in self:
            return [], None
        unlike, codes = self._coded("zone")
        told = [each for each in unlike if each]
        east = {each: minutes_of(each) for each in told}
        told.sort(key=lambda each: (east[each] or 0, each))
        names = list(dict.fromkeys(zone_name(each, east[each]) for each in told))
        if None in east.values():
            return names, None
        minutes = np.array([east.get(each) or 0 for each in unlike], "timedelta64[m]")
        return names, minutes[codes]

    def greenwich(self) -> bool:
        """Whether any of the cells is said to be in UTC, not in a clock's own time."""
        return "zone" in self and not {"Z", "UTC"}.isdisjoint(self._coded("zone")[0])

    def _coded(self, name: str) -> tuple[list[str], Wholes]:
        if self._alike is not None:
            return [self._alike.first[name]], np.zeros(self.count, np.int64)
        coded = self._cells[name].dictionary_encode()
        return coded.dictionary.to_pylist(), coded.indices.to_numpy(zero_copy_only=False)


class _Alike(NamedTuple):
    """Cells that differ in nothing but digits, as nearly all times of one column do.

    What a pattern takes out of the first stands at the same places in all others.
    """

    letters: npt.NDArray[np.uint8]
    """(N, letters) ASCII."""
    spans: dict[str, tuple[int, int]]
    """Group -> where it begins and ends, of those that are filled."""
    first: dict[str, str]
    """Group -> what it is in the first cell, empty where nothing."""

    @classmethod
    def of(cls, words: Any, pattern: str) -> "_Alike | None":
        """None of cells that differ in more, or are not all matched."""
        letters = _letters(words)
        if letters is None:
            return None
        first = letters[0].tobytes().decode()
        found = re.fullmatch(pattern.replace(r"[\p{L}]", r"[^\W\d_]"), first)
        if found is None:
            return None
        spans = {name: found.span(name) for name, text in found.groupdict().items() if text}
        fixed = np.array([not letter.isdigit() for letter in first])
        for name in {*spans} & {"zone", "f"}:  # a zone is one and the same; 9 digits are too many
            fixed[slice(*spans[name])] |= name == "zone" or len(found[name]) > 6
        if not (letters[:, fixed] == letters[0, fixed]).all():
            return None
        digits = letters[:, ~fixed]
        if digits.size and not ((digits >= ord("0")) & (digits <= ord("9"))).all():
            return None
        return cls(letters, spans, {name: text or "" for name, text in found.groupdict().items()})

    def numbers(self, name: str, nothing: int) -> Wholes:
        """(N,) whole numbers."""
        made = np.zeros(len(self.letters), np.int64)
        if name not in self.spans or not self.first[name].isdigit():
            return made + nothing
        for place in range(*self.spans[name]):
            made = 10 * made + (self.letters[:, place].astype(np.int64) - ord("0"))
        return made


def _letters(words: Any) -> npt.NDArray[np.uint8] | None:
    """(N, letters) of ASCII cells of one length, none missing; None of others."""
    if isinstance(words, pa.ChunkedArray):
        words = words.combine_chunks()
        if isinstance(words, pa.ChunkedArray):
            return None
    if not len(words) or words.null_count:
        return None
    kind = np.int64 if pa.types.is_large_string(words.type) else np.int32
    _valid, places, data = words.buffers()
    ends = np.frombuffer(places, kind)[words.offset : words.offset + len(words) + 1]
    length = int(ends[1] - ends[0])
    if not length or not (np.diff(ends) == length).all():
        return None
    letters = np.frombuffer(data, np.uint8)[ends[0] : ends[-1]].reshape(len(words), length)
    return letters if letters.max() < 128 else None


def zone_name(text: str, east: int | None) -> str:
    """`"+01:00"`, `"UTC"`; the text where it is not known how far east."""
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
