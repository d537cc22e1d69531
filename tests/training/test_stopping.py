"""Early stopping: when a run ends, with which weights, and what it says about it."""

import math

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from lstm_viz.data.tasks.catalogue import make_task
from lstm_viz.experiments.settings import Settings
from lstm_viz.figures.clock import place_of
from lstm_viz.numerals import numeral
from lstm_viz.training import predicting
from lstm_viz.training.inprocess import InProcessTrainer
from lstm_viz.training.loop import Training
from lstm_viz.training.optimising import EarlyStopping
from lstm_viz.ui.race.seeds import score_at_end
from tests.training.datasets import wave

RESTLESS = Settings.of(
    hidden_size=16, epochs=300, batch_size=16, patience=4, learning_rate=0.05, device="cpu"
)
"""On random labels it soon knows the training part by heart, and the validation part never."""


def restless(**settings) -> Training:
    data = make_task("random_labels", {"count": 60, "length": 8})
    return Training(RESTLESS.changed(**settings), data)


def weights_of(model: nn.Module) -> list[Tensor]:
    return [parameter.detach().clone() for parameter in model.parameters()]


def epochs_of(config_of_run: Training) -> list[tuple[float, list[Tensor]]]:
    """(validation loss, weights) after each epoch of the same run without early stopping."""
    free = Training(config_of_run.settings.changed(patience=0), config_of_run.dataset)
    kept = []
    for _ in range(config_of_run.step_number // config_of_run.steps_per_epoch):
        for _ in range(free.steps_per_epoch):
            free.step()
        kept.append((free.frame().validation_loss, weights_of(free.model)))
    return kept


def to_the_end(training: Training) -> Training:
    while not training.finished:
        training.step()
    return training


def test_a_run_ends_patience_epochs_after_its_best_and_has_its_weights_again() -> None:
    training = to_the_end(restless())
    assert training.step_number < training.total_steps
    epochs = epochs_of(training)
    losses = [loss for loss, _ in epochs]
    best = losses.index(min(losses))
    assert len(epochs) == best + 1 + RESTLESS.budget.patience
    for kept, now in zip(epochs[best][1], training.model.parameters(), strict=True):
        assert torch.equal(kept, now)
    assert training.frame().validation_loss == losses[best]
    assert str(training.stopped_early) == (
        f"Stopped early after epoch {len(epochs)}: no lower validation loss for 4 epochs. "
        f"Restored: the weights of epoch {best + 1} (loss {numeral(losses[best])})."
    )


def test_what_an_epoch_is_judged_by_is_not_measured_again_for_its_frame(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    measured, outputs = [], predicting.outputs

    def counted(model: nn.Module, x: np.ndarray) -> Tensor:
        measured.append(len(x))
        return outputs(model, x)

    training = restless()
    for _ in range(training.steps_per_epoch):
        training.advance()
    fresh = outputs(training.model, training._asked_x)
    monkeypatch.setattr(predicting, "outputs", counted)
    frame = training.frame()
    assert (frame.epoch, measured) == (1.0, [])
    np.testing.assert_array_equal(frame.forecast, torch.sigmoid(fresh)[: len(frame.forecast)])
    training.advance()
    frame, now = training.frame(), outputs(training.model, training._asked_x)
    np.testing.assert_array_equal(frame.forecast, torch.sigmoid(now)[: len(frame.forecast)])
    assert len(measured) == 1


def test_a_run_that_is_trained_further_has_patience_anew_and_remembers_its_best() -> None:
    training = to_the_end(restless(learning_rate=1.0, clip_norm=0.0, optimizer="sgd", patience=3))
    ended, best = training.step_number // training.steps_per_epoch, training.stopping.best_loss
    epoch = training.stopping.best_epoch
    training.extend(50)
    assert training.stopped_early is None
    training.stopping.best_loss = -1.0  # so that nothing can be better
    to_the_end(training)
    assert training.step_number // training.steps_per_epoch == ended + 3
    assert training.stopped_early.values["best"] == epoch
    assert training.frame().validation_loss == pytest.approx(best)


def test_a_few_epochs_further_than_patience_are_all_trained() -> None:
    training = to_the_end(restless())
    ended = training.step_number
    training.extend(2)
    to_the_end(training)
    assert training.step_number == ended + 2 * training.steps_per_epoch
    assert training.stopped_early is None


def test_a_run_that_gets_better_all_the_time_is_not_stopped() -> None:
    settings = Settings.of(hidden_size=5, epochs=8, batch_size=16, patience=2, device="cpu")
    training = to_the_end(Training(settings, wave()))
    assert training.stopped_early is None
    assert training.step_number == training.total_steps


def test_early_stopping_changes_nothing_before_it_stops() -> None:
    training, free = restless(), restless(patience=0)
    for _ in range(5):
        training.step()
        free.step()
    for one, other in zip(training.model.parameters(), free.model.parameters(), strict=True):
        assert torch.equal(one, other)


def test_equal_is_not_better_and_losses_that_are_no_numbers_never_stop() -> None:
    model = nn.Linear(1, 1)
    stopping = EarlyStopping(patience=2)
    assert [stopping.should_stop(k + 1, loss, model) for k, loss in enumerate([3, 2, 2, 2])] == [
        False,
        False,
        False,
        True,
    ]
    assert (stopping.best_epoch, stopping.best_loss) == (2, 2)
    lost = EarlyStopping(patience=1)
    assert not any(lost.should_stop(epoch, math.nan, model) for epoch in range(1, 9))


def test_the_course_ends_with_what_was_measured_and_the_film_with_the_weights_put_back() -> None:
    trainer, data = InProcessTrainer(), restless().dataset
    run = trainer.run(trainer.submit(RESTLESS, data))
    trainer.advance()
    epochs = [loss for loss, _ in epochs_of(to_the_end(restless()))]
    history, newest = run.film.history, run.film.frames[-1]
    assert history["epoch"][-1] == len(epochs)
    assert history["validation_loss"][-1] == pytest.approx(epochs[-1])
    assert np.isfinite(history["train_loss"][1:]).all()
    assert newest.restored
    assert newest.epoch == epochs.index(min(epochs)) + 1
    assert newest.validation_loss == pytest.approx(min(epochs))
    assert place_of(newest) == (
        f"weights of epoch {newest.epoch:.0f}, put back after update {newest.step}"
    )
    assert score_at_end(run, "validation_loss") == newest.validation_loss
    trainer.extend(run.id, 1)
    trainer.advance()
    assert not run.film.frames[-1].restored
    assert run.film.history["epoch"][-1] == len(epochs) + 1
