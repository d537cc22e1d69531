"""A recurrent layer some of whose gates, units or first states are held at a value."""

import copy
from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor

from lstm_viz.errors import ConfigError, UnsupportedModelError
from lstm_viz.instruments.readable import Whole, draws_noise
from lstm_viz.instruments.recording import HELD, received
from lstm_viz.models.layers import spec_of
from lstm_viz.models.options import Options
from lstm_viz.models.spec import Parameters, States, Step, UnrolledSpec
from lstm_viz.models.stepped import stepped
from lstm_viz.models.unrolled import Unrolled, Unrolling
from lstm_viz.words import N_

GIVEN = 0.25
"""A value that no gate has by itself where all that it reads is 0."""


class Held(UnrolledSpec):
    """Before a cell's own class: its equations with some gates given and some units unheard."""

    held: dict[str, Tensor]
    """Gate -> its value, () or (H,), or (T, H) of each step in the order of the run. NaN where the
    cell's own gate stays."""
    heard: Tensor
    """(H,): 0 for a unit that is silenced, else 1."""

    def activate(self, gate: str, a: Tensor, options: Options) -> Tensor:
        if gate not in self.held:
            return super().activate(gate, a, options)
        value = self.held[gate].to(a).expand_as(a)
        free = value.isnan()
        if not bool(free.any()):
            return value
        return torch.where(free, super().activate(gate, a, options), value)

    def at(self, t: int) -> UnrolledSpec:
        if not self.lengths:
            return self
        now = copy.copy(self)
        now.held = {gate: each[t] if each.dim() == 2 else each for gate, each in self.held.items()}
        return now

    @property
    def lengths(self) -> set[int]:
        """Of the sequences of which it says what is held at each step; of all, if none."""
        return {len(value) for value in self.held.values() if value.dim() == 2}

    def step(self, a: Tensor, before: States, weights: Parameters, options: Options) -> Step:
        step = super().step(a, before, weights, options)  # type: ignore[safe-super]
        if not bool(self.heard.all()):
            h, *others = step.states
            step = step._replace(states=(h * self.heard.to(h), *others))
        # What is given depends on nothing, yet what comes after depends on it.
        return step._replace(states=tuple(map(_differentiable, step.states)))

    def check_held(self, name: str, layer: "HeldLayer") -> None:
        """Raises UnsupportedModelError where the cell's equations pass a held gate by."""
        given = copy.copy(self)
        given.held = dict.fromkeys(self.held, torch.tensor(GIVEN))
        zeros = torch.zeros(1, layer.hidden_size)
        weights = {key: torch.zeros(shape) for key, shape in layer.weight_shapes().items()}
        with torch.no_grad():
            a = self.from_input(torch.zeros(1, 1, layer.input_size), weights, layer.options)[0]
            gates = given.step(a, (zeros,) * len(self.states), weights, layer.options).gates
        for gate in self.held:
            if gate not in gates or not bool((gates[gate] == GIVEN).all()):
                raise UnsupportedModelError(
                    N_("The gate '{gate}' of the layer '{layer}' cannot be held: its cell's step "
                       "does not take it from 'activate'."),
                    gate=gate, layer=name,
                )  # fmt: skip


def _differentiable(state: Tensor) -> Tensor:
    if state.requires_grad or not torch.is_grad_enabled():
        return state
    return state.clone().requires_grad_()


