"""Take a step of a recurrent layer apart: each term of each sum, and each path of the gradient.

Nothing is worked out twice: the gates, the states and their total derivatives are those of
`trace`; each cell says which terms they are sums of.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import torch
from torch import nn

from lstm_viz.errors import UnsupportedModelError
from lstm_viz.instruments.anatomy import Anatomy
from lstm_viz.instruments.choosing import chosen
from lstm_viz.instruments.isolation import LossFunction
from lstm_viz.instruments.layer_pass import LayerPass
from lstm_viz.instruments.open_layer import opened
from lstm_viz.instruments.recording import Recording
from lstm_viz.instruments.trace import recorded_passes
from lstm_viz.measures.packed import is_reverse
from lstm_viz.models.cell import Array
from lstm_viz.models.cells import cell_of
from lstm_viz.words import N_


def dissect(
    model: nn.Module,
    x: Any,
    *,
    layer: str,
    loss_fn: LossFunction | None = None,
    targets: Any = None,
) -> Anatomy:
    """What each step of one layer is made of, for the one sample of x (1, T, D).

    `layer` is a name that `trace` gives. The terms of every pre-activation sum to it, and the
    paths of the gradient to the total derivatives of `trace`. Raises ConfigError for an unknown
    layer, UnsupportedModelError for a cell without a diagram and for what `trace` cannot trace.

    >>> lstm = nn.LSTM(1, 4, batch_first=True)
    >>> step = dissect(lstm, torch.rand(1, 9, 1), layer="l0").forward
    >>> a = step["forget.x"] + step["forget.u"] + step["forget.b"]
    >>> bool(np.allclose(1 / (1 + np.exp(-a)), step["forget"]))
    True
    """
    found = recorded_passes(model, x, loss_fn=loss_fn, targets=targets)
    layer, (recording, measured) = chosen(found, layer)
    return taken_apart(recording, measured, layer)


def taken_apart(recording: Recording, measured: LayerPass, layer: str, sample: int = 0) -> Anatomy:
    """The same of one sample of a pass. Raises UnsupportedModelError for a cell without a
    diagram.
    """
    spec, trace, entering = cell_of(recording.kind), measured.trace, measured.entering
    if trace.cell is not None and trace.cell.shape != trace.hidden.shape:
        raise UnsupportedModelError(
            N_("The layer '{layer}' projects its h_t (proj_size), and the diagram has no place for "
               "that. 'trace' reads it."),
            layer=layer,
        )  # fmt: skip
    with torch.no_grad(), np.errstate(over="ignore", invalid="ignore"):
        open_layer = opened(recording, trace, layer, sample)
        steps = spec.dissect_forward(open_layer)
        back: Mapping[str, Array] = {}
        if entering is not None:
            direct = entering.hidden[:, sample]
            dc_n = entering.last[0][sample] if entering.last else None  # c is the second state
            back = spec.dissect_backward(open_layer, steps, direct, dc_n)
    H = trace.hidden.shape[-1]
    return Anatomy(
        kind=recording.kind,
        forward=steps,
        backward=back,
        input=open_layer.measured.x,
        units=np.arange(H),
        hidden_size=H,
        options=trace.options,
        reverse=is_reverse(layer),
    )
