"""The gated recurrent unit."""

import numpy as np

from lstm_viz.models.cell import (
    Array,
    Cell,
    Gradients,
    Replay,
    Weights,
    blocks,
    over_time,
    product,
    sigmoid,
)


class GRU(Cell):
    """The GRU of Cho et al. 2014, equations 5 to 8, as PyTorch and cuDNN compute it.

    Two conventions to know. z -> 1 keeps the state; Chung et al. 2014 swap z and 1 - z. And
    the reset gate scales U_n h_{t-1} + b_hn, after the product; Cho et al. scale h_{t-1}.
    """

    kind = "gru"
    gates = ("reset", "update", "candidate")

    def forward(self, weights: Weights, x: Array, before: Array, c_0: Array) -> Replay:  # noqa: ARG002
        x_r, x_z, x_n = blocks(over_time(x, weights.W, weights.b_x), 3)
        h_r, h_z, h_n = blocks(over_time(before, weights.U, weights.b_h), 3)
        r = sigmoid(x_r + h_r)  # reset gate: Cho et al. 2014, eq. 5
        z = sigmoid(x_z + h_z)  # update gate: eq. 6
        n = np.tanh(x_n + r * h_n)  # candidate: eq. 8
        h = (1.0 - z) * n + z * before  # eq. 7
        return Replay(h, before, {"reset": r, "update": z, "candidate": n, "recurrent": h_n})

    def backward(self, weights: Weights, replay: Replay, dh: Array, dc_n: Array) -> Gradients:  # noqa: ARG002
        r, z, n, h_n = replay.signals.values()
        T, B, H = dh.shape
        # The local derivatives are known for all t before the sweep starts.
        h_by_a_n = (1.0 - z) * (1.0 - n * n)
        h_by_U = np.empty((T, B, 3, H))  # ∂h_t/∂ what U h_{t-1} adds to (a_r, a_z, r·)
        np.multiply(h_by_a_n * h_n, r * (1.0 - r), out=h_by_U[:, :, 0])
        np.multiply(replay.hidden_before - n, z * (1.0 - z), out=h_by_U[:, :, 1])
        np.multiply(h_by_a_n, r, out=h_by_U[:, :, 2])

        da = np.empty((T, B, 3, H))
        from_later = np.zeros((B, H))
        for t in reversed(range(T)):
            dh_t, da_t = dh[t], da[t]
            dh_t += from_later  # dL/dh_t = direct + z_{t+1} dL/dh_{t+1} + Uᵀ(...)
            np.multiply(dh_t[:, None], h_by_U[t], out=da_t)
            from_later = product(da_t.reshape(B, 3 * H), weights.U)
            from_later += z[t] * dh_t
        np.multiply(dh, h_by_a_n, out=da[:, :, 2])  # W x_t reaches a_n without passing r_t
        return Gradients(dh, da)
