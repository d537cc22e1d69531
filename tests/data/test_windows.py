from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from lstm_viz.data.dataset import PARTS, Dataset, Part
from lstm_viz.data.generators.catalogue import generate
from lstm_viz.data.series import Series
from lstm_viz.data.windows import (
    LIMITS,
    MIN_TEST,
    MIN_TRAINING,
    MIN_VALIDATION,
    SCALINGS,
    WindowSpec,
    bounds,
    cut,
    fitting,
    splits,
)
from lstm_viz.errors import ConfigError, DataError


def series(*values: float) -> Series:
    return Series("test", np.array(values, np.float64)[:, None], ("y",))


@some.composite
def specs(draw: some.DrawFn) -> WindowSpec:
    """Any way to cut a series into three parts."""
    return WindowSpec(
        window=draw(some.integers(2, 100)),
        horizon=draw(some.integers(1, 20)),
        scaling=draw(some.sampled_from(SCALINGS)),
        validation_share=draw(some.floats(0.2, 0.5)),
        test_share=draw(some.floats(0.1, 0.3)),
    )


@some.composite
def cuts(draw: some.DrawFn) -> tuple[Series, WindowSpec, Dataset]:
    """A series of some columns, and a way to cut it that fits it."""
    rows, columns = draw(some.integers(60, 300)), draw(some.integers(1, 4))
    rng = np.random.default_rng(draw(some.integers(0, 9999)))
    offset, scale = draw(some.floats(-1e6, 1e6)), draw(some.floats(1e-3, 1e6))
    names = tuple("abcd"[:columns])
    chosen = Series("test", offset + scale * rng.normal(size=(rows, columns)), names)
    spec = fitting(rows, draw(specs()))
    targets = draw(some.integers(1, columns))
    return chosen, spec, cut(chosen, names[:targets], spec, names[targets:])


def counted(rows: int, spec: WindowSpec, targets: int, features: int) -> Dataset:
    """A cut whose values say where they come from: row + 1000 column."""
    values = np.arange(rows, dtype=np.float64)[:, None] + 1000 * np.arange(targets + features)
    names = tuple("abcd"[: targets + features])
    plain = replace(fitting(rows, spec), scaling="none")
    return cut(Series("rows", values, names), names[:targets], plain, names[targets:])


@pytest.mark.parametrize("part", PARTS)
@given(some.integers(60, 300), specs(), some.integers(1, 2), some.integers(0, 2))
def test_no_window_leaks_its_future(
    part: Part, rows: int, spec: WindowSpec, targets: int, features: int
) -> None:
    data = counted(rows, spec, targets, features)
    split, test_split = splits(rows, spec)
    first, stop = {
        "training": (0, split),
        "validation": (split, test_split),
        "test": (test_split, rows),
    }[part]
    inputs, answers = data.part(part)
    asked = answers.reshape(len(answers), data.horizon, targets)
    assert len(inputs) == len(answers) == len(data.origins(part)) > 0
    for read, wanted, origin in zip(inputs, asked, data.origins(part), strict=True):
        rows_read, rows_asked = read[:, 0], wanted[:, 0]
        # consecutive rows, all of them before those that are asked for, which follow at once
        np.testing.assert_array_equal(rows_read, np.arange(origin - data.window, origin))
        np.testing.assert_array_equal(rows_asked, np.arange(origin, origin + data.horizon))
        assert first <= rows_asked.min() <= rows_asked.max() < stop
        assert 0 <= rows_read.min() <= rows_read.max() < stop
        np.testing.assert_array_equal(read, rows_read[:, None] + 1000 * np.arange(read.shape[1]))
        np.testing.assert_array_equal(wanted, rows_asked[:, None] + 1000 * np.arange(targets))
    # nothing of the part is left out, but what training has to read before its first answer
    begin = data.window if part == "training" else first
    np.testing.assert_array_equal(np.unique(asked[..., 0]), np.arange(begin, stop))


@given(cuts())
def test_training_does_not_see_the_future(made: tuple[Series, WindowSpec, Dataset]) -> None:
    chosen, spec, data = made
    later = chosen.values.copy()
    later[data.split :] = later[data.split :] * -3 + 1
    other = cut(replace(chosen, values=later), data.target_names, spec, data.input_names)
    assert other.scaler == data.scaler
    for before, after in zip(data.part("training"), other.part("training"), strict=True):
        np.testing.assert_array_equal(before, after)


@given(cuts())
def test_validation_does_not_see_the_test_part(made: tuple[Series, WindowSpec, Dataset]) -> None:
    chosen, spec, data = made
    later = chosen.values.copy()
    later[data.test_split :] = later[data.test_split :] * -3 + 1
    other = cut(replace(chosen, values=later), data.target_names, spec, data.input_names)
    for before, after in zip(data.part("validation"), other.part("validation"), strict=True):
        np.testing.assert_array_equal(before, after)


@given(cuts())
def test_windows_are_the_scaled_rows(made: tuple[Series, WindowSpec, Dataset]) -> None:
    chosen, spec, data = made
    scaled = data.scaler.apply(chosen.values).astype(np.float32)
    targets = len(data.target_names)
    for part in PARTS:
        inputs, answers = data.part(part)
        for k, origin in enumerate(data.origins(part)):
            np.testing.assert_array_equal(inputs[k], scaled[origin - spec.window : origin])
            wanted = scaled[origin : origin + spec.horizon, :targets]
            np.testing.assert_array_equal(answers[k], wanted.ravel())


