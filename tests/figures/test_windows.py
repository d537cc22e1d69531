"""The data page's pictures."""

import numpy as np

from lstm_viz.figures.windows import WINDOWS_SHOWN, windows


def test_windows_slide_by_one_row_and_the_horizon_follows() -> None:
    figure = windows(np.arange(60.0), window=8, horizon=3, y_title="x")
    line, read, predicted = figure.data
    assert list(read.base) == [k - 0.5 for k in range(WINDOWS_SHOWN)]
    assert list(predicted.base) == [k + 7.5 for k in range(WINDOWS_SHOWN)]
    assert set(read.x) == {8}
    assert set(predicted.x) == {3}
    assert max(line.x) >= 8 + 3 + WINDOWS_SHOWN - 1


def test_a_series_of_one_window_shows_that_one() -> None:
    figure = windows(np.arange(6.0), window=5, horizon=1, y_title="x")
    assert len(figure.data[1].x) == 1
