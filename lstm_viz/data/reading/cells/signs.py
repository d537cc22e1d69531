"""Triangles before numbers: a minus of Japanese accounts, or a rise beside a fall."""

from lstm_viz.data.reading.cells.kinds import LONGEST, NUMBER, TRIANGLES

UP, DOWN = TRIANGLES[:2], TRIANGLES[2:]
PLUS = str.maketrans(dict.fromkeys(UP, "+"))


def points_up(cell: str) -> bool:
    """Whether a triangle that points up is the sign of a number.

    >>> points_up("△1,201"), points_up("▼5"), points_up("▲ closed")
    (True, False, False)
    """
    return any(each in cell for each in UP) and not {*UP}.isdisjoint(_signs(cell))


def is_minus(cell: str) -> bool:
    """Whether a number has a minus or a triangle that points down: then others point up for a plus.

    >>> is_minus("▼0.5 %"), is_minus("-0.5 %"), is_minus("△0.5 %")
    (True, True, False)
    """
    return not {*DOWN, *"-−–"}.isdisjoint(_signs(cell))


def _signs(cell: str) -> set[str]:
    found = NUMBER.fullmatch(cell) if len(cell) <= LONGEST else None
    return set() if found is None else {*found["sign"], *found["sign2"]}
