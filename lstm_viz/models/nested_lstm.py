"""An LSTM whose memory is an LSTM itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from lstm_viz.models import lstm_parts
from lstm_viz.models.lstm_parts import GATES, Parts
from lstm_viz.models.options import CHRONO, FORGET_BIAS, Gate, Options
from lstm_viz.models.spec import Parameters, States, Step, UnrolledSpec
from lstm_viz.models.tensors import functional
from lstm_viz.words import N_

if TYPE_CHECKING:
    from torch import Tensor

OUTER = tuple(gate.name for gate in GATES)
INNER = tuple(Gate(f"inner_{gate.name}", rf"\tilde {gate.letter}") for gate in GATES)
INNER_NAMES = tuple(gate.name for gate in INNER)


class NestedLSTMSpec(UnrolledSpec):
    """The nested LSTM of Moniz & Krueger 2017, section 3, of depth two.

    In the place of c_t = f c_{t-1} + i g, an inner LSTM reads i g, with f c_{t-1} for its
    hidden state; its new hidden state is c_t. Its own memory is the third state. No share of c is
    kept from step to step: f c_{t-1} enters the inner LSTM through weights.
    """

    kind = "nested_lstm"
    label = N_("Nested LSTM")
    summary = N_("Nested LSTM: a second LSTM in place of the cell state.")
    gates = (*GATES, *INNER)
    states = ("hidden", "cell", "inner_cell")
    options: ClassVar = {"forget_bias": FORGET_BIAS, "chrono": CHRONO}
    no_diagram = N_(
        "A nested LSTM holds a second LSTM in place of its memory, for which there is no "
        "diagram. Its gates and states are on the pages beside this one."
    )

    def packed(self, options: Options) -> tuple[str, ...]:
        return OUTER

    def formulas(self, options: Options) -> tuple[str, ...]:
        *gates, _cell, output, hidden = lstm_parts.formulas(Parts())
        return (
            *gates,
            output,
            r"\tilde x_t = i_t \odot g_t",
            r"\tilde h_{t-1} = f_t \odot c_{t-1}",
            *(
                rf"\tilde {s}_t = {function}(\tilde W_{s} \tilde x_t"
                rf" + \tilde U_{s} \tilde h_{{t-1}} + \tilde b_{s})"
                for s, function in (
                    ("i", r"\sigma"), ("f", r"\sigma"), ("g", r"\tanh"), ("o", r"\sigma"),
                )
            ),
            r"\tilde c_t = \tilde f_t \odot \tilde c_{t-1} + \tilde i_t \odot \tilde g_t",
            r"c_t = \tilde o_t \odot \tanh(\tilde c_t)",
            hidden,
        )  # fmt: skip

    def shapes(
        self, inputs: int, hidden_size: int, options: Options, *, bias: bool
    ) -> dict[str, tuple[int, ...]]:
        outer = super().shapes(inputs, hidden_size, options, bias=bias)
        inner = super().shapes(hidden_size, hidden_size, options, bias=bias)
        return outer | {f"inner_{name}": shape for name, shape in inner.items()}

    def step(self, a: Tensor, before: States, weights: Parameters, options: Options) -> Step:
        h, c, inner_c = before
        outer_a = self.with_hidden(a, h, weights, options).chunk(4, 1)
        i, f, g, o = (self.activate(*each, options) for each in zip(OUTER, outer_a, strict=True))
        linear = functional().linear
        read, remembered = i * g, f * c  # the inner x_t and h_{t-1}
        a = linear(read, weights["inner_weight_ih"], weights.get("inner_bias_ih"))
        a = a + linear(remembered, weights["inner_weight_hh"], weights.get("inner_bias_hh"))
        inner_a = a.chunk(4, 1)
        inner = [self.activate(*each, options) for each in zip(INNER_NAMES, inner_a, strict=True)]
        inner_i, inner_f, inner_g, inner_o = inner
        inner_c = inner_f * inner_c + inner_i * inner_g
        c = inner_o * inner_c.tanh()  # the outer memory is the inner hidden state
        h = o * c.tanh()
        names = [gate.name for gate in self.gates]
        return Step(
            (h, c, inner_c),
            dict(zip(names, (i, f, g, o, *inner), strict=True)),
            dict(zip(names, (*outer_a, *inner_a), strict=True)),
        )
