"""An LSTM whose memory is an LSTM itself."""

import torch
from torch import Tensor
from torch.nn import functional

from lstm_viz.models.unrolled import States, Step, Unrolled, Weights

GATES = ("input", "forget", "candidate", "output")


class NestedLSTM(Unrolled):
    """The nested LSTM of Moniz & Krueger 2017, section 3, of depth two.

    In the place of c_t = f c_{t-1} + i g, an inner LSTM reads i g, with f c_{t-1} for its
    hidden state; its new hidden state is c_t. Its own memory is the third state.
    """

    kind = "nested_lstm"
    state_names = ("hidden", "cell", "inner_cell")

    @property
    def gates(self) -> tuple[str, ...]:
        return GATES

    def shapes(self, width: int) -> dict[str, tuple[int, ...]]:
        H, G = self.hidden_size, 4 * self.hidden_size
        outer: dict[str, tuple[int, ...]] = {"weight_ih": (G, width), "weight_hh": (G, H)}
        inner: dict[str, tuple[int, ...]] = {"inner_weight_ih": (G, H), "inner_weight_hh": (G, H)}
        if self.bias:
            outer |= {"bias_ih": (G,), "bias_hh": (G,)}
            inner |= {"inner_bias_ih": (G,), "inner_bias_hh": (G,)}
        return outer | inner

    def step(self, x: Tensor, before: States, weights: Weights) -> Step:
        h, c, inner_c = before
        outer_a, (i, f, g, o) = _gates(torch.addmm(x, h, weights["weight_hh"].T))
        read, remembered = i * g, f * c  # the inner x_t and h_{t-1}
        a = functional.linear(read, weights["inner_weight_ih"], weights.get("inner_bias_ih"))
        heard = functional.linear(
            remembered, weights["inner_weight_hh"], weights.get("inner_bias_hh")
        )
        a = a + heard
        inner_a, (inner_i, inner_f, inner_g, inner_o) = _gates(a)
        inner_c = inner_f * inner_c + inner_i * inner_g
        c = inner_o * torch.tanh(inner_c)  # the outer memory is the inner hidden state
        h = o * torch.tanh(c)
        activations = (i, f, g, o, inner_i, inner_f, inner_g, inner_o)
        names = (*GATES, *(f"inner_{gate}" for gate in GATES))
        return Step(
            (h, c, inner_c),
            dict(zip(names, activations, strict=True)),
            dict(zip(names, (*outer_a, *inner_a), strict=True)),
        )


def _gates(a: Tensor) -> tuple[tuple[Tensor, ...], tuple[Tensor, ...]]:
    """Pre-activations and activations of (input, forget, candidate, output)."""
    parts = a.chunk(4, 1)
    i, f, g, o = parts
    return parts, (torch.sigmoid(i), torch.sigmoid(f), torch.tanh(g), torch.sigmoid(o))
