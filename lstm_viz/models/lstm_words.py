"""What is said of an LSTM's step: its symbols, its parts, the step in sentences.

Zoneout mixes the new states with the old ones after the step; what it mixes has a hat.
"""

from dataclasses import dataclass

from lstm_viz.models.diagram import REMAINS, WORDS, Case, Words, added
from lstm_viz.models.lstm_parts import Parts
from lstm_viz.numerals import numeral
from lstm_viz.words import N_

MEANS: dict[str, str] = {
    "forget": N_("Share of the old cell state that is kept."),
    "input": N_("Share of the candidate that is added."),
    "candidate": N_("New content before the input gate."),
    "output": N_("Share of [shown] that becomes [h]."),
}
KEPT_BEFORE_ZONEOUT = N_("Share of the old cell state in ĉ, before zoneout.")
NO_TANH = N_("No tanh here: the value passes unchanged.")
READ = N_("All gates read x and the previous h of all units.")
NORMED = N_(
    "All gates read x and the previous h of all units; W x and U h are normalised over all "
    "gates, and scaled by learned weights."
)
NORMED_CELL = N_("c is normalised over all units, then scaled and shifted by learned weights.")
ZONEOUT = N_("Zoneout keeps a share of the old value: here the mean of its random choice.")


@dataclass(frozen=True)
class Symbols:
    """How the equations of such a cell write what it has."""

    c: str
    """The new cell state."""
    h: str
    shown: str
    """What of c becomes h."""
    gated: str
    """The same times the output gate."""
    k: str
    """The share that zoneout keeps."""

    @classmethod
    def of(cls, parts: Parts) -> "Symbols":
        c, h = ("ĉ_t", "ĥ_t") if parts.zoneout else ("c_t", "h_t")
        shown = f"LN({c})" if parts.layer_norm else c
        shown = f"tanh({shown})" if parts.output_activation else shown
        gated = f"o_t·{shown}" if parts.output_gate else shown
        return cls(c, h, shown, gated, numeral(parts.zoneout))

    @property
    def said(self) -> dict[str, str]:
        """What sentences insert."""
        return {"shown": self.shown.replace("_t", ""), "h": self.h.replace("_t", ""), "k": self.k}


def terms_of(gate: str, parts: Parts) -> dict[str, str]:
    """The terms of a gate's pre-activation as its equation writes them."""
    terms = dict(WORDS)
    if parts.layer_norm:
        terms |= {"x": "LN(w·x_t)", "u": "LN(u·h_{t−1})"}
    if parts.peepholes and gate != "candidate":
        terms["p"] = f"p·{Symbols.of(parts).c}" if gate == "output" else "p·c_{t−1}"
    return terms


def told_forward(parts: Parts) -> list[Words]:
    """The step in words: what is kept, what is added, what is shown."""
    insert = Symbols.of(parts).said
    kept = (
        N_("Kept: {forget%} of c = {c_before}.")
        if parts.forget_gate
        else N_("Kept: all of c = {c_before}.")
    )
    new: Words = N_("New: c = {c}.")
    h: Words = (
        Case(N_("Shown: {output%} of [shown] = {tanh_c}: h = {h}."), insert=insert)
        if parts.output_gate
        else Case(N_("Shown: [shown], h = {h}."), insert=insert),
    )
    if parts.zoneout:
        new = (Case(N_("New: {c_new}. Zoneout keeps [k] of the old c: c = {c}."),
                    insert=insert),)  # fmt: skip
        h = (Case(N_("Shown: {output%} of [shown] = {tanh_c}, {h_new}. Zoneout keeps [k] of the "
"old h: h = {h}."), insert=insert),)  # fmt: skip
    return [kept, added("added"), new, h]


def told_backward(parts: Parts) -> list[Words]:
    """The gradient at the new c is the sum of what is named."""
    peephole = parts.peepholes and parts.output_gate
    return [
        N_("dL/dc = {dc}: {from_later} from later steps, {via_h} from h, {peep_here} from the "
           "output gate's peephole.")
        if peephole
        else N_("dL/dc = {dc}: {from_later} from later steps, {via_h} from h."),
        N_("{belt_back} goes one step back along c."),
        REMAINS,
    ]  # fmt: skip
