"""Curves over a training: what they draw, on which axes, by the feed as on the page."""

from dataclasses import replace

import numpy as np
import pytest

from lstm_viz.data.choice import DataChoice
from lstm_viz.data.resolved import dataset_of
from lstm_viz.experiments.settings import Settings
from lstm_viz.figures.courses import History, describe_history
from lstm_viz.figures.palette import LOOKS
from lstm_viz.runs.run import Run
from lstm_viz.runs.topics import RefusedError, Topic
from lstm_viz.training.inprocess import InProcessTrainer
from lstm_viz.ui.curves import FAR, FORECAST, curve, topic
from lstm_viz.ui.feeding import Drawings
from lstm_viz.ui.race.courses import ACCURACY, BOTH, courses_of
from tests.figures.message import unpack

SMALL = Settings.of(hidden_size=4, epochs=4, device="cpu")


def trained(data: DataChoice, **settings: object) -> Run:
    trainer = InProcessTrainer()
    run = trainer.submit(SMALL.changed(**settings), dataset_of(data), data=data)
    trainer.advance()
    return trainer.run(run)


@pytest.fixture(scope="module")
def adding() -> Run:
    return trained(DataChoice("task", "adding", {"count": 100, "length": 10}))


@pytest.fixture(scope="module")
def parity() -> Run:
    return trained(DataChoice("task", "parity", {"count": 100}), schedule="step")


def names(history: History) -> list[str]:
    return [course.name for course in history.courses]


def test_the_loss_has_both_losses_on_a_log_axis_of_epochs_and_what_a_constant_answer_costs(
    adding: Run,
) -> None:
    drawn = curve(adding, "loss")
    assert names(drawn) == [LOOKS["train_loss"].name, LOOKS["validation_loss"].name]
    history = adding.film.history
    np.testing.assert_allclose(10 ** drawn.courses[1].values, history["validation_loss"])
    assert np.isnan(drawn.courses[0].values[0]), "nothing was trained yet"
    (rule,) = drawn.rules
    assert 10**rule.value == pytest.approx(adding.chance.loss)
    assert rule.label.startswith("constant answer: ")
    assert (drawn.last, drawn.per_epoch) == (adding.total_steps, adding.steps_per_epoch)
    described = describe_history(drawn, [])
    assert (described["x"], described["y"]) == ("epoch", "Mean squared error")


def test_the_outbreak_of_a_diverged_run_does_not_set_the_axis(adding: Run) -> None:
    ends = describe_history(curve(adding, "loss"), [])["ends"]
    outbreak = replace(adding.film.frames[-1], step=999, validation_loss=1e30)
    broken = replace(adding, state="diverged", film=adding.film)
    film, broken.film = broken.film, type(adding.film)()
    for frame in (*film.frames, outbreak):
        broken.film.append(frame)
    first = np.log10(film.frames[0].validation_loss)
    assert describe_history(curve(broken, "loss"), [])["ends"][1] <= np.ceil(first + FAR)
    assert ends[1] < 30


def test_the_axis_of_a_diverged_run_ends_with_it_and_not_with_the_epochs_it_was_to_train(
    adding: Run,
) -> None:
    for changes, ends in (
        ({"state": "diverged"}, True),
        ({"state": "recorded", "ended": "diverged"}, True),
        ({"state": "stopped"}, False),  # it can be trained further
    ):
        broken = replace(adding, total_steps=10 * adding.total_steps, **changes)
        for what in ("gradients", "loss"):
            assert curve(broken, what).last == (adding.step if ends else broken.total_steps)
        longer = curve(broken, "gradients", beside=[replace(adding, film=adding.film)])
        assert longer.last >= adding.step


def test_accuracy_is_a_share_beside_that_of_a_constant_answer(parity: Run) -> None:
    drawn = curve(parity, "accuracy")
    np.testing.assert_array_equal(
        drawn.courses[0].values, parity.film.history["validation_accuracy"]
    )
    assert (drawn.scale, drawn.rules[0].value) == ("linear", parity.chance.accuracy)


def test_the_learning_rate_goes_down_in_steps(parity: Run) -> None:
    (course,) = curve(parity, "rate").courses
    assert course.stepped
    assert 10 ** course.values[-1] < SMALL.optimiser.learning_rate


