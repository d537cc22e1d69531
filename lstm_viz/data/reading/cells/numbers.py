"""A column's cells as numbers: thousands, currencies, percent, 1.2M, (2.50), words for nothing."""

import datetime
import math
import re
from collections import Counter
from collections.abc import Sequence, Set
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from lstm_viz.data.reading.cells.kinds import (
    GROUPS,
    LONGEST,
    MARKED,
    NUMBER,
    SCALES,
    SHORT,
    WITH_UNIT,
    in_capitals,
    kind_of,
)
from lstm_viz.data.reading.cells.magnitudes import (
    FACTORS,
    UNITS_TOO,
    Letters,
    is_scaled,
    is_single,
    letters_of,
    whole_unit,
)
from lstm_viz.data.reading.cells.signs import PLUS, is_minus, points_up
from lstm_viz.data.reading.cells.units import is_unit
from lstm_viz.data.series import Rows

LEAST_NUMBERS = 0.5
"""Share of a column's cells that must be numbers for it to be numeric; the rest is missing."""
FIRST_LOOK = 1000
MOST_BESIDE = 0.9
"""Share of cells that may have a mark behind a number, as more are names: 5 a, 5 b; and that have
the same word there, which then is a unit.
"""
SAME = {"USD": "$", "US$": "$", "EUR": "€", "GBP": "£", "℃": "°C", "℉": "°F"}
"""Units in capitals -> how else they are written."""
_SIMPLE = {
    ".": r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?",
    ",": r"[+-]?(?:\d+,?\d*|,\d+)(?:[eE][+-]?\d+)?",
}
_SPECIAL = re.compile(r"(?P<sign>[+-]?)(?P<what>inf(?:inity)?|nan)", re.I)


@dataclass(frozen=True, eq=False)
class Numbers:
    """A column of numbers."""

    values: Rows
    """(N,) NaN where a cell is none."""
    unit: str = ""
    """What stood beside the numbers in most cells: a currency, %, °C."""
    words: tuple[tuple[str, int], ...] = ()
    """Cells that are neither numbers nor empty, and how often each is there, the most first."""
    marks: tuple[tuple[str, int], ...] = ()
    """What stood behind numbers for a remark, and how often."""
    units: tuple[tuple[str, int], ...] = ()
    """What stood beside numbers and how often, where it is not the same beside all; `""` counts
    those that have nothing where others have a percent sign, or a letter that might multiply.
    """
    scaled: tuple[str, float] | None = None
    """A cell that was multiplied, 1.2M, and what it was read as."""
    triangle: tuple[str, float] | None = None
    """A cell with a triangle for its sign, △5, and what it was read as."""


