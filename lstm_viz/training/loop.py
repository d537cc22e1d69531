"""The training loop: fused layers train, and a fixed probe batch is traced at every frame."""

import math
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn
from torch.nn import functional

from lstm_viz.data.dataset import Dataset, Values
from lstm_viz.errors import ConfigError, DivergenceError
from lstm_viz.instruments.layer_trace import LayerTrace
from lstm_viz.instruments.trace import trace
from lstm_viz.models.network import SequenceRegressor, recurrent_layer, set_forget_bias
from lstm_viz.training.config import RunConfig
from lstm_viz.training.film import MAX_BYTES, MAX_FRAMES
from lstm_viz.training.frames import Frame, LayerFrame, Probe
from lstm_viz.words import N_

MAX_UNITS = 64
"""Units a frame keeps per layer; evenly spaced ones of a wider layer."""
PROBE_SAMPLES = 4
FORECAST_EXAMPLES = 200
VALIDATION_EXAMPLES = 512
"""The validation loss is the mean over at most this many evenly spaced examples."""
FRAMES_OF_A_SHORT_RUN = 60

_OPTIMIZERS: dict[str, type[torch.optim.Optimizer]] = {
    "adam": torch.optim.Adam,
    "rmsprop": torch.optim.RMSprop,
    "sgd": torch.optim.SGD,
}


def devices() -> list[str]:
    """The devices this process can train on, the fastest first."""
    found = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available()}
    return [name for name, there in found.items() if there] + ["cpu"]


def build(config: RunConfig, dataset: Dataset) -> SequenceRegressor:
    """The untrained network of a configuration; the same seed gives the same weights."""
    inputs = dataset.values.shape[-1]
    outputs = dataset.horizon
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(config.seed)
        recurrent = recurrent_layer(config.cell, inputs, config.hidden_size, config.layers)
        model = SequenceRegressor(recurrent, outputs)
    if isinstance(recurrent, nn.LSTM):
        set_forget_bias(recurrent, config.forget_bias)
    return model


def probe_loss(output: Tensor, targets: Tensor) -> Tensor:
    """L of the gradients through time: each sample's own mean squared error, summed.

    The sum keeps dL/dh_t of a sample free of how many other samples the probe has.
    """
    return functional.mse_loss(output, targets, reduction="none").mean(-1).sum()


class Training:
    """One run, advanced step by step by whoever holds it.

    Raises ConfigError for a device this machine lacks.
    """

    def __init__(self, config: RunConfig, dataset: Dataset) -> None:
        self.config = config
        self.device = torch.device(_chosen_device(config.device))
        self.model = build(config, dataset).to(self.device)
        self.optimizer = _OPTIMIZERS[config.optimizer](
            self.model.parameters(),
            lr=config.learning_rate,  # type: ignore[call-arg]
        )
        self._x, self._y = dataset.part("training")
        self.steps_per_epoch = math.ceil(len(self._x) / config.batch_size)
        self.total_steps = config.epochs * self.steps_per_epoch
        self.step_number = 0
        self._shuffle = np.random.default_rng(config.seed)
        self._batches: Iterator[npt.NDArray[np.int64]] = iter(())
        self._losses: list[float] = []
        self._norms: list[float] = []
        self.last_norm = math.nan
        x, y = dataset.part("validation")
        self._validation = _evenly(x, y, VALIDATION_EXAMPLES)
        self._forecast_x = x[:FORECAST_EXAMPLES]
        self.probe = _probe(x, y, config)
        self.frame_every = frame_every(config.epochs, self.steps_per_epoch)

    @property
    def finished(self) -> bool:
        return self.step_number >= self.total_steps

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

    def step(self) -> Frame | None:
        """One optimizer update; returns a frame when one is due.

        Raises DivergenceError when the loss or its gradient is NaN or infinite; the weights
        are then those of the step before.
        """
        index = self._next_batch()
        x, y = self._tensor(self._x[index]), self._tensor(self._y[index])
        loss = functional.mse_loss(self.model(x), y)
        self.optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        norm = nn.utils.clip_grad_norm_(
            self.model.parameters(), self.config.clip_norm or math.inf
        ).item()
        if not (math.isfinite(loss.item()) and math.isfinite(norm)):
            raise self._diverged(loss.item(), norm)
        self.optimizer.step()
        self.step_number += 1
        self.last_norm = norm
        self._losses.append(loss.item())
        self._norms.append(norm)
        due = self.step_number % self.frame_every == 0 or self.finished
        return self.frame() if due else None

    def frame(self) -> Frame:
        """The run as it stands: losses, and the probe's trace and forecast."""
        losses, norms = np.array(self._losses), np.array(self._norms)
        self._losses, self._norms = [], []
        clipped = np.minimum(norms, self.config.clip_norm or math.inf)
        x, y = self._validation
        return Frame(
            epoch=self.step_number / self.steps_per_epoch,
            step=self.step_number,
            train_loss=_mean(losses),
            validation_loss=float(np.mean((self._predict(x).astype(np.float64) - y) ** 2)),
            grad_norm=_mean(norms),
            clipped_grad_norm=_mean(clipped),
            layers=self.trace(self.probe.inputs, self.probe.targets),
            forecast=self._predict(self._forecast_x),
        )

    def trace(self, inputs: Values, targets: Values) -> dict[str, LayerFrame]:
        """What the model's layers do on these examples (B, T, D), and their gradients."""
        traces = trace(
            self.model,
            torch.from_numpy(inputs.copy()),
            loss_fn=probe_loss,
            targets=torch.from_numpy(targets.copy()),
        )
        return {name: reduced(layer) for name, layer in traces.items()}

    def _next_batch(self) -> npt.NDArray[np.int64]:
        batch = next(self._batches, None)
        if batch is None:
            order = self._shuffle.permutation(len(self._x))
            size = self.config.batch_size
            self._batches = (order[i : i + size] for i in range(0, len(order), size))
            batch = next(self._batches)
        return batch

    def _tensor(self, values: Values) -> Tensor:
        return torch.from_numpy(values).to(self.device)

    @torch.no_grad()
    def _predict(self, x: Values) -> Values:
        predicted: Values = self.model(self._tensor(x.copy())).cpu().numpy()
        return predicted

    def _diverged(self, loss: float, norm: float) -> DivergenceError:
        return DivergenceError(
            N_(
                "Training diverged at step {step}: the loss became {loss} and its gradient {norm}. "
                "At the step before, the parameter-gradient norm was {previous:.3g}. Everything "
                "measured up to there is kept. Try a smaller learning rate than {rate:g}, or "
                "clip gradients at a smaller norm: 1 is a good start."
            ),
            step=self.step_number + 1,
            loss=str(loss),
            norm=f"{norm:.3g}",
            previous=self.last_norm,
            rate=self.config.learning_rate,
        )


