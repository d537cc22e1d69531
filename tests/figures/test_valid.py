"""Every chart is valid Vega-Lite, whatever it is given, and its axes say what they show."""

import json
import re

import numpy as np
import pytest
import vl_convert

from lstm_viz.figures import (
    characters,
    charts,
    classification,
    forecasts,
    gate_charts,
    structure,
)
from lstm_viz.figures.cell.gates_beside import beside
from lstm_viz.figures.fan import fan
from lstm_viz.figures.flow_chart import FlowLine, flow_chart
from lstm_viz.figures.intervention import Compared, comparison
from lstm_viz.figures.palette import LOOKS, ask_theme
from lstm_viz.figures.residuals import residual_histogram, residuals
from lstm_viz.figures.rolling import rolling
from lstm_viz.figures.silencing import silencing
from lstm_viz.figures.timeline import Timeline
from lstm_viz.figures.trajectories import SHAPES, trajectories
from lstm_viz.figures.vega import Spec
from lstm_viz.figures.windows import windows
from lstm_viz.measures.classification import roc
from lstm_viz.measures.future import Future
from lstm_viz.measures.gradient_flow import GradientFlow
from tests.figures.laboratory_charts import LABORATORY
from tests.figures.reading_charts import axis_titles, layers, look_of, views

X = np.array([1.0, 3.0, 2.0, 5.0])
SILENCED = "silenced unit, the one that costs most first"
BAD = np.array([np.nan, np.inf, -np.inf, 1e300])
AT = np.arange(20, 24)
DAYS = np.arange(np.datetime64("2020-01-01"), np.datetime64("2020-01-05"))
CURVE = roc(np.array([0, 1, 0, 1]), np.array([0.1, 0.9, 0.6, 0.4]))
PREDICTION = "prediction (in the data's unit)"
DISTRIBUTION = {"activation (0 closed, 1 open)", "share of units and time steps"}
SATURATION = {"share of time with gate < 0.1", "share of time with gate > 0.9"}

