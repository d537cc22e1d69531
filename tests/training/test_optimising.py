"""Losses, schedules, clipping, penalties, early stopping: each against PyTorch's plain one."""

import math
from itertools import pairwise
from typing import get_args

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional
from torch.optim import lr_scheduler

from lstm_viz.data.dataset import NOT_SCORED
from lstm_viz.errors import DivergenceError
from lstm_viz.experiments.settings import Optimizer, Settings
from lstm_viz.runs.messages import FrameTaken, Load, Submit
from lstm_viz.training import optimising
from lstm_viz.training.fit import frames_with
from lstm_viz.training.loop import Training
from lstm_viz.training.scheduler import Scheduler
from tests.training.datasets import of_kind, wave

SMALL = Settings.of(hidden_size=5, epochs=6, batch_size=16, device="cpu")


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
    losses = optimising.loss_of(SMALL.changed(loss=name), wave())(output, answers)
    asked = optimising.scored(answers, "regression")
    torch.testing.assert_close(optimising.mean_loss(losses, asked), plain(output, answers))


def test_the_loss_of_two_classes_is_pytorchs() -> None:
    output, answers = torch.randn(9, 1), torch.randint(2, (9, 1)).float()
    losses = optimising.loss_of(SMALL, of_kind("binary"))(output, answers)
    asked = optimising.scored(answers, "binary")
    expected = functional.binary_cross_entropy_with_logits(output, answers)
    torch.testing.assert_close(optimising.mean_loss(losses, asked), expected)


@pytest.mark.parametrize("kind", ["classes", "classes at every step", "text"])
def test_the_loss_of_more_classes_is_pytorchs(kind: str) -> None:
    data = of_kind(kind)
    answers = torch.tensor(data.part("training")[1][:5].copy())
    places = answers.shape if data.every_step else (5,)
    output = torch.randn(*places, len(data.classes))
    losses = optimising.loss_of(SMALL, data)(output, answers)
    assert losses.shape == answers.shape
    mean = optimising.mean_loss(losses, optimising.scored(answers, "classes"))
    expected = functional.cross_entropy(
        output.flatten(0, -2), answers.flatten().long(), ignore_index=NOT_SCORED
    )
    torch.testing.assert_close(mean, expected)


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


def rates_of(settings: Settings) -> tuple[list[float], list[float]]:
    """The learning rate and the validation loss, at the start and after each epoch."""
    frames = list(frames_with(settings, wave()))
    assert [frame.epoch for frame in frames] == list(range(settings.budget.epochs + 1))
    return [frame.learning_rate for frame in frames], [frame.validation_loss for frame in frames]


