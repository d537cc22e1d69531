"""A call of a stepped layer as one node of autograd's graph, so that a sweep can pass it by.

A model that steps a layer by hand makes some fifteen nodes a step, and the way back through them
takes as long as all the rest. Where calls only hand their state on, the layer's own equations go
the same way back at once (`sequences`); then autograd need not.
"""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import Any

import torch
from torch import Tensor, nn
from torch.autograd import forward_ad

from lstm_viz.instruments.own_cells import own_cell
from lstm_viz.instruments.readable import Cell, Layer, draws_noise
from lstm_viz.instruments.recording import HELD, Recording, states

Forward = Callable[..., Any]
_EXACT = (torch.float32, torch.float64)
_hooks = getattr(torch._C._autograd, "_top_saved_tensors_default_hooks", None)


class Sweep:
    """Whether the way back passes by the nodes, or goes through them as through any others."""

    def __init__(self, aside: Callable[[], AbstractContextManager[None]]) -> None:
        self.aside = aside
        """Around what a layer does by itself."""
        self.passes_by = False
        self.allowed = True
        """Not where the model has looked into the graph: it may have changed the way back."""

    def can_take(
        self, layer: Layer, weights: Sequence[Tensor], x: Any, given: Sequence[Tensor]
    ) -> bool:
        """Whether a call may be one node: the derivative of its first states is all there is."""
        if not (self.allowed and torch.is_grad_enabled() and _hands_on(layer)):
            return False
        if type(x) is not Tensor or x.requires_grad or given[0].dtype not in _EXACT:
            return False
        for weight in weights:
            if weight.requires_grad:
                return False
        for state in given:
            if type(state) is not Tensor or not state.requires_grad:
                return False
        return in_plain_autograd()

    def over(self, recordings: Sequence[Recording], differentiate: Callable[[], None]) -> None:
        """Differentiate past the nodes; or through them, where the sweep could not take all in."""
        swept = [each for each in recordings if each.swept]
        self.passes_by = self.allowed and bool(swept)
        differentiate()
        with self.aside():
            enough = all(map(_taken_in, recordings, _followed(recordings)))
        if self.passes_by and not enough:
            self.passes_by = False
            differentiate()
        for each in swept:
            each.swept = self.passes_by


def _followed(recordings: Sequence[Recording]) -> list[bool]:
    """Whether the next call of the same layer is swept together with each of these."""
    found, next_one = list[bool](), dict[str, bool]()
    for each in reversed(recordings):
        found.append(next_one.get(each.layer, False))
        next_one[each.layer] = each.swept
    return found[::-1]


def _taken_in(recording: Recording, followed: bool) -> bool:
    """Whether all that entered a call from outside enters at h_t, which is where a sweep has it."""
    if not followed or recording.gradients is None:
        return True
    of_states = recording.gradients[1:]
    if recording.form != "cell" and recording.num_layers == 1:
        of_states = of_states[1:]  # h_n is the last h_t
    return not any(gradient is not None and bool(gradient.any()) for gradient in of_states)


def _hands_on(layer: Layer) -> bool:
    if own_cell(layer) or HELD in vars(layer) or draws_noise(layer):
        return False
    if isinstance(layer, Cell):
        return True
    return isinstance(layer, nn.RNNBase) and not layer.bidirectional


def in_plain_autograd() -> bool:
    """Beside a checkpoint, a transform or forward differentiation layers run as they always do."""
    if _hooks is None or _hooks(True) is not None:
        return False
    return forward_ad._current_level < 0 and not torch._C._are_functorch_transforms_active()


def run_as_one(forward: Forward, sweep: Sweep, x: Tensor, given: Sequence[Tensor]) -> Any:
    """What the layer returns, made by one node."""

    def flat(*initial: Tensor) -> tuple[Tensor, ...]:
        output = forward(x, initial if len(initial) > 1 else initial[0])
        if isinstance(output, Tensor):
            return (output,)
        return tuple(each for part in output for each in states(part))

    made = _Call.apply(flat, sweep, *given)  # type: ignore[no-untyped-call]
    if len(made) == 1:
        return made[0]
    if len(made) == len(given):  # a cell
        return made
    output, *last = made
    return output, tuple(last) if len(last) > 1 else last[0]


class _Call(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, flat: Forward, sweep: Sweep, *initial: Tensor) -> tuple[Tensor, ...]:
        ctx.flat, ctx.sweep = flat, sweep
        ctx.save_for_backward(*initial)
        ctx.set_materialize_grads(False)
        made: tuple[Tensor, ...] = flat(*initial)
        return made

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor | None) -> Any:
        if ctx.sweep.passes_by:
            return (None,) * len(ctx.needs_input_grad)
        with ctx.sweep.aside():
            return None, None, *_through(ctx.flat, ctx.saved_tensors, gradients)


def _through(
    flat: Forward, initial: Sequence[Tensor], gradients: Sequence[Tensor | None]
) -> Sequence[Tensor | None]:
    """dL/d(initial), as autograd itself would find it; differentiable, if it is asked to be."""
    again = torch.is_grad_enabled()
    with torch.enable_grad():
        given = initial if again else [state.detach().requires_grad_() for state in initial]
        made = flat(*given)
        known = [k for k, gradient in enumerate(gradients) if gradient is not None]
        return torch.autograd.grad(
            [made[k] for k in known], given, [gradients[k] for k in known],
            create_graph=again, allow_unused=True,
        )  # fmt: skip
