"""What the data alone tell: said where it holds, and only there."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from lstm_viz.data.dataset import Dataset
from lstm_viz.data.generators.catalogue import generate
from lstm_viz.data.preparing.clipping import Clip
from lstm_viz.data.preparing.difference import Difference
from lstm_viz.data.preparing.step import Step
from lstm_viz.data.reading.read import read
from lstm_viz.data.series import Series
from lstm_viz.data.tasks.catalogue import adding_problem
from lstm_viz.data.windows import WindowSpec, cut
from lstm_viz.measures.before_training import (
    findings,
    period_of,
    said_beyond,
    said_difference,
    said_given_away,
    said_large,
    said_repeats,
    said_stuck,
)
from tests.data.preparation import dataset_of, noise, prepared, table

CASES = Path(__file__).parents[1] / "data" / "cases"
RANDOM = np.random.default_rng(0)


def of_case(name: str, target: str, *features: str) -> Dataset:
    frame = read(CASES / name).frame
    columns = tuple(str(column) for column in frame.columns)
    series = Series(name, frame.to_numpy(np.float64), columns)
    return cut(series, target, WindowSpec(window=30), features)


def said(dataset: Dataset) -> str:
    return "\n".join(each.said for each in findings(dataset))


def test_a_random_walk_is_told_before_training() -> None:
    data = of_case("34-random-walk.csv", read(CASES / "34-random-walk.csv").proposed[0])
    assert "random walk" in said(data)


def test_white_noise_is_told_before_training_and_nothing_that_can_be_forecast() -> None:
    noise = Series("own", np.random.default_rng(0).normal(size=(400, 1)), ("v",))
    assert "'v' cannot be told from white noise" in said(cut(noise, "v", WindowSpec(window=30)))
    wave = replace(noise, values=noise.values / 2 + np.sin(np.arange(400) / 4)[:, None])
    assert "white noise" not in said(cut(wave, "v", WindowSpec(window=30)))


def test_a_level_shift_is_told_with_how_far_it_goes() -> None:
    data = of_case("35-level-shift.csv", read(CASES / "35-level-shift.csv").proposed[0])
    for name in ("validation", "test"):
        assert f"100% of the {name} set lies outside the training range" in said(data)
    assert "to 53.28" in said(data)


def test_differences_are_offered_where_they_mend_a_part_outside_the_range() -> None:
    rows = np.arange(300)
    for values, mended in (
        (rows + np.sin(rows), True),
        (np.exp(rows / 20), False),  # so do its differences
        (rows * 1.0, False),  # they never change
    ):
        data = cut(Series("x", values[:, None], ("a",)), "a", WindowSpec(window=20))
        outside = [each for each in findings(data) if "outside" in each.said]
        assert [each.step for each in outside] == [Difference() if mended else None] * 2


@pytest.mark.parametrize(
    "steps", [(Clip(0.5),), (Clip(0.5), Difference()), (Difference(), Clip(0.5))]
)
def test_clipping_does_not_hide_a_test_set_outside_of_the_range(steps: tuple[Step, ...]) -> None:
    values = np.append(RANDOM.normal(size=270), 20 + RANDOM.normal(size=30))
    if isinstance(steps[-1], Difference) or len(steps) > 1:
        values[270:] *= 1 + np.arange(30) ** 2
    (test,) = [each for each in findings(dataset_of(table(values), *steps)) if "test" in each.said]
    assert "of the test set lies outside" in test.said
    assert test.step is None, "differences would be of what was clipped"


def test_tomorrows_value_as_a_column_is_told_and_can_be_left_out() -> None:
    name = "40-tomorrow-as-a-column.csv"
    (found,) = [each for each in findings(of_case(name, "close", "next_close")) if each.leave_out]
    assert "in 299 of 299 rows it is 'close' 1 row later" in found.said
    assert found.leave_out == "next_close"
    assert "gives the answer" not in said(of_case(name, "close"))


@pytest.mark.parametrize("targets", [1, 2])
@pytest.mark.parametrize(
    "steps",
    [(), (Difference(),), (Difference("log", 2, "all"),), (Clip(0.5),), (Clip(0.5, "all"),)],
)
def test_no_step_hides_a_column_that_gives_the_answer_away(
    steps: tuple[Step, ...], targets: int
) -> None:
    walk = noise(121)
    source = table(walk[:-1], walk[1:])
    made = prepared(source, *steps, targets=targets).observed
    observed = [] if made is None else [made]
    found = findings(dataset_of(source, *steps, targets=targets), *observed)
    (given,) = [each for each in found if each.leave_out]
    assert given.leave_out == "b" and "it is 'a' 1 row later" in given.said
    source = table(walk, noise(121, 1))
    made = prepared(source, *steps, targets=targets).observed
    observed = [] if made is None else [made]
    found = findings(dataset_of(source, *steps, targets=targets), *observed)
    assert not [each for each in found if each.leave_out]


def test_a_stuck_sensor_is_asked_about() -> None:
    name = "44-sensor-stuck.csv"
    data = of_case(name, read(CASES / name).proposed[0])
    assert "The last 60 of 200 rows" in said(data)
    assert "all 21.5" in said(data)
    assert "outside" not in said(data)


def test_nothing_is_said_of_an_ordinary_series_and_of_a_task() -> None:
    noisy = np.sin(np.arange(400) / 5) + RANDOM.normal(0, 0.3, 400)
    series = Series("x", np.stack([noisy, RANDOM.permutation(noisy)], axis=1), ("a", "b"))
    assert findings(cut(series, "a", WindowSpec(window=20), ("b",))) == []
    assert findings(adding_problem(100, 10, seed=0)) == []


def test_unscaled_large_values_are_told_and_a_scaling_mends_it() -> None:
    series = Series("x", 1e9 + 1e7 * RANDOM.normal(size=(300, 1)), ("a",))
    raw = cut(series, "a", WindowSpec(window=20, scaling="none"))
    (found,) = [each for each in findings(raw) if each.scaling]
    assert "1.03·10⁹" in said_large(1.03e9)
    assert "values up to" in found.said
    scaled = cut(series, "a", WindowSpec(window=20, scaling="standard"))
    assert not [each for each in findings(scaled) if each.scaling]


def test_an_exact_repetition_is_told_and_a_nearly_exact_one_is_not() -> None:
    wave = np.tile(RANDOM.normal(size=25), 8)
    assert "its last 25 rows are a perfect forecast" in said_repeats(wave, "a")
    assert said_repeats(wave + RANDOM.normal(0, 1e-3, 200), "a") == ""
    assert period_of(np.full(30, 2.0)) is None
    assert period_of(np.tile(wave[:25], 2)) is None, "seen twice is not yet a repetition"
    assert said(cut(generate("noisy_cosine"), "value", WindowSpec(window=10))) == ""


@pytest.mark.parametrize("late", [0, 2])
def test_a_column_that_holds_another_row_gives_nothing_away(late: int) -> None:
    values = RANDOM.normal(size=200)
    assert said_given_away(values[1:], values[:-1], ("b", "a"))
    assert not said_given_away(np.roll(values, -late), values, ("b", "a"))


def test_a_column_that_holds_the_targets_change_to_come_gives_it_away() -> None:
    values = RANDOM.normal(size=300).cumsum()
    change = np.append(np.diff(values), 0.0)
    said = said_difference(change, values, ("b", "a"))
    assert "in 299 of 299 rows it is the change of 'a' to 1 row later" in said
    assert said_difference(np.roll(change, 1), values, ("b", "a")) == "", "the last change is known"
    assert said_difference(change, RANDOM.normal(size=300), ("b", "a")) == ""


def test_a_copy_of_later_rows_that_resampling_blurs_is_told_of_the_rows_as_read() -> None:
    values = RANDOM.normal(size=401).cumsum()
    table = np.stack([values[:-1], values[1:]], axis=1)
    means = table.reshape(80, 5, 2).mean(axis=1)
    blurred = cut(Series("it", means, ("a", "b")), "a", WindowSpec(window=5), ("b",))
    told = [each.leave_out for each in findings(blurred, table)]
    assert told.count("b") == 1
    assert "b" not in [each.leave_out for each in findings(blurred)]


def test_a_constant_target_is_given_away_by_nothing() -> None:
    assert said_given_away(np.ones(50), np.ones(50), ("b", "a")) == ""


def test_a_sensor_is_asked_about_that_sticks_where_the_test_set_begins_but_not_later() -> None:
    values = np.append(RANDOM.normal(size=90), np.ones(10))
    for rests, found in ((90, True), (91, False)):
        series = Series("x", np.append(values[:rests], np.full(100 - rests, 3.0))[:, None], ("a",))
        told = said(cut(series, "a", WindowSpec(window=10, test_share=0.1)))
        assert ("the sensor stuck" in told) == found, rests


def test_a_column_that_gives_a_later_row_away_counts_where_that_row_is_asked_for() -> None:
    values = RANDOM.normal(size=200)
    series = Series("x", np.stack([values[:-3], values[3:]], axis=1), ("a", "b"))
    assert "it is 'a' 3 rows later" in said(cut(series, "a", WindowSpec(10, horizon=3), ("b",)))
    assert "answer away" not in said(cut(series, "a", WindowSpec(10, horizon=2), ("b",)))


def test_scaled_values_are_not_told_to_be_scaled() -> None:
    values = np.append(RANDOM.normal(size=250), np.full(50, 1e4))[:, None]
    far = cut(Series("x", values, ("a",)), "a", WindowSpec(window=20, scaling="standard"))
    assert np.abs(far.values).max() > 1000
    assert not [each for each in findings(far) if each.scaling]


def test_a_series_that_rests_before_the_end_or_too_short_is_not_stuck() -> None:
    values = np.append(RANDOM.normal(size=90), np.ones(10))
    assert said_stuck(values, 85, "a") == "", "some of the rows that are judged still move"
    assert "The last 10 of 100 rows" in said_stuck(values, 92, "a")


def test_a_part_inside_the_range_or_a_little_outside_is_not_told() -> None:
    training = np.linspace(0, 1, 100)
    assert said_beyond("test", np.linspace(0.1, 0.9, 20), training) == ""
    assert said_beyond("test", np.append(np.linspace(0.1, 0.9, 20), 2.0), training) == ""
    beyond = said_beyond("test", np.append(np.full(19, 3.0), 0.5), training)
    assert beyond.startswith("95% of the test set")
    assert beyond.endswith("of the training set from its mean.")