def numbers_in(column: pd.Series, decimal: str, *, measured: bool = False) -> Numbers | None:
    """A column's numbers; None for one of words, of moments, or of nothing.

    `measured` says that its head tells a unit: then no single letter multiplies.
    """
    if column.dtype.kind in "mMc" or column.isna().all():
        return None
    if pd.api.types.is_numeric_dtype(column.dtype):  # whole, broken or true and false
        return Numbers(column.to_numpy(np.float64, na_value=np.nan))
    told = column.dropna()
    if len(told) > FIRST_LOOK:
        some = _parsed(told.iloc[:: len(told) // FIRST_LOOK], decimal, measured)
        if np.isfinite(some.values).sum() < LEAST_NUMBERS * 0.5 * len(some.values):
            return None
    parsed = _parsed(told, decimal, measured)
    known = np.count_nonzero(~np.isnan(parsed.values))
    missing = sum(count for word, count in parsed.words if kind_of(word) == "missing" or not word)
    if not known or known < LEAST_NUMBERS * (len(told) - missing):
        return None
    values = np.full(len(column), np.nan)
    values[column.notna().to_numpy()] = parsed.values
    return replace(parsed, values=values)


def _parsed(cells: pd.Series, decimal: str, measured: bool) -> Numbers:
    """Cells that hold something: those that are plainly numbers all at once, others one by one."""
    values = np.full(len(cells), np.nan)
    if cells.dtype == object:
        plain = np.array([isinstance(cell, int | float | np.integer) for cell in cells], bool)
        values[plain] = [as_float(cell) for cell in cells[plain]]
        rest = np.flatnonzero(~plain)
        cells = pd.Series([_text(cell) for cell in cells.iloc[rest]], dtype="str")
    else:
        rest = np.arange(len(cells))
    cells = cells.str.strip()
    simple = cells.str.fullmatch(_SIMPLE[decimal], na=False).to_numpy(bool)
    text = cells[simple]
    if decimal == ",":
        text = text.str.replace(",", ".", regex=False)
    values[rest[simple]] = pd.to_numeric(text, errors="coerce").to_numpy(np.float64)
    others = rest[~simple]
    if not len(others):
        return Numbers(values)
    codes, unlike = pd.factorize(cells[~simple])
    words = [*map(str, unlike)]
    letters = letters_of(words, decimal, measured=measured, plain=values)
    negative = any(map(points_up, words)) and ((values < 0).any() or any(map(is_minus, words)))
    counts = np.bincount(codes).tolist()
    numbers, told = _each(words, counts, decimal, len(values), letters, falls=bool(negative))
    values[others] = numbers[codes]
    asked = {"%", "‰"} | (UNITS_TOO if letters == "units" and not measured else set())
    asked |= {"m", "t"} if told.scaled is not None and not measured else set()
    count = int(np.isfinite(values).sum())
    return replace(told, values=values, units=_mixed(told.units, count, asked))


def _mixed(
    units: tuple[tuple[str, int], ...], count: int, asked: Set[str]
) -> tuple[tuple[str, int], ...]:
    """Several units beside `count` numbers, the most frequent first; none where they agree.

    Numbers without one count where some have one of those `asked` about.
    """
    merged = Counter[str]()
    for unit, often in units:
        merged[SAME.get(unit.upper(), unit)] += often
    plain = count - merged.total()
    if merged.keys() & asked and plain > 0:
        merged[""] = plain
    elif plain > count / 2:  # letters of some ids
        return ()
    return tuple(merged.most_common()) if len(merged) > 1 else ()


def _each(
    cells: Sequence[str],
    counts: Sequence[int],
    decimal: str,
    total: int,
    letters: Letters,
    *,
    falls: bool = False,
) -> tuple[Rows, Numbers]:
    """(the number of each cell, what stood beside them), of `total` cells in the column."""
    shown, cells = cells, ([cell.translate(PLUS) for cell in cells] if falls else cells)
    word = "" if letters == "tags" else _same_word(cells, counts, total)
    read = [_marked(cell, decimal, word, letters) for cell in cells]
    flagged = sum(count for count, (*_, mark) in zip(counts, read, strict=True) if mark)
    words, units, marks, numbers = Counter[str](), Counter[str](), Counter[str](), []
    for cell, (number, unit, mark), count in zip(shown, read, counts, strict=True):
        is_word = np.isnan(number) or (mark != "" and flagged > MOST_BESIDE * total)
        numbers.append(np.nan if is_word else number)
        if is_word:
            words[cell] += count
        elif mark:
            marks[mark] += count
        elif unit:
            units[unit] += count
    unit, often = units.most_common(1)[0] if units else ("", 0)
    unit = unit if 2 * often >= total else ""
    nothing = np.empty(0)
    said = (tuple(words.most_common()), tuple(marks.most_common()), tuple(units.most_common()))
    scaled = [place for place, cell in enumerate(cells) if is_scaled(cell, letters)]
    scaled.sort(key=lambda place: SHORT.search(cells[place]) is None)
    signed = [place for place, cell in enumerate(shown) if points_up(cell)]
    multiplied, triangle = (
        next(((shown[p], n) for p in places if np.isfinite(n := numbers[p])), None)
        for places in (scaled, signed)
    )
    return np.array(numbers), Numbers(nothing, unit, *said, multiplied, triangle)


def _same_word(cells: Sequence[str], counts: Sequence[int], total: int) -> str:
    """A word that stands behind nearly all numbers, as a unit that is not known does: VDC."""
    behind = Counter[str]()
    for cell, count in zip(cells, counts, strict=True):
        found = WITH_UNIT.fullmatch(cell) if len(cell) <= LONGEST else None
        if found is not None and kind_of(cell) != "time":
            behind[found["unit"]] += count
    word, often = behind.most_common(1)[0] if behind else ("", 0)
    return word if often >= MOST_BESIDE * total and word.isalpha() else ""


def _marked(text: str, decimal: str, word: str, letters: Letters) -> tuple[float, str, str]:
    """(a number, the unit beside it, the mark behind it that a remark explains)."""
    if letters == "short":
        text = SHORT.sub(in_capitals, text)
    number, unit = read_number(text, decimal, letters)
    if not np.isnan(number) or len(text) > LONGEST:
        return number, unit, ""
    if word and (found := WITH_UNIT.fullmatch(text)) and found["unit"] == word:
        return read_number(found["number"].strip(), decimal)[0], word, ""
    found = MARKED.fullmatch(text)
    if found is None:
        return number, unit, ""
    number, unit = read_number(found["number"], decimal, letters)
    return number, unit, "" if np.isnan(number) else found["mark"]


def as_float(cell: Any) -> float | None:
    """A number as plainly written, infinite beyond the largest one; None of what is none."""
    try:
        return float(cell)
    except OverflowError:
        return np.inf if cell > 0 else -np.inf
    except (TypeError, ValueError):
        return None


def _text(cell: object) -> str:
    if isinstance(cell, datetime.date | datetime.time):
        return ""
    return cell[: LONGEST * 10] if isinstance(cell, str) else str(cell)


def read_number(text: str, decimal: str, letters: Letters = "factors") -> tuple[float, str]:
    """(a number as people write it, the unit beside it); NaN where it is none.

    `letters` says what a single one behind it is.

    >>> [read_number(each, ".")[0] for each in ("$1,234.50", "(2.50)", "1.2M", "−3", "12.5 %")]
    [1234.5, -2.5, 1200000.0, -3.0, 12.5]
    """
    if special := _SPECIAL.fullmatch(text):
        return float(special[0]), ""
    found = NUMBER.fullmatch(text) if len(text) <= LONGEST * 8 else None
    if found is None:
        return _with_unit(text, decimal)
    digits, other = found["digits"], "," if decimal == "." else "."
    digits = re.sub(f"[{GROUPS}]", "", digits)
    if other in digits:
        lakhs = rf"\d{{1,2}}(?:{other}\d{{2}})+{other}\d{{3}}"  # 1,23,456 as India groups digits
        groups = rf"(?:[1-9]\d{{0,2}}(?:[{other}]\d{{3}})+|{lakhs})(?:[{decimal}]\d*)?"
        if not re.fullmatch(groups, digits):
            return np.nan, ""
        digits = digits.replace(other, "")
    elif digits.count(decimal) > 1:
        return np.nan, ""
    value = float(digits.replace(decimal, ".") + (found["power"] or ""))
    unit = whole_unit(found)
    if is_single(found) and letters not in FACTORS:
        unit = found["scale"]
        if letters == "tags":
            return np.nan, ""
    elif (scale := found["scale"]) and not unit:
        plain = scale.lower().rstrip(".")
        value *= math.prod(SCALES[each] for each in ([plain] if plain in SCALES else plain))
    minus = sum(found[each] not in ("", "+", None) for each in ("sign", "sign2", "sign3"))
    if (found["open"] is None) != (found["close"] is None) or minus > 1:
        return np.nan, ""
    return (-value if minus or found["open"] else value), unit or _unit(found)


def _unit(found: re.Match[str]) -> str:
    return next((found[each] for each in ("after", "before", "lead") if found[each]), "")


def _with_unit(text: str, decimal: str) -> tuple[float, str]:
    """A number with a unit of measurement behind it: 12.5 °C."""
    found = WITH_UNIT.fullmatch(text) if len(text) <= LONGEST else None
    if found is None or not is_unit(found["unit"]):
        return np.nan, ""
    value, _ = read_number(found["number"].strip(), decimal)
    return value, found["unit"]
