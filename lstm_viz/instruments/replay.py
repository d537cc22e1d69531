"""From what went through a fused layer to what happened inside it.

Top level of the stack: h_t is the layer's own output. Levels below: h_t again from the fused
operation, one level at a time. The cell's equations then give the rest, forward and backward. In
half precision h_t and c_t are the layer's own everywhere.

In here arrays are float64 and (T, B, ...), and those of a reverse direction run from the last
input to the first; on the way out they are turned round and become (B, T, ...).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor

from lstm_viz.instruments.checking import Mask, check, check_last, tolerance_at_the_end
from lstm_viz.instruments.dropout import masks
from lstm_viz.instruments.isolation import threads_for
from lstm_viz.instruments.layer_pass import Entering, LayerPass
from lstm_viz.instruments.layer_trace import LayerTrace, Lengths
from lstm_viz.instruments.own_steps import own_states, run_fused, turn_of
from lstm_viz.instruments.recording import Recording, time_major
from lstm_viz.instruments.unrolled import unrolled_passes
from lstm_viz.models.cell import Array, Gradients, Replay, Weights, product
from lstm_viz.models.cells import fused_cell
from lstm_viz.models.spec import FusedSpec


def passes(recording: Recording) -> dict[str, LayerPass]:
    """The passes of one recurrent layer, one for each level and direction.

    Raises UnsupportedModelError where the layer's output does not follow from its equations.
    """
    if recording.unrolled is not None:
        return unrolled_passes(recording, recording.unrolled)
    with torch.no_grad(), threads_for(recording.outputs[1].shape[-1]), _quiet():
        stack = _Stack(recording)
        levels = stack.forward()
        gradients = stack.backward(levels)
        runs = [run for level in levels for run in level]
        return {
            name: _FusedPass(
                trace=_trace(stack, i, run, gradients[i] if gradients else None),
                entering=gradients[i].entering if gradients else None,
                reverse=run.reverse,
                cell=stack.cell,
                run=run,
            )
            for i, (name, run) in enumerate(zip(recording.names, runs, strict=True))
        }


def _quiet() -> np.errstate:
    """The arrays themselves say inf and NaN."""
    return np.errstate(over="ignore", invalid="ignore")


Turn = slice | tuple[Lengths, Lengths]


@dataclass(frozen=True)
class _Run:
    """One level in one direction."""

    weights: Weights
    x: Array
    hidden: Array
    """As the fused operation gave it."""
    replay: Replay
    turn: Turn
    """From the order of the input to the order of the run, and back."""
    reverse: bool


@dataclass(frozen=True)
class _Back:
    """What went back through one run."""

    entering: Entering
    total: Gradients
    dx: Array
    """(T, B, D): dL/dx_t through its level, in the order of the input."""


@dataclass(frozen=True, eq=False)
class _FusedPass(LayerPass):
    cell: FusedSpec
    run: _Run

    def backward(self, entering: Entering) -> dict[str, Array]:
        with torch.no_grad(), threads_for(entering.hidden.shape[-1]), _quiet():
            found = _backward(self.cell, self.run, entering)
        return {"hidden": found.hidden} | ({} if found.cell is None else {"cell": found.cell})

    def within_steps(self, totals: Mapping[str, Array]) -> dict[str, Array]:
        if "cell" not in totals:
            return {}
        P, shown = self.run.weights.P, totals["hidden"]
        shown = shown if P is None else shown @ P
        return {"cell": shown * self.cell.hidden_by_cell(self.run.replay)}


def _backward(cell: FusedSpec, run: _Run, entering: Entering) -> Gradients:
    dh = entering.hidden.copy()  # it becomes the total
    last = dh if run.replay.cell is None else run.replay.cell
    dc_n = entering.last[0] if entering.last else np.zeros_like(last[-1])
    return cell.backward(run.weights, run.replay, dh, dc_n)


class _Stack:
    """A recording as the replay needs it: on the CPU, in float64, time-major."""

    def __init__(self, recording: Recording) -> None:
        self.recording = recording
        self.cell = fused_cell(recording.kind)
        self.levels = recording.num_layers
        self.directions = len(recording.names) // recording.num_layers
        self.H = recording.outputs[1].shape[-1]
        self.x = self._time_major(recording.input)
        self.lengths = None if recording.packing is None else recording.packing.lengths
        self.ends = self._ends()
        self.masks = masks(recording, self.directions * self.H)
        self.h_0, self.c_0 = (
            torch.zeros(state.shape, dtype=torch.float64, device="cpu")
            for state in (recording.outputs[1], recording.outputs[-1])
        )
        for state, given in zip((self.h_0, self.c_0), recording.initial, strict=False):
            state.copy_(given)
        self.last = [_float64(state).numpy() for state in recording.outputs[1:]]
        weights = [_float64(weight) for weight in recording.weights]
        each = len(weights) // len(recording.names)
        self.weights = [weights[i : i + each] for i in range(0, len(weights), each)]
        self.own = own_states(recording, self.cell, self.masks)

    def _time_major(self, sequence: Tensor) -> Tensor:
        return time_major(self.recording, _float64(sequence)).contiguous()

    def forward(self) -> list[list[_Run]]:
        """Every level's runs, from the bottom up."""
        x, levels = self.x, list[list[_Run]]()
        while len(levels) < self.levels:
            first = len(levels) * self.directions
            if len(levels) < self.levels - 1:
                out = self._below(x, slice(first, first + self.directions))
            else:
                out = self._time_major(self.recording.outputs[0])
            parts = np.split(out.numpy(), self.directions, axis=-1)
            levels.append([self._run(first + d, x.numpy(), h) for d, h in enumerate(parts)])
            x = self._through_dropout(out, len(levels))
        return levels

    def _below(self, x: Tensor, runs: slice) -> Tensor:
        """h_t of one level, all its directions: (T, B, directions · H)."""
        if self.own is not None:
            own = [np.where(self._beyond, 0.0, h) for h, *_ in self.own[runs]]
            hidden = [h[self._turn(d)] for d, h in enumerate(own)]
            return torch.from_numpy(np.concatenate(hidden, axis=-1))
        if self.lengths is not None:
            return self._below_packed(x.numpy(), runs)
        weights = [weight for run in self.weights[runs] for weight in run]
        first = [self.h_0[runs], self.c_0[runs]][: len(self.cell.states)]
        return run_fused(self.cell, x, first, weights)[0]

    def _below_packed(self, x: Array, runs: slice) -> Tensor:
        """The same where each direction begins and ends with each sample."""
        hidden = []
        for d, index in enumerate(range(runs.start, runs.stop)):
            turn, first = self._turn(d), slice(index, index + 1)
            begin = [self.h_0[first], self.c_0[first]][: len(self.cell.states)]
            h = run_fused(self.cell, torch.from_numpy(x[turn]), begin, self.weights[index])[0]
            hidden.append(np.where(self._beyond, 0.0, h.numpy())[turn])
        return torch.from_numpy(np.concatenate(hidden, axis=-1))

    def _turn(self, direction: int) -> Turn:
        if direction and self.lengths is not None:
            return turn_of(self.lengths, len(self.x))
        return slice(None, None, -1 if direction else None)

    def _ends(self) -> tuple[Lengths, Lengths]:
        """Where each sample has its last step, in the order of the run."""
        T, B, _ = self.x.shape
        lengths = np.full(B, T) if self.lengths is None else self.lengths
        return lengths - 1, np.arange(B)

    @property
    def _beyond(self) -> Mask:
        """(T, B, 1): the steps that a sample does not have, in the order of the run."""
        return np.asarray(np.arange(len(self.x))[:, None, None] > self.ends[0][:, None])

    def _run(self, index: int, x: Array, hidden: Array) -> _Run:
        """The cell's equations over the sequence."""
        W, U, *rest = (weight.numpy() for weight in self.weights[index])
        P = rest.pop() if len(rest) % 2 else None
        b_x, b_h = rest or (np.zeros(len(W)), np.zeros(len(W)))
        weights = Weights(W, U, b_x, b_h, P)
        turn = self._turn(direction := index % self.directions)
        x, hidden = x[turn], hidden[turn]
        before = np.concatenate((self.h_0[index].numpy()[None], hidden[:-1]))
        c_0 = self.c_0[index].numpy()
        replay = self.cell.forward(weights, x, before, c_0)
        if self.own is not None and replay.cell is not None:
            c, c_n = self.own[index][1], self.last[1][index]
            # Not so on a device that keeps more of c_t from step to step than it returns.
            allowed = tolerance_at_the_end(self.recording)
            if np.allclose(c[self.ends], c_n, allowed, allowed, equal_nan=True):
                replay = self.cell.with_cell(weights, replay, c, c_0)
        measured = replay.hidden
        if self.lengths is not None:
            measured = np.where(self._beyond, 0.0, measured)
            replay = self.cell.ended(weights, replay, self._beyond, self.ends, c_0)
        check(self.recording, measured, hidden)
        cell = () if replay.cell is None else (replay.cell[self.ends],)
        last = [state[index] for state in self.last]
        check_last(self.recording, (hidden[self.ends], *cell), last)
        return _Run(weights, x, hidden, replay, turn, bool(direction))

    def _through_dropout(self, values: Tensor, level: int) -> Tensor:
        """What dropout makes of h_t on its way up to a level, or of dL/dx_t on its way down."""
        return values * self.masks[level - 1] if self.masks and 0 < level < self.levels else values

    def backward(self, levels: list[list[_Run]]) -> list[_Back]:
        """Of every run, from the top level down; none where derivatives were not traced."""
        if self.recording.gradients is None:
            return []
        output, *last = (
            torch.zeros_like(out) if gradient is None else gradient
            for out, gradient in zip(self.recording.outputs, self.recording.gradients, strict=True)
        )
        dh_n, dc_n = _float64(last[0]).numpy(), _float64(last[-1]).numpy()
        direct, found = self._time_major(output), list[_Back]()
        for level in reversed(range(self.levels)):
            parts = np.split(direct.numpy(), self.directions, axis=-1)
            enters = [
                self._entering(part[run.turn], dh_n[index], dc_n[index])
                for index, (run, part) in enumerate(
                    zip(levels[level], parts, strict=True), start=level * self.directions
                )
            ]
            totals = [
                _backward(self.cell, *each) for each in zip(levels[level], enters, strict=True)
            ]
            dx = np.sum([*map(_input_gradient, levels[level], totals)], axis=0)
            direct = self._through_dropout(torch.from_numpy(dx), level)
            found = [_Back(*each, dx) for each in zip(enters, totals, strict=True)] + found
        return found

    def _entering(self, dh: Array, dh_n: Array, dc_n: Array) -> Entering:
        if dh_n.any():
            dh = dh.copy()
            dh[self.ends] += dh_n
        return Entering(dh, (dc_n,) if "cell" in self.cell.states else ())


