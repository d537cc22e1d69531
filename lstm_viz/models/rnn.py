"""The simple recurrent network (Elman 1990)."""

from collections.abc import Mapping
from typing import ClassVar

import numpy as np

from lstm_viz.models.cell import Array, Gradients, Replay, Weights, over_time, product
from lstm_viz.models.diagram import REMAINS, SUM, Diagram, Operation, Port, Telling, Way
from lstm_viz.models.dissection import OpenLayer, next_step, product_since, terms
from lstm_viz.models.options import Options
from lstm_viz.models.spec import FusedSpec
from lstm_viz.words import N_


class TanhRNNSpec(FusedSpec):
    """h_t = tanh(W x_t + b_x + U h_{t-1} + b_h)."""

    kind = "rnn_tanh"
    label = N_("RNN (tanh)")
    summary = N_("RNN: one state, no gates.")
    layer = "RNN"
    arguments: ClassVar = {"nonlinearity": "tanh"}
    slope_said = "(1 − h_t²)"

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

    def jacobians(self, weights: Weights, replay: Replay) -> Array:
        return self.slope(replay.hidden)[..., None] * weights.U  # diag(∂h_t/∂a_t) U

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

    def diagram(self, options: Options) -> Diagram:
        return rnn(self.arguments["nonlinearity"], self.slope_said)

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
    slope_said = "relu'(a_t)"

    def formulas(self, options: Options) -> tuple[str, ...]:
        return (r"h_t = \max(0, W x_t + U h_{t-1} + b)",)

    def activation(self, a: Array) -> Array:
        return np.maximum(a, 0.0)

    def slope(self, h: Array) -> Array:
        """1 where the unit is on, else 0; 0 at a = 0, as PyTorch has it."""
        return (h > 0.0).astype(np.float64)


Y = 250
"""Height of the diagram's path of h."""


def rnn(function: str, slope: str) -> Diagram:
    """h_t = tanh(W x_t + U h_{t-1} + b), or relu in the place of tanh."""
    return Diagram(
        N_("Simple recurrent network"),
        _operations(function, slope),
        _ways(),
        [
            Port("h_before", "h_{t−1}", (52, Y), "hidden"),
            Port("x", "x_t", (520, 470)),
            Port("bias", "b", (520, 126)),
            Port("h", "h_t", (1128, Y), "hidden"),
            Port("out", N_("out"), (960, 410)),
        ],
        [
            N_("a = {candidate.a}: {candidate.u} from the previous h of all units, {candidate.x} "
               "from x, {candidate.b} from the bias."),
            N_("New: h = {h}."),
        ],
        [
            N_("dL/dh = {dh}: {direct} from outside, {later} from the next step."),
            N_("Through its own weight the gradient is multiplied by {factor}."),
            REMAINS,
        ],
        "h",
        "dh",
        factor=(270, Y + 50),
        gain=(270, Y + 86),
    )  # fmt: skip


def _operations(function: str, slope: str) -> list[Operation]:
    return [
        Operation(
            "U",
            "U",
            (270, Y),
            Telling("u·h_{t−1}", "{candidate.u}",
                    N_("The previous h of all units, weighted by this unit.")),
            Telling("dL/dh_{t−1} = Uᵀ·dL/da_t", "{back}",
                    N_("What all units send back to this unit's h.")),
            shape="pill",
        ),
        Operation(
            "W",
            "W",
            (520, 370),
            Telling("w·x_t", "{candidate.x}", N_("The input, weighted by this unit.")),
            Telling("Wᵀ·dL/da_t", "", N_("To the layer below, if there is one.")),
            shape="pill",
        ),
        Operation(
            "sum",
            "+",
            (520, Y),
            Telling("a_t = w·x_t + u·h_{t−1} + b",
                    "{candidate.x + candidate.u + candidate.b = candidate.a}",
                    N_("No gate decides what is kept.")),
            Telling("dL/da_t", "{da.candidate} → {da.candidate}, {da.candidate}, {da.candidate}",
                    SUM),
        ),
        Operation(
            "activation",
            function,
            (740, Y),
            Telling(f"h_t = {function}(a_t)", f"{function}({{candidate.a}}) = {{h}}",
                    N_("Between -1 and 1.") if function == "tanh" else N_("0 for all below 0.")),
            Telling(
                f"dL/da_t = dL/dh_t · {slope}",
                "{dh} · {slope.candidate} = {da.candidate}",
                N_("Each step back multiplies by the slope, {slope.candidate} here, and by the "
                   "weights."),
            ),
            shape="pill",
            look="hidden",
        ),
        Operation(
            "fork",
            "",
            (960, Y),
            Telling("h_t", "{h}", N_("h goes to the next step and out.")),
            Telling(
                "dL/dh_t = dL/dy · dy/dh_t + Uᵀ·dL/da_{t+1}",
                "{direct + later = dh}",
                N_("The gradients that arrive here add up."),
            ),
            shape="dot",
            look="hidden",
        ),
    ]  # fmt: skip


def _ways() -> list[Way]:
    look = "hidden", "grad_hidden"
    return [
        Way("before", [(96, Y), (228, Y)], "h_before", "back", *look,
            (162, Y - 22), "middle", belt=True),
        Way("weighted", [(312, Y), (496, Y)], "candidate.u", "da.candidate", *look,
            (404, Y - 22), "middle", belt=True),
        Way("x", [(520, 448), (520, 392)], ""),
        Way("read", [(520, 348), (520, Y + 24)], "candidate.x", "da.candidate", "series",
            "grad_hidden", (534, Y + 62)),
        Way("bias", [(520, 148), (520, Y - 24)], "candidate.b", "da.candidate", "series",
            "grad_hidden", (534, Y - 58)),
        Way("a", [(544, Y), (698, Y)], "candidate.a", "da.candidate", *look,
            (621, Y - 22), "middle", belt=True),
        Way("h", [(782, Y), (953, Y)], "h", "dh", *look, (867, Y - 22), "middle", belt=True),
        Way("on", [(967, Y), (1084, Y)], "h", "later", *look,
            (1046, Y - 46), "middle", "backward", belt=True),
        Way("out", [(960, Y + 7), (960, 388)], "h", "direct", *look,
            (974, Y + 76), said="backward"),
    ]  # fmt: skip
