"""How recurrent weights and gate biases start; each changes a layer in place.

Works on `nn.RNN`, `nn.LSTM`, `nn.GRU` and this package's own layers. PyTorch has two bias
vectors, b_ih + b_hh: what is set here is their sum. Of a nested LSTM these are the outer gates;
the inner ones stay as they are.
"""

from collections.abc import Iterator

import torch
from torch import Tensor, nn

from lstm_viz.errors import ConfigError
from lstm_viz.models.layers import spec_of
from lstm_viz.words import N_


def packed_gates(layer: nn.Module) -> tuple[str, ...]:
    """The gates in the order in which a layer's weights pack them."""
    spec, options = spec_of(layer)
    return spec.packed(options)


@torch.no_grad()
def set_forget_bias(layer: nn.Module, bias: float) -> None:
    """b_f = `bias` in every layer and direction.

    Source: Gers, Schmidhuber & Cummins 2000; Jozefowicz, Zaremba & Sutskever 2015. Raises
    ConfigError for a layer without a forget gate or without biases.
    """
    for block in _biases(layer, "forget"):
        block.fill_(bias)


@torch.no_grad()
def chrono(layer: nn.Module, longest: int) -> None:
    """Time constants spread up to `longest` steps: b_f = ln u, b_i = -b_f, u ~ U(1, longest - 1).

    A GRU's update gate takes the forget gate's place, since z -> 1 keeps.

    Source: Tallec & Ollivier 2018, "Can recurrent neural networks warp time?", eq. 16. Raises
    ConfigError for a layer without such a gate.
    """
    spec, options = spec_of(layer)
    keeps = spec.keeping_gate(options) or "forget"
    writes = list(_biases(layer, "input")) if "input" in spec.packed(options) else []
    for number, block in enumerate(_biases(layer, keeps)):
        block.copy_(torch.empty_like(block).uniform_(1.0, max(longest - 1.0, 1.0)).log())
        if writes:
            writes[number].copy_(-block)


@torch.no_grad()
def orthogonal(layer: nn.Module) -> None:
    """Every gate's block of W_hh a random orthogonal matrix (Saxe, McClelland & Ganguli 2014)."""
    for _gate, block in _blocks(layer):
        nn.init.orthogonal_(block)


@torch.no_grad()
def identity(layer: nn.Module, scale: float = 1.0) -> None:
    """W_hh = `scale`·I on the way of the state itself, and 0 for the biases of a plain RNN.

    For `nn.RNN` this is the IRNN of Le, Jaitly & Hinton 2015; in a gated cell it is the
    candidate's block, and the gates stay as they are.
    """
    for gate, block in _blocks(layer):
        if gate == "candidate":
            block.copy_(scale * torch.eye(len(block)))
    if isinstance(layer, nn.RNN):
        for name, parameter in layer.named_parameters():
            if name.startswith("bias"):
                parameter.zero_()


@torch.no_grad()
def set_spectral_radius(layer: nn.Module, radius: float) -> None:
    """Every gate's block of W_hh scaled so that its largest |eigenvalue| is `radius`."""
    for _gate, block in _blocks(layer):
        largest = torch.linalg.eigvals(block.double()).abs().max()
        if largest > 0:
            block.mul_(radius / largest)


def _blocks(layer: nn.Module) -> Iterator[tuple[str, Tensor]]:
    """(gate, its (H, H) block) of every W_hh, as views."""
    gates = packed_gates(layer)
    for name, parameter in layer.named_parameters():
        if name.startswith("weight_hh"):
            yield from zip(gates, parameter.chunk(len(gates)), strict=True)


def _biases(layer: nn.Module, gate: str) -> Iterator[Tensor]:
    """A gate's (H,) block of every b_ih, as a view, with that of b_hh set to 0."""
    gates = packed_gates(layer)
    named = dict(layer.named_parameters())
    if gate not in gates or "bias_ih_l0" not in named:
        raise ConfigError(
            N_("The layer {layer} has no {gate}-gate bias to set."),
            layer=type(layer).__name__,
            gate=gate,
        )
    place = gates.index(gate)
    for name, parameter in named.items():
        if name.startswith("bias_ih"):
            other = named.get(name.replace("_ih", "_hh"))
            if other is not None:
                other.chunk(len(gates))[place].zero_()
            yield parameter.chunk(len(gates))[place]
