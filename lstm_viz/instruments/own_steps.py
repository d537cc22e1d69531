"""What a fused layer in half precision made of its states at every step.

Rounding adds up from step to step: there the equations in float64 lead to another c_t than the
layer's. Its own operation, run once more a step at a time, rounds as it did.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext

import numpy as np
import torch
from torch import Tensor

from lstm_viz.instruments.layer_trace import Lengths
from lstm_viz.instruments.recording import Recording, time_major
from lstm_viz.models.cell import Array
from lstm_viz.models.spec import FusedSpec


def in_half_precision(recording: Recording) -> bool:
    """Whether a pass rounded what it computed to float16 or bfloat16."""
    dtype = recording.autocast or recording.outputs[0].dtype
    return dtype in (torch.float16, torch.bfloat16)


@contextmanager
def same_precision(recording: Recording) -> Iterator[None]:
    """As the pass ran: without gradients, and under its autocast."""
    device, dtype = recording.input.device.type, recording.autocast
    with torch.no_grad(), nullcontext() if dtype is None else torch.autocast(device, dtype):
        yield


def run_fused(
    cell: FusedSpec, x: Tensor, states: Sequence[Tensor], weights: Sequence[Tensor]
) -> tuple[Tensor, ...]:
    """(output, h_n, ...) of one level over a time-major x, in all directions that `states` have."""
    directions = len(states[0])
    returned: tuple[Tensor, ...] = getattr(torch, cell.kind)(
        x,
        tuple(states) if len(states) > 1 else states[0],
        weights,
        has_biases=len(weights) >= 4 * directions,
        num_layers=1,
        dropout=0.0,
        train=False,
        bidirectional=directions == 2,
        batch_first=False,
    )
    return returned


def turned(recording: Recording, steps: int) -> Callable[[Tensor], Tensor]:
    """What turns (T, B, ...) round: each sample from its last step to its first."""
    if recording.packing is None:
        return lambda values: values.flip(0)
    index = tuple(map(torch.from_numpy, turn_of(recording.packing.lengths, steps)))
    return lambda values: values[index]


def turn_of(lengths: Lengths, steps: int) -> tuple[Lengths, Lengths]:
    """The index that turns (T, B, ...) round, each sample within its length."""
    t = np.arange(steps)[:, None]
    return np.where(t < lengths, lengths - 1 - t, t), np.arange(len(lengths))


def own_states(
    recording: Recording, cell: FusedSpec, masks: Sequence[Tensor] | None
) -> list[tuple[Array, ...]] | None:
    """Of every run its h_t and c_t, (T, B, H) in its order; None for a layer in full precision.

    `masks` are what each level's output was multiplied with on its way up.
    """
    if not in_half_precision(recording):
        return None
    x = time_major(recording, recording.input).detach()
    turn = turned(recording, len(x))
    weights = [each.detach() for each in recording.weights]
    runs, directions = len(recording.names), len(recording.names) // recording.num_layers
    each = len(weights) // runs
    initial = recording.initial or [x.new_zeros(last.shape) for last in recording.outputs[1:]]
    found, outputs = list[tuple[Array, ...]](), list[Tensor]()
    for run in range(runs):
        level, reverse = divmod(run, directions)
        if level and not reverse:
            x = torch.cat(outputs, dim=-1)
            x = x * masks[level - 1].to(x) if masks else x
            outputs = []
        first = [state[run : run + 1].detach() for state in initial]
        with same_precision(recording), torch.set_grad_enabled(recording.graph):
            states = _steps(cell, turn(x) if reverse else x, first, weights[run * each :][:each])
        outputs.append(turn(states[0]) if reverse else states[0])
        found.append(tuple(state.to("cpu", torch.float64).numpy() for state in states))
    return found


def _steps(
    cell: FusedSpec, x: Tensor, states: Sequence[Tensor], weights: Sequence[Tensor]
) -> list[Tensor]:
    """(T, B, H): each state after each step."""
    if len(states) == 1:  # it is what the operation returns
        return [run_fused(cell, x, states, weights)[0]]
    steps = []
    for x_t in torch.split(x, 1):
        _, *states = run_fused(cell, x_t, states, weights)
        steps.append(states)
    return [torch.cat(each) for each in zip(*steps, strict=True)]
