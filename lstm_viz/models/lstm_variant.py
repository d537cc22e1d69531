"""The LSTM family by its parts: from the bare constant error carousel to peepholes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from lstm_viz.errors import ConfigError
from lstm_viz.models import lstm_parts
from lstm_viz.models.cell import Array
from lstm_viz.models.diagram import Diagram
from lstm_viz.models.dissection import OpenLayer
from lstm_viz.models.lstm import kept_share
from lstm_viz.models.lstm_diagram import lstm
from lstm_viz.models.lstm_parts import GATES, Parts
from lstm_viz.models.lstm_paths import lstm_backward, lstm_forward
from lstm_viz.models.options import CHRONO, FORGET_BIAS, Gate, Options
from lstm_viz.models.spec import Floats, Parameters, States, Step, UnrolledSpec
from lstm_viz.models.tensors import functional
from lstm_viz.words import N_

if TYPE_CHECKING:
    from torch import Tensor


class LSTMVariantSpec(UnrolledSpec):
    """An LSTM whose parts can be switched; with the default ones it equals PyTorch's.

    A gate that is off is the constant 1 and has no weights. All three off leave the constant
    error carousel, c_t = c_{t-1} + g_t (Hochreiter & Schmidhuber 1997); the forget gate off
    gives the cell of 1997, on the one of Gers, Schmidhuber & Cummins 2000.
    """

    kind = "lstm_variant"
    label = N_("LSTM, custom")
    summary = N_("LSTM, custom: switch its parts on and off.")
    gates = GATES
    states = ("hidden", "cell")
    options: ClassVar = {
        **lstm_parts.OPTIONS,
        "forget_bias": replace(FORGET_BIAS, needs=(("forget_gate",),)),
        "chrono": replace(CHRONO, needs=(("forget_gate",),)),
    }

    def gates_of(self, options: Options) -> Sequence[Gate]:
        return Parts.of(options).gates

    def packed(self, options: Options) -> tuple[str, ...]:
        return Parts.of(options).names

    def check(self, options: Options) -> None:
        parts = Parts.of(options)
        if parts.coupled and not (parts.input_gate and parts.forget_gate):
            raise ConfigError(N_("Coupled gates need input and forget gate. Turn both on."))
        if parts.peepholes and not (parts.input_gate or parts.forget_gate or parts.output_gate):
            raise ConfigError(N_("Peepholes need a gate. Turn one on."))

    def formulas(self, options: Options) -> tuple[str, ...]:
        return lstm_parts.formulas(Parts.of(options))

    def convention(self, options: Options) -> str:
        return lstm_parts.convention(Parts.of(options))

    def without(self, options: Options) -> Sequence[str]:
        return lstm_parts.without(Parts.of(options))

    def kept(self, gates: Mapping[str, Floats], options: Options) -> Floats:
        return kept_share(gates, Parts.of(options))

    def shapes(
        self, inputs: int, hidden_size: int, options: Options, *, bias: bool
    ) -> dict[str, tuple[int, ...]]:
        parts, H = Parts.of(options), hidden_size
        G = len(parts.names) * H
        shapes = super().shapes(inputs, hidden_size, options, bias=bias)
        if parts.peepholes:
            shapes |= {f"peephole_{gate.name}": (H,) for gate in parts.gates if gate.letter != "g"}
        if parts.layer_norm:
            shapes |= {"gain_ih": (G,), "gain_hh": (G,), "gain_cell": (H,), "bias_cell": (H,)}
        return shapes

    def start(self, name: str) -> float | None:
        return float(name.startswith("gain")) if name.startswith(("gain", "bias_cell")) else None

    def from_input(self, x: Tensor, weights: Parameters, options: Options) -> Tensor:
        if "gain_ih" not in weights:
            return super().from_input(x, weights, options)
        a = normalised(functional().linear(x, weights["weight_ih"]), weights["gain_ih"])
        return a + weights["bias_ih"] + weights["bias_hh"] if "bias_ih" in weights else a

    def with_hidden(self, a: Tensor, h: Tensor, weights: Parameters, options: Options) -> Tensor:
        if "gain_hh" not in weights:
            return super().with_hidden(a, h, weights, options)
        return a + normalised(h @ weights["weight_hh"].T, weights["gain_hh"])

    def shown_cell(self, c: Tensor, weights: Parameters, options: Options) -> Tensor:
        if "gain_cell" not in weights:
            return c
        return normalised(c, weights["gain_cell"]) + weights["bias_cell"]

    def activate(self, gate: str, a: Tensor, options: Options) -> Tensor:
        linear = gate == "candidate" and not Parts.of(options).input_activation
        return a if linear else super().activate(gate, a, options)

    def step(self, a: Tensor, before: States, weights: Parameters, options: Options) -> Step:
        parts, (h, c) = Parts.of(options), before
        sums = self.with_hidden(a, h, weights, options).chunk(len(parts.names), 1)
        a_of = dict(zip(parts.names, sums, strict=True))
        gates: dict[str, Tensor] = {}
        for gate in ("input", "forget"):  # σ(W x_t + U h_{t-1} + p c_{t-1} + b): Gers et al. 2000
            if gate in a_of:
                if parts.peepholes:
                    a_of[gate] = a_of[gate].addcmul(weights[f"peephole_{gate}"], c)
                gates[gate] = self.activate(gate, a_of[gate], options)
        g = gates["candidate"] = self.activate("candidate", a_of["candidate"], options)
        f = gates.get("forget")
        # i_t = 1 - f_t: after Greff et al. 2017, CIFG
        i = 1 - f if parts.coupled and f is not None else gates.get("input")
        kept = c if f is None else f * c
        c = kept + g if i is None else kept.addcmul(i, g)  # c_t = f_t c_{t-1} + i_t g_t
        shown = self.shown_cell(c, weights, options)
        h = shown.tanh() if parts.output_activation else shown.clone()  # h_t is not c_t
        if "output" in a_of:
            if parts.peepholes:  # o_t sees the new c_t: Gers & Schmidhuber 2000
                a_of["output"] = a_of["output"].addcmul(weights["peephole_output"], c)
            gates["output"] = self.activate("output", a_of["output"], options)
            h = gates["output"] * h  # h_t = o_t tanh(c_t)
        return Step((h, c), gates, a_of)

    def diagram(self, options: Options) -> Diagram:
        return lstm(Parts.of(options))

    def dissect_forward(self, layer: OpenLayer) -> dict[str, Array]:
        return lstm_forward(layer, Parts.of(layer.measured.options))

    def dissect_backward(
        self, layer: OpenLayer, steps: Mapping[str, Array], direct: Array, dc_n: Array | None
    ) -> dict[str, Array]:
        factor = self.kept(layer.measured.gates, layer.measured.options)
        return lstm_backward(layer, steps, direct, dc_n, Parts.of(layer.measured.options), factor)


def normalised(a: Tensor, gain: Tensor) -> Tensor:
    """Gain ⊙ (a - mean) / deviation over the last axis: Ba, Kiros & Hinton 2016, eq. 4."""
    y: Tensor = functional().layer_norm(a, a.shape[-1:], gain)
    return y
