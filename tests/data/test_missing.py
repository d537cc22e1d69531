"""Missing values: each treatment does what it says, and no more."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as some
from hypothesis.extra import numpy as arrays

from lstm_viz.data.reading.missing import FILLINGS, carried_on, interpolated, series_from, with_mean
from lstm_viz.data.reading.tables import MISSING, Missing, Table
from lstm_viz.errors import ConfigError, DataError
from tests.data.as_tables import read_table

nan, inf = np.nan, np.inf
GAPS = "v\nNaN\n1\n2\ninf\n4\n5\n6\n7\n8\n9\n"


def table_of(text: str) -> Table:
    return read_table(text.encode(), "it.csv")


def refusal(table: Table, *chosen: object, **how: object) -> str:
    with pytest.raises(DataError) as refused:
        series_from(table, *chosen, **how)
    return str(refused.value)


@pytest.mark.parametrize(
    ("missing", "values", "fragment"),
    [
        ("interpolate", [1, 1, 2, 3, 4, 5, 6, 7, 8, 9], "on a straight line between"),
        ("previous", [1, 2, 2, 4, 5, 6, 7, 8, 9], "where there is none: 1"),
        ("mean", [5.25, 1, 2, 5.25, 4, 5, 6, 7, 8, 9], "with the mean of the first 10 rows"),
        ("drop", [1, 2, 4, 5, 6, 7, 8, 9], "Rows left out for them: 2"),
    ],
)
def test_missing_and_infinite_values_are_treated_as_chosen_and_counted(
    missing: Missing, values: list[float], fragment: str
) -> None:
    series = series_from(table_of(GAPS), "v", missing=missing)
    np.testing.assert_array_equal(series.values[:, 0], values)
    note = str(series.note)
    assert note.startswith("2 of the 10 values of 'v' were missing, infinite or not numbers.")
    assert fragment in note


def test_every_treatment_has_its_name() -> None:
    assert tuple(FILLINGS) == MISSING


@pytest.mark.parametrize("missing", MISSING)
def test_a_whole_column_is_left_as_it_is_with_nothing_to_note(missing: Missing) -> None:
    series = series_from(table_of("v\n1\n3\n2\n"), "v", missing=missing)
    np.testing.assert_array_equal(series.values[:, 0], [1, 3, 2])
    assert series.note is None


ROWS = arrays.arrays(
    np.float64, some.integers(1, 20), elements=some.floats(width=64, allow_subnormal=False)
)


@given(ROWS)
def test_filling_changes_nothing_that_is_there_and_leaves_nothing_infinite(
    values: np.ndarray,
) -> None:
    known = np.isfinite(values)
    assume(known.any())
    for fill in (interpolated, with_mean, carried_on):
        filled = fill(values)
        np.testing.assert_array_equal(filled[known], values[known])
        assert np.isfinite(filled[known.argmax() :]).all()
        assert not np.isinf(filled).any()


@given(ROWS, some.integers(1, 20))
def test_what_is_carried_on_never_looks_ahead(values: np.ndarray, now: int) -> None:
    later = values.copy()
    later[now:] = 7.0
    np.testing.assert_array_equal(carried_on(values)[:now], carried_on(later)[:now])


@given(ROWS, some.integers(1, 20), some.integers(0, 9))
def test_interpolation_borrows_nothing_from_a_later_part(
    values: np.ndarray, first: int, more: int
) -> None:
    assume(np.isfinite(values[:first]).any())
    splits = (first, first + more)
    for split in splits:
        later = np.append(values, 3.0)
        later[split:] = 7.0
        made = (interpolated(each, splits)[:split] for each in (np.append(values, 3.0), later))
        np.testing.assert_array_equal(*made)


def test_interpolation_borrows_from_later_rows_and_the_mean_from_training_alone() -> None:
    values, other = np.array([1, nan, 3.0]), np.array([1, nan, 9.0])
    assert interpolated(values)[1] != interpolated(other)[1]
    assert with_mean(values, 2)[1] == with_mean(other, 2)[1] == 1
    assert np.isnan(with_mean(np.array([nan, 3.0]), 1)[0]), "nothing is known of training"


def test_a_step_beyond_float64_is_filled_in_all_the_same() -> None:
    values = np.array([1.7e308, nan, -1.7e308])
    np.testing.assert_array_equal(interpolated(values), [1.7e308, 0, -1.7e308])
    assert np.isfinite(with_mean(np.array([1.7e308, nan, 1.7e308]))).all()
    largest = np.finfo(np.float64).max
    np.testing.assert_array_equal(with_mean(np.array([largest] * 3 + [nan])), [largest] * 4)


def test_targets_come_before_features_and_each_column_once() -> None:
    table = table_of("a,b,c\n1,2,5\n3,1,6\n2,9,7\n")
    series = series_from(table, ["c", "a"], ["a", "b", "c"])
    assert series.columns == ("c", "a", "b")
    np.testing.assert_array_equal(series.values, [[5, 1, 2], [6, 3, 1], [7, 2, 9]])


def test_rows_are_dropped_where_any_chosen_column_misses() -> None:
    table = table_of(
        "day,a,b,c\n2020-01-01,1,,\n2020-01-02,2,5,\n2020-01-03,,6,\n2020-01-04,4,7,1\n"
    )
    series = series_from(table, "a", ["b"], missing="drop")
    np.testing.assert_array_equal(series.values, [[2, 5], [4, 7]])
    assert series.index is not None
    np.testing.assert_array_equal(
        series.index, np.array(["2020-01-02", "2020-01-04"], dtype="datetime64[D]")
    )
    assert "2 of the 8 values of 'a', 'b' were missing" in str(series.note)
    assert "Rows left out for them: 2" in str(series.note)


def test_more_than_a_fifth_missing_is_refused_where_it_is_to_be_filled_in() -> None:
    table = table_of("v,w\n1,1\n2,1\n,1\n,1\n5,1\n")
    for missing in ("interpolate", "previous", "mean"):
        said = refusal(table, "v", missing=missing)
        assert "2 of the 5 values of 'v' are missing" in said
        assert "at most 20% can be filled in" in said
    assert len(series_from(table, "v", missing="drop").values) == 3


def test_nothing_left_after_dropping_is_refused() -> None:
    said = refusal(table_of("a,b\n1,\n2,\n,3\n,4\n"), "a", ["b"], missing="drop")
    assert "No row of 'it.csv' has a value in each of 'a', 'b'" in said


@pytest.mark.parametrize(("targets", "features"), [("v", ()), ("w", ("v",))])
def test_a_constant_target_or_feature_is_refused_by_name(
    targets: str, features: tuple[str, ...]
) -> None:
    table = table_of("v,w\n0.1,1\n0.1,2\n0.1,4\n")
    said = refusal(table, targets, features)
    assert "'v' has the same value in every row: there is nothing to learn" in said


def test_a_column_that_is_constant_where_rows_remain_is_refused() -> None:
    table = table_of("a,b\n1,\n2,3\n2,4\n")
    assert "'a' has the same value" in refusal(table, "a", ["b"], missing="drop")


def test_a_column_that_is_not_there_is_refused() -> None:
    assert "no column of numbers called 'w'" in refusal(table_of("v,w\n1,x\n2,y\n"), "w")


def test_an_unknown_treatment_and_no_column_are_refused() -> None:
    table = table_of("v\n1\n2\n")
    with pytest.raises(ConfigError, match="interpolate, previous, mean, drop"):
        series_from(table, "v", missing="guess")  # type: ignore[arg-type]
    with pytest.raises(ConfigError, match="No column is chosen"):
        series_from(table, ())
