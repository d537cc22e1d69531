"""What happened inside a layer of this package: its own steps again, in float64, with autograd.

No backward pass is written twice: the total derivatives are those of the tensors that the steps
made, h_t, c_t and the pre-activations.
"""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import torch
from torch import Tensor

from lstm_viz.errors import UnsupportedModelError
from lstm_viz.instruments.checking import check, check_last
from lstm_viz.instruments.isolation import threads_for
from lstm_viz.instruments.layer_pass import Entering, LayerPass
from lstm_viz.instruments.layer_trace import Array, LayerTrace
from lstm_viz.instruments.own_layer import OwnLayer
from lstm_viz.instruments.own_steps import in_half_precision, same_precision
from lstm_viz.instruments.randomness import PrivateDraws
from lstm_viz.instruments.recording import Recording
from lstm_viz.models.spec import Step
from lstm_viz.models.unrolled import Unrolled, Unrolling
from lstm_viz.words import N_

Opened = Unrolled | OwnLayer
"""What says by itself what a step does."""


def unrolled_passes(recording: Recording, layer: Opened) -> dict[str, LayerPass]:
    """The passes of one layer, one for each level and direction.

    Raises UnsupportedModelError where the output does not follow from the equations, or the
    random numbers of the pass cannot be found again.
    """
    with threads_for(layer.hidden_size), torch.inference_mode(mode=False), torch.enable_grad():
        unrolling, inputs = _again(recording, layer)
        measured = _time_major(recording, recording.outputs[0])
        check(recording, unrolling.output.detach().numpy(), measured.numpy())
        last = [state.detach().numpy() for state in unrolling.last]
        check_last(recording, last, [_float64(state).numpy() for state in recording.outputs[1:]])
        gradients = _Gradients(recording, unrolling)
        return {
            name: _UnrolledPass(
                trace=_begun(
                    _trace(layer, steps, x, backward=backward, gradients=gradients), recording, k
                ),
                entering=gradients.entering(k),
                reverse=backward,
                state_names=layer.spec.states,
                steps=steps,
            )
            for k, (name, steps, (x, backward)) in enumerate(
                zip(recording.names, unrolling.runs, inputs, strict=True)
            )
        }


@dataclass(frozen=True, eq=False)
class _UnrolledPass(LayerPass):
    state_names: Sequence[str]
    steps: list[Step]

    def backward(self, entering: Entering) -> dict[str, Array]:
        made = [state for step in self.steps for state in step.states]
        enters = np.flatnonzero(entering.hidden.any(axis=(1, 2)))
        others = self.steps[-1].states[1:][: len(entering.last)]
        roots = [self.steps[t].states[0] for t in enters] + list(others)
        given = [torch.from_numpy(entering.hidden[t]) for t in enters]
        given += [torch.from_numpy(gradient) for gradient in entering.last]
        with threads_for(made[0].shape[-1]):
            found = torch.autograd.grad(
                roots, made, given, retain_graph=True, materialize_grads=True
            )
        return {
            name: torch.stack(found[k :: len(self.state_names)]).numpy()
            for k, name in enumerate(self.state_names)
        }

    def within_steps(self, totals: Mapping[str, Array]) -> dict[str, Array]:
        # h_t sees c_t, and c_t the memory inside of it: each state sees the next one alone.
        found = {}
        for k, (seeing, name) in enumerate(pairwise(self.state_names)):
            by_step = [
                torch.autograd.grad(
                    step.states[k],
                    step.states[k + 1],
                    torch.from_numpy(np.ascontiguousarray(total)),
                    retain_graph=True,
                    materialize_grads=True,
                )[0]
                for step, total in zip(self.steps, totals[seeing], strict=True)
            ]
            found[name] = torch.stack(by_step).numpy()
        return found


def _again(recording: Recording, layer: Opened) -> tuple[Unrolling, list[tuple[Tensor, bool]]]:
    """The same pass in float64, and what each run read: (its input, whether backwards)."""
    weights = {
        name: _float64(weight).requires_grad_() if weight.is_floating_point() else weight
        for name, weight in zip(layer.weight_names, recording.weights, strict=True)
    }
    first = tuple(_float64(state) for state in recording.initial) or None
    x = _time_major(recording, recording.input).requires_grad_()
    given = _own_states(recording, layer)
    with _same_noise(recording):
        unrolling = layer.unroll(x, first, weights, noisy=recording.noisy, given=given)
    inputs = [(each, bool(d)) for each in unrolling.inputs for d in range(layer.directions)]
    return unrolling, inputs


def _own_states(recording: Recording, layer: Opened) -> list[list[tuple[Tensor, ...]]] | None:
    """Of every run its states after every step, as rounded there; None in full precision.

    In half precision rounding adds up from step to step: float64 would lead to other states.
    """
    if not in_half_precision(recording):
        return None
    x = recording.input.transpose(0, 1) if recording.batch_first else recording.input
    weights = dict(zip(layer.weight_names, recording.weights, strict=True))
    first = tuple(recording.initial) or None
    with same_precision(recording), _same_noise(recording):
        runs = layer.unroll(x, first, weights, noisy=recording.noisy).runs
    return [[tuple(map(_float64, step.states)) for step in run] for run in runs]


