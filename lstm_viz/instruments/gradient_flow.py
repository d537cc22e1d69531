"""How much of the gradient that enters a layer at one step arrives at the steps before it.

The total derivative dL/dh_t adds up what every later step sends back. Where the loss enters at
every step, or through a mean or attention read-out, it therefore does not say how far a gradient
travels. Here one step's gradient enters alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from numbers import Integral
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from lstm_viz.errors import ConfigError
from lstm_viz.instruments.choosing import chosen
from lstm_viz.instruments.isolation import LossFunction
from lstm_viz.instruments.layer_pass import Entering, LayerPass
from lstm_viz.instruments.layer_trace import Array, LayerTrace, norm
from lstm_viz.instruments.retraced import Seen, passes_with
from lstm_viz.instruments.twin import Twin
from lstm_viz.words import N_

Steps = npt.NDArray[np.int64]
State = Literal["hidden", "cell", "inner_cell", "joint"]


@dataclass(frozen=True, eq=False)
class Flow:
    """The gradient that enters one layer at one step, alone, swept back through its recurrence."""

    entered: Steps
    """(B,): s, the step at which it enters, by its place in the input."""
    norms: Mapping[str, Array]
    """State ("hidden", "cell", "inner_cell") -> (B, T): ‖∂L_s/∂(state_t)‖₂ over the units, the
    total derivative at t; 0 at the steps that ran after s."""


def gradient_flow(
    model: Seen,
    x: Any = None,
    *,
    at: int = -1,
    layer: str | None = None,
    state: State = "hidden",
    loss_fn: LossFunction | None = None,
    targets: Any = None,
) -> Array:
    """(B, T): ‖∂L_s/∂h_t‖₂ of the gradient that enters a layer at step s alone, in float64.

    It goes back through the recurrence of this layer only, not through the layers above or
    below. With U = 0 it is 0 one step back, with h_t = λQ h_{t-1} + W x_t it shrinks or grows by
    λ a step (Pascanu, Mikolov & Bengio 2013, section 2). Relative to its value at s it says how
    much of the gradient arrives.

    - `model`, `x`: as for `trace`; or a trace that carries its weights, such as `trace` gives, in
      the place of both. A layer that was called piece by piece is read as one call.
    - `at`: s, the place in the input; a negative one counts back in the order in which the layer
      ran. -1 is the last step of that run at which a gradient enters, for each sample its own;
      without a loss its end: the last input, or the first of a reverse layer.
    - `layer`: a name that `trace` gives; the last forward one if not said.
    - `state`: whose derivative, the total one. `"joint"`: ‖∂L_s/∂(h_t, c_t)‖₂, by all that step t
      hands to the next one; dL/dc_t counts there without its way through h_t, which is counted.
    - `loss_fn(output, targets)`: what enters is what the read-out, or the layer above, sends to
      h_s in this loss. Without one, it is a vector of length 1 with equal parts for all units.

    Raises ConfigError for an unknown layer, state or step, and for a step at which nothing
    enters; UnsupportedModelError as `trace` does.

    >>> import torch
    >>> from torch import nn
    >>> rnn = nn.RNN(1, 2, nonlinearity="relu", bias=False, batch_first=True)
    >>> with torch.no_grad():
    ...     _ = rnn.weight_ih_l0.fill_(1.0), rnn.weight_hh_l0.copy_(0.5 * torch.eye(2))
    >>> gradient_flow(rnn, torch.ones(1, 4, 1))
    array([[0.125, 0.25 , 0.5  , 1.   ]])
    """
    passes, layer = passes_with(model, x, layer, loss_fn=loss_fn, targets=targets)
    name, (_, each) = chosen(passes, layer)
    gradients = each.backward(at_one_step(each, at, name)[0])
    asked: object = state
    if state == "joint":
        return norm(in_order(each, each.joint(gradients)))
    if not isinstance(asked, str) or asked not in gradients:
        raise ConfigError(
            N_("The 'state' of this layer must be one of {known}, got {got!r}."),
            known=", ".join([*gradients, "joint"]),
            got=state,
        )
    return norm(in_order(each, gradients[state]))


def flows(
    twin: Twin, x: Any, *, loss_fn: LossFunction, targets: Any
) -> dict[str, tuple[LayerTrace, Flow]]:
    """What `trace` gives, each with the flow from the last step at which a gradient enters."""
    found = twin.passes(x, loss_fn=loss_fn, targets=targets)
    return {name: (each.trace, last_flow(each)) for name, each in found.items()}


def last_flow(layer: LayerPass) -> Flow:
    """From the last step of the run at which a gradient enters, for each sample its own.

    0 throughout where none does.
    """
    assert layer.entering is not None
    enters = _enters(layer.entering)
    last = _last(enters)
    totals = _totals(layer.trace)
    if not totals or (enters.sum(axis=0) > 1).any():  # else what enters there is all there is
        found = layer.backward(_alone(layer.entering, last))
        totals = {name: in_order(layer, gradient) for name, gradient in found.items()}
    T = len(enters)
    entered = (T - 1 - last if layer.reverse else last).astype(np.int64)
    return Flow(entered, {name: norm(gradient) for name, gradient in totals.items()})


def at_one_step(layer: LayerPass, at: object, name: str) -> tuple[Entering, Steps]:
    """What enters at the step `at` alone, as `gradient_flow` counts it; and that step of the run,
    (B,), for each sample.
    """
    if not isinstance(at, Integral) or isinstance(at, bool):
        raise ConfigError(N_("The step 'at' must be a whole number, got {got!r}."), got=at)
    (B, T, H), place = layer.trace.hidden.shape, int(at)
    if not -T <= place < T:
        raise ConfigError(
            N_("The step 'at' must be between {first} and {last}, got {got}."),
            first=-T,
            last=T - 1,
            got=place,
        )
    s = T + place if place < 0 else T - 1 - place if layer.reverse else place
    if layer.entering is None:
        hidden = np.zeros((T, B, H))
        hidden[s] = 1 / np.sqrt(H)
        return Entering(hidden), np.full(B, s)
    enters = _enters(layer.entering)
    steps = _last(enters) if place == -1 and enters.any() else np.full(B, s)
    if not enters[steps].any():
        raise _nothing_enters(name, layer.reverse, s, np.asarray(enters.any(axis=1)))
    return _alone(layer.entering, steps), steps


def _nothing_enters(
    name: str, reverse: bool, step: int, enters: npt.NDArray[np.bool_]
) -> ConfigError:
    def place(of_run: int) -> int:
        return len(enters) - 1 - of_run if reverse else of_run

    if not enters.any():
        return ConfigError(N_("The loss sends no gradient to the layer '{layer}'."), layer=name)
    return ConfigError(
        N_("The loss sends no gradient to the layer '{layer}' at step {step}. The last step with "
           "one is {last}."),
        layer=name, step=place(step), last=place(int(np.flatnonzero(enters)[-1])),
    )  # fmt: skip


def _enters(entering: Entering) -> npt.NDArray[np.bool_]:
    """(T, B): whether anything enters there, in the order of the run."""
    enters = np.asarray(entering.hidden.any(axis=-1))
    for state in entering.last:
        enters[-1] |= state.any(axis=-1)
    return enters


def _last(enters: npt.NDArray[np.bool_]) -> Steps:
    """(B,): the last step of the run at which anything enters; its end where nothing does."""
    T = len(enters)
    return np.where(enters.any(axis=0), T - 1 - enters[::-1].argmax(axis=0), T - 1)


def _alone(entering: Entering, steps: Steps) -> Entering:
    """What enters each sample at its step of the run, and nothing elsewhere."""
    T, B, _ = entering.hidden.shape
    samples = np.arange(B)
    hidden = np.zeros_like(entering.hidden)
    hidden[steps, samples] = entering.hidden[steps, samples]
    at_the_end = (steps == T - 1)[:, None]
    return Entering(hidden, tuple(np.where(at_the_end, last, 0.0) for last in entering.last))


def in_order(layer: LayerPass, gradient: Array) -> Array:
    """(B, T, ...) in the order of the input, from (T, B, ...) in that of the run."""
    turn = slice(None, None, -1 if layer.reverse else None)
    return gradient[turn].swapaxes(0, 1)


def _totals(trace: LayerTrace) -> dict[str, Array]:
    """The total derivatives; nothing of a nested LSTM, whose trace has not that of all states."""
    if trace.grad_hidden is None or trace.inner_cell is not None:
        return {}
    cell = {} if trace.grad_cell is None else {"cell": trace.grad_cell}
    return {"hidden": trace.grad_hidden, **cell}
