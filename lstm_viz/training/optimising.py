"""How a gradient becomes a change of the weights: losses, optimisers, schedules, penalties."""

import copy
import math
from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.optim import lr_scheduler

from lstm_viz.data.dataset import NOT_SCORED, Dataset
from lstm_viz.errors import DivergenceError
from lstm_viz.experiments.fitting import loss_in_use
from lstm_viz.experiments.helping import calmer
from lstm_viz.experiments.settings import Settings
from lstm_viz.numerals import numeral
from lstm_viz.words import N_, Sentence

Loss = Callable[[Tensor, Tensor], Tensor]
"""(output, answers) -> (B, ...) the loss of each answer, 0 where none is asked for."""

DIVERGED = N_("Training diverged at update {step} (loss {loss}, gradient norm {norm}). {remedy}")
WOULD_DIVERGE = N_(
    "Training would diverge at update {step} (loss {loss}, gradient norm {norm}). {remedy}"
)
"""The same of a training whose first updates are only timed."""
STOPPED_AT_ONCE = N_(
    "Stopped early after epoch {epoch}, whose validation loss was no lower. Restored: the "
    "weights of epoch {best} (loss {loss})."
)
STOPPED = N_(
    "Stopped early after epoch {epoch}: no lower validation loss for {patience} epochs. "
    "Restored: the weights of epoch {best} (loss {loss})."
)


def cross_entropy(output: Tensor, answers: Tensor) -> Tensor:
    """-ln p(answer) in nats: (B, C) and (B, 1), or (B, T, C) and (B, T), to (B, 1) or (B, T)."""
    losses = functional.cross_entropy(
        output.flatten(0, -2), answers.flatten().long(), ignore_index=NOT_SCORED, reduction="none"
    )
    return losses.reshape(answers.shape)


def _elementwise(function: Callable[..., Tensor]) -> Loss:
    return lambda output, answers: function(output, answers.to(output.dtype), reduction="none")


_LOSSES: Mapping[str, Loss] = {
    "mse": _elementwise(functional.mse_loss),
    "mae": _elementwise(functional.l1_loss),
    "huber": _elementwise(functional.huber_loss),
    "bce": _elementwise(functional.binary_cross_entropy_with_logits),
    "cross_entropy": cross_entropy,
}


def loss_of(settings: Settings, dataset: Dataset) -> Loss:
    """The chosen loss, or the one that fits the problem."""
    return _LOSSES[loss_in_use(settings, dataset)]


def scored(answers: Tensor, problem: str) -> Tensor:
    """Which answers are asked for, as 0 and 1 in the shape of the answers."""
    return (answers != NOT_SCORED) if problem == "classes" else torch.ones_like(answers)


def mean_loss(losses: Tensor, asked: Tensor) -> Tensor:
    """The mean over the answers that are asked for."""
    return losses.sum() / asked.sum().clamp(min=1)


def sample_losses(losses: Tensor, asked: Tensor) -> Tensor:
    """(B,) each sample's own mean loss."""
    return losses.flatten(1).sum(1) / asked.flatten(1).sum(1).clamp(min=1)


def optimizer_of(settings: Settings, model: nn.Module) -> torch.optim.Optimizer:
    """The optimiser of a configuration, PyTorch's defaults where nothing is set.

    On a CPU Adam's arithmetic is one operation, not a dozen for each tensor of weights: an update
    of a network of sixteen units takes a tenth less.
    """
    parameters = list(model.parameters())
    whole = {"fused": True} if all(each.device.type == "cpu" for each in parameters) else {}
    kinds: Mapping[str, tuple[type[torch.optim.Optimizer], dict[str, Any]]] = {
        "adam": (torch.optim.Adam, whole),
        "adamw": (torch.optim.AdamW, whole),
        "rmsprop": (torch.optim.RMSprop, {}),
        "momentum": (torch.optim.SGD, {"momentum": 0.9}),
        "sgd": (torch.optim.SGD, {}),
    }
    kind, more = kinds[settings.optimiser.optimizer]
    return kind(
        parameters,
        lr=settings.optimiser.learning_rate,  # type: ignore[call-arg]
        weight_decay=settings.optimiser.l2,
        **more,
    )