CHARTS: list[tuple[str, Spec, set[str]]] = [
    ("one step", forecasts.one_step(AT, X, X, X, "°C"), {"row of the series", "°C"}),
    ("one step, bad", forecasts.one_step(AT, X, BAD, None, "°C"), {"row of the series", "°C"}),
    ("one step, dated", forecasts.one_step(AT, X, X, X, "°C", Timeline(DAYS)), {"date", "°C"}),
    ("free", forecasts.from_origin(AT, X, AT + 4, X[:2], X, "°C"), {"row of the series", "°C"}),
    (
        "free, past the end",
        forecasts.from_origin(AT, X, AT + 4, None, BAD, "°C"),
        {"row of the series", "°C"},
    ),
    *[
        (
            f"future {band}",
            forecasts.future(AT, X, AT + 4, ahead.table, band, "°C", Timeline(DAYS)),
            {"date", "°C"},
        )
        for band, ahead in {
            "": Future(AT, BAD, X + np.nan, X),
            "90% band": Future(AT, X, X, X, BAD),
        }.items()
    ],
    (
        "rolling",
        rolling(AT, {"prediction": X, "naive": BAD}, "°C", Timeline(DAYS)),
        {"date", "mean absolute error (°C)"},
    ),
    (
        "fan",
        fan(np.arange(4), X, np.array([1, 3]), np.stack([X, BAD]), "°C"),
        {"row of the series", "°C"},
    ),
    *[
        (
            f"paths {len(kinds)}",
            trajectories(
                np.arange(4.0 * examples).reshape(examples, 2, 2),
                0,
                "cell",
                marked=marked,
                points=np.ones((len(kinds), 2)),
                kinds=kinds,
                speeds=np.full(len(kinds), 1e-9),
            ),
            {"first principal component", "second principal component"},
        )
        for examples, marked, kinds in ((1, [], []), (3, [1], [*SHAPES]))
    ],
    *LABORATORY,
    ("silencing", silencing(0.1, X + 0.1, [0, 3, 9, 4], [3]), {"mean loss", SILENCED}),
    *[
        (
            f"intervention, {'nothing' if after is None else 'something'} changed",
            comparison(
                [
                    Compared("forget", X / 5, after, "f", gate=True, held=after is not None),
                    Compared("grad_cell", gradient, after, "‖dL/dc‖₂"),
                ],
                *more,
            ),
            {"time step t", "f", "‖dL/dc‖₂"},
        )
        for after, gradient, more in ((None, 1e-30**X, ()), (BAD, 0 * X, ([1], (1, 2))))
    ],
    *[
        (f"panel {k}", panel, {"row of the series", "°C"})
        for k, panel in enumerate(
            forecasts.small_multiples(["a", "b", "c"], AT, X, np.stack([X, X, BAD]), "°C")
        )
    ],
    (
        "per horizon",
        forecasts.per_horizon(X, X, X, "°C"),
        {"steps ahead", "mean absolute error (°C)"},
    ),
    (
        "residuals",
        residuals(AT, X, 2.0, np.array([3]), "°C"),
        {"row of the series", "forecast - truth (°C)"},
    ),
    (
        "residuals, bad",
        residuals(AT, np.full(4, np.nan), np.nan, np.arange(4), "°C"),
        {"row of the series", "forecast - truth (°C)"},
    ),
    (
        "histogram",
        residual_histogram(BAD, "°C"),
        {"forecast - truth (°C)", "share of the rows"},
    ),
    (
        "roc",
        classification.roc(CURVE, 0.5),
        {
            "false positives (share of the first class)",
            "true positives (share of the second class)",
        },
    ),
    (
        "confusion",
        classification.confusion(np.eye(2, dtype=int), ["a", "b"]),
        {"answer of the network", "true class"},
    ),
    (
        "probabilities",
        classification.probabilities(np.array([0, 1.0]), np.array([0.1, 0.9]), 0.7, ["a", "b"]),
        {"probability of 'b'", "share of the class"},
    ),
    (
        "autocorrelation",
        structure.autocorrelation(X / 5, 2, 0.1),
        {"lag (rows)", "autocorrelation (no unit)"},
    ),
    (
        "spectrum",
        structure.spectrum(np.array([2.0, 4.0]), np.ones(2), 4),
        {"period (rows), long to the right", "power (squared unit × rows)"},
    ),
    ("parts", structure.parts(X, 2, 3, "°C"), {"row of the series", "°C"}),
    ("dated parts", structure.parts(X, 2, 4, "°C", Timeline(DAYS)), {"date", "°C"}),
    (
        "scaled",
        structure.scaled_against_raw(X, X / 5, "°C"),
        {"row of the series", "°C", "scaled (no unit)"},
    ),
    (
        "often",
        characters.frequent_characters("a b", X[:3] / 10),
        {"share of the text", "character"},
    ),
]


CHARTS += [
    ("scatter", charts.scatter(X, BAD), {"truth (in the data's unit)", PREDICTION}),
    ("no scatter", charts.scatter(BAD, BAD), {"truth (in the data's unit)", PREDICTION}),
    *[
        (f"{what} of {words} gates", draw(given), titles)
        for words, given in (("some", {"forget": X[:, None] / 5}), ("no", {}))
        for what, draw, titles in (
            ("distribution", gate_charts.gate_distribution, DISTRIBUTION),
            ("saturation", gate_charts.saturation, SATURATION),
        )
    ],
    (
        "time constants",
        gate_charts.time_constants(np.array([1.0, np.inf]), window=5),
        {"time constant τ (time steps)", "unit, from the shortest memory to the longest"},
    ),
    (
        "flow",
        flow_chart([FlowLine(GradientFlow(np.array([1.0, 0.1, 0.0]), 9, "cell"), "now")]),
        {"steps back from step 9, where the gradient enters", "share that arrives"},
    ),
    ("windows", windows(X, window=2, horizon=1, y_title="°C"), {"row of the series", "°C"}),
    ("by hand", beside("forget", X / 5, None), {"time step t", "forget gate f"}),
]
each_chart = pytest.mark.parametrize(
    ("chart", "titles"), [each[1:] for each in CHARTS], ids=[what for what, *_ in CHARTS]
)