def _same_noise(recording: Recording) -> AbstractContextManager[object]:
    """The generator as it was before the pass, where the pass drew from it."""
    if not recording.noisy:
        return nullcontext()
    if recording.random_state is None:
        raise UnsupportedModelError(
            N_("The layer {layer} has dropout or zoneout, which cannot be repeated on this "
               "device. Turn it off, or use 'trace', which does."),
            layer=recording.shown,
        )  # fmt: skip
    return PrivateDraws(recording.random_state)


class _Gradients:
    """dL/d(what the steps made); nothing where no gradients were recorded."""

    def __init__(self, recording: Recording, unrolling: Unrolling) -> None:
        self.known = recording.gradients is not None
        made = [
            *(
                tensor
                for steps in unrolling.runs
                for step in steps
                for tensor in (*step.states, *step.preactivations.values())
            ),
            *unrolling.inputs,
        ]
        self._of: dict[int, Tensor | None] = {}
        self._inputs = unrolling.inputs
        self._directions = 2 if recording.bidirectional else 1
        self._masked = recording.noisy and recording.dropout > 0
        outputs = unrolling.output, *unrolling.last
        arriving = list(recording.gradients or ())
        # A layer of somebody's own may return no last states.
        arriving += [None] * (len(outputs) - len(arriving))
        self._arriving = [
            torch.zeros_like(output)
            if gradient is None
            else _float64(gradient)
            if k
            else _time_major(recording, gradient)
            for k, (output, gradient) in enumerate(zip(outputs, arriving, strict=True))
        ]
        arrives = [k for k, gradient in enumerate(arriving) if gradient is not None]
        if arrives:
            made = [tensor for tensor in made if tensor.requires_grad]
            found = torch.autograd.grad(
                [outputs[k] for k in arrives],
                made,
                [self._arriving[k] for k in arrives],
                allow_unused=True,
                retain_graph=True,  # until the passes are given up: see `_UnrolledPass`
            )
            self._of = {id(tensor): gradient for tensor, gradient in zip(made, found, strict=True)}

    def of(self, tensor: Tensor) -> Tensor:
        """Zeros where the loss does not reach."""
        gradient = self._of.get(id(tensor))
        return torch.zeros_like(tensor) if gradient is None else gradient

    def entering(self, run: int) -> Entering | None:
        """What enters the k-th run; None where it is not known, below a dropout."""
        level, backward = divmod(run, self._directions)
        top = level == len(self._inputs) - 1
        if not self.known or (self._masked and not top):
            return None
        output, h_n, *last = self._arriving
        all_directions = output if top else self.of(self._inputs[level + 1])
        hidden = all_directions.chunk(self._directions, -1)[backward]
        hidden = (hidden.flip(0) if backward else hidden).clone()
        hidden[-1] += h_n[run]
        return Entering(hidden.numpy(), tuple(state[run].numpy() for state in last))


def _trace(
    layer: Opened,
    steps: list[Step],
    x: Tensor,
    *,
    backward: bool,
    gradients: _Gradients,
) -> LayerTrace:
    def stacked(tensors: list[Tensor]) -> Array:
        """(B, T, H), in the order of the input."""
        over_time = torch.stack(tensors).detach()
        array: Array = (over_time.flip(0) if backward else over_time).transpose(0, 1).numpy()
        return array

    def gradient(tensors: list[Tensor]) -> Array | None:
        return stacked([gradients.of(tensor) for tensor in tensors]) if gradients.known else None

    states = {name: [step.states[k] for step in steps] for k, name in enumerate(layer.spec.states)}
    preactivations = {
        gate: [step.preactivations[gate] for step in steps] for gate in steps[0].preactivations
    }
    return LayerTrace(
        kind=layer.kind,
        input=x.detach().transpose(0, 1).numpy(),
        hidden=stacked(states["hidden"]),
        cell=stacked(states["cell"]) if "cell" in states else None,
        gates={gate: stacked([step.gates[gate] for step in steps]) for gate in steps[0].gates},
        grad_hidden=gradient(states["hidden"]),
        grad_cell=gradient(states["cell"]) if "cell" in states else None,
        grad_gates={
            gate: stacked([gradients.of(tensor) for tensor in tensors])
            for gate, tensors in preactivations.items()
        }
        if gradients.known
        else None,
        inner_cell=stacked(states["inner_cell"]) if "inner_cell" in states else None,
        options=layer.options,
        reverse=backward,
        grad_input=gradients.of(x).transpose(0, 1).numpy() if gradients.known else None,
    )


def _begun(trace: LayerTrace, recording: Recording, run: int) -> LayerTrace:
    """With the states from which it began."""
    zeros = np.zeros_like(trace.hidden[:, 0])
    given = [_float64(state)[run].numpy() for state in recording.initial] or [zeros, zeros]
    cell = None if trace.cell is None else given[1]
    return replace(trace, initial_hidden=given[0], initial_cell=cell)


def _time_major(recording: Recording, sequence: Tensor) -> Tensor:
    sequence = _float64(sequence)
    return sequence.transpose(0, 1) if recording.batch_first else sequence


def _float64(tensor: Tensor) -> Tensor:
    return tensor.detach().to("cpu", torch.float64, copy=True)
