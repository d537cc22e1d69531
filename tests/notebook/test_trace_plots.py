"""The charts of a trace hold its numbers, and stand without the app."""

import sys
from typing import Any

import numpy as np
import pytest
import torch
import vl_convert
from torch import nn

from lstm_viz import ConfigError, MissingExtraError, NestedLSTM, Traces, trace
from lstm_viz.figures import gate_charts
from lstm_viz.figures.heard import pointed
from lstm_viz.instruments.layer_trace import LayerTrace
from tests.figures.reading_charts import axis_titles

B, T, D, H = 2, 6, 3, 4
LAYERS: dict[str, Any] = {
    "lstm": nn.LSTM,
    "rnn": nn.RNN,
    "nested": NestedLSTM,
}
PLOTS = {
    "plot": {"time step t", "unit", "norm"},
    "plot_gates": {"time step t", "unit"},
    "plot_cell": {"time step t", "unit"},
    "plot_gradients": {"time step t", "norm"},
    "plot_saturation": {"share of time with gate < 0.1", "share of time with gate > 0.9"},
    "plot_time_constants": {
        "time constant τ (time steps)",
        "unit, from the shortest memory to the longest",
    },
}


def traced(make: Any = nn.LSTM, **how: Any) -> Traces:
    torch.manual_seed(0)
    layer, x = make(D, H, batch_first=True, **how), torch.randn(B, T, D)
    return trace(layer, x, loss_fn=lambda output, _: output[0].square().sum())


def read(chart: Any) -> dict[str, Any]:
    """As it is written for a browser, which validates it."""
    spec: dict[str, Any] = chart.to_dict()
    assert all(view["width"] == 640 for view in spec.get("vconcat", [spec]))
    return spec


@pytest.mark.parametrize(
    ("kind", "plot"), [*(("lstm", plot) for plot in PLOTS), ("nested", "plot"), ("rnn", "plot")]
)
def test_every_chart_of_every_cell_says_what_it_shows(kind: str, plot: str) -> None:
    assert axis_titles(read(getattr(traced(LAYERS[kind]), plot)())) == PLOTS[plot]


def legends(chart: Any) -> list[set[str]]:
    """What each legend explains, as a browser draws the chart."""
    vega = vl_convert.vegalite_to_vega(chart.to_dict())
    views = [vega, *(mark for mark in vega["marks"] if mark["type"] == "group")]
    found = (legend for view in views for legend in view.get("legends", []))
    return [{"fill", "stroke", "strokeDash"} & {*legend} for legend in found]


def test_every_heat_map_has_its_own_ramp_and_all_lines_one_legend() -> None:
    traces, lines = traced(), {"stroke", "strokeDash"}
    assert legends(traces.plot_gates()) == 4 * [{"fill"}]
    assert legends(traces.plot_gradients()) == [lines]
    assert legends(traces.plot()) == [*6 * [{"fill"}], lines]


def test_the_numbers_are_those_of_the_trace() -> None:
    traces = traced(bidirectional=True)
    layer = traces["l0_reverse"]
    tables = read(traces.plot("l0_reverse", sample=-1))["datasets"]
    signals = {**layer.gates, "cell": layer.cell, "hidden": layer.hidden}
    assert {*signals} <= {*tables}
    for name, values in signals.items():
        drawn = np.full((T, H), np.nan)
        for row in tables[name]:
            drawn[row["t"], row["unit"]] = row["value"]
        np.testing.assert_array_equal(drawn, values[-1])
    norms = [row["value"] for row in tables["norms"]]
    expected = np.concatenate([layer.grad_norm("hidden")[-1], layer.grad_norm("cell")[-1]])
    np.testing.assert_array_equal(norms, expected)
    default = read(traces.plot_cell())["datasets"]["cell"]
    assert default[0]["value"] == traces["l0"].cell[0, 0, 0]  # type: ignore[index]


def test_where_a_sample_has_ended_nothing_is_drawn_and_an_underflow_is_marked() -> None:
    steps = np.where(np.arange(T) < 4, 10.0 ** -(12.0 * np.arange(T)[::-1]), np.nan)
    values = np.repeat(steps[None, :, None], H, axis=2)
    layer = LayerTrace("rnn_tanh", values, values, None, {}, values, lengths=np.array([4]))
    tables = read(Traces({"l0": layer}).plot())["datasets"]
    assert {row["t"] for row in tables["hidden"]} == {row["t"] for row in tables["norms"]}
    assert {row["t"] for row in tables["norms"]} == {0, 1, 2, 3}
    (floor,) = tables["levels"]
    assert floor["name"].startswith("smallest float32") and floor["value"] == 10**-44.85
    assert read(traced().plot_gradients())["datasets"]["levels"] == []


def test_one_step_that_the_loss_reaches_alone_is_a_dot() -> None:
    values = np.zeros((1, T, H))
    values[0, -1] = 1.0
    layer = LayerTrace("rnn_tanh", values, values, None, {}, values)
    spec = read(Traces({"l0": layer}).plot_gradients())
    assert [(row["t"], row["value"]) for row in spec["datasets"]["norms"]] == [(T - 1, 2.0)]
    assert spec["vconcat"][0]["layer"][0]["mark"]["point"] is True


def test_the_apps_own_charts_are_what_it_draws_and_stay_as_they_are() -> None:
    traces = traced()
    mine = read(traces.plot_saturation())
    gates = {name: values.reshape(-1, H) for name, values in traces["l0"].gates.items()}
    app = gate_charts.saturation({name: gates[name] for name in ("forget", "input", "output")})
    assert app["width"] == "container" and mine["layer"] == pointed(app["layer"])
    assert mine["datasets"]["units"] == app["datasets"]["units"].to_dict("records")


def test_a_wide_layer_is_drawn_by_some_of_its_units_and_a_gate_of_ones_own_by_its_name() -> None:
    values = np.random.default_rng(0).random((1, 3, 100))
    layer = LayerTrace(
        "Mine",
        values,
        values,
        None,
        {"dream": values, "a_candidate": values},
        options={"keeps": None},
    )
    spec = read(Traces({"cell": layer}).plot_gates())
    assert {view["title"] for view in spec["vconcat"]} == {"dream", "a_candidate"}
    units = {row["unit"] for row in spec["datasets"]["dream"]}
    assert len(units) == 48 and {0, 99} <= units


def test_what_cannot_be_drawn_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    traces = traced()
    for call, fragment in [
        (lambda: traces.plot("l7"), "no layer called 'l7'"),
        (lambda: traces.plot(sample=2), "between -2 and 1"),
        (lambda: Traces({}).plot(), "nothing to draw"),
        (lambda: traced(nn.RNN).plot_gates(), "no gates. 'plot_cell'"),
        (lambda: traced(nn.RNN).plot_time_constants(), "no gate is the share"),
        (lambda: trace(nn.GRU(D, H), torch.ones(T, B, D)).plot_gradients(), "no gradients"),
    ]:
        with pytest.raises(ConfigError, match=fragment):
            call()
    monkeypatch.setitem(sys.modules, "altair", None)
    for name in [name for name in sys.modules if name == "lstm_viz.notebook.trace_plots"]:
        monkeypatch.delitem(sys.modules, name)
    with pytest.raises(MissingExtraError, match=r"needs altair. Install lstm_viz\[notebook\]"):
        traces.plot()
