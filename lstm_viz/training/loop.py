"""The training loop: fused layers train, and a fixed probe batch is traced at every frame."""

import math
import time
from collections.abc import Iterator
from contextlib import nullcontext
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from lstm_viz.data.dataset import Dataset, Values
from lstm_viz.errors import ConfigError
from lstm_viz.experiments.fitting import can_run_free
from lstm_viz.experiments.settings import Settings
from lstm_viz.instruments.gradient_flow import flows
from lstm_viz.instruments.isolation import threads_for
from lstm_viz.instruments.layer_trace import LayerTrace
from lstm_viz.instruments.twin import Twin
from lstm_viz.models.network import Network
from lstm_viz.runs.frames import MAX_WEIGHTS, WRITING_TEMPERATURE, Frame, LayerFrame
from lstm_viz.runs.reduced import reduced
from lstm_viz.training import optimising, predicting
from lstm_viz.training.building import build
from lstm_viz.training.denormals import flushed
from lstm_viz.training.devices import chosen_device
from lstm_viz.training.framing import (
    attention_of,
    forecast_examples,
    frame_every,
    probe_of,
    weights_of,
)
from lstm_viz.training.judging import Judge, Judgement
from lstm_viz.training.noise import Noise
from lstm_viz.words import Sentence

FREE_RUNS = 10
"""Free-running forecasts that are kept of a whole run, besides that of the untrained model."""
FREE_RUNNING_STEPS = 100
WRITTEN = 100
"""Characters that a model of text writes for a frame."""


