"""From a configuration to an untrained network: the same seed gives the same weights."""

from collections.abc import Mapping
from typing import Any

import torch
from torch import nn

from lstm_viz.data.dataset import Dataset, Values
from lstm_viz.errors import ConfigError
from lstm_viz.experiments.fitting import check_fit
from lstm_viz.experiments.settings import Settings
from lstm_viz.models import initialisation
from lstm_viz.models.layers import layer_of
from lstm_viz.models.network import CausalConvolution, Network
from lstm_viz.words import N_


def build(settings: Settings, dataset: Dataset) -> Network:
    """The untrained network of a configuration. Raises ConfigError where the two do not fit."""
    check_fit(settings, dataset)
    inputs = dataset.input_size
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(settings.budget.seed)
        front = None
        if settings.network.conv_channels:
            front = CausalConvolution(
                inputs, settings.network.conv_channels, settings.network.conv_kernel
            )
        recurrent = recurrent_layer(settings, settings.network.conv_channels or inputs)
        network = Network(
            recurrent,
            dataset.output_size if dataset.problem != "binary" else 1,
            symbols=len(dataset.symbols),
            front=front,
            readout=settings.network.readout,
            every_step=dataset.every_step,
            dropout=settings.network.dropout,
            truncate=settings.optimiser.truncate,
        )
        initialise(recurrent, settings, dataset.window)
    return network


def recurrent_layer(settings: Settings, inputs: int) -> nn.Module:
    """The recurrent stack, batch-first: PyTorch's fused layer where it has one."""
    common: dict[str, Any] = {
        "input_size": inputs,
        "hidden_size": settings.network.hidden_size,
        "num_layers": settings.network.layers,
        "bidirectional": settings.network.bidirectional,
        "dropout": settings.network.dropout if settings.network.layers > 1 else 0.0,
        "batch_first": True,
    }
    return layer_of(settings.cell.kind, settings.cell.options, **common)


def initialise(layer: nn.Module, settings: Settings, steps: int) -> None:
    """W_hh first, then its spectral radius, then the gates' biases."""
    if settings.network.initialisation == "orthogonal":
        initialisation.orthogonal(layer)
    elif settings.network.initialisation == "identity":
        initialisation.identity(layer)
    if settings.network.spectral_radius:
        initialisation.set_spectral_radius(layer, settings.network.spectral_radius)
    options = settings.cell.options
    if options.get("chrono"):
        initialisation.chrono(layer, steps)
    elif "forget_bias" in options:
        initialisation.set_forget_bias(layer, options["forget_bias"])


def put(network: nn.Module, weights: Mapping[str, Values]) -> None:
    """Give a network these weights. Raises ConfigError for those of another one, as a file may hold
    that is damaged.
    """
    try:
        network.load_state_dict({name: torch.tensor(each) for name, each in weights.items()})
    except RuntimeError as error:
        raise ConfigError(N_("The weights kept of this run are another network's.")) from error
