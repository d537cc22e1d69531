"""The constant error carousel: what of a gradient rides the gates alone, from state to state."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from lstm_viz.errors import ConfigError
from lstm_viz.instruments.choosing import chosen
from lstm_viz.instruments.gradient_flow import Steps, at_one_step, in_order
from lstm_viz.instruments.isolation import LossFunction
from lstm_viz.instruments.layer_trace import Array
from lstm_viz.instruments.retraced import Seen, passes_with
from lstm_viz.models.cells import cell_of
from lstm_viz.words import N_


@dataclass(frozen=True, eq=False)
class Carousel:
    """A gradient that enters at one step alone, taken apart into its ways back.

    With a_t the share of its old state that each unit keeps at step t, and c_t that state:
    dL/dc_{t-1} = a_t dL/dc_t + what comes round through h and its weights.
    """

    state: str
    """`"cell"` where there is one, else `"hidden"`."""
    entered: Steps
    """(B,): s, the step at which it enters."""
    total: Array
    """(B, T, H): dL_s/dc_t as it is, all ways together; 0 at the steps that ran after s."""
    once: Array
    """(B, T, H): what of it came from the next step straight, a_{t+1} dL_s/dc_{t+1}; at s all."""
    alone: Array
    """(B, T, H): what came all the way straight, (a_{t+1} ··· a_s) dL_s/dc_s."""


def carousel(
    model: Seen,
    x: Any = None,
    *,
    at: int = -1,
    layer: str | None = None,
    loss_fn: LossFunction | None = None,
    targets: Any = None,
) -> Carousel:
    """The gradient of one step, as measured and as the gates alone would carry it, in float64.

    An LSTM's c_t = f_t c_{t-1} + i_t g_t carries dL/dc_t back by f_t (the constant error carousel
    of Hochreiter & Schmidhuber 1997, section 4; the forget gate is Gers et al. 2000); what comes
    round through h_t and the gates of the next step is the rest. A GRU keeps z_t (in PyTorch's
    convention), a minGRU 1 - z_t and a minLSTM f_t / (f_t + i_t) of h_{t-1}: of these two the
    product is all there is (Feng et al. 2024).

    `model`, `x`, `at`, `layer`, `loss_fn`, `targets` and what is raised: as for `gradient_flow`;
    and ConfigError for a cell that keeps no share of its state, such as a plain RNN.

    >>> import torch
    >>> from torch import nn
    >>> lstm = nn.LSTM(1, 2, batch_first=True)
    >>> _ = nn.init.zeros_(lstm.weight_hh_l0)  # then nothing can come round
    >>> found = carousel(lstm, torch.ones(1, 4, 1))
    >>> bool(np.allclose(found.alone, found.total))
    True
    """
    passes, layer = passes_with(model, x, layer, loss_fn=loss_fn, targets=targets)
    name, (_, each) = chosen(passes, layer)
    traced, spec = each.trace, cell_of(each.trace.kind)
    kept = spec.kept(traced.gates, traced.options)
    if kept is None:
        raise ConfigError(
            N_("A layer of kind {kind} has no carousel: it keeps no share of its state. An LSTM "
               "or a GRU has one."),
            kind=traced.kind,
        )  # fmt: skip
    state = "cell" if "cell" in spec.states else "hidden"
    entering, last = at_one_step(each, at, name)
    total = each.backward(entering)[state]
    share = np.asarray(kept, np.float64).swapaxes(0, 1)[:: -1 if each.reverse else 1]
    once, alone = np.zeros_like(total), np.zeros_like(total)
    T = len(total)
    for t in reversed(range(T)):
        if t + 1 < T:
            before = np.less(t, last)[:, None]
            once[t] = np.where(before, share[t + 1] * total[t + 1], 0.0)
            alone[t] = np.where(before, share[t + 1] * alone[t + 1], 0.0)
        here = np.equal(t, last)[:, None]
        once[t], alone[t] = (np.where(here, total[t], way[t]) for way in (once, alone))
    entered = (T - 1 - last if each.reverse else last).astype(np.int64)
    return Carousel(state, entered, *(in_order(each, way) for way in (total, once, alone)))
