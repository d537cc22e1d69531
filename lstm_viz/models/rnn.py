"""The simple recurrent network (Elman 1990)."""

import numpy as np

from lstm_viz.models.cell import Array, Cell, Gradients, Replay, Weights, over_time, product


class TanhRNN(Cell):
    """h_t = tanh(W x_t + b_x + U h_{t-1} + b_h)."""

    kind = "rnn_tanh"
    gates = ()

    def forward(self, weights: Weights, x: Array, before: Array, c_0: Array) -> Replay:  # noqa: ARG002
        a = over_time(x, weights.W, weights.b_x) + over_time(before, weights.U, weights.b_h)
        return Replay(self.activation(a), before, {})

    def backward(self, weights: Weights, replay: Replay, dh: Array, dc_n: Array) -> Gradients:  # noqa: ARG002
        slope = self.slope(replay.hidden)  # ∂h_t/∂a_t
        da = np.empty_like(dh)
        from_later = np.zeros_like(dh[0])
        for t in reversed(range(len(dh))):
            dh[t] += from_later  # dL/dh_t = direct + Uᵀ dL/da_{t+1}
            np.multiply(dh[t], slope[t], out=da[t])
            from_later = product(da[t], weights.U)
        return Gradients(dh, da[:, :, None])

    def activation(self, a: Array) -> Array:
        return np.tanh(a)

    def slope(self, h: Array) -> Array:
        """tanh'(a) = 1 - tanh(a)²."""
        slope: Array = 1.0 - h * h
        return slope


class ReluRNN(TanhRNN):
    """h_t = max(0, W x_t + b_x + U h_{t-1} + b_h) (Le, Jaitly & Hinton 2015)."""

    kind = "rnn_relu"

    def activation(self, a: Array) -> Array:
        return np.maximum(a, 0.0)

    def slope(self, h: Array) -> Array:
        """1 where the unit is on, else 0; 0 at a = 0, as PyTorch has it."""
        return (h > 0.0).astype(np.float64)