def test_an_optimiser_is_pytorchs() -> None:
    plain = {
        "adam": torch.optim.Adam,
        "adamw": torch.optim.AdamW,
        "rmsprop": torch.optim.RMSprop,
        "momentum": lambda *args, **kw: torch.optim.SGD(*args, momentum=0.9, **kw),
        "sgd": torch.optim.SGD,
    }
    assert {*plain} == {*get_args(Optimizer)}
    gradients = torch.randn(20, 8, generator=torch.Generator().manual_seed(0))
    for name, kind in plain.items():
        settings = SMALL.changed(optimizer=name, learning_rate=0.05, l2=0.1)
        mine, other = (nn.Linear(8, 1, bias=False) for _ in range(2))
        other.load_state_dict(mine.state_dict())
        chosen = optimising.optimizer_of(settings, mine)
        expected = kind(other.parameters(), lr=0.05, weight_decay=0.1)
        for gradient in gradients:
            mine.weight.grad, other.weight.grad = gradient[None].clone(), gradient[None].clone()
            chosen.step()
            expected.step()
        torch.testing.assert_close(mine.weight, other.weight, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("schedule", ["constant", "step", "cosine", "plateau"])
def test_a_schedule_is_pytorchs_stepped_once_an_epoch(schedule: str) -> None:
    settings = SMALL.changed(epochs=14, batch_size=1000, learning_rate=1.0, hidden_size=16)
    settings = settings.changed(schedule=schedule, schedule_every=1, schedule_factor=0.3)
    rates, losses = rates_of(settings)
    optimizer = torch.optim.SGD([nn.Parameter(torch.zeros(1))], lr=settings.optimiser.learning_rate)
    plain = {
        "constant": lambda: lr_scheduler.ConstantLR(optimizer, 1.0),
        "step": lambda: lr_scheduler.StepLR(optimizer, 1, 0.3),
        "cosine": lambda: lr_scheduler.CosineAnnealingLR(optimizer, 14),
        "plateau": lambda: lr_scheduler.ReduceLROnPlateau(optimizer, factor=0.3, patience=1),
    }[schedule]()
    expected = [settings.optimiser.learning_rate]
    for loss in losses[1:]:
        optimizer.step()
        plain.step(*[loss] if schedule == "plateau" else [])
        expected.append(optimizer.param_groups[0]["lr"])
    assert rates[:-1] == pytest.approx(expected[:-1])
    assert rates[-1] == pytest.approx(expected[-2] if schedule == "cosine" else expected[-1])
    assert (rates[-1] < rates[0]) == (schedule != "constant")


@pytest.mark.parametrize("schedule", ["step", "cosine", "plateau"])
@pytest.mark.parametrize("planned", [1, 4])
def test_trained_further_the_rate_never_climbs_back(schedule: str, planned: int) -> None:
    settings = SMALL.changed(epochs=planned, batch_size=1000, schedule=schedule, schedule_every=2)
    training = Training(settings, wave())
    rates = [training.schedule.rate]
    for epochs in (0, 5, 3):
        training.extend(epochs) if epochs else None
        while not training.finished:
            training.step()
            rates.append(training.schedule.rate)
    assert len(rates) == planned + 9
    assert all(later <= earlier for earlier, later in pairwise(rates))
    assert rates[-1] > 0, "what is trained further still learns"


def test_the_gradient_is_clipped_by_value_and_then_by_norm() -> None:
    model = nn.Linear(3, 1, bias=False)
    model.weight.grad = torch.tensor([[3.0, -4.0, 0.1]])
    before, after = optimising.clip(model, SMALL.changed(clip_value=1.0, clip_norm=0.5))
    assert before == pytest.approx(math.hypot(3, 4, 0.1))
    assert after == pytest.approx(0.5)
    direction = torch.tensor([[1.0, -1.0, 0.1]])
    torch.testing.assert_close(
        model.weight.grad, 0.5 * direction / direction.norm(), atol=1e-5, rtol=0
    )


def test_clipping_by_value_alone_and_no_clipping_are_reported_as_they_are() -> None:
    for settings, after in (
        ({"clip_value": 1.0}, math.hypot(1, 1, 0.1)),
        ({}, math.hypot(3, 4, 0.1)),
    ):
        model = nn.Linear(3, 1, bias=False)
        model.weight.grad = torch.tensor([[3.0, -4.0, 0.1]])
        norms = optimising.clip(model, SMALL.changed(clip_norm=0.0, **settings))
        assert norms == pytest.approx((math.hypot(3, 4, 0.1), after))
        assert float(model.weight.grad.norm()) == pytest.approx(after)


def test_a_gradient_that_is_not_finite_is_seen_although_values_are_clipped() -> None:
    model = nn.Linear(2, 1, bias=False)
    model.weight.grad = torch.tensor([[math.inf, 1.0]])
    assert optimising.clip(model, SMALL.changed(clip_value=1.0))[0] == math.inf


def test_what_to_try_after_a_divergence_is_not_what_was_done_already() -> None:
    sentences = [
        str(optimising.diverged(Settings.of(clip_norm=norm), 3, 12.5, math.inf))
        for norm in (0.0, 5.0, 1.0)
    ]
    assert ["clip the gradient norm at 1" in each for each in sentences] == [True, True, False]
    assert "clip" not in sentences[2]
    assert all("update 3 (loss 12.5, gradient norm not finite)" in each for each in sentences)
    assert all("a learning rate below 0.005" in each for each in sentences)


def test_a_first_update_that_diverges_is_told_by_its_own_numbers() -> None:
    """There is no step before it: its norm "was nan"."""
    training = Training(SMALL, wave())
    for parameter in training.model.parameters():
        parameter.data *= 1e30
    with pytest.raises(DivergenceError) as told:
        training.step()
    assert "at update 1 (loss not finite, gradient norm not finite)" in str(told.value)
    assert "was" not in str(told.value)


def test_l1_adds_the_sign_and_l2_the_weight_to_the_gradient() -> None:
    data, rate = wave(), 0.1
    base = SMALL.changed(optimizer="sgd", learning_rate=rate, clip_norm=0.0, batch_size=1000)
    plain, with_l1, with_l2 = (
        Training(base.changed(**more), data) for more in ({}, {"l1": 0.01}, {"l2": 0.2})
    )
    start = [parameter.detach().clone() for parameter in plain.model.parameters()]
    for training in (plain, with_l1, with_l2):
        training.update()
    of_all = (training.model.parameters() for training in (plain, with_l1, with_l2))
    for before, free, l1, l2 in zip(start, *of_all, strict=True):
        torch.testing.assert_close(l1, free - rate * 0.01 * before.sign(), atol=1e-6, rtol=0)
        torch.testing.assert_close(l2, free - rate * 0.2 * before, atol=1e-6, rtol=0)


def test_the_loss_that_is_shown_is_without_penalty() -> None:
    frames = []
    for l1 in (0.0, 1.0):
        training = Training(SMALL.changed(l1=l1, batch_size=1000), wave())
        frames.append(training.step())
    assert frames[0].train_loss == frames[1].train_loss
    assert frames[0].grad_norm < frames[1].grad_norm


def test_a_run_with_dropout_does_not_depend_on_its_neighbours() -> None:
    settings = SMALL.changed(dropout=0.5, layers=2, epochs=2)
    alone = [frame.forecast for frame in frames_with(settings, wave())]
    frames: dict[str, list[np.ndarray]] = {"a": [], "b": []}

    def keep(event) -> None:
        if isinstance(event, FrameTaken):
            frames[event.run_id].append(event.frame.forecast)

    scheduler = Scheduler(keep, slice_seconds=0.001)
    scheduler.handle(Load("wave", wave()))
    for run, seed in (("a", 0), ("b", 1)):
        scheduler.handle(Submit(run, settings.changed(seed=seed), "wave"))
    before = torch.get_rng_state()
    while scheduler.patience is not None:
        scheduler.advance()
    assert torch.equal(before, torch.get_rng_state()), "the process' own numbers are left alone"
    assert len(frames["a"]) == len(alone)
    for one, other in zip(frames["a"], alone, strict=True):
        np.testing.assert_array_equal(one, other)
