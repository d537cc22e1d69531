"""The minimal GRU: one gate, which sees the input alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from lstm_viz.models.cell import Array
from lstm_viz.models.diagram import Diagram
from lstm_viz.models.input_gated import InputGatedSpec
from lstm_viz.models.input_gated_diagram import min_gru
from lstm_viz.models.options import Gate, Options
from lstm_viz.models.spec import Floats, Parameters, States, Step
from lstm_viz.words import N_

if TYPE_CHECKING:
    from torch import Tensor


class MinGRUSpec(InputGatedSpec):
    """The minGRU of Feng et al. 2024, section 3.1: a GRU without U, without reset gate and tanh.

    Its convention is that of Chung et al. 2014, not PyTorch's: z -> 0 keeps the state. So
    ∂h_t/∂h_{t-1} = diag(1 - z_t).
    """

    kind = "min_gru"
    label = "minGRU"
    summary = N_("minGRU: one gate, which sees the input alone.")
    gates = (Gate("update", "z"), Gate("candidate", "n", label=N_("candidate n")))

    def keeping_gate(self, options: Options) -> str | None:
        return None  # what keeps is a gate that is shut

    def formulas(self, options: Options) -> tuple[str, ...]:
        return (
            r"z_t = \sigma(W_z x_t + b_z)",
            r"n_t = W_n x_t + b_n",
            r"h_t = (1 - z_t) \odot h_{t-1} + z_t \odot n_t",
        )

    def kept(self, gates: Mapping[str, Floats], options: Options) -> Floats:
        return 1.0 - gates["update"]

    def convention(self, options: Options) -> str:
        return N_("Update gate 0: the state is kept. 1: it is replaced.")

    def shares(self, gates: Mapping[str, Array]) -> dict[str, Array]:
        return {"keep": 1.0 - gates["update"], "enter": gates["update"]}

    def through_shares(
        self, steps: Mapping[str, Array], d: Mapping[str, Array]
    ) -> dict[str, Array]:
        return {"d.turn": -d["d.keep"], "d.update": d["d.enter"] - d["d.keep"]}

    def diagram(self, options: Options) -> Diagram:
        return min_gru(*self.gates)

    def step(self, a: Tensor, before: States, weights: Parameters, options: Options) -> Step:
        (h,), (a_z, a_n) = before, a.chunk(2, 1)
        z = self.activate("update", a_z, options)
        n = self.activate("candidate", a_n, options)
        h = (1 - z) * h + z * n
        return Step((h,), {"update": z, "candidate": n}, {"update": a_z, "candidate": a_n})
