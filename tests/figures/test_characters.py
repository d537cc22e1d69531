"""The chart of a text's most frequent characters."""

import numpy as np

from lstm_viz.figures.characters import frequent_characters
from tests.figures.reading_charts import layer_of


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