def fit(config: RunConfig, dataset: Dataset) -> Iterator[Frame]:
    """Train, and yield a frame of the untrained model and then one whenever one is due.

    The caller owns the loop: a progress bar, an early stop, a plot are its own lines. Leaving
    the loop ends the training. Raises DivergenceError after the last good frame.

    >>> from lstm_viz.data.tasks import adding_problem
    >>> config = RunConfig(cell="gru", hidden_size=4, epochs=1)
    >>> frames = list(fit(config, adding_problem(count=64, length=8, seed=0)))
    >>> frames[0].step, frames[-1].epoch
    (0, 1.0)
    """
    training = Training(config, dataset)
    yield training.frame()
    while not training.finished:
        frame = training.step()
        if frame is not None:
            yield frame


def frame_every(epochs: int, steps_per_epoch: int) -> int:
    """Steps from one frame to the next: whole epochs in a long run, parts of one in a short run.

    A plan gives at most `MAX_FRAMES` frames, so watching costs a bounded number of traces.
    """
    if epochs >= FRAMES_OF_A_SHORT_RUN / 2:
        return steps_per_epoch * math.ceil(epochs / (MAX_FRAMES - 1))  # the first is of step 0
    return math.ceil(epochs * steps_per_epoch / FRAMES_OF_A_SHORT_RUN)


def reduced(layer: LayerTrace) -> LayerFrame:
    """A trace with at most `MAX_UNITS` units, float32, and its gradient norms over all units."""
    hidden_size = layer.hidden.shape[-1]
    units = np.unique(np.linspace(0, hidden_size - 1, min(hidden_size, MAX_UNITS)).astype(int))

    def keep(values: np.ndarray) -> Values:
        with np.errstate(over="ignore"):  # beyond float32 it is shown as infinite
            return np.ascontiguousarray(values[..., units], dtype=np.float32)

    return LayerFrame(
        kind=layer.kind,
        hidden_size=hidden_size,
        units=units,
        hidden=keep(layer.hidden),
        cell=None if layer.cell is None else keep(layer.cell),
        gates={name: keep(gate) for name, gate in layer.gates.items()},
        grad_hidden_norm=layer.grad_norm("hidden"),
        grad_cell_norm=None if layer.cell is None else layer.grad_norm("cell"),
    )


def _probe(x: Values, y: Values, config: RunConfig) -> Probe:
    """Evenly spaced validation examples, as many as leave room for a film of 60 frames."""
    time_steps = x.shape[1]
    signals = {"lstm": 6, "gru": 4}.get(config.cell, 1)
    units = min(config.hidden_size, MAX_UNITS)
    sample_bytes = 4 * time_steps * units * signals * config.layers
    samples = MAX_BYTES // (FRAMES_OF_A_SHORT_RUN * sample_bytes)
    inputs, targets = _evenly(x, y, max(1, min(PROBE_SAMPLES, samples)))
    return Probe(inputs, targets, y[:FORECAST_EXAMPLES].copy())


def _evenly(x: Values, y: Values, count: int) -> tuple[Values, Values]:
    index = np.unique(np.linspace(0, len(x) - 1, min(count, len(x))).astype(int))
    return x[index], y[index]


def _mean(values: np.ndarray) -> float:
    return float(values.mean()) if len(values) else math.nan


def _chosen_device(wanted: str) -> str:
    available = devices()
    if wanted == "auto":
        return available[0]
    if wanted not in available:
        raise ConfigError(
            N_("This machine has no device '{wanted}'. It has: {available}."),
            wanted=wanted,
            available=", ".join(available),
        )
    return wanted
