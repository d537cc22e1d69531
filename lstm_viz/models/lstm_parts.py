"""What the LSTM family is made of: its gates, the parts that can be switched, its formulas."""

from collections.abc import Hashable
from dataclasses import dataclass, fields
from functools import cache, cached_property

from lstm_viz.limits import Number, Switch
from lstm_viz.models.options import Gate, Option, Options
from lstm_viz.numerals import numeral
from lstm_viz.words import N_

INPUT, FORGET, OUTPUT = Gate("input", "i"), Gate("forget", "f"), Gate("output", "o")
CANDIDATE = Gate("candidate", "g")
GATES = (INPUT, FORGET, CANDIDATE, OUTPUT)
"""In PyTorch's order."""


OPTIONS = {
    "input_gate": Option(Switch(True), N_("Input gate"), N_("Off: all of the candidate is added.")),
    "forget_gate": Option(
        Switch(True),
        N_("Forget gate"),
        N_("Off: all of the cell state is kept (LSTM of 1997)."),
    ),
    "output_gate": Option(Switch(True), N_("Output gate"), N_("Off: h = tanh(c).")),
    "peepholes": Option(
        Switch(False),
        N_("Peepholes"),
        N_("Gates see the cell state."),
        N_("Peepholes need a gate."),
        needs=(("input_gate", "forget_gate", "output_gate"),),
    ),
    "coupled": Option(
        Switch(False),
        N_("Coupled gates"),
        N_("The input gate is 1 − f."),
        N_("Coupling needs an input and a forget gate."),
        needs=(("input_gate",), ("forget_gate",)),
    ),
    "input_activation": Option(
        Switch(True), N_("tanh of the candidate"), N_("Off: the candidate is linear.")
    ),
    "output_activation": Option(Switch(True), N_("tanh of the cell state"), N_("Off: h = o · c.")),
    "layer_norm": Option(
        Switch(False),
        N_("Layer normalisation"),
        N_("Normalises W x and U h over all gates, and c before it becomes h."),
    ),
    "zoneout": Option(
        Number(0.0, 0.0, 0.9),
        N_("Zoneout"),
        N_("Share of units that keep their old value, in training."),
    ),
}
"""The settings of an LSTM variant."""


@dataclass(frozen=True)
class Parts:
    """Which parts an LSTM has; as it stands, those of PyTorch's.

    >>> Parts(coupled=True).has("input"), Parts.of({"zoneout": 0.1, "chrono": True}).zoneout
    (False, 0.1)
    """

    input_gate: bool = True
    forget_gate: bool = True
    output_gate: bool = True
    peepholes: bool = False
    coupled: bool = False
    """i_t = 1 - f_t."""
    input_activation: bool = True
    output_activation: bool = True
    layer_norm: bool = False
    zoneout: float = 0.0

    @staticmethod
    def of(options: Options) -> "Parts":
        """The parts among a cell's options."""
        return _parts(tuple(options.items()))  # asked for at every step

    def has(self, gate: str) -> bool:
        """Whether a gate has weights of its own."""
        there = {"input": self.input_gate and not self.coupled, "forget": self.forget_gate}
        return there.get(gate, gate == "candidate" or self.output_gate)

    @cached_property
    def gates(self) -> tuple[Gate, ...]:
        """The gates that there are, in the order in which their weights are packed."""
        return tuple(gate for gate in GATES if self.has(gate.name))

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The same by name."""
        return tuple(gate.name for gate in self.gates)


@cache
def _parts(options: tuple[tuple[str, Hashable], ...]) -> Parts:
    names = {each.name for each in fields(Parts)}
    return Parts(**{name: value for name, value in options if name in names})  # type: ignore[arg-type]


def convention(parts: Parts) -> str:
    """What the forget gate does to c_{t-1}; with zoneout its two ends do neither."""
    if not parts.forget_gate:
        return ""
    if parts.zoneout:
        return N_("The nearer the forget gate to 1, the more of the cell state is kept.")
    return N_("Forget gate 1: the cell state is kept. 0: it is erased.")


WITHOUT = {
    "input": N_("No input gate (i = 1): the whole candidate is added."),
    "forget": N_("No forget gate (f = 1): c is never erased."),
    "output": N_("No output gate (o = 1): h shows the whole cell state."),
}
SQUASHED = N_("No output gate (o = 1): h is tanh of the cell state.")
COUPLED = N_("Coupled: the input gate is 1 − f.")


def without(parts: Parts) -> tuple[str, ...]:
    """A sentence for each gate that is off."""
    off = {gate: sentence for gate, sentence in WITHOUT.items() if not parts.has(gate)}
    if "output" in off and parts.output_activation:
        off["output"] = SQUASHED
    return tuple((off | {"input": COUPLED} if parts.coupled else off).values())


def formulas(parts: Parts) -> tuple[str, ...]:
    """The equations of a step: Greff et al. 2017, section II-A and appendix; a gate off is 1."""
    new = r"\hat " if parts.zoneout else ""
    sums = {gate.letter: _preactivation(gate.letter, new, parts) for gate in parts.gates}
    lines = [rf"{letter}_t = \sigma({sums[letter]})" for letter in "fi" if letter in sums]
    if parts.coupled:
        lines.append("i_t = 1 - f_t")
    g = rf"\tanh({sums['g']})" if parts.input_activation else sums["g"]
    kept = r"f_t \odot c_{t-1}" if "f" in sums else "c_{t-1}"
    added = r"i_t \odot g_t" if "i" in sums or parts.coupled else "g_t"
    lines += [f"g_t = {g}", f"{new}c_t = {kept} + {added}"]
    if "o" in sums:
        lines.append(rf"o_t = \sigma({sums['o']})")
    shown = rf"\mathrm{{LN}}({new}c_t)" if parts.layer_norm else f"{new}c_t"
    if parts.output_activation:
        shown = rf"\tanh({shown})"
    lines.append(rf"{new}h_t = o_t \odot {shown}" if "o" in sums else f"{new}h_t = {shown}")
    if parts.zoneout:
        k = numeral(parts.zoneout)
        lines += [rf"{s}_t = {k}\,{s}_{{t-1}} + (1 - {k})\,\hat {s}_t" for s in "ch"]
    return tuple(lines)


def _preactivation(letter: str, new: str, parts: Parts) -> str:
    """Layer normalisation is over all gates together; an output gate's peephole sees the new c."""
    x, h = f"W_{letter} x_t", f"U_{letter} h_{{t-1}}"
    if parts.layer_norm:
        x, h = rf"\mathrm{{LN}}(W x_t)_{letter}", rf"\mathrm{{LN}}(U h_{{t-1}})_{letter}"
    c = f"{new}c_t" if letter == "o" else "c_{t-1}"
    peephole = rf" + p_{letter} \odot {c}" if parts.peepholes and letter != "g" else ""
    return f"{x} + {h} + b_{letter}{peephole}"
