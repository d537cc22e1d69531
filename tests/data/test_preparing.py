"""The steps between reading and windows, each against pandas or NumPy by hand."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from lstm_viz.data.choice import DataChoice
from lstm_viz.data.preparing.calendar_inputs import Calendar
from lstm_viz.data.preparing.catalogue import ordered
from lstm_viz.data.preparing.clipping import Clip
from lstm_viz.data.preparing.difference import Difference
from lstm_viz.data.preparing.lag import Lag
from lstm_viz.data.preparing.resampling import Resample
from lstm_viz.data.preparing.span import Span
from lstm_viz.data.preparing.step import Step
from lstm_viz.data.series import Series
from lstm_viz.errors import DataError
from lstm_viz.runs import wire
from lstm_viz.ui.race.equal import same_data
from tests.data.preparation import dataset_of, noise, prepared, problem_of, series_of, table

# differences, and the way back


@pytest.mark.parametrize("kind", ["plain", "log"])
@pytest.mark.parametrize("lag", [1, 7])
def test_differences_are_those_of_pandas_and_incomplete_rows_are_left_out(
    kind: str, lag: int
) -> None:
    values = pd.Series(noise(80))
    made = prepared(table(values), Difference(kind, lag))  # type: ignore[arg-type]
    assert isinstance(made.result, Series)
    expected = (np.log(values) if kind == "log" else values).diff(lag).iloc[lag:]
    np.testing.assert_allclose(made.result.values[:, 0], expected)
    assert (made.done[0].before, made.done[0].after) == (80, 80 - lag)
    assert made.result.index is not None
    assert made.result.index[0] == np.datetime64("2020-01-01") + np.timedelta64(lag, "h")


@settings(max_examples=25, deadline=None)
@given(
    some.lists(
        some.builds(
            Difference,
            kind=some.sampled_from(["plain"]),
            lag=some.integers(1, 5),
            among=some.sampled_from(["targets", "all"]),
        )
        | some.builds(Lag, rows=some.integers(1, 5))
        | some.just(Clip(0.5)),
        max_size=4,
    ),
    some.booleans(),
)
def test_a_model_that_predicts_the_true_differences_gives_the_true_values(
    steps: list[Step], log: bool
) -> None:
    clipped = Clip(0.5) in steps
    columns = noise(120), noise(120, 1)
    first = [Difference("log" if log else "plain")]
    source = table(*columns)
    data = dataset_of(source, *first, *steps, targets=2)
    observed = np.stack(columns, axis=1)[-len(data.values) :]
    np.testing.assert_array_equal(data.known_targets[-20:], observed[-20:], "exactly as it was")
    origins = data.origins("test")
    raw = data.in_raw_units(data.part("test")[1], origins)
    truth = data.known_targets[origins[:, None] + np.arange(data.horizon)]
    if not clipped:
        np.testing.assert_allclose(raw, truth, rtol=1e-4)


def test_nothing_prepared_has_nothing_to_undo() -> None:
    data = dataset_of(table(noise(60)))
    assert data.levels is None and data.differences == ()
    np.testing.assert_allclose(data.known_targets[:, 0], noise(60), rtol=1e-6)


def test_a_forecast_beyond_the_last_row_begins_at_its_level() -> None:
    values = noise(60)
    data = dataset_of(table(values), Difference())
    nothing = (np.zeros((1, 3)) - data.scaler.offsets[0]) / data.scaler.scales[0]
    ahead = data.in_raw_units(nothing, np.array([len(data.values)]))
    np.testing.assert_allclose(ahead[0, :, 0], values[-1])


def test_a_forecast_of_clipped_values_is_judged_by_the_true_ones() -> None:
    values = np.sin(np.arange(100.0))
    values[95] = 40.0
    data = dataset_of(table(values), Clip())
    assert data.known_targets[95, 0] == 40.0
    assert data.scaler.invert(data.values).max() < 10
    assert data.in_raw_units(data.part("test")[1], data.origins("test")).max() < 10


def test_a_differenced_clip_is_added_to_what_was_clipped() -> None:
    values = np.sin(np.arange(100.0))
    values[92] = 40.0
    data = dataset_of(table(values), Clip(), Difference())
    ahead = data.in_raw_units(data.part("test")[1], data.origins("test"))
    assert np.abs(ahead).max() < 10


@pytest.mark.parametrize("kind", ["plain", "log"])
def test_what_a_clip_hides_is_kept_beside_it(kind: str) -> None:
    values = noise(100)
    values[95] = 400.0
    for steps in ([], [Difference(kind, 2)]):  # type: ignore[arg-type]
        bare = dataset_of(table(values), *steps) if steps else dataset_of(table(values))
        clipped = dataset_of(table(values), *steps, Clip(0.5))
        assert np.abs(clipped.raw).max() < np.abs(bare.raw).max()
        np.testing.assert_allclose(clipped.unclipped, bare.raw, rtol=1e-4, atol=1e-5)
    values[95] = -4.0
    lifted = dataset_of(table(values), Clip(0.5), Difference("log"))
    np.testing.assert_array_equal(lifted.unclipped, lifted.raw)


def test_what_was_prepared_travels_and_is_told_apart() -> None:
    steps = (Clip(2.0), Difference("plain", 3), Lag(2))
    data = dataset_of(table(noise(90)), *steps)
    again = wire.unpack(wire.pack(data))
    assert again.fingerprint == data.fingerprint and again.differences == data.differences
    choice = DataChoice("real", "co2", preparation=ordered(steps))
    assert wire.unpack(wire.pack(choice)) == choice
    higher = dataset_of(table(noise(90) + 1024), *steps)
    assert not same_data(data, higher), "the same differences at another level"


def test_no_logarithm_of_zero() -> None:
    said = problem_of(table([0.0, *noise(50)]), Difference("log"))
    assert "'a' falls to 0" in said


def test_a_logarithm_is_refused_for_what_the_series_holds_alone() -> None:
    growth = np.exp(np.arange(80) * 0.1)
    made = series_of(table(growth), Difference(), Difference("log"))
    np.testing.assert_allclose(made.values[:, 0], np.diff(np.log(np.diff(growth))))
    said = problem_of(table(growth - 0.5 * np.arange(80)), Difference(), Difference("log"))
    assert f"'a' falls to {growth[1] - growth[0] - 0.5:g}" in said


# what comes of the other steps


def test_lagged_inputs_are_the_values_before() -> None:
    values = noise(60)
    made = prepared(table(values), Lag(5))
    assert isinstance(made.result, Series)
    assert made.inputs == ("a (t-5)",)
    np.testing.assert_array_equal(made.result.column("a (t-5)"), values[:-5])
    np.testing.assert_array_equal(made.result.column("a"), values[5:])
    assert made.done[0].after == 55


def test_only_rows_that_are_incomplete_are_left_out() -> None:
    source = table(noise(60))
    assert len(series_of(source, Lag(5), Difference("plain", 3)).values) == 55, "side by side"
    assert len(series_of(source, Difference("plain", 3), Lag(5)).values) == 52, "one of the other"


@pytest.mark.parametrize(
    ("unit", "every", "part", "count"),
    [
        ("hour", "90min", "hour", 24),
        ("weekday", "D", "day_of_week", 7),
        ("month", "MS", "month", 12),
    ],
)
def test_calendar_inputs_lie_on_a_circle(unit: str, every: str, part: str, count: int) -> None:
    source = table(noise(60), every=every)
    made = series_of(source, Calendar(unit))  # type: ignore[arg-type]
    dates = pd.DatetimeIndex(source.index)
    place = getattr(dates, part) - (unit == "month") + (dates.minute / 60 if unit == "hour" else 0)
    sine, cosine = made.values[:, 1], made.values[:, 2]
    np.testing.assert_allclose(sine, np.sin(2 * np.pi * place / count), atol=1e-9)
    np.testing.assert_allclose(sine**2 + cosine**2, 1)


def test_a_calendar_input_that_never_changes_is_not_made() -> None:
    source = table(noise(60), every="12h", start="2020-01-01T06:00")
    assert prepared(source, Calendar("hour")).inputs == ("sine of the hour",)
    said = problem_of(table(noise(60), every="D"), Calendar("hour"))
    assert "have the same hour" in said


def test_clipping_is_at_the_fences_of_the_training_part() -> None:
    values = noise(100)
    values[3], values[97] = 1e4, -1e4
    made = prepared(table(values), Clip(1.5))
    assert isinstance(made.result, Series) and made.done[0].said is not None
    low, high = np.quantile(values[:70], (0.25, 0.75))
    reach = 1.5 * (high - low)
    np.testing.assert_allclose(made.result.values[:, 0], np.clip(values, low - reach, high + reach))
    assert "1 of them in the training set" in str(made.done[0].said)


def test_a_column_at_rest_is_not_clipped() -> None:
    values = np.r_[np.zeros(99), 5.0]
    values[10] = 3.0
    np.testing.assert_array_equal(series_of(table(values), Clip()).values[:, 0], values)


# nothing leaks


@settings(max_examples=20, deadline=None)
@given(
    some.lists(
        some.sampled_from(
            [
                Clip(0.5),
                Clip(1.0, "all"),
                Difference(),
                Difference("plain", 3, "all"),
                Lag(2),
                Lag(3, "all"),
                Calendar("weekday"),
                Resample("day"),
                Resample("day", "sum"),
                Span("2020-01-03", ""),
            ]
        ),
        min_size=1,
        max_size=4,
    ),
    some.sampled_from(["previous", "mean", "drop"]),
)
def test_what_comes_after_the_training_part_changes_nothing_of_it(
    steps: list[Step], missing: str
) -> None:
    columns = np.stack([noise(1000), noise(1000, 1)])
    columns[:, [300, 301, 990]] = np.nan
    source = table(*columns)
    first = dataset_of(source, *steps, missing=missing)
    assert first.index is not None and source.index is not None
    columns[:, source.index >= first.index[first.split]] *= -7
    other = dataset_of(table(*columns), *steps, missing=missing)
    assert not np.array_equal(first.values, other.values)
    for one, two in zip(first.part("training"), other.part("training"), strict=True):
        np.testing.assert_array_equal(one, two)
    assert first.scaler == other.scaler


def test_the_source_stays_as_it_was() -> None:
    source = table(noise(60), noise(60, 1))
    series_of(source, Clip(0.5, "all"), Difference("log", 2, "all"), Lag(1), targets=2)
    np.testing.assert_array_equal(source.columns[0].values, noise(60))


def test_a_step_that_fails_tells_what_those_before_did() -> None:
    made = prepared(table([0.0, *noise(50)]), Span("", "2020-01-02"), Lag(1), Difference("log"))
    assert isinstance(made.result, DataError)
    assert [each.after for each in made.done] == [48, 47]
