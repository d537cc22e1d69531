"""Losses, schedules, clipping, penalties, early stopping: each against PyTorch's plain one."""

import math
from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional
from torch.optim import lr_scheduler

from lstm_viz.data.dataset import NOT_SCORED
from lstm_viz.data.tasks import make_task
from lstm_viz.training import optimising
from lstm_viz.training.config import RunConfig
from lstm_viz.training.loop import Training, fit
from lstm_viz.training.scheduler import Scheduler
from tests.training.datasets import wave

SMALL = RunConfig(hidden_size=5, epochs=6, batch_size=16, device="cpu")


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("mse", functional.mse_loss),
        ("mae", functional.l1_loss),
        ("huber", functional.huber_loss),
        ("auto", functional.mse_loss),
    ],
)
def test_a_loss_of_numbers_is_pytorchs(name: str, plain) -> None:
    output, answers = torch.randn(7, 2), torch.randn(7, 2)
    losses = optimising.loss_of(replace(SMALL, loss=name), wave())(output, answers)
    asked = optimising.scored(answers, "regression")
    torch.testing.assert_close(optimising.mean_loss(losses, asked), plain(output, answers))


def test_cross_entropy_passes_over_what_is_not_asked() -> None:
    output = torch.randn(3, 4, 5)
    answers = torch.tensor([[0, NOT_SCORED, 4, 2]] * 3, dtype=torch.int16)
    losses = optimising.cross_entropy(output, answers)
    mean = optimising.mean_loss(losses, optimising.scored(answers, "classes"))
    kept = [0, 2, 3]
    expected = functional.cross_entropy(
        output[:, kept].flatten(0, 1), answers[:, kept].flatten().long()
    )
    torch.testing.assert_close(mean, expected)
    changed = output.clone()
    changed[:, 1] = 99.0
    assert torch.equal(optimising.cross_entropy(changed, answers), losses)


def test_a_samples_loss_is_its_own_mean() -> None:
    losses = torch.tensor([[1.0, 3.0, 0.0], [5.0, 0.0, 0.0]])
    asked = torch.tensor([[True, True, False], [True, False, False]])
    assert optimising.sample_losses(losses, asked).tolist() == [2.0, 5.0]


@pytest.mark.parametrize("schedule", ["constant", "step", "cosine", "plateau"])
def test_a_schedule_is_pytorchs_stepped_once_an_epoch(schedule: str) -> None:
    config = replace(SMALL, schedule=schedule, schedule_every=2, schedule_factor=0.3)
    rates = [frame.learning_rate for frame in fit(config, wave()) if frame.epoch % 1 == 0]
    optimizer = torch.optim.SGD([nn.Parameter(torch.zeros(1))], lr=config.learning_rate)
    plain = {
        "constant": lambda: lr_scheduler.ConstantLR(optimizer, 1.0),
        "step": lambda: lr_scheduler.StepLR(optimizer, 2, 0.3),
        "cosine": lambda: lr_scheduler.CosineAnnealingLR(optimizer, config.epochs),
        "plateau": lambda: None,
    }[schedule]()
    expected = [config.learning_rate]
    for _ in range(config.epochs):
        optimizer.step()
        if plain is not None:
            plain.step()
        expected.append(optimizer.param_groups[0]["lr"])
    assert rates == pytest.approx(expected)


def test_a_plateau_lowers_the_rate() -> None:
    config = replace(SMALL, schedule="plateau", schedule_every=1, schedule_factor=0.1)
    optimizer = torch.optim.SGD([nn.Parameter(torch.zeros(1))], lr=1.0)
    schedule = optimising.Schedule(config, optimizer)
    for loss in (1.0, 2.0, 2.0):
        schedule.epoch_ended(loss)
    assert schedule.rate == pytest.approx(0.1)


def test_the_gradient_is_clipped_by_value_and_then_by_norm() -> None:
    model = nn.Linear(3, 1, bias=False)
    model.weight.grad = torch.tensor([[3.0, -4.0, 0.1]])
    before, after = optimising.clip(model, replace(SMALL, clip_value=1.0, clip_norm=0.5))
    assert before == pytest.approx(math.hypot(3, 4, 0.1))
    assert after == pytest.approx(0.5)
    direction = torch.tensor([[1.0, -1.0, 0.1]])
    torch.testing.assert_close(
        model.weight.grad, 0.5 * direction / direction.norm(), atol=1e-5, rtol=0
    )


def test_l1_and_l2_make_small_weights() -> None:
    sizes = []
    for changes in ({}, {"l1": 0.01}, {"l2": 0.1}):
        training = Training(replace(SMALL, epochs=20, **changes), wave())
        while not training.finished:
            training.step()
        sizes.append(sum(float(p.detach().abs().sum()) for p in training.model.parameters()))
    assert sizes[1] < 0.9 * sizes[0]
    assert sizes[2] < 0.9 * sizes[0]


def test_early_stopping_gives_the_best_weights_back() -> None:
    data = make_task("random_labels", {"count": 60, "length": 8})
    config = replace(SMALL, epochs=300, patience=4, learning_rate=0.05, hidden_size=16)
    training = Training(config, data)
    best = (math.inf, None)
    while not training.finished:
        weights = None
        before = training.step_number
        training.step()
        if training.step_number % training.steps_per_epoch == 0 and before != training.step_number:
            loss = training.stopping.best_loss
            if loss < best[0]:
                weights = [p.detach().clone() for p in training.model.parameters()]
                best = (loss, weights)
    assert training.stopped_early is not None
    assert training.step_number < training.total_steps
    for kept, now in zip(best[1], training.model.parameters(), strict=True):
        assert torch.equal(kept, now)
    assert f"epoch {training.stopping.best_epoch}" in str(training.stopped_early)
    frame = training.frame()
    assert frame.validation_loss == pytest.approx(best[0])


def test_a_stopped_run_can_be_trained_further() -> None:
    config = replace(SMALL, epochs=200, patience=1, learning_rate=0.5, clip_norm=0.0)
    training = Training(config, make_task("random_labels", {"count": 60, "length": 8}))
    while not training.finished:
        training.step()
    ended = training.step_number
    training.extend(3)
    assert not training.finished
    training.step()
    assert training.step_number == ended + 1


def test_a_run_with_dropout_does_not_depend_on_its_neighbours() -> None:
    config = replace(SMALL, dropout=0.5, layers=2)
    alone = [frame.forecast for frame in fit(config, wave())]
    frames: dict[str, list[np.ndarray]] = {"a": [], "b": []}

    def keep(event) -> None:
        if event["event"] == "frame":
            frames[event["run"]].append(event["frame"].forecast)

    scheduler = Scheduler(keep, slice_seconds=0.001)
    for run, seed in (("a", 0), ("b", 1)):
        scheduler.handle(
            {
                "do": "submit",
                "run": run,
                "config": replace(config, seed=seed),
                "dataset": wave(),
            }
        )
    before = torch.get_rng_state()
    while scheduler.busy:
        scheduler.advance()
    assert torch.equal(before, torch.get_rng_state()), "the process' own numbers are left alone"
    assert len(frames["a"]) == len(alone)
    for one, other in zip(frames["a"], alone, strict=True):
        np.testing.assert_array_equal(one, other)
