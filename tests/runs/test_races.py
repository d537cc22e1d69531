"""Contenders of a race and their further seeds, in both trainers."""

import numpy as np
import pytest

from lstm_viz.experiments.settings import Settings
from lstm_viz.runs.run import Run
from lstm_viz.runs.trainer import Trainer
from lstm_viz.training.fit import frames_with
from tests.runs.waiting import LONG, SMALL, ended, until
from tests.training.datasets import wave


def test_contenders_of_a_race_take_their_frames_at_the_same_steps(trainer: Trainer) -> None:
    cells = ("rnn_tanh", "lstm", "gru")
    runs = [
        trainer.run(trainer.submit(SMALL.changed(cell=cell), wave(), race="one")) for cell in cells
    ]
    until(trainer, lambda: all(ended(run) for run in runs))
    steps = [[frame.step for frame in trainer.frames(run.id)] for run in runs]
    assert steps[0] == steps[1] == steps[2]
    assert steps[0][0] == 0
    assert steps[0][-1] == runs[0].total_steps
    assert trainer.runs.of_race("one")[-3:] == runs


def test_contenders_of_a_race_stay_side_by_side(trainer: Trainer) -> None:
    # An LSTM's step takes many times as long as a small RNN's.
    several = [
        LONG.changed(epochs=500, cell="rnn_tanh", hidden_size=4),
        LONG.changed(epochs=500, cell="lstm_variant", hidden_size=64),
    ]
    runs = [trainer.run(trainer.submit(each, wave(), race="three")) for each in several]
    until(trainer, lambda: all(len(run.film.frames) > 3 for run in runs))
    for run in runs:
        trainer.stop(run.id)
    until(trainer, lambda: all(ended(run) for run in runs))
    slow, fast = runs[1].step / runs[1].total_steps, runs[0].step / runs[0].total_steps
    assert fast < 2 * slow + 0.1


def with_seeds(trainer: Trainer, settings: Settings, seeds: int = 3) -> list[Run]:
    """A contender of a race and its further seeds."""
    first, *others = (settings.changed(seed=seed) for seed in range(seeds))
    watched = trainer.submit(first, wave(), race="seeds")
    rest = [trainer.submit(each, wave(), race="seeds", follows=watched) for each in others]
    return [trainer.run(each) for each in (watched, *rest)]


def test_a_further_seed_is_measured_as_it_trains_and_few_frames_of_it_are_kept(
    trainer: Trainer,
) -> None:
    settings = SMALL.changed(epochs=20, batch_size=4)
    watched, second, third = runs = with_seeds(trainer, settings)
    until(trainer, lambda: all(ended(run) for run in runs))
    assert [run.state for run in runs] == ["finished"] * 3
    for run in (second, third):
        plain = list(frames_with(run.settings, wave()))[-1]
        assert run.film.history["validation_loss"][-1] == pytest.approx(plain.validation_loss)
        assert 2 <= len(run.film.frames) <= 6
        assert run.film.frames[0].step == 0
        assert run.film.frames[-1].step == run.total_steps
        assert len(run.film.history["step"]) > 2 * len(run.film.frames)
        assert np.isin(run.film.history["step"], watched.film.history["step"]).all()
        assert run.film.size < watched.film.size / 4
    assert second.film.history["validation_loss"][-1] != third.film.history["validation_loss"][-1]


def test_further_seeds_wait_untrained_and_unbuilt_for_the_watched_contender(
    trainer: Trainer,
) -> None:
    watched, *others = runs = with_seeds(trainer, LONG)
    until(trainer, lambda: watched.step > 0)
    assert {run.state for run in others} == {"waiting"}
    assert not any(run.film.frames for run in others)
    for run in runs:
        trainer.pause(run.id)
    until(trainer, lambda: all(run.settled for run in runs))
    assert {run.state for run in runs} == {"paused"}
    trainer.resume(others[0].id)
    until(trainer, lambda: others[0].step > 0)
    held = watched.step
    trainer.resume(watched.id)
    until(trainer, lambda: watched.step > held)
    for run in runs:
        trainer.stop(run.id)
    until(trainer, lambda: all(run.settled for run in runs))
    assert {run.state for run in runs} == {"stopped"}


def test_a_further_seed_of_a_run_that_is_gone_fails_with_words(trainer: Trainer) -> None:
    watched = trainer.submit(LONG, wave(), race="gone", hold=True)
    trainer.drop(watched)
    run = trainer.run(trainer.submit(LONG, wave(), race="gone", follows=watched))
    until(trainer, lambda: run.state == "failed")
    assert "no longer holds" in str(run.message)


def test_a_contender_that_diverges_stops_alone(trainer: Trainer) -> None:
    wild = SMALL.changed(cell="rnn_relu", optimizer="sgd", learning_rate=10.0, clip_norm=0.0)
    first, second, third = (
        trainer.run(trainer.submit(settings, wave(), race="two"))
        for settings in (SMALL, wild, SMALL)
    )
    until(trainer, lambda: all(ended(run) for run in (first, second, third)))
    assert [run.state for run in (first, second, third)] == ["finished", "diverged", "finished"]
    np.testing.assert_array_equal(
        trainer.frames(first.id)[-1].forecast, trainer.frames(third.id)[-1].forecast
    )
