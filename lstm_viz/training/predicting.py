"""What a model says when it is asked: answers, free-running forecasts, texts."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor
from torch.nn import functional

from lstm_viz.data.dataset import Dataset, Values
from lstm_viz.data.text import decode
from lstm_viz.errors import ConfigError, DivergenceError
from lstm_viz.experiments.cost import evaluated_at_once, evaluated_signals
from lstm_viz.experiments.fitting import can_run_free
from lstm_viz.instruments.isolation import threads_for
from lstm_viz.models.network import Network
from lstm_viz.models.unrolled import Unrolled
from lstm_viz.words import N_

TOP = 5
"""Next symbols that are named for each place of a text."""
NOT_FINITE = N_(
    "The network's scores are not finite: it cannot write. Train it anew with a smaller learning "
    "rate."
)


@torch.no_grad()
def outputs(model: Network, x: Values) -> Tensor:
    """What the network gives, in eval mode, for any number of examples: (n, P) or (n, T, P)."""
    training, layer = model.training, model._layer
    model.eval()
    width = layer.hidden_size * (2 if layer.bidirectional else 1)
    own = len(layer.spec.signals(layer.options)) if isinstance(layer, Unrolled) else None
    each = evaluated_signals(own) * width + layer.input_size
    at_once = evaluated_at_once(4 * x.shape[1] * each)
    try:
        device = next(model.parameters()).device
        with threads_for(layer.hidden_size):
            parts = [
                model(torch.from_numpy(x[k : k + at_once].copy()).to(device)).cpu()
                for k in range(0, max(len(x), 1), at_once)  # none at all has a shape too
            ]
    finally:
        model.train(training)
    return torch.cat(parts)


def answers(output: Tensor, problem: str) -> Values:
    """Outputs as answers: numbers, probabilities of the second class, or the likeliest codes."""
    if problem == "binary":
        return torch.sigmoid(output).numpy()
    if problem == "classes":
        codes = output.argmax(dim=-1).to(torch.int16).numpy()
        return codes if codes.ndim == 2 else codes[:, None]
    return output.numpy()


def names_of(classes: Sequence[str]) -> npt.NDArray[Any]:
    """(C,) what classes are called: whole numbers, where all of them are some, or else texts."""
    numbers = [int(name) for name in classes if name.removeprefix("-").isdecimal()]
    return np.array(numbers if [*map(str, numbers)] == [*classes] else classes)


def accuracy(
    output: Tensor, truth: Values, problem: str, judged: npt.NDArray[np.bool_] | None
) -> float:
    """Share of right answers among those judged; NaN where numbers are asked for."""
    if problem == "regression":
        return float("nan")
    if problem == "binary":
        return float(np.mean((output.numpy() > 0) == (truth > 0.5)))
    counted = truth >= 0 if judged is None else judged
    return float(np.mean((answers(output, problem) == truth)[counted]))


def free_run(model: Network, dataset: Dataset, origins: Sequence[int], steps: int) -> Values:
    """(n, steps, K): from each origin (a row) on, every forecast fed back as the next input.

    The network reads a whole window each time, as it was trained to; it sees no row from its
    origin on. Of no more steps than its horizon all are forecast at once, and nothing is fed back.
    Raises ConfigError where forecasts would have to be and cannot, or no whole window of known
    rows lies before an origin.
    """
    window, ahead = dataset.window, dataset.horizon
    if steps > ahead or not dataset.is_series:
        can_run_free(dataset, model._layer.bidirectional)
    for row in origins:
        if not window <= row <= len(dataset.values):
            raise ConfigError(
                N_(
                    "A forecast can begin at rows {low} to {high}, after a whole window of known "
                    "ones, got {got}."
                ),
                low=window,
                high=len(dataset.values),
                got=row,
            )
    known = np.stack([dataset.values[row - window : row] for row in origins])
    if steps <= ahead:
        at_once: Values = outputs(model, known).numpy().reshape(len(known), ahead, -1)
        return at_once[:, :steps]
    run = np.concatenate(
        (known, np.empty((len(known), steps + ahead, known.shape[2]), np.float32)), 1
    )
    for t in range(0, steps, ahead):
        forecast = outputs(model, run[:, t : t + window])
        run[:, window + t : window + t + ahead] = forecast.reshape(len(known), ahead, -1)
    return run[:, window : window + steps]


@torch.no_grad()
def write(
    model: Network, beginning: Values, length: int, temperature: float, seed: int
) -> npt.NDArray[np.uint8]:
    """(length,) codes drawn one by one from softmax(output / temperature), each fed back.

    The state goes on from step to step; temperature 0 takes the likeliest symbol. The same seed
    gives the same text. Raises ConfigError for a beginning without a symbol, DivergenceError where
    the network's scores are not finite.
    """
    _something(beginning)
    random = torch.Generator().manual_seed(seed)
    written = np.empty(length, np.uint8)
    training, device = model.training, model.readout.weight.device
    model.eval()
    try:
        with threads_for(model._layer.hidden_size):
            codes = torch.from_numpy(beginning.astype(np.uint8)).to(device)[None, :, None]
            before = 0 if model.front is None else model.front.before
            seen = model.seen(codes)
            state: Any = None
            for k in range(length):
                hidden, state = model._layer(seen, state)
                scores = model.readout(hidden[0, -1]).cpu()
                written[k] = _drawn(scores, temperature, random)
                codes = functional.pad(codes, (0, 0, 0, 1), value=int(written[k]))
                seen = model.seen(codes[:, -1 - before :])[:, -1:]  # a convolution sees some before
    finally:
        model.train(training)
    return written


def continued(model: Network, dataset: Dataset, length: int, temperature: float) -> str:
    """What it writes where the training part of a text ends; nothing where its scores are not
    finite, the dataset is no text, or the model a module of somebody's own.
    """
    if not dataset.is_text or model.own:
        return ""
    beginning = dataset.values[dataset.split - dataset.window : dataset.split, 0]
    try:
        return decode(write(model, beginning, length, temperature, seed=0), dataset.symbols)
    except DivergenceError:
        return ""


def _drawn(scores: Tensor, temperature: float, random: torch.Generator) -> int:
    if not torch.isfinite(scores).all():
        raise DivergenceError(NOT_FINITE)
    if temperature == 0:
        return int(scores.argmax())
    probabilities = torch.softmax(scores.double() / temperature, dim=0)
    return int(torch.multinomial(probabilities, 1, generator=random))


def next_symbols(model: Network, codes: Values) -> tuple[Values, Values]:
    """The `TOP` likeliest next symbols after each of (T,) codes: codes and probabilities (T, K).

    Raises ConfigError for no codes at all.
    """
    _something(codes)
    scores = outputs(model, codes.astype(np.uint8)[None, :, None])[0]
    top = torch.softmax(scores.double(), dim=-1).topk(min(TOP, scores.shape[-1]), dim=-1)
    return top.indices.to(torch.int16).numpy(), top.values.float().numpy()


def _something(codes: Values) -> None:
    if not len(codes):
        raise ConfigError(N_("There is nothing to read. Give at least one character."))
