"""The diagram of the LSTM, and of its family with the missing parts left visible."""

from collections.abc import Mapping

from lstm_viz.figures.cell.lstm_ways import MIDDLE, SHOW, F, G, I, O, lstm_ways
from lstm_viz.figures.palette import Signal
from lstm_viz.models.diagram import (
    BELT,
    BUS,
    ROW,
    Clause,
    Diagram,
    Operation,
    Port,
    Telling,
    gate,
    missing_gate,
)
from lstm_viz.words import N_

ALL: Mapping[str, float] = {
    "input_gate": 1.0,
    "forget_gate": 1.0,
    "output_gate": 1.0,
    "input_activation": 1.0,
    "output_activation": 1.0,
}
"""The parts of the LSTM as PyTorch has it."""
MEANS = {
    "forget": N_("How much of what it held the unit keeps: 1 keeps all, 0 erases it."),
    "input": N_("How much of the candidate the unit lets in: 1 takes all, 0 shuts it out."),
    "candidate": N_("What the unit could add to what it holds, before the input gate has its say."),
    "output": N_("How much of what it holds the unit shows: 1 shows all, 0 hides it."),
}
COUPLED = N_(
    "There is no input gate of its own. In its place stands 1 - f: what is erased is renewed."
)
LINEAR = N_("The tanh is left out here: the value passes as it is, however large.")
NORMED = N_(
    "Layer normalisation brings W x and U h to mean 0 and deviation 1 over all gates before they "
    "are added: the terms shown are those after it."
)


def lstm(parts: Mapping[str, float] | None = None) -> Diagram:
    """c_t = f c_{t-1} + i g, h_t = o tanh(c_t); `parts` as in `Anatomy.parts`, none for all."""
    family = bool(parts)
    parts = parts or ALL
    notes = [NORMED] if parts.get("layer_norm") else []
    return Diagram(
        N_("Long short-term memory (LSTM)"),
        [*_gates(parts), *_belt(parts), *_output(parts), *_mixtures(parts)],
        lstm_ways(parts, family=family),
        [
            Port("c_before", "c_{t−1}", (52, BELT), "cell"),
            Port("h_before", "h_{t−1}", (52, BUS), "hidden"),
            Port("x", "x_t", (116, 474)),
            Port("c", "c_t", (1128, BELT), "cell"),
            Port("h", "h_t", (1128, ROW), "hidden"),
            Port("out", N_("out"), (1040, 430)),
        ],
        [
            Clause(N_("keeps {forget%} of the {c_before} it held")),
            Clause(N_("adds {added}"), N_("takes away {-added}"), "added"),
            Clause(N_("now holds {c}")),
            Clause(N_("shows {output%} of tanh(c) = {tanh_c}: h = {h}")),
        ],
        [
            Clause(N_("dL/dc is {dc}: {carry_in} along the belt, {via_h} through h")),
            Clause(N_("{factor%} of it goes on to the step before")),
            Clause(N_("of 1 at the last step, the belt leaves {gain} here")),
        ],
        "c",
        "dc",
        factor=(F, 26),
        gain=(435, 56),
        notes=notes,
    )


def _gates(parts: Mapping[str, float]) -> list[Operation]:
    coupled, peep = bool(parts.get("coupled")), " p" if parts.get("peepholes") else ""
    found = []
    places: list[tuple[Signal, str, float, str]] = [
        ("forget", "f", F, N_("forget f")),
        ("input", "i", I, N_("input i")),
        ("output", "o", O, N_("output o")),
    ]
    for name, letter, x, said in places:
        if name == "input" and coupled:
            found.append(missing_gate(name, said, x, "input", COUPLED))
        elif not parts.get(f"{name}_gate"):
            found.append(missing_gate(name, said, x, name))
        else:
            found.append(gate(name, letter, said, x, name, MEANS[name], f"x u b{peep}"))
    activated = bool(parts.get("input_activation"))
    candidate = gate(
        "candidate",
        "g",
        N_("candidate g"),
        G,
        "candidate",
        MEANS["candidate"] if activated else LINEAR,
        function="tanh" if activated else "",
    )
    found.insert(2, candidate)
    if coupled:
        found.append(
            Operation(
                "turn",
                "1−",
                (I, MIDDLE),
                Telling("i_t = 1 − f_t", "1 − {forget} = {input}", COUPLED),
                Telling("−dL/di_t", "−({d.input})", N_("The gradient turns its sign here.")),
                look="forget",
            )
        )
    return found


