"""Recurrent layers written as one step of torch, unrolled over time: slower, but open inside.

A layer says what one step does. Here are its parameters, named and initialised as PyTorch's own,
and the way over time, levels and directions.
"""

import math
from abc import abstractmethod
from collections.abc import Mapping
from typing import ClassVar, NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional

from lstm_viz.errors import ConfigError, UnsupportedModelError
from lstm_viz.words import N_

States = tuple[Tensor, ...]
Weights = Mapping[str, Tensor]
"""One level in one direction: name without the level, `"weight_ih"`, -> parameter."""


class Step(NamedTuple):
    """What one step gives."""

    states: States
    """(h_t, c_t, ...), each (B, H)."""
    gates: Mapping[str, Tensor]
    """Name -> (B, H): activations, after the nonlinearity."""
    preactivations: Mapping[str, Tensor]
    """The same before it."""


class Unrolling(NamedTuple):
    """What a whole layer gives."""

    output: Tensor
    """(T, B, directions · H)."""
    last: States
    """Each state after its last step: (levels · directions, B, H)."""
    runs: list[list[Step]]
    """Level by level, direction by direction: the steps in the order in which they ran."""
    inputs: list[Tensor]
    """Level by level: what it read, (T, B, .)."""


class Unrolled(nn.Module):
    """A recurrent layer with the calling convention of `nn.LSTM`.

    `layer(x, states=None) -> (output, states)`; x is (T, B, D), or (B, T, D) if `batch_first`,
    and each state (levels · directions, B, H). Raises ConfigError for a share outside of [0, 1).
    """

    kind: ClassVar[str]
    state_names: ClassVar[tuple[str, ...]] = ("hidden", "cell")
    """The states that go from step to step; the first is the output."""

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        num_layers: int = 1,
        *,
        bias: bool = True,
        batch_first: bool = False,
        dropout: float = 0.0,
        bidirectional: bool = False,
    ) -> None:
        super().__init__()
        check_share("dropout", dropout)
        self.input_size = input_size
        self.hidden_size = hidden_size
        self.num_layers = num_layers
        self.bias = bias
        self.batch_first = batch_first
        self.dropout = dropout
        self.bidirectional = bidirectional
        for level in range(num_layers):
            width = input_size if level == 0 else hidden_size * self._directions
            for place in self._places(level):
                for name, shape in self.shapes(width).items():
                    self.register_parameter(name + place, nn.Parameter(torch.empty(shape)))
        self._weight_names = [name for name, _ in self.named_parameters()]
        self.reset_parameters()

    @property
    @abstractmethod
    def gates(self) -> tuple[str, ...]:
        """The gates, in the order in which `weight_ih` and `weight_hh` pack them."""

    @abstractmethod
    def shapes(self, width: int) -> dict[str, tuple[int, ...]]:
        """Name -> shape of one level's parameters, in order; `width` is what the level reads."""

    @abstractmethod
    def step(self, x: Tensor, before: States, weights: Weights) -> Step:
        """The equations. `x` (B, G·H) is what the input contributes to the pre-activations."""

    def read(self, x: Tensor, weights: Weights) -> Tensor:
        """W x_t + b for all t at once, both biases in it: (T, B, D) to (T, B, G·H)."""
        bias = weights["bias_ih"] + weights["bias_hh"] if self.bias else None
        return functional.linear(x, weights["weight_ih"], bias)

    @torch.no_grad()
    def reset_parameters(self) -> None:
        """U(-1/√H, 1/√H), as PyTorch's layers start."""
        bound = 1 / math.sqrt(self.hidden_size)
        for parameter in self.parameters():
            parameter.uniform_(-bound, bound)

    def forward(self, x: Tensor, hx: States | None = None) -> tuple[Tensor, States]:
        self._refuse_unless_batched(x)
        weights = dict(zip(self._weight_names, self._flat_weights, strict=True))
        x = x.transpose(0, 1) if self.batch_first else x
        unrolling = self.unroll(x, hx, weights, noisy=self.training)
        output = unrolling.output
        return (output.transpose(0, 1) if self.batch_first else output), unrolling.last

    def unroll(
        self, x: Tensor, first: States | None, weights: Mapping[str, Tensor], *, noisy: bool
    ) -> Unrolling:
        """The layer over a time-major sequence, with weights that need not be its own.

        `noisy` draws what dropout and zoneout draw; always in float32 and on the CPU's or the
        device's own generator, so that the same state gives the same noise in every precision.
        """
        states = self._zeros(x, weights) if first is None else first
        runs, last, inputs = [], [], []
        for level in range(self.num_layers):
            if level and self.dropout and noisy:
                x = x * bernoulli(x, 1 - self.dropout) / (1 - self.dropout)
            inputs.append(x)
            outputs = []
            for direction, place in enumerate(self._places(level)):
                own = {name: weights[name + place] for name in self.shapes(1)}
                begin = tuple(state[level * self._directions + direction] for state in states)
                steps = self._over_time(x.flip(0) if direction else x, begin, own, noisy=noisy)
                output = torch.stack([step.states[0] for step in steps])
                outputs.append(output.flip(0) if direction else output)
                last.append(steps[-1].states)
                runs.append(steps)
            x = torch.cat(outputs, dim=-1) if len(outputs) > 1 else outputs[0]
        states = tuple(torch.stack(each) for each in zip(*last, strict=True))
        return Unrolling(x, states, runs, inputs)

    def _over_time(self, x: Tensor, states: States, weights: Weights, *, noisy: bool) -> list[Step]:
        keeps = self.noise(len(x), states, noisy=noisy)
        steps = []
        for t, x_t in enumerate(self.read(x, weights).unbind(0)):
            step = self.step(x_t, states, weights)
            if keeps is not None:
                step = step._replace(states=self.mixed(states, step.states, keeps[t]))
            steps.append(step)
            states = step.states
        return steps

    def noise(self, steps: int, states: States, *, noisy: bool) -> Tensor | None:  # noqa: ARG002
        """(T, ...) what `mixed` needs at each step; None where the new states stand as they are."""
        return None

    def mixed(self, before: States, after: States, keep: Tensor) -> States:
        """States between the old and the new ones."""
        raise NotImplementedError

    @property
    def _directions(self) -> int:
        return 2 if self.bidirectional else 1

    def _places(self, level: int) -> list[str]:
        return [f"_l{level}", f"_l{level}_reverse"][: self._directions]

    @property
    def _flat_weights(self) -> list[Tensor]:
        return [getattr(self, name) for name in self._weight_names]

    def _zeros(self, x: Tensor, weights: Mapping[str, Tensor]) -> States:
        runs = self.num_layers * self._directions
        # In the weights' precision: under autocast the input's may be half of it.
        zeros = weights["weight_hh_l0"].new_zeros(runs, x.shape[1], self.hidden_size)
        return (zeros,) * len(self.state_names)

    def _refuse_unless_batched(self, x: object) -> None:
        if isinstance(x, Tensor) and x.dim() == 3:
            return
        raise UnsupportedModelError(
            N_("The layer {layer} takes padded sequences of one length in a batch, a tensor of "
               "3 dimensions, and got {got}. Pad the sequences (pad_packed_sequence), or make "
               "a batch of one (unsqueeze)."),
            layer=type(self).__name__,
            got=tuple(x.shape) if isinstance(x, Tensor) else type(x).__name__,
        )  # fmt: skip

    def extra_repr(self) -> str:
        return f"{self.input_size}, {self.hidden_size}, num_layers={self.num_layers}"


def check_share(name: str, share: float) -> None:
    """Raise ConfigError where `share` is outside of [0, 1)."""
    if not 0 <= share < 1:
        raise ConfigError(
            N_("The '{name}' of a layer must be at least 0 and below 1, got {got}."),
            name=name,
            got=share,
        )


def bernoulli(like: Tensor, probability: float) -> Tensor:
    """Ones with this probability, else zeros, in the shape of a tensor; drawn in float32."""
    drawn = torch.empty(like.shape, dtype=torch.float32, device=like.device)
    return drawn.bernoulli_(probability).to(like.dtype)
