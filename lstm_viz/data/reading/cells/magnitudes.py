"""Whether a letter behind numbers multiplies them, 1.2M, or is a unit, 280 K, or a tag, 3M."""

import re
from collections.abc import Iterable, Sequence
from typing import Literal

import numpy as np

from lstm_viz.data.reading.cells.decimals import DECIMAL
from lstm_viz.data.reading.cells.kinds import CURRENCY, LONGEST, NUMBER
from lstm_viz.data.reading.cells.units import is_unit, unit_of
from lstm_viz.data.series import Rows

Letters = Literal["factors", "units", "tags"]
SINGLE = "kKMBGT"
"""Letters that multiply by themselves, and may be something else."""
NONE: Rows = np.empty(0)
UNITS_TOO = frozenset("KMGT")
RARE = frozenset("GT")
"""Gauss and tesla, unless other letters stand beside them."""
THOUSAND, FAR_ABOVE = 1000, 3
LEAST = 100
"""Whole numbers below it, with the same letter behind each, are tags: 3M and 6M."""
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
    cells: Iterable[str], decimal: str, *, measured: bool, plain: Rows = NONE
) -> Letters:
    """What single letters behind the numbers of a column are, `plain` numbers beside them.

    >>> [letters_of(cells, ".", measured=False) for cells in (["1.2M"], ["280.0 K"], ["3M", "6M"])]
    ['factors', 'units', 'tags']
    >>> letters_of(["1.2 K"], ".", measured=False, plain=np.array([950.0, 970.0]))
    'factors'
    """
    every = [found for cell in cells if len(cell) <= LONGEST and (found := NUMBER.fullmatch(cell))]
    told = [found for found in every if found["scale"] and found["scale"] in SINGLE]
    if not told or any(re.fullmatch(CURRENCY, found[p] or "") for found in told for p in _MONEY):
        return "factors"
    letters = {found["scale"].upper() for found in told}
    spaced = any(found.string[found.start("scale") - 1].isspace() for found in told)
    if spaced and letters & UNITS_TOO:
        beside = not measured and _run_up_to_letters(plain, told, decimal)
        return "factors" if beside else "units"
    if len({(found["scale"] or "").upper() for found in every} - {""}) > 1:
        return "factors"
    digits = [found["digits"] for found in told]
    large = any(decimal in each or len(each) >= len(str(LEAST)) for each in digits)
    if measured or (large and letters & RARE):
        return "units"
    return "factors" if large or spaced else "tags"


def _run_up_to_letters(plain: Rows, told: Sequence[re.Match[str]], decimal: str) -> bool:
    """Whether plain numbers lie below a thousand, far above those that have a letter: 950, 1.2 K"""
    sizes = np.abs(plain[np.isfinite(plain)])
    if not sizes.size or sizes.max() >= THOUSAND:
        return False
    digits = [each["digits"] for each in told]
    known = [each for each in digits if each.isdecimal() or DECIMAL[decimal].fullmatch(each)]
    lettered = [float(each.replace(decimal, ".")) for each in known]
    return bool(lettered) and float(np.median(sizes)) > FAR_ABOVE * float(np.median(lettered))


def is_single(found: re.Match[str]) -> bool:
    """Whether the letter behind a number multiplies it by itself alone."""
    return bool(found["scale"]) and found["scale"] in SINGLE and not found["after"]


def whole_unit(found: re.Match[str]) -> str:
    """A unit that begins with such a letter: knots in 12 kt; `""` where there is none."""
    both = (found["scale"] or "") + (found["after"] or "")
    return both if found["scale"] and found["after"] and is_unit(both) else ""


def is_scaled(text: str, letters: Letters) -> bool:
    """Whether a cell is multiplied by what stands behind its number."""
    found = NUMBER.fullmatch(text) if len(text) <= LONGEST else None
    if found is None or not found["scale"] or whole_unit(found):
        return False
    return letters == "factors" or not is_single(found)
