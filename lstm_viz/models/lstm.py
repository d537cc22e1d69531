"""Long short-term memory with a forget gate."""

from collections.abc import Mapping
from typing import ClassVar

import numpy as np

from lstm_viz.models import lstm_parts
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
from lstm_viz.models.dissection import OpenLayer
from lstm_viz.models.lstm_diagram import lstm
from lstm_viz.models.lstm_parts import FORGET, GATES, Parts
from lstm_viz.models.lstm_paths import lstm_backward, lstm_forward
from lstm_viz.models.options import CHRONO, FORGET_BIAS, Options
from lstm_viz.models.spec import Floats, FusedSpec, Mask, Steps
from lstm_viz.words import N_


class LSTMSpec(FusedSpec):
    """The LSTM of Hochreiter & Schmidhuber 1997 with Gers, Schmidhuber & Cummins' forget gate.

    The forward equations are those of Greff et al. 2017, section II-A, without peepholes; the
    backward ones those of section II-B.
    """

    kind = "lstm"
    label = "LSTM"
    summary = N_("LSTM: three gates, and a cell state beside the hidden state.")
    gates = GATES
    states = ("hidden", "cell")
    options: ClassVar = {"forget_bias": FORGET_BIAS, "chrono": CHRONO}
    layer = "LSTM"

    def formulas(self, options: Options) -> tuple[str, ...]:
        return lstm_parts.formulas(Parts())

    def convention(self, options: Options) -> str:
        return lstm_parts.convention(Parts())

    def kept(self, gates: Mapping[str, Floats], options: Options) -> Floats:
        return gates["forget"]

    def forward(self, weights: Weights, x: Array, before: Array, c_0: Array) -> Replay:
        a = over_time(x, weights.W, weights.b_x)
        a += over_time(before, weights.U, weights.b_h)
        a_i, a_f, a_g, a_o = blocks(a, 4)
        i = sigmoid(a_i)  # input gate: Hochreiter & Schmidhuber 1997, section 4
        f = sigmoid(a_f)  # forget gate: Gers et al. 2000, section 3
        g = np.tanh(a_g)  # candidate
        o = sigmoid(a_o)  # output gate: Hochreiter & Schmidhuber 1997, section 4
        gates = {"input": i, "forget": f, "candidate": g, "output": o}
        return _around(weights, before, gates, *cell_states(f, i * g, c_0))

    def with_cell(self, weights: Weights, replay: Replay, cell: Array, c_0: Array) -> Replay:
        c_before = np.concatenate((c_0[None], cell[:-1]))
        return _around(weights, replay.hidden_before, replay.signals, c_before, cell)

    def ended(
        self,
        weights: Weights,
        replay: Replay,
        beyond: Mask,
        ends: tuple[Steps, Steps],
        c_0: Array,
    ) -> Replay:
        assert replay.cell is not None
        for gate in GATES:  # so that c_t = c_{t-1} there, and dL/dc_n arrives where a sample ends
            values = replay.signals[gate.name]
            np.copyto(values, 1.0 if gate is FORGET else 0.0, where=beyond)
        cell = np.where(beyond, replay.cell[ends], replay.cell)
        return self.with_cell(weights, replay, cell, c_0)

    def hidden_by_cell(self, replay: Replay) -> Array:
        tanh_c = replay.signals["tanh_c"]
        slope: Array = replay.signals["output"] * (1.0 - tanh_c * tanh_c)
        return slope

    def jacobians(self, weights: Weights, replay: Replay) -> Array:
        f, (T, B, H) = replay.signals["forget"], replay.hidden.shape
        h_by_c, (c_by_a, h_by_a_o) = self.hidden_by_cell(replay), _by_preactivations(replay)
        U = weights.U.reshape(4, H, H)
        J = np.empty((T, B, 2 * H, 2 * H))
        c_by_h = J[..., H:, :H]  # through the gates i, f and g
        np.einsum("tbgj,gjk->tbjk", c_by_a, U[:3], out=c_by_h)
        # h_t sees h_{t-1} through c_t and through o_t
        J[..., :H, :H] = h_by_c[..., None] * c_by_h + h_by_a_o[..., None] * U[3]
        J[..., H:, H:] = diagonals(f)
        J[..., :H, H:] = diagonals(h_by_c * f)
        return J

    def backward(self, weights: Weights, replay: Replay, dh: Array, dc_n: Array) -> Gradients:
        f, P = replay.signals["forget"], weights.P
        T, B, H = f.shape
        # The local derivatives are known for all t before the sweep starts.
        h_by_c = self.hidden_by_cell(replay)
        c_by_a, h_by_a_o = _by_preactivations(replay)
        dc, da = np.empty_like(f), np.empty((T, B, 4, H))
        h_from_later, c_from_later = np.zeros_like(dh[0]), dc_n
        for t in reversed(range(T)):
            dh_t, dc_t, da_t = dh[t], dc[t], da[t]
            dh_t += h_from_later  # dL/dh_t = direct + Uᵀ dL/da_{t+1}
            dm_t = dh_t if P is None else product(dh_t, P)  # h_t = P m_t, m_t = o_t tanh(c_t)
            np.multiply(dm_t, h_by_c[t], out=dc_t)
            dc_t += c_from_later  # dL/dc_t = dL/dh_t ∂h_t/∂c_t + f_{t+1} dL/dc_{t+1}
            np.multiply(dc_t[:, None], c_by_a[t], out=da_t[:, :3])
            np.multiply(dm_t, h_by_a_o[t], out=da_t[:, 3])
            h_from_later = product(da_t.reshape(B, 4 * H), weights.U)
            c_from_later = f[t] * dc_t  # the constant error carousel where f_t = 1
        return Gradients(dh, da, cell=dc)

    def diagram(self, options: Options) -> Diagram:
        return lstm()

    def dissect_forward(self, layer: OpenLayer) -> dict[str, Array]:
        return lstm_forward(layer, Parts())

    def dissect_backward(
        self, layer: OpenLayer, steps: Mapping[str, Array], direct: Array, dc_n: Array | None
    ) -> dict[str, Array]:
        factor = self.kept(layer.measured.gates, layer.measured.options)
        return lstm_backward(layer, steps, direct, dc_n, Parts(), factor)


