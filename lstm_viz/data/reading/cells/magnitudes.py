"""Whether a letter behind numbers multiplies them, 1.2M, or is a unit, 280 K, or a tag, 3M."""

import re
from collections.abc import Iterable, Sequence
from typing import Literal

import numpy as np

from lstm_viz.data.reading.cells.kinds import (
    CURRENCY,
    GROUPS,
    LONGEST,
    NUMBER,
    SCALES,
    SHORT,
    in_capitals,
)
from lstm_viz.data.reading.cells.units import is_unit, unit_of
from lstm_viz.data.series import Rows

Letters = Literal["factors", "short", "units", "tags"]
"""What letters behind numbers are; "short" are small ones that multiply like capital ones."""
FACTORS = ("factors", "short")
SINGLE = "kKMBGT"
"""Letters that multiply by themselves, and may be something else."""
NONE: Rows = np.empty(0)
UNITS_TOO = frozenset("KMGT")
RARE = frozenset("GT")
"""Gauss and tesla, unless other letters stand beside them."""
AS_MUCH: dict[str, float] = {"K": 1e3, "M": 1e6}
"""Letters that may multiply beside plain numbers -> by how much."""
RUN_ON = 3
"""How many times the largest plain number the smallest multiplied one may be: 950, 1.2 K."""
FURTHER = 100
"""The same where a letter multiplies those too: 850 k, 12 m; for 5 k and 800 m it is far more."""
LEAST = 100
"""Whole numbers below it, with the same letter behind each, are tags: 3M and 6M."""
COLDEST, HOTTEST = 200, 350
"""Numbers with a K behind each that may be kelvin."""
BYTES = re.compile(r"\d\s?[kKMGT]i?B\b")
OF_MONEY = re.compile(rf"{CURRENCY}|[#n-]|counts?", re.I)
_MONEY = ("lead", "before", "after")
_HEADS = re.compile(r"temp|kelvin|tesla|gauss|kraft|force", re.I)


def measured(head: str, unit: str = "") -> bool:
    """Whether a head, or the unit below it, tells what is neither money nor a count.

    >>> measured("T (K)"), measured("Sales", "USD"), measured("Vol.")
    (True, False, False)
    """
    unit = unit or unit_of(head)
    return bool(_HEADS.search(head)) or (unit != "" and not OF_MONEY.fullmatch(unit))


def letters_of(
    cells: Sequence[str], decimal: str, *, measured: bool, plain: Rows = NONE
) -> Letters:
    """What single letters behind the numbers of a column are, `plain` numbers beside them.

    >>> [letters_of(cells, ".", measured=False) for cells in (["1.2M"], ["280.0 K"], ["3M", "6M"])]
    ['factors', 'units', 'tags']
    >>> letters_of(["1.2 K"], ".", measured=False, plain=np.array([950.0, 970.0]))
    'factors'
    >>> letters_of(["1.2bn", "901m"], ".", measured=False)
    'short'
    """
    if not measured and _are_short(cells, decimal, plain):
        return "short"
    every = _numbers(cells)
    told = [found for found in every if found["scale"] and found["scale"] in SINGLE]
    if not told or any(re.fullmatch(CURRENCY, found[p] or "") for found in told for p in _MONEY):
        return "factors"
    letters = {found["scale"].upper() for found in told}
    spaced = any(found.string[found.start("scale") - 1].isspace() for found in told)
    if letters == {"B"} and _are_bytes(cells, told, spaced=spaced):
        return "units"
    if spaced and letters & UNITS_TOO:
        bare = [_size(each, decimal) for each in every if not each["scale"] and not each["after"]]
        beside = np.array([*np.abs(plain[np.isfinite(plain)]), *bare])
        several = {"K", "M"} <= letters or any(  # 950 K beside 1.2 M, or 950 M beside 1.2 bn
            len(found["scale"] or "") > 1 and _factor(found) >= AS_MUCH["M"] for found in every
        )
        runs_on = several or _runs_on(beside, told, decimal)
        return "factors" if runs_on and not measured else "units"
    if len({(found["scale"] or "").upper() for found in every} - {""}) > 1:
        return "factors"
    digits = [found["digits"] for found in told]
    large = any(_is_large(each, decimal) for each in digits)
    if measured or (large and letters & RARE) or (letters == {"K"} and _are_kelvin(told, decimal)):
        return "units"
    return "factors" if large or spaced else "tags"


