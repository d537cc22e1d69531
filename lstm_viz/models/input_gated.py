"""What the minimal cells share: gates that see the input alone, and no U.

The state enters a step by a factor for each unit and nowhere else, so a step is linear in it:
∂h_t/∂h_{t-1} is diagonal, and the gradient through time is the product of the factors, exactly.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from lstm_viz.models.cell import Array
from lstm_viz.models.dissection import OpenLayer, next_step, product_since, terms
from lstm_viz.models.options import Options
from lstm_viz.models.spec import Parameters, UnrolledSpec

if TYPE_CHECKING:
    from torch import Tensor


class InputGatedSpec(UnrolledSpec):
    """A cell of Feng et al. 2024: "Were RNNs all we needed?", section 3."""

    recurrent_weights = False

    def shapes(
        self, inputs: int, hidden_size: int, options: Options, *, bias: bool
    ) -> dict[str, tuple[int, ...]]:
        G = len(self.packed(options)) * hidden_size
        return {"weight_ih": (G, inputs)} | ({"bias_ih": (G,)} if bias else {})

    def with_hidden(self, a: Tensor, h: Tensor, weights: Parameters, options: Options) -> Tensor:
        return a

    def activate(self, gate: str, a: Tensor, options: Options) -> Tensor:
        return a if gate == "candidate" else super().activate(gate, a, options)

    @abstractmethod
    def shares(self, gates: Mapping[str, Array]) -> dict[str, Array]:
        """`"keep"` and `"enter"`, the shares of the old state and of the new content in the new
        state, and what they are made of.
        """

    @abstractmethod
    def through_shares(
        self, steps: Mapping[str, Array], d: Mapping[str, Array]
    ) -> dict[str, Array]:
        """The gradient on the ways from the shares, `"d.keep"` and `"d.enter"`, to the gates."""

    def dissect_forward(self, layer: OpenLayer) -> dict[str, Array]:
        before, gates = layer.measured.before["hidden"], layer.measured.gates
        shares = self.shares(gates)
        steps = {"h_before": before, **gates, **shares}
        for gate in gates:
            steps |= terms(layer, gate)
        return steps | {
            "kept": shares["keep"] * before,
            "added": shares["enter"] * gates["candidate"],
            "h": layer.measured.states["hidden"],
        }

    def dissect_backward(
        self,
        layer: OpenLayer,
        steps: Mapping[str, Array],
        direct: Array,
        dc_n: Array | None,
    ) -> dict[str, Array]:
        dh, keep = layer.measured.grad["hidden"], steps["keep"]
        d = {"d.keep": dh * steps["h_before"], "d.enter": dh * steps["candidate"]}
        gates = [gate for gate in layer.measured.gates if gate != "candidate"]
        return {
            "direct": direct,
            "later": next_step(dh * keep),
            "dh": dh,
            "carry": dh * keep,
            **d,
            **self.through_shares(steps, d),
            "d.candidate": dh * steps["enter"],
            **{f"da.{gate}": values for gate, values in layer.measured.grad_gates.items()},
            **{f"slope.{gate}": steps[gate] * (1.0 - steps[gate]) for gate in gates},
            "slope.candidate": np.ones_like(dh),
            "factor": keep,
            "gain": product_since(keep),
        }
