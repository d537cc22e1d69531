"""A network as the browser runs it: what it is made of, and the weights of one frame."""

from typing import Any

import numpy as np
import numpy.typing as npt

from lstm_viz.data.dataset import Dataset
from lstm_viz.experiments.settings import Settings
from lstm_viz.figures.packing import pack
from lstm_viz.runs.frames import MAX_WEIGHTS, Frame
from lstm_viz.runs.topics import RefusedError

KINDS = ("rnn_tanh", "rnn_relu", "lstm", "gru")
"""Cells whose equations assets/components/forward.js has."""


def runs_in_browser(settings: Settings, dataset: Dataset) -> bool:
    """Whether the browser can run such a network forward, if it has its weights."""
    network = settings.network
    pooled = dataset.every_step or network.readout != "attention"
    return settings.cell.kind in KINDS and not network.conv_channels and pooled


def model_of(settings: Settings, dataset: Dataset) -> dict[str, Any]:
    """What `forward` in the browser must know of a network besides its weights."""
    network = settings.network
    return {
        "kind": settings.cell.kind,
        "layers": network.layers,
        "bidirectional": network.bidirectional,
        "readout": "every" if dataset.every_step else network.readout,
        "symbols": len(dataset.symbols),
        "problem": dataset.problem,
    }


def weights_message(topic: str, frame: Frame) -> bytes:
    """Every parameter of a frame's network by its name, for all who watch a topic of the feed.

    Raises RefusedError for a frame that keeps none, or more than `MAX_WEIGHTS`.
    """
    weights = frame.weights
    if weights is None or sum(values.size for values in weights.values()) > MAX_WEIGHTS:
        raise RefusedError("no weights")
    arrays: list[npt.NDArray[Any]] = [np.asarray(each, np.float32) for each in weights.values()]
    return pack({"topic": topic, "step": frame.step, "names": list(weights)}, arrays)
