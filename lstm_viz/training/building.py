"""From a configuration to an untrained network: the same seed gives the same weights."""

from typing import Any

import torch
from torch import nn

from lstm_viz.data.dataset import Dataset
from lstm_viz.experiments.config import RunConfig, has_forget_gate
from lstm_viz.models import initialisation
from lstm_viz.models.lstm_variant import LSTMVariant
from lstm_viz.models.nested_lstm import NestedLSTM
from lstm_viz.models.network import CausalConvolution, Network

PARTS = (
    "input_gate",
    "forget_gate",
    "output_gate",
    "peepholes",
    "coupled",
    "input_activation",
    "output_activation",
    "layer_norm",
    "zoneout",
)
"""The settings that an LSTM variant is made of, named as its arguments are."""


def build(config: RunConfig, dataset: Dataset) -> Network:
    """The untrained network of a configuration. Raises ConfigError where the two do not fit."""
    config.check(dataset)
    inputs = dataset.input_size
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(config.seed)
        front = None
        if config.conv_channels:
            front = CausalConvolution(inputs, config.conv_channels, config.conv_kernel)
        recurrent = recurrent_layer(config, config.conv_channels or inputs)
        network = Network(
            recurrent,
            dataset.output_size if dataset.problem != "binary" else 1,
            symbols=len(dataset.symbols),
            front=front,
            readout=config.readout,
            every_step=dataset.every_step,
            dropout=config.dropout,
            truncate=config.truncate,
        )
        initialise(recurrent, config, dataset.window)
    return network


def recurrent_layer(config: RunConfig, inputs: int) -> nn.Module:
    """The recurrent stack, batch-first: PyTorch's fused layer where it has one."""
    common: dict[str, Any] = {
        "input_size": inputs,
        "hidden_size": config.hidden_size,
        "num_layers": config.layers,
        "bidirectional": config.bidirectional,
        "dropout": config.dropout if config.layers > 1 else 0.0,
        "batch_first": True,
    }
    match config.cell:
        case "rnn_tanh" | "rnn_relu":
            return nn.RNN(**common, nonlinearity=config.cell.removeprefix("rnn_"))
        case "lstm":
            return nn.LSTM(**common)
        case "gru":
            return nn.GRU(**common)
        case "lstm_variant":
            return LSTMVariant(**common, **{part: getattr(config, part) for part in PARTS})
        case "nested_lstm":
            return NestedLSTM(**common)


def initialise(layer: nn.Module, config: RunConfig, steps: int) -> None:
    """W_hh first, then its spectral radius, then the gates' biases."""
    if config.initialisation == "orthogonal":
        initialisation.orthogonal(layer)
    elif config.initialisation == "identity":
        initialisation.identity(layer)
    if config.spectral_radius:
        initialisation.set_spectral_radius(layer, config.spectral_radius)
    if config.chrono:
        initialisation.chrono(layer, steps)
    elif has_forget_gate(config.cell, config.forget_gate):
        initialisation.set_forget_bias(layer, config.forget_bias)
