"""The same claims for both trainers: the one in a process, and the one without."""

import numpy as np
import pytest

from lstm_viz import Experiment, fit
from lstm_viz.data.choice import DataChoice
from lstm_viz.data.resolved import dataset_of
from lstm_viz.errors import LstmVizError, TrainerError
from lstm_viz.runs.trainer import Trainer
from lstm_viz.training.fit import frames_with
from tests.runs.waiting import LONG, PATIENCE, SMALL, ended, until
from tests.training.datasets import wave


def test_a_run_gives_the_frames_that_fit_gives(trainer: Trainer) -> None:
    run = trainer.run(trainer.submit(SMALL, wave()))
    until(trainer, lambda: ended(run))
    assert run.state == "finished"
    assert run.probe is not None
    assert run.device == "cpu"
    for mine, plain in zip(trainer.frames(run.id), frames_with(SMALL, wave()), strict=True):
        assert mine.step == plain.step
        np.testing.assert_allclose(mine.forecast, plain.forecast, rtol=1e-4, atol=1e-6)


def test_fit_has_the_numbers_of_the_apps_run_of_the_same_experiment(trainer: Trainer) -> None:
    data = DataChoice(parameters={"count": 60, "length": 10}, seed=2)
    experiment = Experiment(data, SMALL.changed(cell="lstm", dropout=0.2))
    run = trainer.run(trainer.submit(experiment.settings, dataset_of(data)))
    until(trainer, lambda: ended(run))
    history = fit(experiment, progress=False).history
    for name, values in run.film.history.items():
        np.testing.assert_allclose(history[name], values, rtol=1e-6, err_msg=name)
    assert len(history) > 3


def test_frames_since_a_step_are_the_new_ones(trainer: Trainer) -> None:
    run = trainer.run(trainer.submit(SMALL, wave()))
    until(trainer, lambda: ended(run))
    steps = [frame.step for frame in trainer.frames(run.id)]
    assert [frame.step for frame in trainer.frames(run.id, since=steps[2])] == steps[3:]


def test_pause_holds_step_trains_one_epoch_resume_goes_on_and_stop_ends(trainer: Trainer) -> None:
    run = trainer.run(trainer.submit(LONG, wave()))
    until(trainer, lambda: run.step > 0)
    trainer.pause(run.id)
    until(trainer, lambda: run.settled)
    assert run.state == "paused"
    held = run.step
    assert trainer.frames(run.id)[-1].step == held, "the newest frame shows where it stands"
    trainer.step(run.id)
    until(trainer, lambda: run.state == "paused" and run.step > held)
    assert run.step == (held // run.steps_per_epoch + 1) * run.steps_per_epoch
    held = run.step
    trainer.resume(run.id)
    until(trainer, lambda: run.step > held)
    trainer.stop(run.id)
    until(trainer, lambda: run.settled)
    assert run.state == "stopped"


def test_a_finished_run_trains_further(trainer: Trainer) -> None:
    run = trainer.run(trainer.submit(SMALL, wave()))
    until(trainer, lambda: ended(run))
    trainer.extend(run.id, epochs=2)
    until(trainer, lambda: ended(run) and run.step > SMALL.budget.epochs * run.steps_per_epoch)
    assert run.step == 6 * run.steps_per_epoch == run.total_steps


def test_a_held_run_waits_untrained(trainer: Trainer) -> None:
    run = trainer.run(trainer.submit(LONG, wave(), hold=True))
    until(trainer, lambda: run.state == "paused")
    assert [frame.step for frame in trainer.frames(run.id)] == [0]


def test_runs_advance_in_turn(trainer: Trainer) -> None:
    runs = [trainer.run(trainer.submit(LONG, wave())) for _ in range(4)]
    until(trainer, lambda: all(run.step > 0 for run in runs))
    for run in runs:
        trainer.stop(run.id)
    assert all(run.step < LONG.budget.epochs for run in runs)


def test_a_paced_run_lets_others_train_and_hears_what_it_is_told(trainer: Trainer) -> None:
    paced = trainer.run(trainer.submit(LONG, wave()))
    trainer.pace(paced.id, 0.001)
    assert paced.pace == 0.001
    other = trainer.run(trainer.submit(SMALL, wave()))
    until(trainer, lambda: ended(other))
    trainer.pause(paced.id)
    until(trainer, lambda: paced.settled)
    assert paced.state == "paused"
    trainer.pace(paced.id, 0.0)
    held = paced.step
    trainer.resume(paced.id)
    until(trainer, lambda: paced.step > held)
    trainer.drop(other.id)
    with pytest.raises(TrainerError, match="no longer holds"):
        trainer.pace(other.id, 1.0)


def test_divergence_ends_the_run_with_words_and_keeps_its_frames(trainer: Trainer) -> None:
    settings = LONG.changed(cell="rnn_relu", optimizer="sgd", learning_rate=10.0, clip_norm=0.0)
    run = trainer.run(trainer.submit(settings, wave()))
    until(trainer, lambda: ended(run))
    assert run.state == "diverged"
    assert "Try a learning rate below" in str(run.message)
    assert trainer.frames(run.id)


def test_a_configuration_the_trainer_refuses_fails_with_its_words(trainer: Trainer) -> None:
    run = trainer.run(trainer.submit(SMALL.changed(device="abacus"), wave()))
    until(trainer, lambda: ended(run))
    assert run.state == "failed"
    assert "abacus" in str(run.message)


def test_an_untrained_model_can_be_asked_about(trainer: Trainer) -> None:
    answer = trainer.ask("untrained", settings=SMALL, dataset=wave(), seconds=PATIENCE)
    first = next(frames_with(SMALL, wave()))
    np.testing.assert_allclose(answer["frame"].forecast, first.forecast, rtol=1e-4, atol=1e-6)


def test_a_run_can_be_asked_to_trace_other_examples(trainer: Trainer) -> None:
    run = trainer.run(trainer.submit(SMALL, wave()))
    until(trainer, lambda: ended(run))
    inputs, targets = (part[3:5] for part in wave().part("training"))
    layers = trainer.ask("trace", run=run.id, inputs=inputs, targets=targets, seconds=PATIENCE)
    assert layers["recurrent.l0"].hidden.shape == (2, 8, 4)


def test_an_unanswerable_question_is_refused_in_words(trainer: Trainer) -> None:
    with pytest.raises(LstmVizError, match="unexpected error"):
        trainer.ask("horoscope")
    with pytest.raises(TrainerError, match="This run is gone"):
        trainer.ask("trace", run="gone", inputs=None, targets=None)


def test_a_dropped_model_cannot_go_on(trainer: Trainer) -> None:
    run = trainer.run(trainer.submit(LONG, wave()))
    until(trainer, lambda: run.step > 0)
    trainer.drop(run.id)
    assert not run.resident
    for command in (trainer.resume, trainer.stop, lambda run: trainer.ask("weights", run=run)):
        with pytest.raises(TrainerError, match="no longer holds"):
            command(run.id)