def _are_short(cells: Sequence[str], decimal: str, plain: Rows) -> bool:
    """Whether small letters multiply: beside money, a word or a capital letter that does, or from
    where the other numbers end.

    >>> [_are_short(cells, ".", NONE) for cells in (["1.0m", "901k"], ["5k", "800m"], ["12 m"])]
    [True, False, False]
    """
    told = _numbers(SHORT.sub(in_capitals, cell) for cell in cells if SHORT.search(cell))
    if not told:
        return False
    others = _numbers(cell for cell in cells if not SHORT.search(cell))
    if any(found[each] and re.fullmatch(CURRENCY, found[each])
           for found in (*told, *others) for each in _MONEY):  # fmt: skip
        return True
    scales = {found["scale"] for found in others if found["scale"]}
    if any(_factor(found) >= AS_MUCH["M"] and found["scale"] not in RARE for found in others):
        return True
    letters = {found["scale"] for found in told}
    if {"M", "B"} <= letters and any(_is_large(found["digits"], decimal) for found in told):
        return True
    beside = np.array(
        [*plain[np.isfinite(plain)], *(_size(f, decimal) * _factor(f) for f in others)]
    )
    return _runs_on(np.abs(beside), told, decimal, FURTHER if scales else RUN_ON)


def _numbers(cells: Iterable[str]) -> list[re.Match[str]]:
    return [found for cell in cells if len(cell) <= LONGEST and (found := NUMBER.fullmatch(cell))]


def _factor(found: re.Match[str]) -> float:
    return SCALES.get((found["scale"] or "").lower().rstrip("."), 1.0)


def _is_large(digits: str, decimal: str) -> bool:
    """Whether a number is no small whole one, as tags have."""
    return decimal in digits or len(digits) >= len(str(LEAST))


def _are_bytes(cells: Sequence[str], told: Sequence[re.Match[str]], *, spaced: bool) -> bool:
    """Whether B is for bytes: beside kB and the like, or behind whole numbers and spaces."""
    return any(map(BYTES.search, cells)) or (spaced and all(f["digits"].isdigit() for f in told))


def _are_kelvin(told: Sequence[re.Match[str]], decimal: str) -> bool:
    """Whether numbers are temperatures of air and water: near each other, as thousands rarely are.

    >>> air, sales = ("271.52K", "280.1K", "291K"), ("205K", "280K", "345K")
    >>> [_are_kelvin([NUMBER.fullmatch(cell) for cell in cells], ".") for cells in (air, sales)]
    [True, False]
    """
    sizes = [_size(found, decimal) for found in told]
    low, high = min(sizes), max(sizes)
    return len(told) > 2 and low >= COLDEST and high <= HOTTEST and high <= 1.25 * low


def _runs_on(
    plain: Rows, told: Sequence[re.Match[str]], decimal: str, most: float = RUN_ON
) -> bool:
    """Whether what a letter multiplies begins where whole numbers without one end: 950, 1.2 K.

    Where it does not, 4.2 K beside 295.1 or 2.5 M beside 301, the letter is a unit.
    """
    each = [_size(found, decimal) * AS_MUCH.get(found["scale"].upper(), np.nan) for found in told]
    if not plain.size or np.isnan([*each, *plain]).any() or (plain % 1).any():
        return False
    return float(plain.max()) < min(each) <= most * float(plain.max())


def _size(found: re.Match[str], decimal: str) -> float:
    """The number that stands before a letter; NaN where its marks are others."""
    digits = re.sub(f"[{GROUPS}{',' if decimal == '.' else '.'}]", "", found["digits"])
    return float(digits.replace(decimal, ".")) if digits.count(decimal) <= 1 else np.nan


def is_single(found: re.Match[str]) -> bool:
    """Whether the letter behind a number multiplies it by itself alone."""
    return bool(found["scale"]) and found["scale"] in SINGLE and not found["after"]


def whole_unit(found: re.Match[str]) -> str:
    """A unit that begins with such a letter: knots in 12 kt; `""` where there is none."""
    both = (found["scale"] or "") + (found["after"] or "")
    return both if found["scale"] and found["after"] and is_unit(both) else ""


def is_scaled(text: str, letters: Letters) -> bool:
    """Whether a cell is multiplied by what stands behind its number."""
    text = SHORT.sub(in_capitals, text) if letters == "short" else text
    found = NUMBER.fullmatch(text) if len(text) <= LONGEST else None
    if found is None or not found["scale"] or whole_unit(found):
        return False
    return letters in FACTORS or not is_single(found)
