"""The LSTM family by its parts: from the bare constant error carousel to peepholes."""

from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

from lstm_viz.errors import ConfigError
from lstm_viz.models.unrolled import States, Step, Unrolled, Weights, bernoulli, check_share
from lstm_viz.words import N_


class LSTMVariant(Unrolled):
    """An LSTM whose parts can be switched; with the default ones it equals `nn.LSTM`.

    A gate that is off is the constant 1 and has no weights. All three off leave the constant
    error carousel, c_t = c_{t-1} + g_t (Hochreiter & Schmidhuber 1997); the forget gate off
    gives the cell of 1997, on the one of Gers, Schmidhuber & Cummins 2000.

    - `coupled`: i_t = 1 - f_t, and f is the one that is learned; the CIFG of Greff et al. 2017
      has it the other way round, f_t = 1 - i_t, which is the same family.
    - `peepholes`: i and f see c_{t-1}, o sees c_t, through a weight for each unit (Gers &
      Schmidhuber 2000).
    - `input_activation`, `output_activation`: off, g or the c that is shown is linear.
    - `layer_norm`: W x_t and U h_{t-1} are brought to mean 0 and deviation 1 over all gates
      together, each with its gain, and so is c_t before it is shown, with a gain and a bias
      (Ba, Kiros & Hinton 2016).
    - `zoneout`: the share of h and c that keeps its old value in a training step; in eval mode
      the expected mixture (Krueger et al. 2017).

    `layer` is what every recurrent layer takes: `bias`, `batch_first`, `dropout`,
    `bidirectional`. Raises ConfigError for parts that exclude each other.
    """

    kind = "lstm_variant"

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        num_layers: int = 1,
        *,
        input_gate: bool = True,
        forget_gate: bool = True,
        output_gate: bool = True,
        peepholes: bool = False,
        coupled: bool = False,
        input_activation: bool = True,
        output_activation: bool = True,
        layer_norm: bool = False,
        zoneout: float = 0.0,
        **layer: Any,
    ) -> None:
        if coupled and not (input_gate and forget_gate):
            raise ConfigError(N_("Coupled gates need the input and the forget gate. Turn both on."))
        if peepholes and not (input_gate or forget_gate or output_gate):
            raise ConfigError(N_("Peepholes belong to gates, and there is none. Turn one on."))
        check_share("zoneout", zoneout)
        self.peepholes = peepholes
        self.coupled = coupled
        self.input_activation = input_activation
        self.output_activation = output_activation
        self.layer_norm = layer_norm
        self.zoneout = zoneout
        there = {
            "input": input_gate and not coupled,
            "forget": forget_gate,
            "candidate": True,
            "output": output_gate,
        }
        self._gates = tuple(gate for gate, on in there.items() if on)
        super().__init__(input_size, hidden_size, num_layers, **layer)

    @property
    def gates(self) -> tuple[str, ...]:
        return self._gates

    def shapes(self, width: int) -> dict[str, tuple[int, ...]]:
        H, G = self.hidden_size, len(self.gates) * self.hidden_size
        shapes: dict[str, tuple[int, ...]] = {"weight_ih": (G, width), "weight_hh": (G, H)}
        if self.bias:
            shapes |= {"bias_ih": (G,), "bias_hh": (G,)}
        if self.peepholes:
            shapes |= {f"peephole_{gate}": (H,) for gate in self.gates if gate != "candidate"}
        if self.layer_norm:
            shapes |= {"gain_ih": (G,), "gain_hh": (G,), "gain_cell": (H,), "bias_cell": (H,)}
        return shapes

    @torch.no_grad()
    def reset_parameters(self) -> None:
        super().reset_parameters()
        for name, parameter in self.named_parameters():
            if name.startswith(("gain", "bias_cell")):
                parameter.fill_(float(name.startswith("gain")))

    def read(self, x: Tensor, weights: Weights) -> Tensor:
        if not self.layer_norm:
            return super().read(x, weights)
        seen = normalised(functional.linear(x, weights["weight_ih"]), weights["gain_ih"])
        return seen + weights["bias_ih"] + weights["bias_hh"] if self.bias else seen

    def step(self, x: Tensor, before: States, weights: Weights) -> Step:
        h, c = before
        a = dict(zip(self.gates, self._preactivations(x, h, weights), strict=True))
        gates: dict[str, Tensor] = {}
        for gate in ("input", "forget"):  # σ(W x_t + U h_{t-1} + p c_{t-1} + b): Gers et al. 2000
            if gate in a:
                if self.peepholes:
                    a[gate] = torch.addcmul(a[gate], weights[f"peephole_{gate}"], c)
                gates[gate] = torch.sigmoid(a[gate])
        g = gates["candidate"] = (
            torch.tanh(a["candidate"]) if self.input_activation else a["candidate"]
        )
        f = gates.get("forget")
        # i_t = 1 - f_t: after Greff et al. 2017, CIFG
        i = 1 - f if self.coupled and f is not None else gates.get("input")
        kept = c if f is None else f * c
        c = kept + g if i is None else torch.addcmul(kept, i, g)  # c_t = f_t c_{t-1} + i_t g_t
        shown = self._normalised_cell(c, weights) if self.layer_norm else c
        h = torch.tanh(shown) if self.output_activation else shown.clone()  # h_t is not c_t
        if "output" in a:
            if self.peepholes:  # o_t sees the new c_t: Gers & Schmidhuber 2000
                a["output"] = torch.addcmul(a["output"], weights["peephole_output"], c)
            gates["output"] = torch.sigmoid(a["output"])
            h = gates["output"] * h  # h_t = o_t tanh(c_t)
        return Step((h, c), gates, a)

    def _preactivations(self, x: Tensor, h: Tensor, weights: Weights) -> tuple[Tensor, ...]:
        """W x_t + U h_{t-1} + b, gate by gate."""
        if not self.layer_norm:
            return torch.addmm(x, h, weights["weight_hh"].T).chunk(len(self.gates), 1)
        heard = normalised(h @ weights["weight_hh"].T, weights["gain_hh"])
        return (x + heard).chunk(len(self.gates), 1)

    def _normalised_cell(self, c: Tensor, weights: Weights) -> Tensor:
        return normalised(c, weights["gain_cell"]) + weights["bias_cell"]

    def noise(self, steps: int, states: States, *, noisy: bool) -> Tensor | None:
        """(T, 2, B, H): what share of the old h and c stays at each step."""
        if not self.zoneout:
            return None
        like = states[0].new_empty(steps, 2, *states[0].shape)
        return bernoulli(like, self.zoneout) if noisy else torch.full_like(like, self.zoneout)

    def mixed(self, before: States, after: States, keep: Tensor) -> States:
        """Share · old + (1 - share) · new: Krueger et al. 2017."""
        pairs = zip(before, after, keep, strict=True)
        return tuple(torch.lerp(new, old, share) for old, new, share in pairs)


def normalised(a: Tensor, gain: Tensor) -> Tensor:
    """Gain ⊙ (a - mean) / deviation over the last axis: Ba, Kiros & Hinton 2016, eq. 4."""
    return functional.layer_norm(a, a.shape[-1:], gain)
