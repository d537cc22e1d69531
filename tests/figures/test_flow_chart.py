"""Gradients are drawn relative to where they entered, and what is exactly 0 is said."""

import altair as alt
import numpy as np
import pytest

from lstm_viz.figures import flow_chart as flow_chart_module
from lstm_viz.figures.flow_chart import FlowLine, flow_chart
from lstm_viz.figures.vega import Layers, Spec
from lstm_viz.measures.gradient_flow import GradientFlow
from tests.figures.reading_charts import layer_of, levels


def flow(*norms: float, entered: int = 9, state: str = "hidden") -> GradientFlow:
    return GradientFlow(np.array(norms), entered, state)


def channel(chart: Spec, axis: str) -> Spec:
    found: Spec = layer_of(chart, "line")["encoding"][axis]
    return found


def test_every_line_starts_at_one_where_the_gradient_enters() -> None:
    lines = [
        FlowLine(flow(2.0, 0.2, 0.02), "RNN, untrained", 1, untrained=True),
        FlowLine(flow(5.0, 5.0, 5.0, state="cell"), "LSTM, epoch 2.0", 0),
    ]
    chart = flow_chart(lines)
    table = chart["datasets"]["flow"]
    assert table["back"].tolist() == [0, 1, 2, 0, 1, 2]
    np.testing.assert_allclose(table["value"], [1, 0.1, 0.01, 1, 1, 1])
    assert [channel(chart, axis)["title"] for axis in "xy"] == [
        "steps back from step 9, where the gradient enters",
        "share that arrives",
    ]
    assert "zeros" not in chart["datasets"]


def test_what_is_exactly_zero_is_said_at_its_first_step() -> None:
    chart = flow_chart([FlowLine(flow(1.0, 0.5, 0.0, 0.0), "epoch 1.0")])
    assert chart["datasets"]["flow"]["back"].tolist() == [0, 1]
    (zero,) = chart["datasets"]["zeros"].to_dict("records")
    assert (zero["back"], zero["label"]) == (2, "exactly 0 from here on")
    low, _high = channel(chart, "y")["scale"]["domain"]
    assert zero["value"] == low


@pytest.mark.parametrize("norms", [(1.0,), (1.0, np.nan), (0.0, 0.0), (1.0, np.inf), (1.0, 1e-300)])
def test_no_gradient_breaks_the_chart(norms: tuple[float, ...]) -> None:
    chart = flow_chart([FlowLine(flow(*norms), "now"), FlowLine(flow(1.0, 0.1, entered=3), "x")])
    assert channel(chart, "x")["title"] == "steps back from where the gradient enters"


def test_an_axis_of_many_decades_names_one_and_a_few_powers_of_ten() -> None:
    chart = flow_chart([FlowLine(flow(*10.0 ** -np.arange(0.0, 41.0)), "now")])
    axis = channel(chart, "y")["axis"]
    assert 1.0 in axis["values"]
    assert 4 <= len(axis["values"]) <= 10
    assert '"10⁻¹⁰"' in axis["labelExpr"]


def test_a_thousandth_lies_across_the_chart() -> None:
    assert levels(flow_chart([FlowLine(flow(1.0, 0.5), "now")])) == {"a thousandth": 1e-3}


def test_networks_without_a_legend_are_told_apart_by_dashes_too() -> None:
    lines = [FlowLine(flow(1.0, 0.5), name, k) for k, name in enumerate("abc")]
    named, bare = (flow_chart(lines, named=named) for named in (True, False))
    assert "columns" not in channel(named, "color")["legend"]
    many = [FlowLine(flow(1.0, 0.5), f"RNN (tanh), epoch {k}.0") for k in range(4)]
    assert channel(flow_chart(many), "color")["legend"]["columns"] == 3, "it is cut on one line"
    dashes = [
        {tuple(dash) for dash in channel(chart, "strokeDash")["scale"]["range"][:3]}
        for chart in (named, bare)
    ]
    assert [len(each) for each in dashes] == [1, 3]
    assert channel(bare, "color")["legend"] is None


def test_another_moment_changes_names_and_data_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    built: list[int] = []
    framed = flow_chart_module.framed

    def counted(layers: Layers, height: int) -> alt.LayerChart:
        built.append(height)
        return framed(layers, height)

    monkeypatch.setattr(flow_chart_module, "framed", counted)
    for epoch in ("epoch 3.5", "epoch 4.0"):
        lines = [FlowLine(flow(1.0, 0.5), "untrained", untrained=True), FlowLine(flow(1.0), epoch)]
        chart = flow_chart(lines, height=287)
        assert channel(chart, "color")["scale"]["domain"][:2] == ["untrained", epoch]
        assert channel(chart, "strokeDash")["scale"]["domain"][:1] == ["untrained"]
    assert built == [287]