class Schedule:
    """The learning rate over the epochs, by PyTorch's own schedulers.

    A cosine falls over the planned epochs, ½ (1 + cos(π epoch / epochs)) of the rate (Loshchilov &
    Hutter 2017). What is trained beyond the plan keeps the rate of its last epoch: PyTorch's own
    would climb back.
    """

    def __init__(self, settings: Settings, optimizer: torch.optim.Optimizer) -> None:
        self._optimizer = optimizer
        every, factor = settings.optimiser.schedule_every, settings.optimiser.schedule_factor
        self._plateau: lr_scheduler.ReduceLROnPlateau | None = None
        self._clock: lr_scheduler.LRScheduler | None = None
        match settings.optimiser.schedule:
            case "step":
                self._clock = lr_scheduler.StepLR(optimizer, every, factor)
            case "cosine":
                self._clock = lr_scheduler.LambdaLR(optimizer, _cosine(settings.budget.epochs))
            case "plateau":
                self._plateau = lr_scheduler.ReduceLROnPlateau(
                    optimizer, factor=factor, patience=every
                )

    @property
    def needs_validation(self) -> bool:
        """Whether the schedule looks at the validation loss."""
        return self._plateau is not None

    @property
    def rate(self) -> float:
        """The learning rate now."""
        return float(self._optimizer.param_groups[0]["lr"])

    def epoch_ended(self, validation_loss: float) -> None:
        """Move on by one epoch."""
        if self._clock is not None:
            self._clock.step()
        if self._plateau is not None:
            self._plateau.step(validation_loss)


def _cosine(epochs: int) -> Callable[[int], float]:
    """Epoch, from 0 -> share of the learning rate in it."""
    return lambda epoch: (1 + math.cos(math.pi * min(epoch, epochs - 1) / epochs)) / 2


def penalty(model: nn.Module, l1: float) -> Tensor | float:
    """l1·‖θ‖₁."""
    if not l1:
        return 0.0
    parts = [parameter.abs().sum() for parameter in model.parameters()]
    return l1 * torch.stack(parts).sum()


def clip(model: nn.Module, settings: Settings) -> tuple[float, float]:
    """Clip the gradient by value, then by norm; its 2-norm before and after."""
    parameters = list(model.parameters())
    if not settings.optimiser.clip_value:
        before = nn.utils.clip_grad_norm_(
            parameters, settings.optimiser.clip_norm or math.inf
        ).item()
        return before, min(before, settings.optimiser.clip_norm or math.inf)
    before = nn.utils.get_total_norm([p.grad for p in parameters if p.grad is not None]).item()
    nn.utils.clip_grad_value_(parameters, settings.optimiser.clip_value)
    between = nn.utils.clip_grad_norm_(parameters, settings.optimiser.clip_norm or math.inf).item()
    return before, min(between, settings.optimiser.clip_norm or math.inf)


def diverged(settings: Settings, step: int, loss: float, norm: float) -> DivergenceError:
    """What went wrong in this update, and what to try that was not done already."""
    return DivergenceError(
        DIVERGED,
        step=step,
        loss=_written(loss),
        norm=_written(norm),
        remedy=calmer(settings),
    )


def _written(value: float) -> str | Sentence:
    return numeral(value) if math.isfinite(value) else Sentence(N_("not finite"))


def would_diverge(error: DivergenceError) -> Sentence:
    """The same of updates of which nothing is kept."""
    return Sentence(WOULD_DIVERGE, error.sentence.values)


class EarlyStopping:
    """Ends a run that no longer gets better, and keeps the weights of its best epoch."""

    def __init__(self, patience: int) -> None:
        self.patience = patience
        self.best_loss = math.inf
        self.best_epoch = 0
        self._counted_from = 0
        self._best: dict[str, Any] | None = None

    def should_stop(self, epoch: int, validation_loss: float, model: nn.Module) -> bool:
        """Take in an epoch's validation loss; whether `patience` epochs brought nothing better."""
        if validation_loss < self.best_loss:
            self.best_loss, self.best_epoch = validation_loss, epoch
            self._best = copy.deepcopy(model.state_dict())
            self._counted_from = epoch
        # Without a finite loss so far there is nothing to go back to.
        return self._best is not None and epoch - self._counted_from >= self.patience

    def begin_anew(self, epoch: int) -> None:
        """Have patience again from this epoch on; the best one so far stays the best."""
        self._counted_from = epoch

    def said(self, epoch: int) -> Sentence:
        """What is said when it has ended a run after this epoch."""
        values = {
            "epoch": epoch,
            "patience": self.patience,
            "loss": numeral(self.best_loss),
            "best": self.best_epoch,
        }
        return Sentence(STOPPED_AT_ONCE if self.patience == 1 else STOPPED, values)

    def restore(self, model: nn.Module) -> None:
        """Give the model the weights of its best epoch."""
        if self._best is not None:
            model.load_state_dict(self._best)