@given(cuts())
def test_each_part_has_enough_examples(made: tuple[Series, WindowSpec, Dataset]) -> None:
    data = made[2]
    assert len(data.part("training")[0]) >= MIN_TRAINING
    assert len(data.part("validation")[0]) >= MIN_VALIDATION
    assert len(data.part("test")[0]) >= MIN_TEST


@given(cuts())
def test_answers_in_raw_units_are_the_series(made: tuple[Series, WindowSpec, Dataset]) -> None:
    chosen, spec, data = made
    raw = data.in_raw_units(data.part("test")[1], data.origins("test"))
    columns = [chosen.columns.index(name) for name in data.target_names]
    size = np.abs(chosen.values).max()
    for shown, origin in zip(raw, data.origins("test"), strict=True):
        wanted = chosen.values[origin : origin + spec.horizon, columns]
        np.testing.assert_allclose(shown, wanted, atol=1e-5 * size)


@pytest.mark.parametrize(("step", "digits"), [(1.0, 0), (0.1, 1), (1e-9, 9), (1e6, -6)])
def test_known_targets_are_a_files_numbers_to_the_last_digit(step: float, digits: int) -> None:
    noise = np.random.default_rng(0).integers(2000, 4000, size=(300, 2))
    values = np.round(noise * step, digits)
    two = Series("two", values, ("a", "b"))
    np.testing.assert_array_equal(cut(two, ("a", "b"), WindowSpec(10)).known_targets, values)
    tiny = Series("tiny", values[:, :1] * 1e-200)
    np.testing.assert_allclose(
        cut(tiny, "value", WindowSpec(10)).known_targets[:, 0], tiny.values[:, 0], rtol=1e-6
    )


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


def test_robust_scaling_gives_median_0_and_quartiles_1_apart_whatever_the_outliers() -> None:
    walk = generate("random_walk", seed=4).values[:, 0]
    walk[[10, 20]] = 1e6, -1e6
    data = cut(series(*walk), "y", WindowSpec(scaling="robust"))
    low, middle, high = np.sort(data.values[: data.split, 0])[[174, 349, 524]]
    assert middle == pytest.approx(0, abs=0.01)
    assert high - low == pytest.approx(1, abs=0.02)


def test_robust_scaling_of_a_column_that_mostly_rests_is_that_of_its_range() -> None:
    mostly = np.zeros(150)
    mostly[::10] = 5
    data = cut(series(*mostly), "y", WindowSpec(window=5, scaling="robust"))
    assert data.scaler.scales == (5.0,)


@pytest.mark.parametrize("scaling", ["standard", "minmax", "robust"])
def test_each_column_is_scaled_for_itself(scaling: str) -> None:
    walk = generate("random_walk", seed=4).values
    both = Series("test", np.hstack([walk, 1e6 * walk + 5]), ("a", "b"))
    data = cut(both, "a", WindowSpec(scaling=scaling), ["b"])
    np.testing.assert_allclose(data.values[:, 0], data.values[:, 1], atol=1e-4)


def test_targets_come_first_and_no_column_twice() -> None:
    three = Series("test", np.random.default_rng(0).normal(size=(200, 3)), ("a", "b", "c"))
    data = cut(three, ["c", "a"], WindowSpec(scaling="none", horizon=2), ["a", "b", "c"])
    assert data.input_names == ("c", "a", "b")
    assert data.target_names == ("c", "a")
    assert (data.input_size, data.output_size) == (3, 4)
    np.testing.assert_array_equal(data.values, three.values[:, [2, 0, 1]].astype(np.float32))


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
FLAT_START = np.concatenate([np.full(105, 7.0), np.arange(45)])
BAD_CUTS = [
    (WAVE, WindowSpec(window=500), "'window' must be between 1 and 97, got 500. Shorten"),
    (WAVE, WindowSpec(window=98), "'window' must be between 1 and 97, got 98. Shorten"),
    (WAVE, WindowSpec(window=5, horizon=40), "'horizon' must be between 1 and 15, got 40"),
    (WAVE[:5], WindowSpec(window=2), "has 5 rows, and at least 12 are needed"),
    (WAVE[:0], WindowSpec(window=2), "has 0 rows, and at least 12 are needed"),
    (WAVE * 0 + 7, WindowSpec(), "'y' is 7 in all 105 rows of the training part"),
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
    ({"window": 0}, "'window' must be between 1 and 1000, got 0."),
    ({"window": 10.5}, "'window' must be a whole number, got 10.5."),
    ({"horizon": 0}, "'horizon' must be between 1 and 200, got 0."),
    ({"validation_share": 0.0}, "'validation share' must be between 0.05 and 0.5, got 0."),
    ({"test_share": 0.5}, "'test share' must be between 0 and 0.4, got 0.5."),
    ({"validation_share": float("nan")}, "between 0.05 and 0.5, got nan."),
    ({"scaling": "log"}, "'scaling' must be one of standard, minmax, robust, none, got 'log'."),
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
