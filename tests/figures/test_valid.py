"""Every chart is valid Vega-Lite, whatever it is given, and its axes say what they show."""

import json
from typing import Any

import altair
import numpy as np
import pytest

from lstm_viz.figures import characters, classification, forecasts, structure, training
from lstm_viz.figures.palette import LOOKS, ask_theme
from lstm_viz.figures.timeline import Timeline
from lstm_viz.figures.vega import Spec
from lstm_viz.measures.classification import roc

X = np.array([1.0, 3.0, 2.0, 5.0])
BAD = np.array([np.nan, np.inf, -np.inf, 1e300])
AT = np.arange(20, 24)
DAYS = np.arange(np.datetime64("2020-01-01"), np.datetime64("2020-01-05"))
CURVE = roc(np.array([0, 1, 0, 1]), np.array([0.1, 0.9, 0.6, 0.4]))
HISTORY = {
    "epoch": [0.0, 1.0],
    "step": [0, 10],
    "validation_loss": [1.0, 0.5],
    "validation_accuracy": [np.nan, 0.75],
    "learning_rate": [np.nan, 0.01],
}
NOTHING: dict[str, list[float]] = {what: [] for what in HISTORY}

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
    (
        "small multiples",
        forecasts.small_multiples(["a", "b", "c"], AT, X, np.stack([X, X, BAD]), "°C"),
        {"row of the series", "°C"},
    ),
    (
        "per horizon",
        forecasts.per_horizon(X, X, X, "°C"),
        {"steps ahead", "mean absolute error (°C)"},
    ),
    (
        "residuals",
        forecasts.residuals(AT, X, 2.0, np.array([3]), "°C"),
        {"row of the series", "forecast - truth (°C)"},
    ),
    (
        "residuals, bad",
        forecasts.residuals(AT, np.full(4, np.nan), np.nan, np.arange(4), "°C"),
        {"row of the series", "forecast - truth (°C)"},
    ),
    (
        "histogram",
        forecasts.residual_histogram(BAD, "°C"),
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
        {"row of the series", "°C above, scaled below"},
    ),
    *[
        (f"{words} {what}", draw(given), {"epoch (passes over the training data)", title})
        for words, given in (("some", HISTORY), ("no", NOTHING))
        for what, draw, title in (
            ("accuracy", lambda h: training.accuracy(h, 0.5), "accuracy"),
            ("rate", training.learning_rate, "learning rate"),
            (
                "runs",
                lambda h: training.runs_over_epochs(
                    {"a": h, "b": h}, "validation_loss", "loss", 0.2
                ),
                "loss",
            ),
        )
    ],
    (
        "often",
        characters.frequent_characters("a b", X[:3] / 10),
        {"share of the text", "character"},
    ),
]


def axis_titles(chart: Spec) -> set[str]:
    channels = [layer["encoding"].get(channel, {}) for layer in chart["layer"] for channel in "xy"]
    return {channel["title"] for channel in channels if channel.get("title")}


def tables_of(chart: Spec) -> dict[str, list[dict[str, Any]]]:
    """The tables as they travel."""
    return {
        name: json.loads(table.to_json(orient="records", date_format="iso"))
        for name, table in chart["datasets"].items()
    }


@pytest.mark.parametrize(("what", "chart", "titles"), CHARTS, ids=[what for what, *_ in CHARTS])
def test_charts_are_valid_and_their_axes_say_their_units(
    what: str, chart: Spec, titles: set[str]
) -> None:
    tables = tables_of(chart)
    altair.LayerChart.from_dict({**chart, "datasets": tables}, validate=True)
    assert axis_titles(chart) == titles
    assert "title" not in chart
    assert chart["width"] == "container"
    assert all(layer["data"].get("name", "") in {"", *tables} for layer in chart["layer"])
    json.dumps({**chart, "datasets": tables}, allow_nan=False)


@pytest.mark.parametrize(("what", "chart", "titles"), CHARTS, ids=[what for what, *_ in CHARTS])
def test_charts_say_their_values_to_the_pointer_and_name_no_column_that_is_not_there(
    what: str, chart: Spec, titles: set[str]
) -> None:
    assert any("tooltip" in layer["encoding"] for layer in chart["layer"]) or "probab" in what
    for layer in chart["layer"]:
        if "name" not in layer["data"]:
            continue
        columns = set(chart["datasets"][layer["data"]["name"]].columns)
        for channel in layer["encoding"].values():
            parts = channel if isinstance(channel, list) else [channel]
            assert {part["field"] for part in parts if "field" in part} <= columns


@pytest.mark.parametrize(("what", "chart", "titles"), CHARTS, ids=[what for what, *_ in CHARTS])
def test_a_shared_axis_has_one_title(what: str, chart: Spec, titles: set[str]) -> None:
    # A layer whose title is None takes the title away from all.
    for layer in chart["layer"]:
        for channel in "xy":
            assert layer["encoding"].get(channel, {}).get("title", "") is not None


def test_charts_take_the_readers_theme() -> None:
    ask_theme(lambda: "dark")
    try:
        assert LOOKS["prediction"].dark in json.dumps(forecasts.one_step(AT, X, X)["layer"])
        structure.scaled_against_raw(np.stack([X, X], 1), np.stack([X, X], 1), "y", ["a", "b"])
        classification.confusion(np.eye(2, dtype=int), ["a", "b"])
    finally:
        ask_theme(lambda: "light")
