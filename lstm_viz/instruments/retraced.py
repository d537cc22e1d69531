"""A layer of a trace as a model of its own: its weights, its inputs and where it began."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

from lstm_viz.errors import ConfigError, UnsupportedModelError
from lstm_viz.instruments.choosing import Passes, known_name
from lstm_viz.instruments.layer_trace import Array, LayerTrace
from lstm_viz.instruments.refusals import (
    another_way,
    not_one_length,
    of_ones_own,
    piece_by_piece,
    state_changed,
    under_an_intervention,
    weights_changed,
)
from lstm_viz.instruments.trace import recorded_passes, trace
from lstm_viz.models.cells import CELLS
from lstm_viz.models.layers import layer_of
from lstm_viz.words import N_

Seen = nn.Module | LayerTrace | Mapping[str, LayerTrace]
"""What an instrument reads: a model, with an input beside it; or a trace that carries weights."""
TRACE = (LayerTrace, Mapping)
Asked = tuple[nn.Module, Any, str | None]
"""A model, its input, and which of its layers is asked for."""
Mask = npt.NDArray[np.bool_]

TOLERANCE_OF_STEPS: Mapping[torch.dtype, float] = {
    torch.float16: 1e-1, torch.bfloat16: 1e-1, torch.float32: 1e-2, torch.float64: 1e-10,
}  # fmt: skip
"""How far a state may be from its equations, beside 1 and the largest of its step: CUDA's float32
is TF32 inside, and what is rounded to halves may have been a large sum."""
FAR = 1e-1
"""How far all steps run again in float64 may lead from those measured, beside the largest h."""


class Again(nn.Module):
    """One layer of a trace, which begins where it began."""

    def __init__(self, layer: nn.Module, states: tuple[Tensor, ...]) -> None:
        super().__init__()
        self.layer = layer
        for k, state in enumerate(states):
            self.register_buffer(f"state_{k}", state)
        self._count = len(states)

    def forward(self, x: Tensor) -> Any:
        """What the layer itself gives, of a reverse one its own direction; a batch of several times
        as many samples begins likewise.
        """
        states = [getattr(self, f"state_{k}") for k in range(self._count)]
        begun = [state.repeat(1, len(x) // state.shape[1], 1) for state in states]
        output, last = self.layer(x, tuple(begun) if len(begun) > 1 else begun[0])
        directions = len(begun[0])
        own = tuple(state[-1:] for state in last) if isinstance(last, tuple) else last[-1:]
        return output.chunk(directions, -1)[-1], own


def asked_of(model: Seen, x: Any, layer: str | None) -> Asked:
    """What an instrument reads, given a model and its input, or a trace in their place.

    Raises ConfigError for a trace without weights or with another input, and for a model alone;
    UnsupportedModelError for a trace that cannot run again.
    """
    traces = _traces(model, x)
    if traces is None:
        return model, x, layer  # type: ignore[return-value]
    name = known_name(layer, traces)
    return retraced(name, traces[name])


def traces_of(model: Seen, x: Any) -> Mapping[str, LayerTrace]:
    """What `trace` gives of a model and its input, or gave.

    Raises ConfigError for a trace with another input, and for a model alone.
    """
    traces = _traces(model, x)
    return trace(model, x) if traces is None else traces  # type: ignore[arg-type]


def _traces(model: Seen, x: Any) -> Mapping[str, LayerTrace] | None:
    """Of a trace, its layers; one alone has the name that a bare layer would have."""
    if not isinstance(model, TRACE):
        if x is None and isinstance(model, nn.Module):
            raise ConfigError(N_("A model needs its input beside it, 'x'; a trace does not."))
        return None
    if x is not None:
        raise ConfigError(N_("A trace brings its own input. Leave 'x' out."))
    if isinstance(model, LayerTrace):
        return {"l0_reverse" if model.reverse else "l0": model}
    return model


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


def retraced(name: str, traced: LayerTrace) -> tuple[nn.Module, Tensor, str]:
    """A model of this layer alone, its input (B, T, D), and the name of its trace."""
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
    again = _again(traced)
    apart = _steps_apart(again, traced)
    if apart.any():
        raise _not_its_equations(name, traced, apart)
    with torch.no_grad():
        output = again(x)[0].numpy()
    if np.abs(output - traced.hidden).max() > FAR * np.abs(traced.hidden).max():
        raise another_way(name)
    return again, x, "layer.l0_reverse" if traced.reverse else "layer.l0"


def _steps_apart(again: Again, traced: LayerTrace) -> Mask:
    """(T,): which steps are not what the equations make of the input and the state before.

    Gates are worked out in float64 around the states that were measured, whatever their precision.
    """
    B, T, D = traced.input.shape
    before = []
    for state, first in zip(_states(traced), _first(traced), strict=True):
        shifted = np.roll(state, -1 if traced.reverse else 1, axis=1)
        shifted[:, -1 if traced.reverse else 0] = first
        flat = torch.from_numpy(shifted.reshape(1, B * T, -1).copy())
        before.append(flat.repeat(1 + traced.reverse, 1, 1))
    x = torch.from_numpy(np.ascontiguousarray(traced.input.reshape(B * T, 1, D)))
    ((_recording, found),) = recorded_passes(Again(again.layer, tuple(before)), x)
    step = [each.trace for each in found.values()][-1]
    apart = np.zeros(T, np.bool_)
    exact = TOLERANCE_OF_STEPS[torch.float64]
    pairs = [
        (*each, _allowed(each[1])) for each in zip(_states(step), _states(traced), strict=True)
    ]
    pairs += [(step.gates[gate], traced.gates[gate], exact) for gate in traced.gates]
    for made, measured, allowed in pairs:
        away = np.abs(made.reshape(measured.shape) - measured)
        scale = 1.0 + np.abs(measured).max(axis=(0, 2))
        apart |= (away > allowed * scale[:, None]).any(axis=(0, 2))  # NaN is never far
    return apart


def _allowed(measured: Array) -> float:
    """By the coarsest precision in which these values can be written."""
    values = torch.from_numpy(measured)
    for dtype, allowed in TOLERANCE_OF_STEPS.items():
        if values.to(dtype).double().equal(values):
            return allowed
    return TOLERANCE_OF_STEPS[torch.float64]


def _not_its_equations(name: str, traced: LayerTrace, apart: Mask) -> UnsupportedModelError:
    begins = [*traced.calls[1:]]
    if not np.delete(apart, begins).any():
        return state_changed(name, int(np.flatnonzero(apart)[0]))
    return weights_changed(name) if begins else under_an_intervention(name)


def _states(traced: LayerTrace) -> list[Array]:
    states = traced.hidden, traced.cell, traced.inner_cell
    return [state for state in states if state is not None]


def _first(traced: LayerTrace) -> list[Array]:
    """Where each state began."""
    given = traced.initial_hidden, traced.initial_cell, None
    return [
        np.zeros_like(state[:, 0]) if first is None else first
        for state, first in zip(_states(traced), given, strict=False)
    ]


def _again(traced: LayerTrace) -> Again:
    own = _states(traced)
    H, P = own[-1].shape[-1], own[0].shape[-1]
    shape: dict[str, Any] = {"proj_size": P} if P != H else {}
    layer = layer_of(
        traced.kind, traced.options, input_size=traced.input.shape[-1], hidden_size=H,
        bias=any(each.startswith("bias") for each in traced.weights), batch_first=True,
        bidirectional=traced.reverse, **shape,
    ).double().eval()  # fmt: skip
    named = dict(layer.named_parameters())
    with torch.no_grad():
        for weight in named.values():
            weight.zero_()
        for each, values in traced.weights.items():
            named[f"{each}_l0{'_reverse' if traced.reverse else ''}"].copy_(
                torch.from_numpy(values)
            )
    begun = []
    for first in _first(traced):
        begins = np.zeros((1 + traced.reverse, *first.shape))
        begins[-1] = first
        begun.append(torch.from_numpy(begins))
    return Again(layer, tuple(begun))
