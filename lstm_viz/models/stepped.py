"""PyTorch's own cells as steps on tensors, for what has to reach into a step: see `intervene`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lstm_viz.models.cells import cell_of
from lstm_viz.models.gru import GRUSpec
from lstm_viz.models.lstm_variant import LSTMVariantSpec
from lstm_viz.models.options import Options
from lstm_viz.models.rnn import ReluRNNSpec, TanhRNNSpec
from lstm_viz.models.spec import Parameters, States, Step, UnrolledSpec
from lstm_viz.models.tensors import functional

if TYPE_CHECKING:
    from torch import Tensor


def stepped(kind: str) -> UnrolledSpec:
    """The same cell, of the same kind, gates and equations, run step by step."""
    spec = cell_of(kind)
    if isinstance(spec, UnrolledSpec):
        return spec
    assert kind in STEPPED, kind
    return STEPPED[kind]


class _RNNSteps(UnrolledSpec):
    def __init__(self, like: TanhRNNSpec) -> None:
        self.like = like
        self.kind = like.kind  # type: ignore[misc]

    def formulas(self, options: Options) -> tuple[str, ...]:
        return self.like.formulas(options)

    def step(self, a: Tensor, before: States, weights: Parameters, options: Options) -> Step:
        a = self.with_hidden(a, before[0], weights, options)
        return Step((a.relu() if self.kind == "rnn_relu" else a.tanh(),), {}, {})


class _LSTMSteps(LSTMVariantSpec):
    kind = "lstm"


class _GRUSteps(UnrolledSpec):
    kind = "gru"
    gates = GRUSpec.gates

    def formulas(self, options: Options) -> tuple[str, ...]:
        return GRUSpec().formulas(options)

    def from_input(self, x: Tensor, weights: Parameters, options: Options) -> Tensor:
        a: Tensor = functional().linear(x, weights["weight_ih"], weights.get("bias_ih"))
        return a

    def step(self, a: Tensor, before: States, weights: Parameters, options: Options) -> Step:
        (h,) = before
        u = functional().linear(h, weights["weight_hh"], weights.get("bias_hh"))
        (x_r, x_z, x_n), (u_r, u_z, u_n) = a.chunk(3, 1), u.chunk(3, 1)
        a_r, a_z = x_r + u_r, x_z + u_z
        r = self.activate("reset", a_r, options)  # Cho et al. 2014, eq. 5
        z = self.activate("update", a_z, options)  # eq. 6
        a_n = x_n + r * u_n
        n = self.activate("candidate", a_n, options)  # eq. 8
        gates = {"reset": r, "update": z, "candidate": n}
        return Step(
            ((1 - z) * n + z * h,),  # eq. 7
            gates,
            {"reset": a_r, "update": a_z, "candidate": a_n},
        )


STEPPED: dict[str, UnrolledSpec] = {
    "rnn_tanh": _RNNSteps(TanhRNNSpec()),
    "rnn_relu": _RNNSteps(ReluRNNSpec()),
    "lstm": _LSTMSteps(),
    "gru": _GRUSteps(),
}
