"""Amounts as people write them: 1.2bn beside 901m, △5 for a loss, triangles for rises and falls."""

import numpy as np
import pytest

from lstm_viz.data.reading.how import How
from lstm_viz.data.reading.read import read_bytes
from lstm_viz.data.reading.reading import Reading

NAN = np.nan


def reading_of(cells: list[str], head: str = "v", days: int = 12) -> Reading:
    every = (cells * days)[:days]
    rows = "".join(f"2020-01-{day:02};{cell}\n" for day, cell in enumerate(every, 1))
    return read_bytes(f"day;{head}\n{rows}".encode(), "it.csv", How())


@pytest.mark.parametrize(
    ("cells", "values", "said"),
    [
        (["1.0bn", "901m"], [1e9, 901e6], "'901m' is 901,000,000."),
        (["1.0m", "901k", "950k"], [1e6, 901e3, 950e3], "'1.0m' is 1,000,000."),
        (["1.2 bn", "901 M"], [1.2e9, 901e6], "multiply"),
        (["£1.0bn", "£901m"], [1e9, 901e6], "'£901m' is 901,000,000."),
        (["$1.5m", "$2.5m", "-$3m"], [1.5e6, 2.5e6, -3e6], "multiply"),
        (["$1.2t", "$901bn"], [1.2e12, 901e9], "'$1.2t' is 1,200,000,000,000."),
        (["1.2b", "901m"], [1.2e9, 901e6], "'1.2b' is 1,200,000,000."),
        (["950000", "1.2m"], [950e3, 1.2e6], "'1.2m' is 1,200,000."),
        (["10M", "1.2m"], [10e6, 1.2e6], "'1.2m' is 1,200,000."),
        (["0.9 m€", "1.2 m€"], [0.9e6, 1.2e6], "'0.9 m€' is 900,000."),
        (["12.5 t", "1.2k"], [12.5, 1200], "'t' (6), and 6 have none."),
    ],
)
def test_a_small_letter_multiplies_where_its_neighbours_do(
    cells: list[str], values: list[float], said: str
) -> None:
    reading = reading_of(cells)
    np.testing.assert_allclose(reading.frame["v"][: len(values)], values)
    assert said in " ".join(reading.notes)


@pytest.mark.parametrize(
    ("cells", "head", "values"),
    [
        (["12.5 m", "13 m"], "v", [12.5, 13]),
        (["5", "800 m", "12"], "v", [5, 800, 12]),
        (["12.5 m", "13.5 m", "900"], "Depth (m)", [12.5, 13.5, 900]),
        (["12.5", "13 b", "14 p"], "v", [12.5, 13, 14]),
        (["12 t", "13 t"], "v", [12, 13]),
    ],
)
def test_a_small_letter_by_itself_is_a_unit_or_a_mark(
    cells: list[str], head: str, values: list[float]
) -> None:
    reading = reading_of(cells, head)
    np.testing.assert_allclose(reading.frame[head][: len(values)], values)
    assert "multiply" not in " ".join(reading.notes)


@pytest.mark.parametrize(
    ("cells", "values", "said"),
    [
        (["2.5", "△0.5"], [2.5, -0.5], "read as a minus, as Japanese accounts"),
        (["▲1.5%", "2.5%"], [-1.5, 2.5], "'▲1.5%' is -1.5."),
        (["▲1.5%", "▼0.5%"], [1.5, -0.5], "read as a plus, since others are negative"),
        (["▲1.5", "-0.5"], [1.5, -0.5], "'▲1.5' is 1.5."),
    ],
)
def test_a_triangle_before_a_number_is_its_sign(
    cells: list[str], values: list[float], said: str
) -> None:
    reading = reading_of(cells)
    np.testing.assert_allclose(reading.frame["v"][:2], values)
    assert said in " ".join(reading.notes)


def test_a_triangle_by_itself_is_no_sign() -> None:
    notes = " ".join(reading_of(["2.5", "3.5", "△"]).notes)
    assert "taken as missing: '△' (4)." in notes and "triangle" not in notes


def test_all_cells_that_were_taken_as_missing_are_counted() -> None:
    unlike = [cell for day in range(8) for cell in (f"{day}.5", f"{day}.5.{day}")]
    (said,) = [n for n in reading_of(unlike, days=16).notes if "taken as missing" in n]
    assert "missing, 8 in all: '0.5.0' (1)" in said and said.endswith(", ….")
    few = " ".join(reading_of(["2.5", "3.5", "bad?"]).notes)
    assert "taken as missing: 'bad?' (4)." in few and "in all" not in few


def test_millions_and_losses_of_japanese_accounts_are_read() -> None:
    rows = [f'{1985 + k}年3月期,"{"△" * (k % 8 == 3)}{2 + k % 3},{200 + k}"' for k in range(30)]
    reading = read_bytes("\n".join(["決算期,営業利益", *rows]).encode(), "it.csv", How())
    assert reading.frame.iloc[:, 0][3] == -2203 and (reading.frame.iloc[:, 0] < 0).sum() == 4
