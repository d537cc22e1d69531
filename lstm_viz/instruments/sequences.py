"""Calls of one layer that are one sequence: each goes on from the state that another returned."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import torch
from torch import Tensor

from lstm_viz.errors import UnsupportedModelError
from lstm_viz.instruments.choosing import Passes
from lstm_viz.instruments.joining import joined
from lstm_viz.instruments.layer_pass import LayerPass
from lstm_viz.instruments.recording import Recording
from lstm_viz.instruments.replay import passes
from lstm_viz.instruments.standard import standard
from lstm_viz.instruments.weights_of_pass import weights_by_run


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
            first = standard(calls[0])
            of_layer = passes(first) if len(calls) == 1 else joined(calls)
        except UnsupportedModelError as error:
            left_out[calls[0].place] = error
        else:
            weights = weights_by_run(calls[-1])
            found.append((replace(first, calls=len(calls)), {
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
    one, other = earlier.last[0], later.last[0]
    return one.shape == other.shape or _go_on(later.initial, earlier.last)


def _go_on(initial: Sequence[Tensor], last: Sequence[Tensor]) -> bool:
    """Whether the first of the samples go on, bit by bit, and the others have ended."""
    pairs = [*zip(initial, last, strict=True)]
    if pairs[0][0].dim() < 2 or pairs[0][0].shape[-2] >= pairs[0][1].shape[-2]:
        return False
    return all(
        begin.device == end.device
        and begin.dtype == end.dtype
        and torch.equal(begin, end[..., : begin.shape[-2], :])
        for begin, end in pairs
    )


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
