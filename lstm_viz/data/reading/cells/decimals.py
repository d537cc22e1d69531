"""Which mark stands before decimals, a comma or a point, and which between thousands."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from lstm_viz.data.reading.cells.kinds import NUMBER, WITH_UNIT, kind_of

JUST_BELOW = 500
"""From here on a whole number is one to which 1.006 is the next thousand, and not one and a bit."""
GROUP_SPACE = re.compile("(?<=\\d)[ \u00a0\u202f\u2009'’](?=\\d{3})")
"""Between thousands, unlike a comma or a point, it leaves no doubt."""
GROUPED = {
    mark: re.compile(rf"[+-]?[1-9]\d{{0,2}}((?:[{mark}]\d{{3}})++)([{other}]\d++)?")
    for mark, other in (",.", ".,")
}
DECIMAL = {mark: re.compile(rf"[+-]?\d*+[{mark}]\d++(?:[eE][+-]?\d++)?") for mark in ",."}


def _bare(cell: str) -> str:
    """A number without its sign, currency and unit."""
    if found := NUMBER.fullmatch(cell):
        return found["digits"] + (found["power"] or "")
    measured = WITH_UNIT.fullmatch(cell)
    return measured["number"].strip() if measured else cell


def decimal_of(columns: Iterable[Sequence[str]], delimiter: str) -> tuple[str, bool]:
    """(the mark before decimals, whether the cells leave open if it groups thousands).

    1,234 alone may be either: beside a comma as delimiter it is read as a thousand; and below a
    whole number just short of a thousand it is one.
    """
    votes: Counter[str] = Counter()
    thousands: Counter[str] = Counter()
    for cells in columns:
        votes += (of_column := _votes(cells))
        for mark, other in (",.", ".,"):
            if of_column[f"perhaps {mark}"] and _runs_up_to_thousands(cells, mark):
                thousands[other] += 1
    if thousands and not votes[","] and not votes["."]:
        return max(thousands, key=lambda mark: thousands[mark]), len(thousands) > 1
    if votes[","] or votes["."]:
        return "," if votes[","] > votes["."] else ".", False
    perhaps, comma = votes["perhaps ,"] + votes["perhaps ."], votes["perhaps ,"]
    mark = "," if delimiter != "," and comma > votes["perhaps ."] else "."
    return mark, perhaps > 1 and (comma == 0 or delimiter != ",")


def _runs_up_to_thousands(cells: Sequence[str], mark: str) -> bool:
    """Whether the other numbers of a column are whole and below a thousand, some just so: 953."""
    told = [_bare(cell.strip()) for cell in cells if kind_of(cell) == "number"]
    plain = [number.lstrip("+-") for number in told if mark not in number]
    whole = bool(plain) and all(number.isdecimal() and len(number) <= 3 for number in plain)
    return whole and max(map(int, plain)) >= JUST_BELOW


def decimal_of_column(cells: Iterable[str], usual: str) -> str:
    """The mark before decimals in one column: another than the `usual` one where no cell fits that.

    >>> decimal_of_column(["0.125", "1.125"], ","), decimal_of_column(["1.125"], ",")
    ('.', ',')
    """
    cells = list(cells)
    kinds = Counter(map(kind_of, cells))
    if kinds["time"] > kinds["number"]:  # 01.2020 beside 10.2020, which may be a number
        return usual
    votes, other = _votes(cells), "." if usual == "," else ","
    return other if votes[other] and not votes[usual] else usual


def may_be_decimals(cells: Sequence[str]) -> bool:
    """Whether a point stands in every number, three digits behind each: thousands, or not.

    >>> may_be_decimals(["1.125", "1.250"]), may_be_decimals(["850", "1.250"])
    (True, False)
    """
    numbers = sum(kind_of(cell) == "number" for cell in cells)
    return numbers > 1 and _votes(cells)["perhaps ."] == numbers


def _votes(cells: Iterable[str]) -> Counter[str]:
    """How many numbers have which mark before their decimals, for certain or perhaps."""
    votes: Counter[str] = Counter()
    for cell in cells:
        if kind_of(cell) != "number":
            continue
        number = GROUP_SPACE.sub("", _bare(cell.strip()))
        for mark, other in (",.", ".,"):
            if mark not in number:
                continue
            grouped = GROUPED[mark].fullmatch(number)
            if grouped is None:
                votes[mark] += DECIMAL[mark].fullmatch(number) is not None
            elif grouped[2] or grouped[1].count(mark) > 1:
                votes[other] += 1
            else:
                votes[f"perhaps {mark}"] += 1
    return votes
