"""A chart writes its numbers as everything else that a person reads."""

import html
import json
import math
import re

import numpy as np
import pytest
import vl_convert

from lstm_viz.figures import classification, laboratory
from lstm_viz.figures.axes import linear_axis, log_axis
from lstm_viz.figures.heard import pointed
from lstm_viz.figures.vega import Spec
from lstm_viz.figures.written import numeral_of, percent_of
from lstm_viz.measures.spelling import percent
from lstm_viz.numerals import numeral
from tests.figures.test_valid import CHARTS
from tests.test_numerals import READ

HALF = -12.25
"""Half way: Python rounds to the even digit, a browser away from 0."""


def texts(spec: Spec) -> list[str]:
    drawn = re.findall(r">([^<>]+)</text>", vl_convert.vegalite_to_svg(spec))
    return [html.unescape(each) for each in drawn]


def drawn(values: list[float], *expressions: str) -> list[list[str]]:
    """What Vega makes of values, by each of some expressions."""
    known = [{"v": v if math.isfinite(v) else None, "k": k} for k, v in enumerate(values)]
    y = {"field": "k", "type": "ordinal", "axis": None}
    said = [{"text": {"value": {"expr": each}}, "y": y} for each in expressions]
    layers = [{"mark": "text", "encoding": each} for each in said]
    found = texts({"data": {"values": known}, "layer": layers})
    return np.array_split(np.array(found), len(expressions))


def test_vega_writes_numbers_as_python_does() -> None:
    values = [value for value, _ in READ if not math.isinf(value) and value != HALF]
    values += [-1e-7, 4.85e-11, 7.28e116, 5e-324, 99_999.0, 1e-3]
    of = 'datum["v"]'
    three, six = drawn(values, numeral_of(of, 3), numeral_of(of, 6))
    assert [*three] == [numeral(value) for value in values]
    assert [*six] == [numeral(value, 6) for value in values]


def test_vega_writes_what_is_not_all_and_not_none_as_neither() -> None:
    shares = [0.0, 4e-4, 0.0099, 0.123, 0.996, 0.9996, 1.0]
    whole, tenths = (drawn(shares, percent_of('datum["v"]', k))[0] for k in (0, 1))
    assert [*whole] == [percent(each) for each in shares]
    assert [*tenths] == [percent(each, 1) for each in shares]


def test_axes_write_small_and_large_numbers_as_powers_of_ten() -> None:
    def ticks(axis: Spec) -> list[str]:
        low, high = axis["scale"].to_dict()["domain"]
        values = [{"v": low}, {"v": high}]
        how = {part: each.to_dict() for part, each in axis.items()}
        x = {"field": "v", "type": "quantitative", "title": None, **how}
        return texts({"data": {"values": values}, "mark": "point", "encoding": {"x": x}})

    def linear(low: float, high: float) -> list[str]:
        return ticks(linear_axis(2, domain=[low, high], nice=False))

    assert linear(-2e-7, 2e-7) == ["−2·10⁻⁷", "0", "2·10⁻⁷"]
    assert linear(0, 2e6) == ["0", "10⁶", "2·10⁶"]
    assert linear(0, 40_000) == ["0", "20000", "40000"]
    assert linear(-0.5, 0.5) == ["−0.5", "0.0", "0.5"]
    assert ticks(log_axis(1e-5, 1e-2)) == ["10⁻⁵", "10⁻⁴", "0.001", "0.01"]


@pytest.mark.parametrize(
    ("chart", "axes"),
    [
        (laboratory.teaching_map(np.array([[1.0, np.nan], [0.5, 1.0]])), [["0", "1"]] * 2),
        (laboratory.attribution_bars(np.ones((2, 1)), ["x"]), [["0", "1"]]),
        (laboratory.spectrum(-np.arange(3.0)), [["1", "2", "3"]]),
    ],
)
def test_steps_and_ranks_are_ticked_once_and_nothing_is_between_them(
    chart: Spec, axes: list[list[str]]
) -> None:
    tables = {name: table.to_dict("records") for name, table in chart["datasets"].items()}
    said = " ".join(texts({**chart, "datasets": tables, "width": 300}))
    assert re.findall(r"(\d[\d ]*) (?:step|rank)", said) == [" ".join(axis) for axis in axes]


def test_no_chart_has_the_browser_write_numbers_in_its_own_way() -> None:
    """As 4.85e-11, or as 100% of what is less."""
    for name, chart, _ in CHARTS:
        shown = json.dumps(pointed({**chart, "datasets": {}}))
        assert not re.findall(r'"format": "[^"]*[gers]"', shown), name
        assert not re.findall(r'format\([^()]*"[^"]*[gers%]\\"\)', shown), name
        assert "tooltip" in shown and '"tooltip": [' not in shown, name


def test_a_cell_of_a_confusion_matrix_is_not_all_of_its_row_by_rounding() -> None:
    chart = classification.confusion(np.array([[997, 3], [0, 9]]), ["a", "b"])
    assert chart["datasets"]["cells"]["words"].tolist() == [
        "997\n> 99%",
        "3\n< 1%",
        "0\n0%",
        "9\n100%",
    ]
