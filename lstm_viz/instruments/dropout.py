"""What dropout did between the levels of a fused stack, found again after the fact."""

import torch
from torch import Tensor

from lstm_viz.errors import UnsupportedModelError
from lstm_viz.instruments.randomness import PrivateDraws
from lstm_viz.instruments.recording import Recording, time_major
from lstm_viz.words import N_


def masks(recording: Recording, width: int) -> list[Tensor] | None:
    """What each level's output was multiplied with on its way up: (T, B, width) per level.

    None where dropout was off. On the CPU the fused operation draws one mask after each level
    but the last, and nothing else, so the generator's state before it gives them all. Raises
    UnsupportedModelError for a pass on another device, where there is no such state.
    """
    if recording.dropout == 0.0 or recording.num_layers == 1:
        return None
    if recording.random_state is None:
        raise UnsupportedModelError(
            N_("The layer {layer} has dropout, which cannot be repeated on this device. Set it "
               "to 0, or use 'trace', which turns it off."),
            layer=recording.shown,
        )  # fmt: skip
    inputs = recording.input
    if recording.packing is None and recording.batch_first:
        inputs = inputs.transpose(0, 1)  # the operation goes through the steps one by one
    dtype = recording.outputs[0].dtype
    ones = torch.ones(*inputs.shape[:-1], width, dtype=dtype, device="cpu")
    with PrivateDraws(recording.random_state):
        drawn = [
            torch.dropout(ones, recording.dropout, train=True)
            for _ in range(recording.num_layers - 1)
        ]
    if recording.packing is not None:
        drawn = [time_major(recording, mask) for mask in drawn]
    return [mask.double() for mask in drawn]
