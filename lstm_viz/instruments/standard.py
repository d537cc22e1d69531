"""A call of a layer or a cell, however it was given, as a call on a batch of sequences."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from torch import Tensor

from lstm_viz.instruments.recording import Recording


def standard(recording: Recording) -> Recording:
    """The same call as one of a layer on a batch of sequences."""
    if recording.form == "layer" or (recording.form == "cell" and recording.input.dim() == 3):
        return recording
    if recording.form == "sequence":
        return _of_one(recording)
    if recording.form == "own":
        return _of_levels(recording)
    batched = recording.input.dim() == 2

    def in_batch(tensor: Tensor) -> Tensor:
        """(1, B, .): one step, or one level."""
        return tensor[None] if batched else tensor[None, None]

    h, *others = map(in_batch, recording.outputs)
    gradients: list[Tensor | None] | None = None
    if recording.gradients is not None:
        dh, *rest = (None if each is None else in_batch(each) for each in recording.gradients)
        gradients = [dh, None, *rest]
    return replace(
        recording,
        input=in_batch(recording.input),
        initial=tuple(map(in_batch, recording.initial)),
        outputs=(h, h, *others),
        gradients=gradients,
    )


def _of_one(recording: Recording) -> Recording:
    """A sequence without a batch as a batch of one."""
    axis = 0 if recording.batch_first else 1

    def in_batch(tensors: Sequence[Tensor | None]) -> list[Any]:
        first, *last = tensors
        found = [None if first is None else first.unsqueeze(axis)]
        return found + [None if each is None else each.unsqueeze(1) for each in last]

    return replace(
        recording,
        input=recording.input.unsqueeze(axis),
        initial=tuple(each.unsqueeze(1) for each in recording.initial),
        outputs=tuple(in_batch(recording.outputs)),
        gradients=None if recording.gradients is None else in_batch(recording.gradients),
        form="layer",
    )


def _of_levels(recording: Recording) -> Recording:
    """A layer that knows no levels, (B, H) of a state, as one that has one."""

    def of_level(tensors: Sequence[Tensor | None]) -> list[Any]:
        return [None if t is None else t[None] if t.dim() == 2 else t for t in tensors]

    def of_all(tensors: Sequence[Tensor | None]) -> list[Any]:
        return [tensors[0], *of_level(tensors[1:])]

    return replace(
        recording,
        initial=tuple(of_level(recording.initial)),
        outputs=tuple(of_all(recording.outputs)),
        gradients=None if recording.gradients is None else of_all(recording.gradients),
    )
