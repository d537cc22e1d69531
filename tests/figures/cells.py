"""Anatomies of every cell whose diagram there is, small and untrained."""

from functools import cache
from typing import Any

import torch
from torch import nn

from lstm_viz.instruments.anatomy import Anatomy
from lstm_viz.instruments.dissecting import dissect
from lstm_viz.models.layers import LSTMVariant
from lstm_viz.models.network import Network

T, D, H = 9, 2, 4
SHAPE: dict[str, Any] = {"input_size": D, "hidden_size": H, "batch_first": True}
VARIANTS: dict[str, dict[str, Any]] = {
    "no_input_gate": {"input_gate": False},
    "no_forget_gate": {"forget_gate": False},
    "no_output_gate": {"output_gate": False},
    "carousel": {"input_gate": False, "forget_gate": False, "output_gate": False},
    "peepholes": {"peepholes": True},
    "coupled": {"coupled": True, "peepholes": True},
    "linear": {"input_activation": False, "output_activation": False},
    "everything": {"peepholes": True, "layer_norm": True, "zoneout": 0.2},
}
KINDS = ("rnn_tanh", "rnn_relu", "gru", "lstm", *VARIANTS)


@cache
def anatomy(kind: str, layer: str = "l0", scale: float = 1.0) -> Anatomy:
    """The steps of one cell, with gradients `scale` times as large as they are."""
    torch.manual_seed(3)
    more = {"bidirectional": True} if layer.endswith("reverse") else {}
    recurrent: nn.Module
    match kind:
        case "rnn_tanh" | "rnn_relu":
            recurrent = nn.RNN(**SHAPE, **more, nonlinearity=kind.removeprefix("rnn_"))
        case "gru":
            recurrent = nn.GRU(**SHAPE, **more)
        case "lstm":
            recurrent = nn.LSTM(**SHAPE, **more)
        case _:
            recurrent = LSTMVariant(**SHAPE, **more, **VARIANTS[kind])

    def loss(output: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
        return scale * (output - targets).square().sum()

    network = Network(recurrent, 1)
    name = f"recurrent.{layer}"
    x, y = torch.randn(1, T, D), torch.ones(1, 1)
    return dissect(network, x, layer=name, loss_fn=loss, targets=y)
