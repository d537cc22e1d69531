"""What a chart says to those who hear the page: its numbers, whichever they are."""

import numpy as np
import pytest

from lstm_viz.figures import charts, classification, forecasts, gate_charts, laboratory
from lstm_viz.figures.intervention import Compared, comparison
from lstm_viz.figures.responding import Strip, strips_of
from lstm_viz.figures.silencing import silencing
from lstm_viz.figures.telling import told
from lstm_viz.figures.timeline import Timeline
from lstm_viz.figures.vega import DIAGONAL, Spec
from lstm_viz.measures.classification import roc
from tests.figures.test_valid import CHARTS


def test_a_line_says_its_ends_and_its_extremes_where_they_are() -> None:
    rows = np.arange(20, 30)
    truth = np.array([3.0, 1.0, 4.0, 1.5, 9.25, 2.0, 6.0, 5.0, 3.5, 5.5])
    said = told(forecasts.one_step(rows, truth, truth + 1, y_title="°C"))
    assert (
        "truth: first 3 (row of the series 20), last 5.5 (row of the series 29), "
        "least 1 (row of the series 21), greatest 9.25 (row of the series 24)."
    ) in said
    assert "prediction: first 4 " in said
    worse = told(forecasts.one_step(rows, truth, truth + np.arange(10), y_title="°C"))
    assert "prediction: first 3 " in worse and "prediction: first 4 " not in worse


def test_a_short_table_is_read_out_row_by_row_as_the_pointer_reads_it() -> None:
    said = told(classification.confusion(np.array([[3, 1], [0, 8]]), ["off", "on"]))
    assert "true class off, answer on, examples 1, share of the true class 25.0%." in said
    assert said.count("true class on,") == 2
    few = told(silencing(0.25, np.array([0.5, 2.0]), [7, 3]))
    assert few.startswith("unit 3, mean loss without it 2. unit 7, mean loss without it 0.5.")
    assert few.endswith("no unit silenced: 0.25.")


def test_small_large_and_negative_numbers_are_written_as_everywhere_else() -> None:
    rows = np.arange(20_000, 20_010)
    values = np.r_[4.85e-11, -2.5, np.full(7, 1.0), 7.28e116]
    said = told(forecasts.one_step(rows, values, values, y_title="y"))
    assert "first 4.85·10⁻¹¹ (row of the series 20000), last 7.28·10¹¹⁶ (" in said
    assert "least −2.5 (row of the series 20001)" in said
    at, years = np.arange(10), Timeline(rows / 10, "year")
    dated = told(forecasts.one_step(at, values, values, timeline=years))
    assert "first 4.85·10⁻¹¹ (year 2000), last 7.28·10¹¹⁶ (year 2000.9)" in dated


def test_marks_without_an_order_have_no_first_and_no_last() -> None:
    truth = np.linspace(0, 1, 12)
    said = told(charts.scatter(truth, 2 * truth + 1))
    assert said == "prediction: least 1 (truth 0), greatest 3 (truth 1)."
    shares = np.tril(np.full((9, 9), 0.5))
    shares[4, 2], shares[8, 1] = 0.125, 0.75
    assert "greatest 0.75 (enters at s 8, arrives at t 1)" in told(laboratory.teaching_map(shares))


def test_days_are_said_as_days_and_what_is_not_there_as_missing() -> None:
    days = np.arange(np.datetime64("2020-01-01"), np.datetime64("2020-01-31"))
    rows = np.arange(8)
    said = told(forecasts.one_step(rows, rows * 1.0, rows * 1.0, timeline=Timeline(days)))
    assert "first 0 (date 2020-01-01), last 7 (date 2020-01-08)" in said
    curve = roc(np.array([0, 1, 0, 1]), np.array([0.1, 0.9, 0.6, 0.4]))
    assert "threshold above all answers, false positives 0.0%" in told(
        classification.roc(curve, 0.95)
    )


def test_nothing_is_less_than_zero_by_rounding_and_no_gate_is_called_one_twice() -> None:
    rows = np.arange(10)
    said = told(forecasts.one_step(rows, np.r_[1.0, -np.zeros(9)], rows * 1.0, y_title="y"))
    assert "last 0 (" in said and "-0 " not in said
    gates = {"forget": np.full((4, 1), 0.95)}
    assert told(gate_charts.saturation(gates)).startswith("forget gate f, units 1")


def test_a_mark_that_is_drawn_aside_is_said_where_it_belongs() -> None:
    gates = np.repeat(np.linspace(0, 1, 12)[:, None], 10, axis=1) ** np.arange(1, 11)
    said = told(gate_charts.saturation({"forget": gates, "input": gates}))
    assert "closed 75%" in said and "share of time" not in said and "−" not in said
    read = np.linspace(0, 1, 9)
    strips = [Strip("shown", "", 3, 5, np.arange(9) % 2, read)]
    assert told(strips_of(strips, 1, "cell", picks=False)).count("least") == 1, "no height in a row"


def test_one_name_in_several_charts_is_said_with_what_is_measured() -> None:
    values = np.linspace(0.1, 0.9, 12)
    twice = [Compared(name, values, values, name) for name in ("hidden", "cell")]
    said = told(comparison(twice))
    assert "hidden, untouched: first 0.1" in said and "cell, untouched: first 0.1" in said
    (alone,) = twice[:1]
    assert told(comparison([alone])).startswith("untouched: first 0.1")


@pytest.mark.parametrize(
    "chart", [chart for _, chart, _ in CHARTS], ids=[name for name, *_ in CHARTS]
)
def test_every_chart_with_marks_has_something_to_say_and_no_other_has(
    chart: Spec,
) -> None:
    said, tables = told(chart), chart["datasets"].items()
    assert "nan" not in said and "None" not in said
    assert bool(said) == any(len(table) for name, table in tables if name != DIAGONAL)
