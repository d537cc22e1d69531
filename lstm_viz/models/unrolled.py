"""The layer that runs any `UnrolledSpec` step by step: slower than PyTorch's own, but open inside.

The spec says what one step does. Here are its parameters, named and initialised as PyTorch's own,
and the way over time, layers and directions.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn

from lstm_viz.errors import ConfigError, UnsupportedModelError
from lstm_viz.limits import Switch
from lstm_viz.models.counts import check_count, check_share
from lstm_viz.models.options import Options
from lstm_viz.models.spec import Parameters, States, Step, UnrolledSpec
from lstm_viz.words import N_


class Unrolling(NamedTuple):
    """What a whole stack gives."""

    output: Tensor
    """(T, B, directions · H)."""
    last: States
    """Each state after its last step: (layers · directions, B, H)."""
    runs: list[list[Step]]
    """Layer by layer, direction by direction: the steps in the order in which they ran."""
    inputs: list[Tensor]
    """Layer by layer: what it read, (T, B, .)."""


class Unrolled(nn.Module):
    """A recurrent layer of any cell that says what one step does, called as PyTorch's are.

    `layer(x, states=None) -> (output, states)`; x is (T, B, D), or (B, T, D) if `batch_first`,
    and each state (layers · directions, B, H); one state alone is no tuple. `options` are the
    cell's own. With `zoneout` among them, that share of the states keeps its old value in a
    training step; in eval mode the states are the expected mixture (Krueger et al. 2017). Raises
    ConfigError for options that exclude each other, for sizes and shares that cannot be, and, when
    called, for an x or states of another shape.
    """

    def __init__(
        self,
        spec: UnrolledSpec,
        input_size: int,
        hidden_size: int,
        num_layers: int = 1,
        *,
        options: Options | None = None,
        bias: bool = True,
        batch_first: bool = False,
        dropout: float = 0.0,
        bidirectional: bool = False,
    ) -> None:
        super().__init__()
        self.spec = spec
        self.options: dict[str, Any] = dict(options or {})
        self.zoneout: float = self.options.get("zoneout", 0.0)
        switches = {"bias": bias, "batch_first": batch_first, "bidirectional": bidirectional}
        for name, option in spec.options.items():
            if name in self.options and isinstance(option.limit, Switch):
                switches[name] = self.options[name]
        for name, value in switches.items():
            Switch(default=False).check(name, value)
        spec.check(self.options)
        check_count("input_size", input_size, 0)
        check_count("hidden_size", hidden_size, 1)
        check_count("num_layers", num_layers, 1)
        check_share("dropout", dropout)
        check_share("zoneout", self.zoneout)
        self.input_size = input_size
        self.hidden_size = hidden_size
        self.num_layers = num_layers
        self.bias = bias
        self.batch_first = batch_first
        self.dropout = dropout
        self.bidirectional = bidirectional
        for k in range(num_layers):
            inputs = input_size if k == 0 else hidden_size * self.directions
            for place in self._places(k):
                for name, shape in self._shapes(inputs).items():
                    self.register_parameter(name + place, nn.Parameter(torch.empty(shape)))
        self.weight_names = [name for name, _ in self.named_parameters()]
        self.reset_parameters()

    @property
    def kind(self) -> str:
        """As in `LayerTrace.kind`."""
        return self.spec.kind

    @property
    def gates(self) -> tuple[str, ...]:
        """The gates, in the order in which `weight_ih` and `weight_hh` pack them."""
        return self.spec.packed(self.options)

    @property
    def directions(self) -> int:
        return 2 if self.bidirectional else 1

    @torch.no_grad()
    def reset_parameters(self) -> None:
        """U(-1/√H, 1/√H), as PyTorch's layers start, but for what the cell starts itself."""
        bound = 1 / math.sqrt(self.hidden_size)
        for parameter in self.parameters():
            parameter.uniform_(-bound, bound)
        for name, parameter in self.named_parameters():
            start = self.spec.start(name)
            if start is not None:
                parameter.fill_(start)

    def forward(
        self, x: Tensor, hx: Tensor | States | None = None
    ) -> tuple[Tensor, Tensor | States]:
        self._refuse_unless_batched(x)
        x = x.transpose(0, 1) if self.batch_first else x
        first = self._first_states(x, hx)
        weights = dict(zip(self.weight_names, self._flat_weights, strict=True))
        lean = not torch.is_grad_enabled()
        output, last, *_ = self.unroll(x, first, weights, noisy=self.training, lean=lean)
        output = output.transpose(0, 1) if self.batch_first else output
        return output, (last if len(last) > 1 else last[0])

    def unroll(
        self,
        x: Tensor,
        first: States | None,
        weights: Parameters,
        *,
        noisy: bool,
        given: Sequence[Sequence[States]] | None = None,
        lean: bool = False,
    ) -> Unrolling:
        """The stack over a time-major sequence, with weights that need not be its own.

        `noisy` draws what dropout and zoneout draw; always in float32 and on the CPU's or the
        device's own generator, so that the same state gives the same noise in every precision.
        `given` are the states of every run after every step, in the place of those that the
        equations give; they are differentiated as if they were those. A `lean` one keeps no steps:
        a layer is let go of when the next one has read it.
        """
        states = self._zeros(x, weights) if first is None else first
        runs, last, inputs = [], [], []
        for k in range(self.num_layers):
            if k and self.dropout and noisy:
                x = x * _bernoulli(x, 1 - self.dropout) / (1 - self.dropout)
            inputs += [] if lean else [x]
            outputs = []
            for direction in range(self.directions):
                run = k * self.directions + direction
                begin = tuple(state[run] for state in states)
                own = self.weights_of(run, weights)
                known = None if given is None else given[run]
                sequence = x.flip(0) if direction else x
                steps = self.over_time(
                    self.spec_of(run), sequence, begin, own, known, noisy, lean=lean
                )
                output = torch.stack([step.states[0] for step in steps])
                outputs.append(output.flip(0) if direction else output)
                last.append(steps[-1].states)
                runs.append([] if lean else steps)
            x = torch.cat(outputs, dim=-1) if len(outputs) > 1 else outputs[0]
        states = tuple(torch.stack(each) for each in zip(*last, strict=True))
        return Unrolling(x, states, runs, inputs)

    def weights_of(self, run: int, weights: Mapping[str, Tensor]) -> Parameters:
        """The parameters of one layer in one direction, out of those of the whole stack."""
        k, direction = divmod(run, self.directions)
        place = self._places(k)[direction]
        return {name: weights[name + place] for name in self._shapes(1)}

    def spec_of(self, run: int) -> UnrolledSpec:
        """The cell of one layer in one direction."""
        return self.spec

    def over_time(
        self,
        spec: UnrolledSpec,
        x: Tensor,
        states: States,
        weights: Parameters,
        given: Sequence[States] | None,
        noisy: bool,
        lean: bool = False,
    ) -> list[Step]:
        """The steps of one layer in one direction, over (T, B, D) in the order of its run; their
        states alone where it is `lean`.
        """
        kept = self._zoned_out(len(x), states, noisy=noisy)
        steps = []
        for t, a in enumerate(spec.from_input(x, weights, self.options).unbind(0)):
            step = spec.at(t).step(a, states, weights, self.options)
            if kept is not None:  # share · old + (1 - share) · new: Krueger et al. 2017
                pairs = zip(states, step.states, kept[t], strict=True)
                mixed = tuple(torch.lerp(new, old, share) for old, new, share in pairs)
                step = step._replace(states=mixed)
            if given is not None:
                step = step._replace(states=tuple(map(in_place_of, step.states, given[t])))
            steps.append(Step(step.states, {}, {}) if lean else step)
            states = step.states
        return steps

    def _zoned_out(self, steps: int, states: States, *, noisy: bool) -> Tensor | None:
        """(T, states, B, H): what share of each old state stays at each step."""
        if not self.zoneout:
            return None
        like = states[0].new_empty(steps, len(states), *states[0].shape)
        return _bernoulli(like, self.zoneout) if noisy else torch.full_like(like, self.zoneout)

    def _shapes(self, inputs: int) -> dict[str, tuple[int, ...]]:
        return self.spec.shapes(inputs, self.hidden_size, self.options, bias=self.bias)

    def _places(self, k: int) -> list[str]:
        return [f"_l{k}", f"_l{k}_reverse"][: self.directions]

    @property
    def _flat_weights(self) -> list[Tensor]:
        return [getattr(self, name) for name in self.weight_names]

    def _zeros(self, x: Tensor, weights: Parameters) -> States:
        runs = self.num_layers * self.directions
        # In the weights' precision: under autocast the input's may be half of it.
        zeros = weights["weight_ih_l0"].new_zeros(runs, x.shape[1], self.hidden_size)
        return (zeros,) * len(self.spec.states)

    def _first_states(self, x: Tensor, hx: object) -> States | None:
        """The states that a pass over a time-major x begins with, if some are given."""
        if len(x) == 0 or x.shape[2] != self.input_size:
            raise ConfigError(
                N_("The layer {layer} takes sequences of at least one step with "
                   "input_size={size} features. Steps given: {steps}, features: {got}."),
                layer=type(self).__name__, size=self.input_size, steps=len(x), got=x.shape[2],
            )  # fmt: skip
        if hx is None:
            return None
        first = tuple(hx) if isinstance(hx, tuple | list) else (hx,)
        shape = (self.num_layers * self.directions, x.shape[1], self.hidden_size)
        shapes = [tuple(state.shape) if isinstance(state, Tensor) else None for state in first]
        if shapes != [shape] * len(self.spec.states):
            raise ConfigError(
                N_("The first states of {layer} must be a tensor for each of: {states}, of shape "
                   "{shape}: num_layers times directions, batch, hidden_size. Got {got}."),
                layer=type(self).__name__, states=", ".join(self.spec.states), shape=shape,
                got=", ".join(
                    str(known) if known else type(state).__name__
                    for known, state in zip(shapes, first, strict=True)
                ),
            )  # fmt: skip
        return first

    def _refuse_unless_batched(self, x: object) -> None:
        if isinstance(x, Tensor) and x.dim() == 3:
            return
        raise UnsupportedModelError(
            N_("The layer {layer} takes padded sequences, a tensor of 3 dimensions, got {got}. "
               "Pad them (pad_packed_sequence), or make a batch of one (unsqueeze)."),
            layer=type(self).__name__,
            got=tuple(x.shape) if isinstance(x, Tensor) else type(x).__name__,
        )  # fmt: skip

    def extra_repr(self) -> str:
        return f"{self.input_size}, {self.hidden_size}, num_layers={self.num_layers}"


class _Given(torch.autograd.Function):
    @staticmethod
    def forward(_ctx: Any, _computed: Tensor, value: Tensor) -> Tensor:
        return value.clone()

    @staticmethod
    def backward(_ctx: Any, *gradients: Any) -> Any:
        return gradients[0], None


def in_place_of(computed: Tensor, value: Tensor) -> Tensor:
    """The value, differentiated as if it were the computed one."""
    given: Tensor = _Given.apply(computed, value)  # type: ignore[no-untyped-call]
    return given


def _bernoulli(like: Tensor, probability: float) -> Tensor:
    """Ones with this probability, else zeros, in the shape of a tensor; drawn in float32."""
    drawn = torch.empty(like.shape, dtype=torch.float32, device=like.device)
    return drawn.bernoulli_(probability).to(like.dtype)
