"""What the minimal cells share: gates that see the input alone, and no U.

The state enters a step by a factor for each unit and nowhere else, so a step is linear in it:
∂h_t/∂h_{t-1} is diagonal, and the gradient through time is the product of the factors, exactly.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

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
