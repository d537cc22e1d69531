from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from lstm_viz.data.dataset import Dataset
from lstm_viz.data.generators import generate
from lstm_viz.data.series import Series
from lstm_viz.data.tasks import adding_problem
from lstm_viz.data.windows import (
    LIMITS,
    MIN_TRAINING,
    MIN_VALIDATION,
    SCALINGS,
    WindowSpec,
    bounds,
    cut,
    fitting,
    window_spans,
)
from lstm_viz.errors import ConfigError, DataError


def series(*values: float) -> Series:
    return Series("test", np.array(values, np.float64)[:, None], ("y",))


@some.composite
def cuts(draw: some.DrawFn) -> tuple[Series, WindowSpec, Dataset]:
    """A series, and a way to cut it that fits it."""
    rows = draw(some.integers(20, 300))
    spec = WindowSpec(
        window=draw(some.integers(2, 100)),
        horizon=draw(some.integers(1, 20)),
        scaling=draw(some.sampled_from(SCALINGS)),
        validation_share=draw(some.floats(0.2, 0.5)),
    )
    rng = np.random.default_rng(draw(some.integers(0, 9999)))
    offset, scale = draw(some.floats(-1e6, 1e6)), draw(some.floats(1e-3, 1e6))
    chosen = series(*(offset + scale * rng.normal(size=rows)))
    spec = fitting(rows, spec)
    return chosen, spec, cut(chosen, "y", spec)


@given(cuts())
def test_training_does_not_see_the_future(made: tuple[Series, WindowSpec, Dataset]) -> None:
    chosen, spec, data = made
    later = chosen.values.copy()
    later[data.split :] = later[data.split :] * -3 + 1
    other = cut(replace(chosen, values=later), "y", spec)
    assert other.scaler == data.scaler
    for before, after in zip(data.part("training"), other.part("training"), strict=True):
        np.testing.assert_array_equal(before, after)


@given(cuts())
def test_validation_targets_begin_at_the_split(made: tuple[Series, WindowSpec, Dataset]) -> None:
    _, spec, data = made
    inputs, targets = data.part("validation")
    np.testing.assert_array_equal(targets[0], data.values[data.split :][: spec.horizon, 0])
    np.testing.assert_array_equal(inputs[0], data.values[data.split - spec.window : data.split])
    assert len(inputs) == len(data.values) - data.split - spec.horizon + 1


@pytest.mark.parametrize("part", ["training", "validation"])
@given(made=cuts())
def test_spans_name_the_rows_of_each_example(part, made) -> None:
    chosen, spec, data = made
    inputs, targets = data.part(part)
    starts, stops = window_spans(data, part)
    np.testing.assert_array_equal(stops - starts, spec.window + spec.horizon)
    rows = starts[:, None] + np.arange(spec.window + spec.horizon)
    scaled = data.scaler.apply(chosen.values).astype(np.float32)[rows]
    np.testing.assert_array_equal(inputs, scaled[:, : spec.window])
    np.testing.assert_array_equal(targets, scaled[:, spec.window :, 0])


@given(cuts())
def test_both_parts_have_enough_examples(made: tuple[Series, WindowSpec, Dataset]) -> None:
    data = made[2]
    assert len(data.part("training")[0]) >= MIN_TRAINING
    assert len(data.part("validation")[0]) >= MIN_VALIDATION


@given(cuts())
def test_scaling_undone_is_the_series(made: tuple[Series, WindowSpec, Dataset]) -> None:
    chosen, _, data = made
    back = data.scaler.invert(data.scaler.apply(chosen.values))
    size = np.abs(chosen.values).max()
    np.testing.assert_allclose(back, chosen.values, atol=1e-12 * size)


def test_standard_scaling_gives_the_training_part_mean_0_and_deviation_1() -> None:
    data = cut(generate("random_walk", seed=4), "value", WindowSpec(scaling="standard"))
    training = data.values[: data.split]
    assert training.mean() == pytest.approx(0, abs=1e-5)
    assert training.std() == pytest.approx(1, abs=1e-5)


def test_minmax_scaling_gives_the_training_part_0_to_1() -> None:
    data = cut(generate("random_walk", seed=4), "value", WindowSpec(scaling="minmax"))
    training = data.values[: data.split]
    assert (training.min(), training.max()) == (0, 1)


