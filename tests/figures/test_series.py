"""The data page's pictures."""

import numpy as np

from lstm_viz.figures.palette import LOOKS
from lstm_viz.figures.series import WINDOWS_SHOWN, series, windows


def test_a_series_shows_its_two_parts_its_unit_and_the_first_window() -> None:
    figure = series(np.arange(100.0), split=80, window=10, horizon=2, y_title="wind (m/s)")
    assert len(figure.data) == 1
    assert figure.layout.yaxis.title.text == "wind (m/s)"
    assert figure.layout.xaxis.title.text == "row of the series"
    assert [(shape.x0, shape.x1) for shape in figure.layout.shapes] == [
        (-0.5, 79.5),
        (79.5, 99.5),
        (-0.5, 9.5),
        (9.5, 11.5),
    ]
    assert [note.text for note in figure.layout.annotations] == ["training 80%", "validation 20%"]


def test_a_million_rows_are_thinned_before_they_travel() -> None:
    walk = np.random.default_rng(0).normal(size=1_000_000).cumsum()
    figure = series(walk, split=700_000, window=50, horizon=1, y_title="walk")
    assert len(figure.data[0].x) <= 4000


def test_the_target_is_drawn_over_its_companions_in_its_own_colour() -> None:
    figure = series(
        np.zeros((50, 3)), split=40, window=5, horizon=1, y_title="a", names=["a", "b", "c"]
    )
    assert [trace.name for trace in figure.data] == ["c", "b", "a"]
    assert figure.data[-1].line.color == LOOKS["truth"].light


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