@each_chart
def test_axes_say_their_units_and_charts_are_as_wide_as_their_container(
    chart: Spec, titles: set[str]
) -> None:
    assert axis_titles(chart) == titles
    assert all(title in chart["description"] for title in titles), "as a screen reader says it"
    if "vconcat" in chart:
        assert chart["autosize"]["type"] == "fit-x"
    else:
        assert chart["width"] == "container"


@each_chart
def test_a_mark_says_what_the_pointer_reads_on_it_and_not_how_it_is_drawn(
    chart: Spec, titles: set[str]
) -> None:
    for layer in layers(chart):
        tips, said = (layer["encoding"].get(name) for name in ("tooltip", "description"))
        if tips:
            expression = said["value"]["expr"]
            assert all(f'"{tip.get("title", "name")}: "' in expression for tip in tips)
            read = re.findall(r'datum\["(.*?)"\]', expression)
            assert {*read} == {tip["field"] for tip in tips}
        elif layer["mark"]["type"] != "text":
            assert layer["mark"]["aria"] is False


def test_what_a_mark_says_has_the_form_of_its_tooltip() -> None:
    gates = {
        "update": np.array([[0.05], [0.05], [0.5]]),
        "reset": np.array([[0.05], [0.05], [0.5]]),
    }
    chart = gate_charts.saturation(gates)
    values = chart["datasets"].items()
    told = {**chart, "width": 300, "datasets": {k: v.to_dict("records") for k, v in values}}
    marks = re.findall('aria-label="(gate.*?)"', vl_convert.vegalite_to_svg(told))
    assert marks == [
        f"gate: {gate}; units: 1; unit: 0; closed: 67%; open: 0%"
        for gate in ("update gate z", "reset gate r")
    ]


@each_chart
def test_what_is_drawn_is_fed_and_nothing_else(chart: Spec, titles: set[str]) -> None:
    assert {each["data"]["name"] for each in layers(chart)} == set(chart["datasets"])
    for layer in layers(chart):
        table = chart["datasets"][layer["data"]["name"]]
        json.loads(table.to_json(orient="records", date_format="iso"))
        for channel in layer["encoding"].values():
            parts = channel if isinstance(channel, list) else [channel]
            assert {part["field"] for part in parts if "field" in part} <= set(table.columns)


@each_chart
def test_charts_say_their_values_to_the_pointer(chart: Spec, titles: set[str]) -> None:
    for view in views(chart):
        assert any("tooltip" in layer["encoding"] for layer in view["layer"])


@each_chart
def test_a_table_without_rows_is_asked_for_no_ends_of_an_axis(
    chart: Spec, titles: set[str]
) -> None:
    """The browser says "Infinite extent" in its console, and draws an axis of nothing."""
    for layer in layers(chart):
        if len(chart["datasets"][layer["data"]["name"]]):
            continue
        for axis in "xy":
            channel = layer["encoding"].get(axis, {"type": "nominal"})
            assert channel["type"] == "nominal" or len(channel["scale"]["domain"]) == 2


@each_chart
def test_a_shared_axis_has_one_title(chart: Spec, titles: set[str]) -> None:
    # A layer whose title is None takes the title away from all.
    for layer in views(chart)[-1]["layer"]:
        for axis in "xy":
            if layer["encoding"].get(axis, {}).get("type") != "nominal":
                assert layer["encoding"].get(axis, {}).get("title", "") is not None


def test_charts_take_the_readers_theme() -> None:
    ask_theme(lambda: "dark")
    try:
        assert LOOKS["prediction"].dark in look_of(forecasts.one_step(AT, X, X))
        structure.scaled_against_raw(np.stack([X, X], 1), np.stack([X, X], 1), "y", ["a", "b"])
        classification.confusion(np.eye(2, dtype=int), ["a", "b"])
    finally:
        ask_theme(lambda: "light")