class Training:
    """One run, advanced step by step by whoever holds it.

    Raises ConfigError for a device this machine lacks, and for settings that do not fit the
    dataset.
    """

    def __init__(self, settings: Settings, dataset: Dataset) -> None:
        self.settings = settings
        self.dataset = dataset
        self.device = torch.device(chosen_device(settings, dataset))
        self.model = self._build().to(self.device)
        self.optimizer = optimising.optimizer_of(settings, self.model)
        self.schedule = optimising.Schedule(settings, self.optimizer)
        patience = settings.budget.patience
        self.stopping = optimising.EarlyStopping(patience) if patience else None
        self.stopped_early: Sentence | None = None
        self.before_restoring: dict[str, Any] | None = None
        """What was measured when it stopped early, of the weights that it had then."""
        self._loss = optimising.loss_of(settings, dataset)
        self._x, self._y = dataset.part("training")
        self.steps_per_epoch = math.ceil(len(self._x) / settings.budget.batch_size)
        self.total_steps = settings.budget.epochs * self.steps_per_epoch
        self.step_number = 0
        self.seconds = 0.0
        """Spent in steps so far, without frames."""
        self._shuffle = np.random.default_rng(settings.budget.seed)
        noisy = settings.network.dropout > 0 or settings.cell.options.get("zoneout", 0.0) > 0
        noisy |= self.model.own
        self._noise = Noise(settings.budget.seed, self.device).drawn if noisy else nullcontext
        self._batches: Iterator[npt.NDArray[np.int64]] = iter(())
        self._output: Tensor | None = None
        """What the network gives at the end of an epoch for all that a frame asks for."""
        self._losses: list[float] = []
        self._norms: list[tuple[float, float]] = []
        x, _ = dataset.part("validation")
        self._judge = Judge(dataset, self._loss)
        self.probe, probed = probe_of(dataset, settings)
        # A frame asks for all at once: the examples that it shows are the first ones.
        self._shown = min(len(x), forecast_examples(dataset))
        chosen = self._judge.places
        asked = np.unique(np.concatenate([np.arange(self._shown), chosen, probed]))
        self._asked_x, self._chosen = x[asked], np.searchsorted(asked, chosen)
        self._probed = np.searchsorted(asked, probed)
        self.frame_every = frame_every(settings.budget.epochs, self.steps_per_epoch)
        self._frames = 0

    def _build(self) -> Network:
        return build(self.settings, self.dataset)

    @cached_property
    def _twin(self) -> Twin:
        return Twin(self.model)

    @property
    def finished(self) -> bool:
        return self.stopped_early is not None or self.step_number >= self.total_steps

    @property
    def has_news(self) -> bool:
        """Whether steps were taken since the last frame."""
        return bool(self._losses)

    @property
    def parameters(self) -> int:
        """How many numbers the model learns."""
        return sum(parameter.numel() for parameter in self.model.parameters())

    def extend(self, epochs: int) -> None:
        """Plan this many epochs more, counted from where the run stands."""
        done = math.ceil(self.step_number / self.steps_per_epoch)
        self.total_steps = (done + epochs) * self.steps_per_epoch
        if self.stopped_early is not None and self.stopping is not None:
            self.stopping.begin_anew(done)
            self.stopped_early = None

    def step(self) -> Frame | None:
        """One optimizer update; returns a frame when one is due. Raises as `advance` does."""
        return self.frame() if self.advance() else None

    def advance(self) -> bool:
        """One optimizer update; whether the run is due to be measured.

        Raises DivergenceError when the loss or its gradient is NaN or infinite; the weights
        are then those of the step before.
        """
        began = time.perf_counter()
        with threads_for(self.settings.network.hidden_size):
            self.update()
        if self.step_number % self.steps_per_epoch == 0:
            self._end_epoch()
        self.seconds += time.perf_counter() - began
        return self.step_number % self.frame_every == 0 or self.finished

    def update(self) -> None:
        """One optimizer step on the next batch.

        Here alone numbers below float32's normal range (1.2e-38) count as 0: a gradient that
        vanishes passes through them, where some CPUs are slow. What is shown is traced
        outside of it, in float64, with every number as it is.
        """
        with flushed():
            self._update()

    def _update(self) -> None:
        self._output = None
        index = self._next_batch()
        x, y = (torch.from_numpy(part[index]).to(self.device) for part in (self._x, self._y))
        with self._noise():
            losses = self._loss(self.model(x), y)
        loss = optimising.mean_loss(losses, optimising.scored(y, self.dataset.problem))
        self.optimizer.zero_grad()
        whole = loss + optimising.penalty(self.model, self.settings.optimiser.l1)
        whole.backward()  # type: ignore[no-untyped-call]
        norm, clipped = optimising.clip(self.model, self.settings)
        if not (math.isfinite(loss.item()) and math.isfinite(norm)):
            raise optimising.diverged(self.settings, self.step_number + 1, loss.item(), norm)
        self.optimizer.step()
        self.step_number += 1
        self._losses.append(loss.item())
        self._norms.append((norm, clipped))

    def _end_epoch(self) -> None:
        """Schedule and early stopping look at the validation loss, and only they."""
        if self.stopping is None and not self.schedule.needs_validation:
            self.schedule.epoch_ended(math.nan)
            return
        epoch = self.step_number // self.steps_per_epoch
        self._output = self._outputs()
        judgement = self._judge(self._output[self._chosen])
        self.schedule.epoch_ended(judgement.loss)
        if self.stopping is not None and self.stopping.should_stop(
            epoch, judgement.loss, self.model
        ):
            self.before_restoring = self._scalars(judgement)
            self.stopping.restore(self.model)
            self._output = None
            self.stopped_early = self.stopping.said(epoch)

    def _outputs(self) -> Tensor:
        """For the examples that are judged, shown and traced."""
        known = self._output
        return predicting.outputs(self.model, self._asked_x) if known is None else known

    def frame(self) -> Frame:
        """The run as it stands: losses, and the probe's trace and forecast."""
        output = self._outputs()
        validation = self._judge(output[self._chosen])
        layers, traces = self._traced(self.probe.inputs, self.probe.targets)
        free = self._frames % self.frames_between_free_runs == 0 or self.finished
        self._frames += 1
        scalars = self._scalars(validation)
        if self.stopped_early is not None and self.stopping is not None:
            scalars["epoch"] = float(self.stopping.best_epoch)
        return Frame(
            **scalars,
            restored=self.stopped_early is not None,
            validation_losses=validation.losses,
            validation_errors=validation.errors,
            layers=layers,
            forecast=predicting.answers(output[: self._shown], self.dataset.problem),
            answer=predicting.answers(output[self._probed], self.dataset.problem),
            free_running=self._free_running() if free else None,
            attention=attention_of(self.model, traces),
            written=predicting.continued(self.model, self.dataset, WRITTEN, WRITING_TEMPERATURE),
            weights=weights_of(self.model) if self.parameters <= MAX_WEIGHTS else None,
        )

    def scalars(self) -> dict[str, Any]:
        """What a frame says of the run in single numbers; much cheaper than a frame."""
        return self._scalars(self._judge(self._outputs()[self._chosen]))

    def _scalars(self, validation: Judgement) -> dict[str, Any]:
        """From what the validation examples show, and the steps since the last time."""
        losses, norms = np.array(self._losses), np.array(self._norms).reshape(-1, 2)
        self._losses, self._norms = [], []
        return {
            "epoch": self.step_number / self.steps_per_epoch,
            "step": self.step_number,
            "train_loss": _mean(losses),
            "validation_loss": validation.loss,
            "grad_norm": _mean(norms[:, 0]),
            "clipped_grad_norm": _mean(norms[:, 1]),
            "update_norms": norms.astype(np.float32),
            "validation_accuracy": validation.accuracy,
            "validation_mae": validation.mae,
            "learning_rate": self.schedule.rate,
        }

    def seen(self, inputs: Values, targets: Values) -> dict[str, Any]:
        """What a frame holds of its examples, of these examples (B, T, D)."""
        layers, traces = self._traced(inputs, targets)
        output = predicting.outputs(self.model, inputs)
        return {
            "layers": layers,
            "answer": predicting.answers(output, self.dataset.problem),
            "attention": attention_of(self.model, traces),
        }

    def _traced(
        self, inputs: Values, targets: Values
    ) -> tuple[dict[str, LayerFrame], dict[str, LayerTrace]]:
        found = flows(
            self._twin,
            torch.from_numpy(inputs.copy()),
            loss_fn=self.probe_loss,
            targets=torch.from_numpy(targets.copy()),
        )
        layers = {
            name: reduced(layer, flow.norms, flow.entered, reverse=name.endswith("_reverse"))
            for name, (layer, flow) in found.items()
        }
        return layers, {name: layer for name, (layer, _) in found.items()}

    def probe_loss(self, output: Tensor, targets: Tensor) -> Tensor:
        """L of the gradients through time: each sample's own mean loss, summed.

        The sum keeps dL/dh_t of a sample free of how many other samples the probe has.
        """
        asked = optimising.scored(targets, self.dataset.problem)
        return optimising.sample_losses(self._loss(output, targets), asked).sum()

    @property
    def frames_between_free_runs(self) -> int:
        """How many frames there are from one with a free-running forecast to the next."""
        return max(1, round(self.total_steps / self.frame_every / FREE_RUNS))

    def _free_running(self) -> Values | None:
        """(F, K) scaled: from the first series' split on; None where none can be fed back."""
        try:
            can_run_free(self.dataset, self.model._layer.bidirectional)
        except ConfigError:
            return None
        dataset = self.dataset.alone()
        steps = min(FREE_RUNNING_STEPS, len(dataset.values) - dataset.split)
        return np.asarray(predicting.free_run(self.model, dataset, [dataset.split], steps)[0])

    def _next_batch(self) -> npt.NDArray[np.int64]:
        batch = next(self._batches, None)
        if batch is None:
            order = self._shuffle.permutation(len(self._x))
            size = self.settings.budget.batch_size
            self._batches = (order[i : i + size] for i in range(0, len(order), size))
            batch = next(self._batches)
        return batch


def _mean(values: np.ndarray) -> float:
    return float(values.mean()) if len(values) else math.nan
