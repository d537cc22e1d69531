"""What a cell needs to take its steps apart: a layer as measured, and its weights' products.

Arrays are of one sample, float64, (T, H), in the order in which the layer ran.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from lstm_viz.models.cell import Array
from lstm_viz.models.options import Options

Blocks = Mapping[str, Array]
"""Gate -> (T, H)."""


@dataclass(frozen=True)
class Measured:
    """What a trace says of one layer in one direction over one sequence."""

    options: Options
    """The cell's own settings."""
    x: Array
    """(T, D): x_t."""
    states: Mapping[str, Array]
    """`"hidden"`, `"cell"`: h_t, c_t."""
    before: Mapping[str, Array]
    """The same one step ago."""
    gates: Blocks
    """Activations."""
    grad: Mapping[str, Array]
    """The total derivatives dL/dh_t and dL/dc_t by the state's name; empty where there is no L."""
    grad_gates: Blocks
    """dL/da_t of each block of pre-activations, likewise."""


@dataclass(frozen=True)
class OpenLayer(ABC):
    """The same layer, and what its weights make of what was measured."""

    measured: Measured
    weights: Mapping[str, Array]
    """The parameters of this layer and direction, by PyTorch's names: `"weight_hh"`."""
    from_input: Blocks
    """W x_t, after its layer normalisation where there is one."""
    from_hidden: Blocks
    """U h_{t-1}, likewise."""
    bias: Blocks
    """What is added to both."""

    @abstractmethod
    def to_hidden(self, da: Blocks) -> Blocks:
        """What each block of dL/da_t sends back to h_{t-1}: Uᵀ dL/da_t, gate by gate."""

    def shown_cell(self, c: Array) -> Array:
        """What of c_t goes towards h_t: c_t, or its layer normalisation."""
        return c

    def through_shown_cell(self, c: Array, gradient: Array) -> Array:
        """dL/dc_t at c from dL/d of what is shown of it."""
        return gradient


def terms(layer: OpenLayer, gate: str) -> dict[str, Array]:
    """The terms W x_t, U h_{t-1}, b of a block as `{gate}.x`, `.u`, `.b`, and their sum `.a`."""
    x, u, b = layer.from_input[gate], layer.from_hidden[gate], layer.bias[gate]
    return {f"{gate}.x": x, f"{gate}.u": u, f"{gate}.b": b, f"{gate}.a": x + u + b}


def next_step(sent: Array, last: Array | None = None) -> Array:
    """At each t what step t + 1 sent back; at the last step `last` (H,), 0 if not said."""
    return np.concatenate((sent[1:], np.zeros_like(sent[:1]) if last is None else last[None]))


def product_since(factor: Array) -> Array:
    """The product of the factors of all later steps: what they make of a gradient of 1 at the end.

    >>> product_since(np.array([[0.5], [0.5], [0.9]])).ravel().tolist()
    [0.45, 0.9, 1.0]
    """
    products = np.asarray(np.cumprod(factor[::-1], axis=0)[::-1], np.float64)
    return next_step(products, np.ones_like(factor[0]))
