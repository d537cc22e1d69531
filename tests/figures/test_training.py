"""Charts of trainings: one run, and several beside each other."""

import numpy as np

from lstm_viz.figures import training
from lstm_viz.figures.characters import frequent_characters
from lstm_viz.figures.palette import CATEGORIES, DASHES
from lstm_viz.figures.training import RunLines
from lstm_viz.figures.vega import LEVELS
from tests.figures.reading_charts import layer_of, layers, levels

HISTORY = {
    "epoch": [0.0, 0.5, 1.0, 2.0],
    "step": [0, 5, 10, 20],
    "validation_loss": [1.0, 0.5, 0.0, np.nan],
    "validation_accuracy": [np.nan, 0.5, 0.75, 1.0],
    "learning_rate": [np.nan, 0.01, 0.01, 0.001],
}
SHORT = {what: values[:2] for what, values in HISTORY.items()}


def test_accuracy_is_a_share_and_chance_is_levels() -> None:
    chart = training.accuracy(HISTORY, 0.125)
    assert chart["datasets"]["accuracy"]["value"].tolist() == [0.5, 0.75, 1.0]
    assert layer_of(chart, "line")["encoding"]["y"]["scale"]["domain"] == [0, 1]
    assert levels(chart) == {"constant answer: 12.5%": 0.125}
    assert not levels(training.accuracy(HISTORY))


def test_the_learning_rate_goes_down_in_steps() -> None:
    chart = training.learning_rate(HISTORY)
    assert chart["datasets"]["rate"]["value"].tolist() == [0.01, 0.01, 0.001]
    assert layer_of(chart, "line")["mark"]["interpolate"] == "step-after"


def test_runs_have_a_colour_and_a_dash_each_and_the_axis_of_the_longest() -> None:
    names = [f"{k} run" for k in range(8)]
    chart = training.runs_over_epochs(
        {name: RunLines([HISTORY if name[0] == "3" else SHORT]) for name in names},
        "validation_loss",
        "loss",
        0.2,
    )
    where = next(each for each in layers(chart) if "strokeDash" in each["encoding"])["encoding"]
    assert where["color"]["scale"] == {"domain": names, "range": list(CATEGORIES["light"])}
    assert {tuple(dash) for dash in where["strokeDash"]["scale"]["range"]} == set(DASHES)
    assert "domain" not in where["x"]["scale"]  # as far as the third has come
    assert chart["datasets"][LEVELS]["value"].tolist() == [0.2]
    assert (chart["datasets"]["runs"]["value"] > 0).all()


def test_further_seeds_are_thin_and_their_median_is_broad_in_the_colour_of_their_run() -> None:
    median = np.array([0.0, 1.0]), np.array([0.9, 0.0])
    runs = {"a": RunLines([HISTORY, SHORT, SHORT], median), "b": RunLines([HISTORY])}
    chart = training.runs_over_epochs(runs, "validation_loss", "loss", until=5.0)
    tables = chart["datasets"]
    assert tables["runs"]["name"].tolist() == ["a", "a", "b", "b"]
    assert tables["seeds"][["name", "seed"]].to_numpy().tolist() == [["a", 1]] * 2 + [["a", 2]] * 2
    assert tables["medians"]["value"].tolist() == [0.9], "a log axis has no place for 0"
    lines = [each for each in layers(chart) if each["mark"]["type"] == "line"]
    widths = {each["data"]["name"]: each["mark"]["strokeWidth"] for each in lines}
    assert widths["seeds"] < widths["runs"] < widths["medians"]
    assert len({str(each["encoding"]["color"]["scale"]) for each in lines}) == 1
    assert lines[0]["encoding"]["x"]["scale"]["domain"] == [0, 5]


def test_a_share_of_several_runs_lies_between_0_and_1() -> None:
    chart = training.runs_over_epochs(
        {"a": RunLines([HISTORY])}, "validation_accuracy", "accuracy", log=False
    )
    assert chart["datasets"]["runs"]["value"].tolist() == [0.5, 0.75, 1.0]
    assert layer_of(chart, "line")["encoding"]["y"]["scale"]["domain"] == [0, 1]


def test_the_most_frequent_character_is_at_the_top_and_blanks_are_seen() -> None:
    chart = frequent_characters("a \nb", np.array([0.1, 0.6, 0.25, 0.05]))
    table = chart["datasets"]["characters"]
    assert table["character"].tolist() == ["␣", "⏎", "a", "b"]
    assert table["words"].tolist() == ["60.0%", "25.0%", "10.0%", "5.0%"]
    assert layer_of(chart, "bar")["encoding"]["y"]["sort"] is None


def test_the_axis_of_frequent_characters_ends_where_the_bars_and_their_words_do() -> None:
    x = layer_of(frequent_characters("ab", np.array([0.1, 0.2])), "bar")["encoding"]["x"]
    assert x["title"] == "share of the text"
    assert 0.2 < x["scale"]["domain"][1] < 0.25
