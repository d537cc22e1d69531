"""Two networks beside each other: however many charts there are, each can be read."""

import numpy as np
import pytest

from lstm_viz.figures.intervention import Compared, comparison
from lstm_viz.figures.palette import Signal
from lstm_viz.figures.written import LABEL

SIGNALS: tuple[Signal, ...] = (
    "series", "inner_forget", "hidden", "cell", "inner_cell", "grad_cell",
)  # fmt: skip


@pytest.mark.parametrize("count", [2, 6])
def test_no_chart_is_so_low_that_its_title_is_cut(count: int) -> None:
    values, title = np.linspace(0.1, 0.9, 12), "‖dL/dc‖₂"
    several = [Compared(signal, values, values, title) for signal in SIGNALS[-count:]]
    rows = comparison(several)["vconcat"]
    assert len(rows) == count
    for row in rows:
        assert row["height"] >= 40, "three lines of ticks"
        axes = [each["encoding"]["y"]["axis"] for each in row["layer"] if "y" in each["encoding"]]
        shown = [axis for axis in axes if axis.get("titleAngle") == 0]
        assert shown, "its title lies beside it"
        assert all(axis["titleLimit"] >= 10 * len(title) for axis in shown)


def test_numbers_of_a_diverged_network_are_ticked_in_few_digits() -> None:
    values = np.linspace(0.0, 8.5e23, 12)
    twice: list[Compared] = [Compared(name, values, values, "h") for name in SIGNALS[2:4]]
    for row in comparison(twice)["vconcat"]:
        axes = [each["encoding"]["y"]["axis"] for each in row["layer"] if "y" in each["encoding"]]
        assert {axis["labelExpr"] for axis in axes} == {LABEL}
