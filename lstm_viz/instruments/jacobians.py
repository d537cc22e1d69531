"""The Jacobians of a recurrent layer's steps: what each step makes of a small change."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from lstm_viz.errors import ConfigError
from lstm_viz.instruments.choosing import check_sample
from lstm_viz.instruments.layer_trace import Array
from lstm_viz.instruments.retraced import Seen
from lstm_viz.instruments.steps import LayerSteps, layer_steps
from lstm_viz.words import N_

MAX_BYTES = 2**31
"""What the Jacobians of one call may take; more is refused before it is computed."""
CHUNK_BYTES = 2**25


def jacobians(
    model: Seen,
    x: Any = None,
    *,
    layer: str | None = None,
    sample: int = 0,
) -> Array:
    """J_t = ∂s_t/∂s_{t-1} for every t, (T, S, S), in float64: row j is what s_{t,j} sees.

    The state s is all that goes from step to step, side by side: h_t (S = H), or jointly
    (h_t, c_t) of an LSTM (S = 2H; P + H with a `proj_size` P), since ∂h_t/∂h_{t-1} alone leaves
    out what c_t carries. The first one is by the initial state. Their product ∂s_T/∂s_t =
    J_T ··· J_{t+1} is what the gradient is carried back through (Pascanu, Mikolov & Bengio 2013,
    eq. 5). A Jacobian belongs to one sequence: of a batch it is that of number `sample`, the
    first if not said. Of a reverse layer, which ran from the end of the input, J_t is
    ∂s_t/∂s_{t+1}.

    `model`, `x`: as for `gradient_flow`; `layer`: a name that `trace` gives, the last forward one
    if not said. Raises ConfigError for an unknown layer or sample, and where the Jacobians would
    take more than 2 GB; UnsupportedModelError as `trace` does.

    >>> import torch
    >>> from torch import nn
    >>> rnn = nn.RNN(1, 2, nonlinearity="relu", batch_first=True)
    >>> with torch.no_grad():
    ...     _ = rnn.weight_ih_l0.fill_(9.0), rnn.weight_hh_l0.copy_(0.5 * torch.eye(2))
    >>> jacobians(rnn, torch.ones(1, 4, 1))[-1]
    array([[0.5, 0. ],
           [0. , 0.5]])
    """
    steps = layer_steps(model, x, layer)
    of = check_sample(sample, steps.x.shape[1])
    check_bytes(steps)
    found = np.concatenate(list(jacobians_of(steps, of)))
    return found[::-1].copy() if steps.reverse else found


def jacobians_of(steps: LayerSteps, sample: int, *, last_first: bool = False) -> Iterator[Array]:
    """The same in the order of the run, in pieces (n, S, S) of a few MB, from either end."""
    T, S = len(steps.x), steps.size
    each = max(1, CHUNK_BYTES // (8 * S * S))
    for t in range(0, T, each)[:: -1 if last_first else 1]:
        part = slice(t, t + each)
        yield steps.linearised(steps.x[part, sample], steps.before[part, sample])[1]


def check_bytes(steps: LayerSteps) -> None:
    """Raises ConfigError where all Jacobians of a sequence are more than fit."""
    T, S = len(steps.x), steps.size
    if 8 * T * S * S > MAX_BYTES:
        raise ConfigError(
            N_("The Jacobians of {steps:,} steps of {size:,} states would take {got:.1f} GB. "
               "Give at most {most:,} steps, or fewer units."),
            steps=T, size=S, got=8 * T * S * S / 1e9, most=MAX_BYTES // (8 * S * S),
        )  # fmt: skip
