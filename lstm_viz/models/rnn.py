"""The simple recurrent network (Elman 1990)."""

from collections.abc import Mapping
from typing import ClassVar

import numpy as np

from lstm_viz.models.cell import Array, Gradients, Replay, Weights, over_time, product
from lstm_viz.models.dissection import OpenLayer, next_step, product_since, terms
from lstm_viz.models.spec import FusedSpec, Options
from lstm_viz.words import N_


class TanhRNNSpec(FusedSpec):
    """h_t = tanh(W x_t + b_x + U h_{t-1} + b_h)."""

    kind = "rnn_tanh"
    label = N_("RNN (tanh)")
    layer = "RNN"
    arguments: ClassVar = {"nonlinearity": "tanh"}

    def formulas(self, options: Options) -> tuple[str, ...]:
        return (r"h_t = \tanh(W x_t + U h_{t-1} + b)",)

    def forward(self, weights: Weights, x: Array, before: Array, c_0: Array) -> Replay:
        a = over_time(x, weights.W, weights.b_x) + over_time(before, weights.U, weights.b_h)
        return Replay(self.activation(a), before, {})

    def backward(self, weights: Weights, replay: Replay, dh: Array, dc_n: Array) -> Gradients:
        slope = self.slope(replay.hidden)  # ∂h_t/∂a_t
        da = np.empty_like(dh)
        from_later = np.zeros_like(dh[0])
        for t in reversed(range(len(dh))):
            dh[t] += from_later  # dL/dh_t = direct + Uᵀ dL/da_{t+1}
            np.multiply(dh[t], slope[t], out=da[t])
            from_later = product(da[t], weights.U)
        return Gradients(dh, da[:, :, None])

    def preactivation_gradients(
        self,
        hidden: Array,
        grad_hidden: Array,
        grad_gates: Mapping[str, Array],
    ) -> Mapping[str, Array]:
        return {"candidate": grad_hidden * self.slope(hidden)}

    def activation(self, a: Array) -> Array:
        return np.tanh(a)

    def slope(self, h: Array) -> Array:
        """tanh'(a) = 1 - tanh(a)²."""
        slope: Array = 1.0 - h * h
        return slope

    def dissect_forward(self, layer: OpenLayer) -> dict[str, Array]:
        measured = layer.measured
        states = {"h_before": measured.before["hidden"], "h": measured.states["hidden"]}
        return states | terms(layer, "candidate")

    def dissect_backward(
        self,
        layer: OpenLayer,
        steps: Mapping[str, Array],
        direct: Array,
        dc_n: Array | None,
    ) -> dict[str, Array]:
        da, slope = layer.measured.grad_gates["candidate"], self.slope(steps["h"])
        back = layer.to_hidden({"candidate": da})["candidate"]
        factor = slope * np.diagonal(layer.weights["weight_hh"])  # through the unit's own weight
        return {
            "direct": direct,
            "later": next_step(back),
            "dh": layer.measured.grad["hidden"],
            "slope.candidate": slope,
            "da.candidate": da,
            "back": back,
            "factor": factor,
            "gain": product_since(factor),
        }


class ReluRNNSpec(TanhRNNSpec):
    """h_t = max(0, W x_t + b_x + U h_{t-1} + b_h) (Le, Jaitly & Hinton 2015)."""

    kind = "rnn_relu"
    label = N_("RNN (relu)")
    arguments: ClassVar = {"nonlinearity": "relu"}

    def formulas(self, options: Options) -> tuple[str, ...]:
        return (r"h_t = \max(0, W x_t + U h_{t-1} + b)",)

    def activation(self, a: Array) -> Array:
        return np.maximum(a, 0.0)

    def slope(self, h: Array) -> Array:
        """1 where the unit is on, else 0; 0 at a = 0, as PyTorch has it."""
        return (h > 0.0).astype(np.float64)
