"""A layer's trace cut down to what pages show."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from lstm_viz.instruments.layer_trace import LayerTrace
from lstm_viz.runs.frames import LayerFrame, Norms, Values

MOST_READ = 3
"""Features of x_t up to which a frame keeps them."""
MAX_UNITS = 64
"""Units a frame keeps per layer; evenly spaced ones of a wider layer."""


def reduced(
    layer: LayerTrace,
    flow_norms: Mapping[str, Norms],
    flow_from: npt.NDArray[np.int64],
    *,
    reverse: bool,
    reads: bool = False,
) -> LayerFrame:
    """A trace with at most `MAX_UNITS` units, float32, and its gradient norms over all units;
    with x_t if this frame `reads` other examples than the next.
    """
    hidden_size = layer.hidden.shape[-1]
    units = kept_units(hidden_size)
    features = width if (width := layer.input.shape[-1]) <= MOST_READ else 0

    def whole(values: npt.NDArray[np.float64]) -> Values:
        with np.errstate(over="ignore"):  # beyond float32 it is shown as infinite
            return np.ascontiguousarray(values, dtype=np.float32)

    def keep(values: npt.NDArray[np.float64]) -> Values:
        return whole(values[..., units])

    def magnitude(gradient: npt.NDArray[np.float64] | None) -> Values:
        assert gradient is not None
        with np.errstate(divide="ignore"):
            return keep(np.log10(np.abs(gradient)))

    return LayerFrame(
        kind=layer.kind,
        hidden_size=hidden_size,
        units=units,
        hidden=keep(layer.hidden),
        cell=None if layer.cell is None else keep(layer.cell),
        gates={name: keep(gate) for name, gate in layer.gates.items()},
        grad_hidden_norm=layer.grad_norm("hidden"),
        grad_cell_norm=None if layer.cell is None else layer.grad_norm("cell"),
        log_grad_hidden=magnitude(layer.grad_hidden),
        log_grad_cell=None if layer.cell is None else magnitude(layer.grad_cell),
        flow_norms=flow_norms,
        flow_from=flow_from,
        reverse=reverse,
        inner_cell=None if layer.inner_cell is None else keep(layer.inner_cell),
        options=layer.options,
        reads=whole(layer.input[..., :features]) if reads else None,
        lengths=layer.lengths,
    )


def kept_units(hidden_size: int) -> npt.NDArray[np.int64]:
    """(U,): the units of a layer that a frame keeps."""
    return np.unique(np.linspace(0, hidden_size - 1, min(hidden_size, MAX_UNITS)).astype(int))
