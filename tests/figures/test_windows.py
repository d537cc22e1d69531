"""How windows are cut, as a picture."""

import numpy as np

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