@pytest.mark.parametrize("clip", [0.0, 0.5])
def test_clipping_is_drawn_only_where_there_is_some(clip: float) -> None:
    run = trained(DataChoice("task", "adding", {"count": 60, "length": 5}), clip_norm=clip)
    drawn = curve(run, "gradients")
    assert names(drawn) == (["before clipping", "after clipping"] if clip else [""])
    assert [10**rule.value for rule in drawn.rules] == pytest.approx([clip] if clip else [])
    before = drawn.courses[0]
    assert before.steps.tolist() == list(range(1, run.step + 1)), "each update"
    every = np.concatenate([frame.update_norms for frame in run.film.frames])
    np.testing.assert_allclose(10**before.values, every[:, 0], rtol=1e-6)


def test_the_same_without_clipping_is_drawn_beside_it_by_the_feed_too(adding: Run) -> None:
    other = trained(adding.data, clip_norm=0.0)
    drawn = curve(adding, "gradients", beside=[other])
    assert names(drawn)[-1] == "the same without clipping"
    np.testing.assert_array_equal(
        drawn.courses[-1].values, curve(other, "gradients").courses[0].values
    )
    header, _arrays = unpack(
        Drawings().picture(topic(adding, "gradients", [other]), [adding, other])
    )
    assert header["courses"] == [describe_history(drawn, [])]


def test_a_recording_without_its_updates_is_drawn_by_its_means(adding: Run) -> None:
    film = type(adding.film)()
    for frame in adding.film.frames:
        film.append(replace(frame, update_norms=None))
    drawn = curve(replace(adding, film=film), "gradients")
    np.testing.assert_allclose(10 ** drawn.courses[0].values, film.history["grad_norm"])


def test_a_forecast_stands_at_the_dates_of_its_rows() -> None:
    run = trained(DataChoice("real", "sunspots"), epochs=1)
    frame = run.film.frames[0]
    drawn = curve(run, FORECAST, frame)
    truth, forecast = drawn.courses
    data = run.dataset
    rows = data.origins("validation")
    expected = data.in_raw_units(frame.forecast, rows[: len(frame.forecast)])
    np.testing.assert_allclose(forecast.values, expected[:, 0, 0])
    np.testing.assert_array_equal(truth.values, data.known_targets[rows[: len(truth.values)], 0])
    assert (drawn.begin, drawn.last) == (truth.steps[0], truth.steps[-1])
    assert drawn.ticks is not None
    assert [place for place, _name in drawn.ticks] == sorted(place for place, _name in drawn.ticks)
    assert all(name[:2] in ("18", "19", "20") for _place, name in drawn.ticks)
    newest = curve(run, FORECAST).courses[1].values
    assert not np.array_equal(newest, forecast.values)


def test_the_feed_brings_what_the_page_draws(adding: Run) -> None:
    header, arrays = unpack(Drawings().picture(topic(adding, "loss"), [adding]))  # type: ignore[arg-type]
    assert header["topic"] == topic(adding, "loss").text
    expected: list[np.ndarray] = []
    assert header["courses"] == [describe_history(curve(adding, "loss"), expected)]
    for sent, drawn in zip(arrays, expected, strict=True):
        np.testing.assert_array_equal(sent, drawn)


def test_a_race_has_a_course_for_each_seed_and_the_median_of_those_that_ended(
    parity: Run,
) -> None:
    seed = replace(parity, id="seed", follows=parity.id)
    other = replace(parity, id="other", state="training")
    loss, accuracy = courses_of([parity, seed, other], BOTH)
    assert [(each.broad, each.faint) for each in loss.courses] == [
        (True, False),
        (False, True),
        (False, False),
        (False, False),
    ]
    assert (loss.last, accuracy.y) == (parity.total_steps, "accuracy")
    (alone,) = courses_of([parity, seed, other], ACCURACY)
    assert alone.scale == "linear"


def test_what_is_no_curve_is_refused(adding: Run) -> None:
    for name in ("everything", FORECAST, "", "accuracy"):
        with pytest.raises(RefusedError):
            Drawings().picture(Topic("curve", (adding.id,), (name, "en")), [adding])
    for which in ("all", ACCURACY):  # the answers to it are numbers
        with pytest.raises(RefusedError):
            Drawings().picture(Topic("race", (adding.id,), (which, "en")), [adding])