def test_no_scaling_leaves_the_values() -> None:
    data = cut(series(*range(100)), "y", WindowSpec(window=5, scaling="none"))
    np.testing.assert_array_equal(data.values[:, 0], np.arange(100))


@given(some.integers(15, 400), some.floats(0.05, 0.5), some.integers(1, 200))
def test_bounds_are_the_last_that_fit(rows: int, share: float, horizon: int) -> None:
    rising = series(*range(rows))
    spec = WindowSpec(window=2, horizon=horizon, validation_share=share)
    try:
        fits = fitting(rows, spec)
    except DataError:
        for each in (2, 3):  # too short for anything is too short for the least
            with pytest.raises(DataError):
                cut(rising, "y", replace(spec, window=each, horizon=1))
        return
    longest = bounds(rows, fits)["window"][1]
    assert cut(rising, "y", replace(fits, window=longest)).window == longest
    if longest < LIMITS["window"][1]:
        with pytest.raises(DataError, match="window"):
            cut(rising, "y", replace(fits, window=longest + 1))


def test_tiny_and_large_values_can_be_trained_on() -> None:
    for size in (1e-300, 1e-170, 1.0, 1e37):
        data = cut(series(*(size * np.sin(np.arange(60.0)))), "y", WindowSpec(window=5))
        assert 0.5 < np.abs(data.values).max() < 10


WAVE = np.sin(np.arange(150.0))
FLAT_START = np.concatenate([np.full(120, 7.0), np.arange(30)])
BAD_CUTS = [
    (WAVE, WindowSpec(window=500), "'window' must be between 2 and 112, got 500. Shorten"),
    (WAVE, WindowSpec(window=113), "'window' must be between 2 and 112, got 113. Shorten"),
    (WAVE, WindowSpec(window=5, horizon=40), "'horizon' must be between 1 and 29, got 40"),
    (WAVE[:5], WindowSpec(window=2), "has 5 rows, and at least 12 are needed"),
    (WAVE[:0], WindowSpec(window=2), "has 0 rows, and at least 12 are needed"),
    (WAVE * 0 + 7, WindowSpec(), "'y' is 7 in all 120 rows of the training part"),
    (FLAT_START, WindowSpec(), "nothing to learn. Choose another column"),
    (WAVE * np.nan, WindowSpec(), "missing or infinite values, or values too large"),
    (WAVE * 1e300, WindowSpec(), "Fill them in or rescale the column"),
    (np.append(WAVE * 1e-200, [1e37] * 30), WindowSpec(), "values too large to train on"),
]


@pytest.mark.parametrize(("values", "spec", "message"), BAD_CUTS)
def test_what_cannot_be_cut_is_refused_with_the_range_that_can(
    values: np.ndarray, spec: WindowSpec, message: str
) -> None:
    with pytest.raises(DataError) as refused:
        cut(series(*values), "y", spec)
    assert message in str(refused.value)


BAD_SPECS = [
    ({"window": 1}, "'window' must be between 2 and 1000, got 1."),
    ({"window": 10.5}, "'window' must be a whole number, got 10.5."),
    ({"horizon": 0}, "'horizon' must be between 1 and 200, got 0."),
    ({"validation_share": 0.0}, "'validation share' must be between 0.05 and 0.5, got 0.0."),
    ({"validation_share": float("nan")}, "between 0.05 and 0.5, got nan."),
    ({"scaling": "log"}, "'scaling' must be one of standard, minmax, none, got 'log'."),
]


@pytest.mark.parametrize(("settings", "message"), BAD_SPECS)
def test_settings_out_of_range_are_refused_with_the_range(settings, message) -> None:
    with pytest.raises(ConfigError) as refused:
        WindowSpec(**settings)
    assert message in str(refused.value)


def test_a_column_that_is_not_there_is_refused_by_name() -> None:
    with pytest.raises(DataError) as refused:
        cut(series(*WAVE), "z", WindowSpec())
    assert "no column called 'z'" in str(refused.value)


def test_a_task_has_no_windows() -> None:
    with pytest.raises(DataError) as refused:
        window_spans(adding_problem(10, 5))
    assert "separate sequences" in str(refused.value)
