"""How a frame is taken: the probe's examples, and their trace cut down to what pages show."""

import math
from collections.abc import Mapping

import numpy as np
import torch
from torch import Tensor, nn

from lstm_viz.data.dataset import Dataset, Values, evenly
from lstm_viz.experiments.settings import Settings
from lstm_viz.instruments.layer_trace import LayerTrace
from lstm_viz.models.cells import cell_of
from lstm_viz.models.network import Network
from lstm_viz.runs.film import MAX_BYTES, MAX_FRAMES
from lstm_viz.runs.frames import Probe
from lstm_viz.runs.reduced import MAX_UNITS

PROBE_SAMPLES = 4
FORECAST_EXAMPLES = 200
EVERY_STEP_EXAMPLES = 20
FRAMES_OF_A_SHORT_RUN = 60
ROUND = (1, 2, 5, 10, 20, 50)
"""Epochs from frame to frame in a long run."""


def probe_of(dataset: Dataset, settings: Settings) -> tuple[Probe, np.ndarray]:
    """Some validation examples, as many as leave room for a film of 60 frames.

    With their places (B,) among the validation examples. Where a network's signals leave room for
    fewer, they are the first of those that another network of the same dataset is probed with.
    """
    x, y = dataset.part("validation")
    units = min(settings.network.hidden_size, MAX_UNITS)
    directions = 2 if settings.network.bidirectional else 1
    signals = len(cell_of(settings.cell.kind).signals(settings.cell.options))
    values = x.shape[1] * units * signals * settings.network.layers * directions
    samples = MAX_BYTES // (FRAMES_OF_A_SHORT_RUN * 4 * values)
    index = evenly(len(x), PROBE_SAMPLES)[: max(1, samples)]
    judged = dataset.judged_part("validation")
    shown = y[: forecast_examples(dataset)].copy()
    return Probe(x[index], y[index], shown, None if judged is None else judged[index]), index


def forecast_examples(dataset: Dataset) -> int:
    """Consecutive validation examples that every frame answers."""
    return EVERY_STEP_EXAMPLES if dataset.every_step else FORECAST_EXAMPLES


def frame_every(epochs: int, steps_per_epoch: int) -> int:
    """Steps from one frame to the next: whole epochs in a long run, parts of one in a short run.

    A plan gives at most `MAX_FRAMES` frames, so watching costs a bounded number of traces.
    """
    if epochs < FRAMES_OF_A_SHORT_RUN / 2:
        return math.ceil(epochs * steps_per_epoch / FRAMES_OF_A_SHORT_RUN)
    fewest = math.ceil(epochs / (MAX_FRAMES - 1))  # the first frame is of step 0
    return steps_per_epoch * next(each for each in ROUND if each >= fewest)


def weights_of(model: nn.Module) -> dict[str, Values]:
    """Every parameter by its name, as it stands."""
    state = model.state_dict()
    return {name: values.float().cpu().numpy().copy() for name, values in state.items()}


@torch.no_grad()
def attention_of(model: Network, traces: Mapping[str, LayerTrace]) -> Values | None:
    """(B, T): the attention read-out's weights on traced examples; None without one."""
    if not traces or model.pool is None:
        return None
    top = list(traces.values())[-2 if model._layer.bidirectional else -1 :]
    hidden = np.concatenate([layer.hidden for layer in top], axis=-1)
    weight = model.readout.weight
    weights: Tensor | None = model.attention(torch.from_numpy(hidden).to(weight))
    return None if weights is None else weights.float().cpu().numpy()
