"""Calls of one layer that follow each other, laid end to end as one pass.

A call is replayed with the gradient that arrived at its own outputs, which includes what came back
through the calls after it; unless it was `swept` together with them, which the replay does.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
import torch
from torch import Tensor

from lstm_viz.instruments.layer_pass import LayerPass
from lstm_viz.instruments.layer_trace import Array, LayerTrace
from lstm_viz.instruments.own_layer import OwnLayer
from lstm_viz.instruments.own_steps import in_half_precision
from lstm_viz.instruments.recording import Recording
from lstm_viz.instruments.refusals import piece_by_piece
from lstm_viz.instruments.replay import passes
from lstm_viz.instruments.standard import standard
from lstm_viz.measures.packed import is_reverse


@dataclass(frozen=True, eq=False)
class _JoinedPass(LayerPass):
    name: str

    def backward(self, *_: object) -> dict[str, Array]:
        raise piece_by_piece(self.name)

    def within_steps(self, *_: object) -> dict[str, Array]:
        raise piece_by_piece(self.name)


def joined(calls: Sequence[Recording]) -> dict[str, LayerPass]:
    """The passes of calls that follow each other, as if they were one."""
    calls = [each if _is_step(each) else standard(each) for each in calls]
    if any(each.gradients is not None for each in calls):  # of those without, they are 0
        nothing: list[Tensor | None] = [None] * len(calls[0].outputs)
        calls = [each if each.gradients else replace(each, gradients=nothing) for each in calls]
    traces = _laid_together(_pieces(calls))
    steps = [1 if _is_step(each) else each.input.shape[_time(each)] for each in calls]
    begins = tuple(map(int, np.cumsum([0, *steps[:-1]])))
    return {
        name: _JoinedPass(
            trace=replace(trace, calls=begins), entering=None, reverse=is_reverse(name), name=name
        )
        for name, trace in traces.items()
    }


def _laid_together(pieces: Sequence[Recording]) -> dict[str, LayerTrace]:
    by_piece = dict[int, Mapping[str, LayerTrace]]()
    for indices in _batches(pieces):
        side_by_side = passes(_side_by_side([pieces[k] for k in indices]))
        found = {name: each.trace for name, each in side_by_side.items()}
        if len(indices) == len(pieces):
            return {name: _one_after_another(trace, len(pieces)) for name, trace in found.items()}
        parts = {name: _apart(trace, len(indices)) for name, trace in found.items()}
        for place, k in enumerate(indices):
            by_piece[k] = {name: each[place] for name, each in parts.items()}
    traces = [by_piece[k] for k in range(len(pieces))]
    return {name: _end_to_end([each[name] for each in traces]) for name in traces[0]}


def _is_step(call: Recording) -> bool:
    """Whether it is one step of a cell over a batch, as it was given: (B, .)."""
    return call.form == "cell" and call.input.dim() == 2


def _time(call: Recording) -> int:
    return 1 if call.batch_first else 0


def _pieces(calls: Sequence[Recording]) -> list[Recording]:
    """Calls whose derivatives are found in one sweep as one call; others as they are."""
    found = list[list[Recording]]()
    for each in calls:
        if each.swept and found:
            found[-1].append(each)
        else:
            found.append([each])
    return [each[0] if len(each) == 1 else _as_one(each) for each in found]


@torch.no_grad()
def _as_one(calls: Sequence[Recording]) -> Recording:
    """Calls that only handed their states on as one call over all of their steps."""
    first, last = standard(calls[0]), standard(calls[-1])
    assert last.gradients is not None

    def over_time(tensors: Sequence[Tensor]) -> Tensor:
        steps = [*tensors]
        return torch.stack(steps) if _is_step(calls[0]) else torch.cat(steps, _time(first))

    arriving = [*(_at_outputs(each) for each in calls[:-1]), _filled(calls[-1])[0]]
    return replace(
        first,
        input=over_time([each.input for each in calls]),
        outputs=(over_time([each.outputs[0] for each in calls]), *last.outputs[1:]),
        gradients=[over_time(arriving), *last.gradients[1:]],
    )


def _at_outputs(call: Recording) -> Tensor:
    """DL/d(output), with what entered at h_n, the last of it."""
    assert call.gradients is not None
    given, *of_states = call.gradients
    output = torch.zeros_like(call.outputs[0]) if given is None else given.to(call.outputs[0])
    if _is_step(call) or of_states[0] is None:
        return output
    output = output.clone()
    output.select(_time(call), -1).add_(of_states[0][-1])
    return output


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


@torch.no_grad()
def _side_by_side(calls: Sequence[Recording]) -> Recording:
    """One call over all of their samples."""
    if len(calls) == 1:
        return standard(calls[0]) if _is_step(calls[0]) else calls[0]
    first = calls[0]
    axes = [0 if first.batch_first else 1] + [1] * (len(first.outputs) - 1)
    if _is_step(first):
        axes = [0] * len(first.outputs)

    def together(tensors: Sequence[Sequence[Tensor]], axes: Sequence[int]) -> tuple[Tensor, ...]:
        return tuple(
            torch.cat(each, axis)
            for each, axis in zip(zip(*tensors, strict=True), axes, strict=True)
        )

    outputs = together([each.outputs for each in calls], axes)
    gradients: list[Tensor | None] | None = None
    if first.gradients is not None:
        gradients = [*together([_filled(each) for each in calls], axes)]
    zeros = [torch.zeros_like(t) for t in first.outputs[not _is_step(first) :]]
    initial = together([each.initial or zeros for each in calls], axes[-len(zeros) :])
    inputs = torch.cat([each.input for each in calls], axes[0])
    whole = replace(first, input=inputs, initial=initial, outputs=outputs, gradients=gradients)
    return standard(whole) if _is_step(first) else whole


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


def _one_after_another(trace: LayerTrace, count: int) -> LayerTrace:
    """The trace of calls whose samples lie side by side, and whose steps follow each other."""
    if count == 1:
        return trace
    B, T = trace.hidden.shape[0] // count, trace.hidden.shape[1]

    def over_time(value: Any) -> Any:
        if isinstance(value, np.ndarray) and value.ndim == 3:
            apart = value.reshape(count, B, T, value.shape[-1]).swapaxes(0, 1)
            return apart.reshape(B, count * T, value.shape[-1])
        if isinstance(value, np.ndarray):
            return value[:B]
        return value

    found: dict[str, Any] = {field.name: getattr(trace, field.name) for field in fields(trace)}
    for name in ("gates", "grad_gates"):
        if found[name] is not None:
            found[name] = {key: over_time(each) for key, each in found[name].items()}
    return LayerTrace(**{name: over_time(value) for name, value in found.items()})


def _split(value: Any, count: int) -> Sequence[Any]:
    if isinstance(value, np.ndarray):
        return np.split(value, count)
    if isinstance(value, Mapping) and any(isinstance(v, np.ndarray) for v in value.values()):
        parts = {name: np.split(each, count) for name, each in value.items()}
        return [{name: each[k] for name, each in parts.items()} for k in range(count)]
    return [value] * count


def _end_to_end(traces: Sequence[LayerTrace]) -> LayerTrace:
    """One trace over all of their steps, NaN where a sample has ended."""
    first, found = traces[0], dict[str, Any]()
    samples, steps = len(first.hidden), [each.hidden.shape[1] for each in traces]

    def joined_in_time(values: Sequence[Array]) -> Array:
        whole = np.full((samples, sum(steps), values[0].shape[-1]), np.nan)
        for end, value in zip(np.cumsum(steps), values, strict=True):
            whole[: len(value), end - value.shape[1] : end] = value
        return whole

    for field in fields(first):
        values = [getattr(each, field.name) for each in traces]
        if isinstance(values[0], np.ndarray) and values[0].ndim == 3:
            found[field.name] = joined_in_time(values)
        elif isinstance(values[0], Mapping) and field.name != "options":
            found[field.name] = {
                name: joined_in_time([each[name] for each in values]) for name in values[0]
            }
    if len(traces[-1].hidden) < samples:
        present = np.arange(samples)[:, None] < [len(each.hidden) for each in traces]
        found["lengths"] = present @ np.array(steps)
    return replace(first, **found)
