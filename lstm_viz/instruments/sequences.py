"""Calls of one layer that are one sequence: each goes on from the state that another returned.

Every call is replayed with the gradient that arrived at its own outputs, which includes what came
back through the calls after it; so the calls only have to be laid end to end.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
import torch
from torch import Tensor

from lstm_viz.errors import UnsupportedModelError
from lstm_viz.instruments.choosing import Passes
from lstm_viz.instruments.layer_pass import LayerPass
from lstm_viz.instruments.layer_trace import Array, LayerTrace
from lstm_viz.instruments.own_layer import OwnLayer
from lstm_viz.instruments.own_steps import in_half_precision
from lstm_viz.instruments.recording import Recording, standard
from lstm_viz.instruments.refusals import piece_by_piece
from lstm_viz.instruments.replay import passes
from lstm_viz.instruments.weights_of_pass import weights_by_run
from lstm_viz.measures.packed import is_reverse


def passes_of(
    recordings: Sequence[Recording], *, reached: bool = False
) -> tuple[Passes, dict[str, UnsupportedModelError]]:
    """The passes of every sequence in the order of the calls; and why a layer has none, by path.

    With `reached`, of a layer's sequences only those that a gradient has reached, if any has.
    Raises UnsupportedModelError where none can be shown.
    """
    found, left_out = list[tuple[Recording, Mapping[str, LayerPass]]](), {}
    together = sequences(recordings)
    if reached:
        trained = {calls[0].layer for calls in together if _reached(calls)}
        kept = [calls for calls in together if _reached(calls) or calls[0].layer not in trained]
        together = sequences([each for calls in kept for each in calls])
    for calls in together:
        try:
            whole = [*map(standard, calls)]
            of_layer = passes(whole[0]) if len(calls) == 1 else _joined(whole)
        except UnsupportedModelError as error:
            left_out[calls[0].place] = error
        else:
            weights = weights_by_run(whole[-1])
            found.append((replace(whole[0], calls=len(calls)), {
                name: replace(each, trace=replace(each.trace, weights=weights[name]))
                for name, each in of_layer.items()
            }))  # fmt: skip
    if not found and left_out:
        raise next(iter(left_out.values()))
    return found, left_out


def sequences(recordings: Sequence[Recording]) -> list[list[Recording]]:
    """The calls that make up one sequence each, numbered where a layer has several."""
    found = list[list[Recording]]()
    for each in recordings:
        ends = [calls for calls in reversed(found) if _fits(calls[-1], each)]
        origin = None if each.follows is None else each.follows()
        linked = (calls for calls in ends if calls[-1] is origin)
        alike = (calls for calls in ends if handed_on(each.initial, calls[-1].last))
        goes_on = next(linked, None) or next(alike, None)
        if goes_on is not None:
            each.number = goes_on[0].number
            goes_on.append(each)
            continue
        each.number = 1 + sum(calls[0].layer == each.layer for calls in found)
        found.append([each])
    return found


def _reached(calls: Sequence[Recording]) -> bool:
    return any(gradient is not None for each in calls for gradient in each.gradients or ())


def _fits(earlier: Recording, later: Recording) -> bool:
    """Whether one can be laid behind the other."""
    if earlier.layer != later.layer or earlier.packing or later.packing:
        return False
    if not (later.initial and earlier.last):
        return False
    return earlier.last[0].shape == later.last[0].shape


def handed_on(initial: Sequence[Tensor], last: Sequence[Tensor]) -> bool:
    """Whether a call begins where another ended, bit by bit, in one sample at least.

    The others may have been set back, as policies do at the end of an episode.
    """
    for first, end in zip(initial, last, strict=False):
        if first.shape == end.shape and first.device == end.device and first.dtype == end.dtype:
            same = ((first == end).all(-1) & (first != 0).any(-1)).any()
            if bool(same):
                return True
    return False


@dataclass(frozen=True, eq=False)
class _JoinedPass(LayerPass):
    name: str

    def backward(self, *_: object) -> dict[str, Array]:
        raise piece_by_piece(self.name)

    def within_steps(self, *_: object) -> dict[str, Array]:
        raise piece_by_piece(self.name)


def _joined(calls: Sequence[Recording]) -> dict[str, LayerPass]:
    """The passes of calls that follow each other, as if they were one."""
    if any(each.gradients is not None for each in calls):  # of those without, they are 0
        nothing: list[Tensor | None] = [None] * len(calls[0].outputs)
        calls = [replace(each, gradients=each.gradients or nothing) for each in calls]
    by_call = dict[int, Mapping[str, LayerTrace]]()
    for indices in _batches(calls):
        found = {name: each.trace for name, each in passes(_side_by_side(
            [calls[k] for k in indices])).items()}  # fmt: skip
        parts = {name: _apart(trace, len(indices)) for name, trace in found.items()}
        for place, k in enumerate(indices):
            by_call[k] = {name: each[place] for name, each in parts.items()}
    return {
        name: _JoinedPass(
            trace=_end_to_end([by_call[k][name] for k in range(len(calls))]),
            entering=None,
            reverse=is_reverse(name),
            name=name,
        )
        for name in calls[0].names
    }


def _batches(calls: Sequence[Recording]) -> list[list[int]]:
    """Which calls can be replayed side by side, as samples of one batch.

    Not those that drew random numbers, and not in half precision, where an operation on another
    batch may round otherwise.
    """
    found = dict[Any, list[int]]()
    for k, each in enumerate(calls):
        alone = each.noisy or each.dropout > 0 or in_half_precision(each) or _is_told_more(each)
        weights = tuple(id(weight) for weight in each.weights)
        key = k if alone else (each.input.shape, weights, each.outputs[0].dtype)
        found.setdefault(key, []).append(k)
    return list(found.values())


def _is_told_more(call: Recording) -> bool:
    return isinstance(call.unrolled, OwnLayer) and bool(call.unrolled.more)


def _side_by_side(calls: Sequence[Recording]) -> Recording:
    """One call over all of their samples."""
    if len(calls) == 1:
        return calls[0]
    first = calls[0]
    axes = [0 if first.batch_first else 1] + [1] * (len(first.outputs) - 1)

    def together(tensors: Sequence[Sequence[Tensor]], axes: Sequence[int]) -> tuple[Tensor, ...]:
        return tuple(
            torch.cat(each, axis)
            for each, axis in zip(zip(*tensors, strict=True), axes, strict=True)
        )

    outputs = together([[t.detach() for t in each.outputs] for each in calls], axes)
    gradients: list[Tensor | None] | None = None
    if first.gradients is not None:
        gradients = [*together([_filled(each) for each in calls], axes)]
    zeros = [torch.zeros_like(t) for t in first.outputs[1:]]
    initial = together([each.initial or zeros for each in calls], axes[1:])
    inputs = torch.cat([each.input.detach() for each in calls], axes[0])
    return replace(first, input=inputs, initial=initial, outputs=outputs, gradients=gradients)


def _filled(call: Recording) -> list[Tensor]:
    """DL/d(outputs), with zeros where the loss does not reach."""
    assert call.gradients is not None
    pairs = zip(call.outputs, call.gradients, strict=True)
    return [torch.zeros_like(out) if given is None else given.to(out) for out, given in pairs]


def _apart(trace: LayerTrace, count: int) -> list[LayerTrace]:
    """The trace of each of the calls whose samples lie side by side."""
    if count == 1:
        return [trace]
    found = [dict[str, Any]() for _ in range(count)]
    for field in fields(trace):
        value = getattr(trace, field.name)
        for into, part in zip(found, _split(value, count), strict=True):
            into[field.name] = part
    return [LayerTrace(**each) for each in found]


def _split(value: Any, count: int) -> Sequence[Any]:
    if isinstance(value, np.ndarray):
        return np.split(value, count)
    if isinstance(value, Mapping) and any(isinstance(v, np.ndarray) for v in value.values()):
        parts = {name: np.split(each, count) for name, each in value.items()}
        return [{name: each[k] for name, each in parts.items()} for k in range(count)]
    return [value] * count


def _end_to_end(traces: Sequence[LayerTrace]) -> LayerTrace:
    """One trace over all of their steps."""
    first, found = traces[0], dict[str, Any]()
    for field in fields(first):
        values = [getattr(each, field.name) for each in traces]
        if isinstance(values[0], np.ndarray) and values[0].ndim == 3:
            found[field.name] = np.concatenate(values, axis=1)
        elif isinstance(values[0], Mapping) and field.name != "options":
            found[field.name] = {
                name: np.concatenate([each[name] for each in values], axis=1) for name in values[0]
            }
    begins = np.cumsum([0, *(each.hidden.shape[1] for each in traces[:-1])])
    return replace(first, **found, calls=tuple(map(int, begins)))