def _by_preactivations(replay: Replay) -> tuple[Array, Array]:
    """∂c_t/∂(a_i, a_f, a_g), (T, B, 3, H), and ∂h_t/∂a_o (T, B, H)."""
    i, f, g, o = (replay.signals[gate.name] for gate in GATES)
    T, B, H = i.shape
    c_by_a = np.empty((T, B, 3, H))
    np.multiply(g, i * (1.0 - i), out=c_by_a[:, :, 0])
    np.multiply(replay.signals["c_before"], f * (1.0 - f), out=c_by_a[:, :, 1])
    np.multiply(i, 1.0 - g * g, out=c_by_a[:, :, 2])
    return c_by_a, replay.signals["tanh_c"] * o * (1.0 - o)


def _around(
    weights: Weights, before: Array, gates: Mapping[str, Array], c_before: Array, c: Array
) -> Replay:
    tanh_c = np.tanh(c)
    h = gates["output"] * tanh_c  # h_t = o_t tanh(c_t)
    if weights.P is not None:  # Sak, Senior & Beaufays 2014, eq. 7
        h = over_time(h, weights.P, np.zeros(len(weights.P)))
    return Replay(h, before, {**gates, "tanh_c": tanh_c, "c_before": c_before}, cell=c)


def cell_states(f: Array, added: Array, c_0: Array) -> tuple[Array, Array]:
    """(T, ...): c_{t-1} and c_t, of c_t = f_t c_{t-1} + i_t g_t (Gers et al. 2000)."""
    states = np.concatenate((c_0[None], added))  # c_0, c_1, ..., c_T
    for t in range(len(added)):
        states[t + 1] += f[t] * states[t]
    return states[:-1], states[1:]


def kept_share(gates: Mapping[str, Floats], parts: Parts) -> Floats:
    """The share of c_{t-1} in c_t: k + (1 - k) f_t, where zoneout keeps k and f_t may be off."""
    f = gates["forget"] if parts.forget_gate else np.ones_like(gates["candidate"])
    return parts.zoneout + (1.0 - parts.zoneout) * f if parts.zoneout else f