class HeldLayer(Unrolled):
    """The steps of a layer under an intervention; its weights are those that it is called with."""

    def __init__(self, layer: Whole, before: "HeldLayer | None") -> None:
        spec, options = spec_of(layer)
        with torch.device("meta"):
            super().__init__(
                stepped(spec.kind) if not isinstance(spec, UnrolledSpec) else spec,
                layer.input_size,
                layer.hidden_size,
                layer.num_layers,
                options=options,
                bias=bool(layer.bias),
                batch_first=layer.batch_first,
                dropout=layer.dropout,
                bidirectional=layer.bidirectional,
            )
        runs = self.num_layers * self.directions
        specs: Sequence[UnrolledSpec] = [self.spec] * runs if before is None else before.specs
        self.specs: list[Held] = [_held(spec, self.hidden_size) for spec in specs]
        self.begins: dict[tuple[int, int], Tensor] = {} if before is None else dict(before.begins)
        """(run, number of the state) -> what it begins from, (H,) or (B, H)."""

    def __deepcopy__(self, memo: Any) -> "HeldLayer":
        return self  # nothing in it changes after `intervene` has set it up

    def spec_of(self, run: int) -> UnrolledSpec:
        return self.specs[run]

    def weight_shapes(self) -> dict[str, tuple[int, ...]]:
        """Name -> shape of the parameters of the first layer."""
        return self._shapes(self.input_size)

    def begins_from(self, given: States, x: Tensor) -> States:
        """The first states of a pass over x in which these were given, or none."""
        if not self.begins:
            return given
        batch = x.shape[0 if self.batch_first else 1]
        zeros = x.new_zeros(self.num_layers * self.directions, batch, self.hidden_size)
        return self.begun(given or (zeros,) * len(self.spec.states))

    def called(self, layer: Whole, *args: Any, **kwargs: Any) -> Any:
        """What the layer gives when it is called so, with the weights that it has now."""
        x, hx = received(*args, **kwargs)
        self._refuse_unless_batched(x)
        weights: Any = dict(zip(self.weight_names, layer._flat_weights, strict=True))
        x = x.transpose(0, 1) if self.batch_first else x
        first = self._first_states(x, hx)
        output, last, *_ = self.unroll(x, first, weights, noisy=draws_noise(layer))
        output = output.transpose(0, 1) if self.batch_first else output
        return output, (last if len(last) > 1 else last[0])

    def unroll(self, x: Tensor, first: States | None, weights: Parameters, **how: Any) -> Unrolling:
        given = self._zeros(x, weights) if first is None else first
        return super().unroll(x, self.begun(given), weights, **how)

    def over_time(self, spec: UnrolledSpec, x: Tensor, *how: Any, **more: Any) -> list[Step]:
        """Raises ConfigError where gates are held step by step over a sequence of other length."""
        lengths = spec.lengths if isinstance(spec, Held) else set()
        if not lengths <= {len(x)}:
            raise ConfigError(
                N_("A gate is given for {held} steps, and the layer reads {steps}. Give a value "
                   "of shape () or (H,), which holds at every step."),
                held=max(lengths), steps=len(x),
            )  # fmt: skip
        return super().over_time(spec, x, *how, **more)

    def begun(self, first: States) -> States:
        """The first states (runs, B, H), with those that are given in their place."""
        found = [state.clone() for state in first] if self.begins else list(first)
        for (run, k), value in self.begins.items():
            if value.dim() == 2 and len(value) != found[k].shape[1]:
                raise ConfigError(
                    N_("The state to begin from has {got} samples, the batch {batch}. Give one "
                       "of shape (H,) for all."),
                    got=len(value), batch=found[k].shape[1],
                )  # fmt: skip
            found[k][run] = value.to(found[k])
        return tuple(found)


def held_layer(layer: Whole) -> HeldLayer:
    """The layer as it runs now, for an intervention to be set up in."""
    return HeldLayer(layer, vars(layer).get(HELD))


def _held(spec: UnrolledSpec, hidden_size: int) -> Held:
    """A copy of a cell, for gates of it to be held."""
    found: Any = copy.copy(spec)
    if isinstance(spec, Held):
        found.held, found.heard = dict(spec.held), spec.heard
    else:
        found.__class__ = type(type(spec).__name__, (Held, type(spec)), {})
        found.held, found.heard = {}, torch.ones(hidden_size, dtype=torch.float64)
    held: Held = found
    return held
