"""How windows are cut, as a picture."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from lstm_viz.figures.windows import WINDOWS_SHOWN, windows
from tests.figures.reading_charts import rows, table_of


def test_windows_slide_by_one_row_and_the_horizon_follows() -> None:
    chart = windows(np.arange(60.0), window=8, horizon=3, y_title="x")
    cut = table_of(chart, "examples")
    assert cut["name"].unique().tolist() == [
        "window: what the network reads",
        "horizon: what it predicts",
    ]
    read, predicted = (part for _name, part in cut.groupby("name", sort=False))
    assert read["row"].tolist() == [k - 0.5 for k in range(WINDOWS_SHOWN)]
    assert (read["stop"] - read["row"]).unique().tolist() == [8]
    assert predicted["row"].tolist() == read["stop"].tolist()
    assert (predicted["stop"] - predicted["row"]).unique().tolist() == [3]
    assert max(row["row"] for row in rows(chart, "series")) >= 8 + 3 + WINDOWS_SHOWN - 1


def test_a_series_of_one_window_shows_that_one() -> None:
    chart = windows(np.arange(6.0), window=5, horizon=1, y_title="x")
    assert table_of(chart, "examples")["example"].tolist() == ["example 1"] * 2


@pytest.mark.parametrize("name", ["image", "title"])
def test_a_column_called_as_vega_calls_pictures_stays_words_in_the_tooltip(name: str) -> None:
    spec = windows(np.arange(40.0), window=8, horizon=2, y_title=name)
    titles = [tip["title"] for tips in _found(spec, "tooltip") for tip in tips]
    assert any(title.startswith(name) for title in titles)
    assert name not in titles


def _found(part: Any, key: str) -> Iterator[Any]:
    """All values of a key in a specification, its tables left out."""
    if isinstance(part, dict):
        if isinstance(part.get(key), list):
            yield part[key]
        for name, value in part.items():
            if name != "datasets":
                yield from _found(value, key)
    elif isinstance(part, list):
        for each in part:
            yield from _found(each, key)
