"""A call of somebody's own cell, and its equations over the steps of that call."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import torch
from torch import Tensor, nn

from lstm_viz.errors import UnsupportedModelError
from lstm_viz.instruments.isolation import carried, copy_with, tensors_in
from lstm_viz.instruments.own_cells import OwnCell
from lstm_viz.instruments.readable import named_tensors
from lstm_viz.instruments.refusals import shown
from lstm_viz.models.spec import Step
from lstm_viz.models.unrolled import Unrolling, in_place_of
from lstm_viz.words import N_, Sentence


class OwnLayer:
    """What a replay asks of a layer (see `models.unrolled.Unrolled`), of one call of a cell."""

    directions = 1

    def __init__(self, path: str, module: nn.Module, own: OwnCell) -> None:
        self.spec = own  # of a spec a replay reads the states
        self.kind = own.kind
        self.options = {"keeps": own.keeps}
        self.name = shown(path, module)
        self.module = module
        self.weight_names = list(named_tensors(module))
        self.more: tuple[Any, ...] = ()
        self.shapes: list[tuple[int, ...]] = []
        """Of its states, without the batch."""
        self.problem: Sentence | None = None
        """Why this call cannot be read."""

    @property
    def hidden_size(self) -> int:
        return self.shapes[0][-1]

    def read(
        self, args: Any, kwargs: Any, output: Any
    ) -> tuple[Tensor, list[Tensor], list[Tensor]]:
        """(x, first states, what it gave: h or the sequence, and the last states).

        Whatever a call looks like, this raises nothing: it runs inside of somebody's training.
        """
        own, given = self.spec, list(dict.fromkeys(tensors_in(output)))
        try:
            x, first, more = own.received(self.module, args, kwargs)
            initial = [] if first is None else [*tensors_in(first)]
            if not isinstance(x, Tensor) or len(initial) not in (0, len(own.states)):
                raise TypeError("its first argument is no tensor, or its second no states")
            self.more = carried(more, x.device, x.dtype)
            results = self._results(output if own.returns is None else own.returns(output))
            if {*map(id, given)} != {*map(id, results)}:
                raise TypeError("it gives other tensors than those")
        except Exception as error:  # noqa: BLE001 - of functions that are not ours
            self.problem = Sentence(
                N_("A call of {layer} is not as registered, {states}: {reason}. Give "
                   "'register_cell' its 'arguments' and 'returns'."),
                {"layer": self.name, "states": own.states, "reason": str(error)},
            )  # fmt: skip
            inside = [each for each in tensors_in((args, kwargs)) if each.is_floating_point()]
            x, initial, results = (inside or given)[0], [], given
        last = results[1:] if own.sequence else results
        self.shapes = [tuple(each.shape[-1:]) for each in last or results[:1] * len(own.states)]
        return x, initial, results

    def _results(self, output: Any) -> list[Tensor]:
        found, count = [*tensors_in(output)], len(self.spec.states)
        if not self.spec.sequence and len(found) == count + 1 and found[0] is found[1]:
            found = found[1:]
        if len(found) == count + self.spec.sequence or (self.spec.sequence and len(found) == 1):
            return found
        raise TypeError(f"it gives {len(found)} tensors")

    def unroll(
        self,
        x: Tensor,
        first: Sequence[Tensor] | None,
        weights: Mapping[str, Tensor],
        *,
        given: Sequence[Sequence[Sequence[Tensor]]] | None = None,
        **_: Any,
    ) -> Unrolling:
        """The equations over (T, B, D), with the weights of the call.

        Raises UnsupportedModelError for a call that could not be read, and for equations that
        fail, or give other states than the module.
        """
        if self.problem is not None:
            raise UnsupportedModelError(self.problem.template, **self.problem.values)
        own, B = self.spec, x.shape[1]
        now = named_tensors(self.module)
        known = {id(now[name]): each for name, each in weights.items() if name in now}
        module = copy_with(known, self.module, x.device, x.dtype)
        more = carried(self.more, x.device, x.dtype)
        states = tuple(s[0] for s in first or [x.new_zeros(1, B, *shape) for shape in self.shapes])
        steps = []
        for t, x_t in enumerate(x.unbind(0)):
            gates = _Gates(self.name, (B, self.hidden_size))
            try:
                after = own.equations(module, x_t, states, gates, *more)
            except UnsupportedModelError:
                raise
            except Exception as error:
                raise self._wrong(f"{type(error).__name__}: {error}") from error
            states = tuple(tensors_in(after))
            if [tuple(s.shape) for s in states] != [(B, *shape) for shape in self.shapes]:
                raise self._wrong(f"shapes {[tuple(s.shape) for s in states]}")
            if own.keeps is not None and own.keeps not in gates.activations:
                raise UnsupportedModelError(
                    N_("The equations of {layer} have no gate '{keeps}', said to be what a unit "
                       "keeps. Gates: {known}."),
                    layer=self.name, keeps=own.keeps, known=", ".join(gates.activations) or "–",
                )  # fmt: skip
            if given is not None:
                states = tuple(map(in_place_of, states, given[0][t]))
            steps.append(Step(states, gates.activations, gates.preactivations))
        output = torch.stack([step.states[0] for step in steps])
        return Unrolling(output, tuple(state[None] for state in states), [steps], [x])

    def _wrong(self, got: str) -> UnsupportedModelError:
        return UnsupportedModelError(
            N_("The equations of {layer} must give a tensor (B, H) for each of: {states}. "
               "Got {got}."),
            layer=self.name, states=", ".join(self.spec.states), got=got,
        )  # fmt: skip


class _Gates:
    """What the equations of one step call `gate`."""

    def __init__(self, layer: str, shape: tuple[int, int]) -> None:
        self._layer, self._shape = layer, shape
        self.activations: dict[str, Tensor] = {}
        self.preactivations: dict[str, Tensor] = {}

    def __call__(
        self, name: str, a: Tensor, activation: Callable[[Tensor], Tensor] | None = None
    ) -> Tensor:
        if name in self.activations:
            raise UnsupportedModelError(
                N_("The equations of {layer} give the gate '{gate}' twice a step. Name each of "
                   "its own."),
                layer=self._layer, gate=name,
            )  # fmt: skip
        if tuple(a.shape) != self._shape:
            raise UnsupportedModelError(
                N_("The equations of {layer} must give the gate '{gate}' in the shape (B, H) = "
                   "{shape}, got {got}."),
                layer=self._layer, gate=name, shape=str(self._shape), got=str(tuple(a.shape)),
            )  # fmt: skip
        a = a.clone()  # what else is made of it has a derivative of its own
        squash = activation or (torch.tanh if name.endswith("candidate") else torch.sigmoid)
        self.preactivations[name], self.activations[name] = a, squash(a)
        return self.activations[name]
