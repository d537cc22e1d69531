"""What a reader says of numbers that it cannot be sure of."""

from collections.abc import Callable

import pytest

from lstm_viz.data.reading.how import How
from lstm_viz.data.reading.read import read_bytes
from tests.data.kinds.kind import DAYS, lines


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        (lambda k: "20000 W" if k % 4 == 1 else "21.6 kW", "'kW' (22), 'W' (8)"),
        (lambda k: f"{k} USD" if k % 4 == 1 else f"€{k}.5", "'€' (22), '$' (8)"),
        (lambda k: f"{k} °F" if k % 4 == 1 else f"{k} °C", "'°C' (22), '°F' (8)"),
        (lambda k: f"{k}%" if k % 4 == 1 else f"0.{k:02}", "'%' (8), and 22 have none"),
        (lambda k: f"{k} EUR" if k % 4 == 1 else f"€{k}.5", ""),
        (lambda k: f"${k}.5" if k % 4 == 1 else f"{k}.5", ""),
    ],
)
def test_units_that_are_mixed_in_a_column_are_said(cell: Callable[[int], str], said: str) -> None:
    text = lines("day,v", (f"{d:%F},{cell(k)}" for k, d in enumerate(DAYS)))
    notes = " ".join(read_bytes(text.encode(), "it.csv", How()).notes)
    assert said in notes and bool(said) == ("Some numbers" in notes or "several units" in notes)


@pytest.mark.parametrize("number", [99.0, -127, 85, 9.969209968386869e36, 3.4e38, -273.15, 11.25])
def test_a_number_that_is_there_again_and_again_far_from_all_others_is_asked_about(
    number: float,
) -> None:
    values = [number if k in (9, 10, 20) else 10 + k % 8 / 4 for k in range(30)]
    text = lines("day,v", (f"{d:%F},{v}" for d, v in zip(DAYS, values, strict=True)))
    notes = " ".join(read_bytes(text.encode(), "it.csv", How()).notes)
    assert (f"{number:g} is far from all other values (3 × 'v')" in notes) == (number != 11.25)
    left = read_bytes(text.encode(), "it.csv", How(missing=(f"{number:g}",)))
    assert left.frame["v"].isna().sum() == values.count(number)