def _input_gradient(run: _Run, gradients: Gradients) -> Array:
    """dL/dx_t = Wᵀ dL/da_t, in the order of the input."""
    T, B, G, H = gradients.preactivations.shape
    dx = product(gradients.preactivations.reshape(T * B, G * H), run.weights.W)
    return dx.reshape(run.x.shape)[run.turn]


def _float64(tensor: Tensor) -> Tensor:
    return tensor.detach().to("cpu", torch.float64)


def _trace(stack: _Stack, index: int, run: _Run, back: _Back | None) -> LayerTrace:
    """Out of the order of the run, into the order of the input."""

    def out(values: Array) -> Array:
        # A copy only where a view would run backwards, which torch.from_numpy refuses.
        return padded((values[run.turn].copy() if run.reverse else values).swapaxes(0, 1))

    def padded(values: Array) -> Array:
        return values if stack.lengths is None else np.where(beyond, np.nan, values)

    beyond = np.arange(len(run.x))[:, None] > stack.ends[0][:, None, None]
    cell = run.replay.cell
    gates = [gate.name for gate in stack.cell.gates]
    trace = LayerTrace(
        kind=stack.cell.kind,
        input=out(run.x),
        hidden=out(run.hidden),
        cell=None if cell is None else out(cell),
        gates={gate: out(run.replay.signals[gate]) for gate in gates},
        initial_hidden=stack.h_0[index].numpy(),
        initial_cell=None if cell is None else stack.c_0[index].numpy(),
        lengths=stack.lengths,
        reverse=run.reverse,
    )
    if back is None:
        return trace
    total, da = back.total, back.total.preactivations
    return replace(
        trace,
        grad_input=padded(back.dx.swapaxes(0, 1)),
        grad_hidden=out(total.hidden),
        grad_cell=None if total.cell is None else out(total.cell),
        grad_gates={gate: out(da[:, :, k]) for k, gate in enumerate(gates)},
    )
