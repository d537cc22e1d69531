"""Charts of trainings: one run, and several beside each other."""

import numpy as np

from lstm_viz.figures import training
from lstm_viz.figures.characters import frequent_characters
from lstm_viz.figures.palette import CATEGORIES, DASHES
from tests.figures.reading_charts import layer_of, levels

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
        {name: HISTORY if name[0] == "3" else SHORT for name in names},
        "validation_loss",
        "loss",
        0.2,
    )
    where = layer_of(chart, "line")["encoding"]
    assert where["color"]["scale"]["domain"] == [*names, "constant answer: 0.2"]
    assert where["color"]["scale"]["range"][:8] == list(CATEGORIES["light"])
    dashes = [tuple(dash) for dash in where["strokeDash"]["scale"]["range"][:8]]
    assert set(dashes) == set(DASHES)
    assert "domain" not in where["x"]["scale"]  # as far as the third has come
    assert levels(chart) == {"constant answer: 0.2": 0.2}
    table = chart["datasets"]["runs"]
    assert (table["value"] > 0).all()
    assert 0.0 in set(
        training.runs_over_epochs({"a": HISTORY}, "validation_loss", "", log=False)["datasets"][
            "runs"
        ]["value"]
    )


def test_a_chart_of_many_runs_grows_with_its_legend() -> None:
    many, few = ({f"{k}": HISTORY for k in range(count)} for count in (8, 2))
    heights = [
        training.runs_over_epochs(runs, "validation_loss", "")["height"] for runs in (many, few)
    ]
    assert heights[0] > heights[1]


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