def _belt(parts: Mapping[str, float]) -> list[Operation]:
    peep_here = " + p·dL/da_o" if parts.get("peepholes") and parts.get("output_gate") else ""
    peep = " + peep_here" if peep_here else ""
    zoned = bool(parts.get("zoneout"))
    met = f"{{carry_in + via_h{peep} = dc}}" if not zoned else "{dc}"
    return [
        Operation(
            "keep",
            "×",
            (F, BELT),
            Telling("f_t·c_{t−1}", "{forget} · {c_before} = {kept}",
                    N_("What is left of the old content.")),
            Telling(
                "dL/dc_{t−1} ← f_t·dL/dc_t",
                "{forget} · {dc} = {carry}",
                N_(
                    "Along the belt the gradient is multiplied by the forget gate and by nothing "
                    "else: near 1 it survives hundreds of steps."
                ),
            ),
            look="forget",
        ),
        Operation(
            "write",
            "×",
            (G, MIDDLE),
            Telling("i_t·g_t", "{input} · {candidate} = {added}",
                    N_("What the gate lets in of the candidate.")),
            Telling(
                "dL/di_t = dL/dc_t·g_t,  dL/dg_t = dL/dc_t·i_t",
                "{dc} · {candidate} = {d.input},  {dc} · {input} = {d.candidate}",
                N_("Each factor gets the gradient times the other: a shut gate lets none through."),
            ),
            look="input",
        ),
        Operation(
            "add",
            "+",
            (G, BELT),
            Telling("c_t = f_t·c_{t−1} + i_t·g_t", "{kept + added = c_new}",
                    N_("The memory is a sum: old content kept, new content added.")),
            Telling("dL/dc_t", "{dc} → {dc}, {dc}",
                    N_("A plus hands the gradient on unchanged, to both sides.")),
            look="cell",
        ),
        Operation(
            "fork",
            "",
            (SHOW, BELT),
            Telling("c_t", "{c_new}", N_("The same value goes on and is shown.")),
            Telling(
                "dL/dc_t = f_{t+1}·dL/dc_{t+1} + dL/dh_t·o_t·(1 − tanh²(c_t))" + peep_here,
                met,
                N_("The paths meet and add: along the belt, and through what was shown."),
            ),
            shape="dot",
            look="cell",
        ),
        Operation(
            "bus",
            "",
            (116, BUS),
            Telling("x_t, h_{t−1}", "", N_("All gates read the input and what all units showed.")),
            Telling(
                "dL/dh_{t−1} = Uᵀ·dL/da_t",
                "{back}",
                N_("What all units' gates send back to this unit's h; it adds up over the gates."),
            ),
            shape="dot",
            look="hidden",
        ),
    ]  # fmt: skip


def _output(parts: Mapping[str, float]) -> list[Operation]:
    activated, normed = bool(parts.get("output_activation")), bool(parts.get("layer_norm"))
    found = [
        Operation(
            "squash",
            "tanh",
            (SHOW, 205 if normed else 190),
            Telling(
                "tanh(c_t)" if activated else "c_t",
                "tanh({shown}) = {tanh_c}" if activated else "{tanh_c}",
                N_("What it holds, squashed to between -1 and 1.") if activated else LINEAR,
            ),
            Telling(
                "dL/dh_t·o_t · (1 − tanh²(c_t))",
                "{d.tanh_c} · {slope.tanh_c}" + ("" if normed else " = {via_h}"),
                N_("A unit that holds much is on the flat end of tanh: little gradient gets in."),
            ),
            shape="pill",
            look="cell",
            missing="" if activated else LINEAR,
        ),
        Operation(
            "show",
            "×",
            (SHOW, ROW),
            Telling("h_t = o_t·tanh(c_t)", "{output} · {tanh_c} = {h_new}",
                    N_("What the unit shows of what it holds.")),
            Telling(
                "dL/do_t = dL/dh_t·tanh(c_t),  dL/dtanh(c_t) = dL/dh_t·o_t",
                "{dh_new} · {tanh_c} = {d.output},  {dh_new} · {output} = {d.tanh_c}",
                N_("Each factor gets the gradient times the other."),
            ),
            look="output",
        ),
        Operation(
            "fork_h",
            "",
            (1040, ROW),
            Telling("h_t", "{h}", N_("The same value goes to the next step's gates and out.")),
            Telling(
                "dL/dh_t = dL/dy·dy/dh_t + Uᵀ·dL/da_{t+1}",
                "{direct + later = dh}",
                N_("Two paths meet and add: from the output, and from the next step's gates."),
            ),
            shape="dot",
            look="hidden",
        ),
    ]  # fmt: skip
    if normed:
        norm = Telling("LN(c_t)", "{c_new} → {shown}", NORMED)
        found.append(Operation("norm", "LN", (SHOW, 138), norm, norm, shape="pill", look="cell"))
    return found


def _mixtures(parts: Mapping[str, float]) -> list[Operation]:
    """Zoneout keeps a share k of the old h and c; the trace takes the mixture one expects."""
    if not parts.get("zoneout"):
        return []
    k = f"{parts['zoneout']:g}"
    means = N_("Zoneout: a share of the old value stays, as expected of its random choice.")
    return [
        Operation(
            "mix",
            "≈",
            (1012, BELT),
            Telling(
                "k·c_{t−1} + (1 − k)·c_t",
                f"{k} · {{c_before}} + (1 − {k}) · {{c_new}} = {{c}}",
                means,
            ),
            Telling("(1 − k)·dL/dc_t", f"(1 − {k}) · {{dc_state}}", means),
            look="cell",
        ),
        Operation(
            "mix_h",
            "≈",
            (992, ROW),
            Telling(
                "k·h_{t−1} + (1 − k)·h_t",
                f"{k} · {{h_before}} + (1 − {k}) · {{h_new}} = {{h}}",
                means,
            ),
            Telling("(1 − k)·dL/dh_t", f"(1 − {k}) · {{dh}} = {{dh_new}}", means),
            look="hidden",
        ),
    ]
