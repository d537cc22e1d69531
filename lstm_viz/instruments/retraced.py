"""A layer of a trace as a model of its own: its weights, its inputs and where it began."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from lstm_viz.errors import ConfigError, UnsupportedModelError
from lstm_viz.instruments.checking import TOLERANCE_OF_HALVES
from lstm_viz.instruments.choosing import Passes, known_name
from lstm_viz.instruments.layer_trace import LayerTrace
from lstm_viz.instruments.refusals import not_one_length, of_ones_own, piece_by_piece
from lstm_viz.instruments.trace import recorded_passes
from lstm_viz.measures.packed import is_reverse
from lstm_viz.models.cells import CELLS
from lstm_viz.models.layers import layer_of
from lstm_viz.words import N_

Seen = nn.Module | LayerTrace | Mapping[str, LayerTrace]
"""What an instrument reads: a model, with an input beside it; or a trace that carries weights."""
TRACE = (LayerTrace, Mapping)
Asked = tuple[nn.Module, Any, str | None]
"""A model, its input, and which of its layers is asked for."""


class Again(nn.Module):
    """One layer of a trace, which begins where it began."""

    def __init__(self, layer: nn.Module, states: tuple[Tensor, ...]) -> None:
        super().__init__()
        self.layer = layer
        for k, state in enumerate(states):
            self.register_buffer(f"state_{k}", state)
        self._count = len(states)

    def forward(self, x: Tensor) -> Any:
        """What the layer itself gives; a batch of several times as many samples begins likewise."""
        states = [getattr(self, f"state_{k}") for k in range(self._count)]
        begun = [state.repeat(1, len(x) // state.shape[1], 1) for state in states]
        return self.layer(x, tuple(begun) if len(begun) > 1 else begun[0])


def asked_of(model: Seen, x: Any, layer: str | None) -> Asked:
    """What an instrument reads, given a model and its input, or a trace in their place.

    Raises ConfigError for a trace without weights or with another input, and for a model alone;
    UnsupportedModelError for a trace that cannot run again.
    """
    if not isinstance(model, TRACE):
        if x is None and isinstance(model, nn.Module):
            raise ConfigError(N_("A model needs its input beside it, 'x'; a trace does not."))
        return model, x, layer
    if x is not None:
        raise ConfigError(N_("A trace brings its own input. Leave 'x' out."))
    if isinstance(model, LayerTrace):
        return retraced("l0", model, either_way=True)
    name = known_name(layer, model)
    return retraced(name, model[name])


def passes_with(
    model: Seen, x: Any, layer: str | None, *, loss_fn: Any = None, targets: Any = None
) -> tuple[Passes, str | None]:
    """Passes of a model or of a trace, and the name in them of the layer asked for.

    One that was called piece by piece runs again as one call.
    """
    model, x, layer = asked_of(model, x, layer)
    passes = recorded_passes(model, x, loss_fn=loss_fn, targets=targets)
    found = {name: (recording, each) for recording, of in passes for name, each in of.items()}
    name = known_name(layer, found)
    recording, each = found[name]
    if recording.calls == 1:
        return passes, layer
    if loss_fn is not None:
        raise piece_by_piece(name)
    again, x, layer = retraced(name, each.trace)
    return recorded_passes(again, x), layer


def retraced(
    name: str, traced: LayerTrace, *, either_way: bool = False
) -> tuple[nn.Module, Tensor, str]:
    """A model of this layer alone, its input (B, T, D), and the name of its trace; with
    `either_way` from the first input to the last or back, as it ran.
    """
    if traced.kind not in CELLS:
        raise of_ones_own(name)
    if traced.lengths is not None and len(set(traced.lengths.tolist())) > 1:
        raise not_one_length(name)
    if not traced.weights:
        raise ConfigError(
            N_("The trace of the layer '{layer}' carries no weights. Trace the model again, or "
               "give the model and its input."),
            layer=name,
        )  # fmt: skip
    x = torch.from_numpy(np.array(traced.input, np.float64))
    for reverse in (False, True) if either_way else (is_reverse(name),):
        again = _again(traced, reverse=reverse)
        with torch.no_grad():
            output = again(x)[0].chunk(1 + reverse, -1)[-1].numpy()
        if np.allclose(output, traced.hidden, TOLERANCE_OF_HALVES, 1e-6, equal_nan=True):
            return again, x, "layer.l0_reverse" if reverse else "layer.l0"
    raise UnsupportedModelError(
        N_("The trace of the layer '{layer}' does not follow from its weights and its input, as "
           "where the weights changed between its calls. Give the model and its input."),
        layer=name,
    )  # fmt: skip


def _again(traced: LayerTrace, *, reverse: bool) -> Again:
    states = [traced.hidden, traced.cell, traced.inner_cell]
    own = [state for state in states if state is not None]
    H, P = own[-1].shape[-1], own[0].shape[-1]
    shape: dict[str, Any] = {"proj_size": P} if P != H else {}
    layer = layer_of(
        traced.kind, traced.options, input_size=traced.input.shape[-1], hidden_size=H,
        bias=any(each.startswith("bias") for each in traced.weights), batch_first=True,
        bidirectional=reverse, **shape,
    ).double().eval()  # fmt: skip
    named = dict(layer.named_parameters())
    with torch.no_grad():
        for weight in named.values():
            weight.zero_()
        for each, values in traced.weights.items():
            named[f"{each}_l0{'_reverse' if reverse else ''}"].copy_(torch.from_numpy(values))
    begun = []
    for state, first in zip(own, (traced.initial_hidden, traced.initial_cell, None), strict=False):
        begins = np.zeros((1 + reverse, len(state), state.shape[-1]))
        begins[-1] = 0.0 if first is None else first
        begun.append(torch.from_numpy(begins))
    return Again(layer, tuple(begun))
