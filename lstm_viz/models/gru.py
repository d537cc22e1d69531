"""The gated recurrent unit."""

from collections.abc import Mapping
from typing import ClassVar

import numpy as np

from lstm_viz.models.cell import (
    Array,
    Gradients,
    Replay,
    Weights,
    blocks,
    diagonals,
    over_time,
    product,
    sigmoid,
)
from lstm_viz.models.diagram import Diagram
from lstm_viz.models.dissection import OpenLayer, next_step, product_since, terms
from lstm_viz.models.gru_diagram import gru
from lstm_viz.models.options import CHRONO, Gate, Options
from lstm_viz.models.spec import Floats, FusedSpec
from lstm_viz.words import N_

GATE_FORMULAS = (
    r"r_t = \sigma(W_r x_t + U_r h_{t-1} + b_r)",
    r"z_t = \sigma(W_z x_t + U_z h_{t-1} + b_z)",
    r"n_t = \tanh(W_n x_t + b_n + r_t \odot (U_n h_{t-1} + b_{hn}))",
)


class GRUSpec(FusedSpec):
    """The GRU of Cho et al. 2014, equations 5 to 8, as PyTorch and cuDNN compute it.

    Two conventions to know. z -> 1 keeps the state; Chung et al. 2014 swap z and 1 - z. And
    the reset gate scales U_n h_{t-1} + b_hn, after the product; Cho et al. scale h_{t-1}.
    """

    kind = "gru"
    label = "GRU"
    summary = N_("GRU: two gates.")
    gates = (
        Gate("reset", "r"),
        Gate("update", "z"),
        Gate("candidate", "n", label=N_("candidate n")),
    )
    options: ClassVar = {"chrono": CHRONO}
    layer = "GRU"
    own_recurrent_bias = ("candidate",)
    swaps = "update"

    def formulas(self, options: Options) -> tuple[str, ...]:
        return (*GATE_FORMULAS, r"h_t = (1 - z_t) \odot n_t + z_t \odot h_{t-1}")

    def swapped_formulas(self, options: Options) -> tuple[str, ...]:
        """As in Chung et al. 2014; its z has the weights of PyTorch's with the sign turned."""
        return (*GATE_FORMULAS, r"h_t = z_t \odot n_t + (1 - z_t) \odot h_{t-1}")

    def kept(self, gates: Mapping[str, Floats], options: Options) -> Floats:
        return gates["update"]

    def convention(self, options: Options) -> str:
        return N_("Update gate 1: the state is kept. 0: it is replaced.")

    def swapped_convention(self, options: Options) -> str:
        return N_("1 - z near 0: the state is kept. 1: it is replaced.")

    def forward(self, weights: Weights, x: Array, before: Array, c_0: Array) -> Replay:
        x_r, x_z, x_n = blocks(over_time(x, weights.W, weights.b_x), 3)
        h_r, h_z, h_n = blocks(over_time(before, weights.U, weights.b_h), 3)
        r = sigmoid(x_r + h_r)  # reset gate: Cho et al. 2014, eq. 5
        z = sigmoid(x_z + h_z)  # update gate: eq. 6
        n = np.tanh(x_n + r * h_n)  # candidate: eq. 8
        h = (1.0 - z) * n + z * before  # eq. 7
        return Replay(h, before, {"reset": r, "update": z, "candidate": n, "recurrent": h_n})

    def jacobians(self, weights: Weights, replay: Replay) -> Array:
        h_by_U, _h_by_a_n = _by_preactivations(replay)
        H = replay.hidden.shape[-1]
        J: Array = np.einsum("tbgj,gjk->tbjk", h_by_U, weights.U.reshape(3, H, H))
        return J + diagonals(replay.signals["update"])

    def backward(self, weights: Weights, replay: Replay, dh: Array, dc_n: Array) -> Gradients:
        z, (T, B, H) = replay.signals["update"], dh.shape
        # The local derivatives are known for all t before the sweep starts.
        h_by_U, h_by_a_n = _by_preactivations(replay)
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

    def diagram(self, options: Options) -> Diagram:
        reset, update, _candidate = self.gates
        return gru(reset, update)

    def dissect_forward(self, layer: OpenLayer) -> dict[str, Array]:
        measured = layer.measured
        before, gates = measured.before["hidden"], measured.gates
        r, z, n = gates["reset"], gates["update"], gates["candidate"]
        steps = {"h_before": before, **gates}
        for gate in gates:
            steps |= terms(layer, gate)
        past = r * steps["candidate.u"]
        return steps | {
            "past": past,
            "candidate.a": steps["candidate.x"] + steps["candidate.b"] + past,
            "fresh": 1.0 - z,
            "kept": z * before,
            "added": (1.0 - z) * n,
            "h": measured.states["hidden"],
        }

    def dissect_backward(
        self,
        layer: OpenLayer,
        steps: Mapping[str, Array],
        direct: Array,
        dc_n: Array | None,
    ) -> dict[str, Array]:
        r, z, n = steps["reset"], steps["update"], steps["candidate"]
        dh, da = layer.measured.grad["hidden"], layer.measured.grad_gates
        through = {**da, "candidate": da["candidate"] * r}  # U_n h_{t-1} passes r_t first
        back = layer.to_hidden(through)
        carry, gates_back = dh * z, np.asarray(sum(back.values()))
        return {
            "direct": direct,
            "later": next_step(carry + gates_back),
            "dh": dh,
            "carry": carry,
            "d.update": dh * (steps["h_before"] - n),
            "d.kept_gate": dh * steps["h_before"],
            "d.fresh": dh * n,
            "d.candidate": dh * (1.0 - z),
            "d.past": da["candidate"],
            "d.reset": da["candidate"] * steps["candidate.u"],
            "d.u": through["candidate"],
            **{f"da.{gate}": values for gate, values in da.items()},
            **{f"slope.{gate}": steps[gate] * (1.0 - steps[gate]) for gate in ("reset", "update")},
            "slope.candidate": 1.0 - n * n,
            **{f"back.{gate}": values for gate, values in back.items()},
            "gates_back": gates_back,
            "back": carry + gates_back,
            "factor": z,
            "gain": product_since(z),
        }


def _by_preactivations(replay: Replay) -> tuple[Array, Array]:
    """∂h_t/∂(U h_{t-1}) by its blocks r, z, n, (T, B, 3, H), and ∂h_t/∂a_n (T, B, H)."""
    r, z, n, h_n = (replay.signals[s] for s in ("reset", "update", "candidate", "recurrent"))
    T, B, H = z.shape
    h_by_a_n = (1.0 - z) * (1.0 - n * n)
    h_by_U = np.empty((T, B, 3, H))
    np.multiply(h_by_a_n * h_n, r * (1.0 - r), out=h_by_U[:, :, 0])
    np.multiply(replay.hidden_before - n, z * (1.0 - z), out=h_by_U[:, :, 1])
    np.multiply(h_by_a_n, r, out=h_by_U[:, :, 2])
    return h_by_U, h_by_a_n
