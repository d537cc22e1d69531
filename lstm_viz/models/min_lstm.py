"""The minimal LSTM: its gates see the input alone and share the state among them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from lstm_viz.models.cell import Array
from lstm_viz.models.diagram import Diagram
from lstm_viz.models.input_gated import InputGatedSpec
from lstm_viz.models.input_gated_diagram import min_lstm
from lstm_viz.models.options import CHRONO, FORGET_BIAS, Gate, Options
from lstm_viz.models.spec import Floats, Parameters, States, Step
from lstm_viz.words import N_

if TYPE_CHECKING:
    from torch import Tensor

TINY = 1e-37
"""Below every sum of two gates that is a number in float32."""


class MinLSTMSpec(InputGatedSpec):
    """The minLSTM of Feng et al. 2024, section 3.2: an LSTM without U, c_t, output gate and tanh.

    Forget and input gate are brought to a sum of 1, so that the state keeps its scale:
    f'_t = f_t / (f_t + i_t), and ∂h_t/∂h_{t-1} = diag(f'_t).
    """

    kind = "min_lstm"
    label = "minLSTM"
    summary = N_("minLSTM: two gates, which see the input alone and share the state.")
    gates = (
        Gate("forget", "f"),
        Gate("input", "i"),
        Gate("candidate", "n", label=N_("candidate n")),
    )
    options: ClassVar = {"forget_bias": FORGET_BIAS, "chrono": CHRONO}

    def formulas(self, options: Options) -> tuple[str, ...]:
        return (
            r"f_t = \sigma(W_f x_t + b_f)",
            r"i_t = \sigma(W_i x_t + b_i)",
            r"n_t = W_n x_t + b_n",
            r"h_t = (f_t \odot h_{t-1} + i_t \odot n_t) / (f_t + i_t)",
        )

    def kept(self, gates: Mapping[str, Floats], options: Options) -> Floats:
        f, i = gates["forget"], gates["input"]
        return np.asarray(f / np.maximum(f + i, TINY))

    def convention(self, options: Options) -> str:
        return N_(
            "Forget gate large beside the input gate: the state is kept. Small: it is replaced."
        )

    def shares(self, gates: Mapping[str, Array]) -> dict[str, Array]:
        f, i = gates["forget"], gates["input"]
        per = 1.0 / np.maximum(f + i, TINY)
        return {"total": f + i, "per": per, "keep": f * per, "enter": i * per}

    def through_shares(
        self, steps: Mapping[str, Array], d: Mapping[str, Array]
    ) -> dict[str, Array]:
        per = steps["per"]
        total = -(d["d.keep"] * steps["keep"] + d["d.enter"] * steps["enter"]) * per
        own = {"own.forget": d["d.keep"] * per, "own.input": d["d.enter"] * per}
        return {
            **own,
            "d.total": total,
            "d.forget": own["own.forget"] + total,
            "d.input": own["own.input"] + total,
        }

    def diagram(self, options: Options) -> Diagram:
        return min_lstm(*self.gates)

    def step(self, a: Tensor, before: States, weights: Parameters, options: Options) -> Step:
        names = [gate.name for gate in self.gates]
        (h,), sums = before, dict(zip(names, a.chunk(3, 1), strict=True))
        gates = {gate: self.activate(gate, a_gate, options) for gate, a_gate in sums.items()}
        f, i, n = (gates[gate] for gate in names)
        total = (f + i).clamp(min=TINY)
        h = f / total * h + i / total * n
        return Step((h,), gates, sums)
