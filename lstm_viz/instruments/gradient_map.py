"""Who teaches whom: the gradient of the loss at every step s by the state at every earlier t."""

from collections.abc import Sequence
from math import isqrt
from typing import Any, Literal

import numpy as np
import torch

from lstm_viz.errors import ConfigError
from lstm_viz.instruments.choosing import check_sample, chosen
from lstm_viz.instruments.isolation import LossFunction, threads_for
from lstm_viz.instruments.jacobians import MAX_BYTES, jacobians_of
from lstm_viz.instruments.lasting import advance, progress_bar, say_map
from lstm_viz.instruments.layer_pass import LayerPass
from lstm_viz.instruments.layer_trace import Array, norm
from lstm_viz.instruments.retraced import Seen, passes_with
from lstm_viz.instruments.steps import LayerSteps, steps_of
from lstm_viz.models.cell import product
from lstm_viz.words import N_


def gradient_map(
    model: Seen,
    x: Any = None,
    *,
    layer: str | None = None,
    state: Literal["hidden", "joint"] = "hidden",
    sample: int = 0,
    loss_fn: LossFunction | None = None,
    targets: Any = None,
) -> Array:
    """(S, T): ‖∂L_s/∂h_t‖₂ of the gradient that enters a layer at step s alone, for every s.

    Row s is `gradient_flow(model, x, at=s)` of one sample: 0 at the steps that ran after s, and
    on the diagonal what enters at s. All rows go back together, ∂L_s/∂s_{t-1} = ∂L_s/∂s_t J_t
    with the Jacobians of `jacobians` (Pascanu, Mikolov & Bengio 2013, eq. 5), so the map costs one
    product for each t. Minutes are told before (LstmVizWarning), with a bar where tqdm is
    installed.

    - `model`, `x`, `layer`, `loss_fn`, `targets`: as for `gradient_flow`. Without a loss, a vector
      of length 1 with equal parts for all units enters at every step; with one, what the
      read-out or the layer above sends there, and a row in which nothing enters is 0.
    - `state`: `"hidden"`, or `"joint"` for all that a step hands to the next one.
    - `sample`: which one of the batch.

    Raises ConfigError for an unknown layer, sample or state, and for a map of more than 2 GB;
    UnsupportedModelError as `trace` does.

    >>> from torch import nn
    >>> rnn = nn.RNN(1, 2, nonlinearity="relu", bias=False, batch_first=True)
    >>> with torch.no_grad():
    ...     _ = rnn.weight_ih_l0.fill_(1.0), rnn.weight_hh_l0.copy_(0.5 * torch.eye(2))
    >>> gradient_map(rnn, torch.ones(1, 3, 1))
    array([[1.  , 0.  , 0.  ],
           [0.5 , 1.  , 0.  ],
           [0.25, 0.5 , 1.  ]])
    """
    if state not in ("hidden", "joint"):
        raise ConfigError(
            N_("The 'state' of a map must be 'hidden' or 'joint', got {got!r}."), got=state
        )
    passes, layer = passes_with(model, x, layer, loss_fn=loss_fn, targets=targets)
    _name, (_recording, measured) = chosen(passes, layer)
    steps = steps_of(passes, layer)
    of = check_sample(sample, steps.x.shape[1])
    T = len(steps.x)
    if 8 * T * T > MAX_BYTES:
        raise ConfigError(
            N_("The gradient map of {steps:,} steps would take {got:.1f} GB. Give at most "
               "{most:,} steps."),
            steps=T, got=8 * T * T / 1e9, most=isqrt(MAX_BYTES // 8),
        )  # fmt: skip
    entering, joint = _entering(measured, of, steps.sizes), state == "joint"
    bar_of = progress_bar(say_map(T, steps.size), T, "step")
    with torch.no_grad(), threads_for(steps.hidden_size), bar_of as bar:
        found = _map(steps, of, entering, bar, joint=joint)
    return found[::-1, ::-1].copy() if steps.reverse else found


def _entering(measured: LayerPass, sample: int, sizes: Sequence[int]) -> Array:
    """(T, S): what enters at each step, in the order of the run."""
    _B, T, H = measured.trace.hidden.shape
    entering = np.zeros((T, sum(sizes)))
    if measured.entering is None:
        entering[:, :H] = 1 / np.sqrt(H)
        return entering
    entering[:, :H] = measured.entering.hidden[:, sample]
    if measured.entering.last:
        entering[-1, H:] = np.concatenate([last[sample] for last in measured.entering.last])
    return entering


def _map(steps: LayerSteps, sample: int, gradients: Array, bar: Any, *, joint: bool) -> Array:
    """(S, T) in the order of the run; what enters becomes what is carried back."""
    T = t = len(gradients)
    found = np.zeros((T, T))
    for part in jacobians_of(steps, sample, last_first=True):
        for J in part[::-1]:
            t -= 1
            rows = gradients[t:]
            found[t:, t] = norm(rows if joint else rows[:, : steps.hidden_size])
            rows[:] = product(rows, J)
        advance(bar, len(part))
    return found
