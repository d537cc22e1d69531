"""The diagram of the LSTM, and of its family with the missing parts left visible."""

from lstm_viz.models.diagram import (
    BELT,
    BUS,
    EACH_FACTOR,
    PATH,
    ROW,
    SIGN,
    SLOPE_OF_TANH,
    SUM,
    Case,
    Diagram,
    Operation,
    Port,
    Telling,
    Words,
    missing_gate,
    sigma_gate,
    tanh_gate,
)
from lstm_viz.models.lstm_parts import CANDIDATE, COUPLED, FORGET, INPUT, OUTPUT, Parts
from lstm_viz.models.lstm_ways import MIDDLE, SHOW, F, G, I, O, lstm_ways
from lstm_viz.models.lstm_words import (
    KEPT_BEFORE_ZONEOUT,
    MEANS,
    NO_TANH,
    NORMED,
    NORMED_CELL,
    READ,
    ZONEOUT,
    Symbols,
    terms_of,
    told_backward,
    told_forward,
)
from lstm_viz.words import N_


def lstm(parts: Parts | None = None) -> Diagram:
    """c_t = f c_{t-1} + i g, h_t = o tanh(c_t); None for PyTorch's LSTM, without peepholes."""
    family, parts = parts is not None, parts or Parts()
    symbols = Symbols.of(parts)
    return Diagram(
        N_("Long short-term memory (LSTM)"),
        [
            *_gates(parts, symbols),
            *_path(parts, symbols),
            *_output(parts, symbols),
            *_mixtures(parts, symbols),
        ],
        lstm_ways(parts, family=family),
        [
            Port("c_before", "c_{t−1}", (52, BELT), "cell"),
            Port("h_before", "h_{t−1}", (52, BUS), "hidden"),
            Port("x", "x_t", (116, 474)),
            Port("c", "c_t", (1128, BELT), "cell"),
            Port("h", "h_t", (1128, ROW), "hidden"),
            Port("out", N_("out"), (1040, 430)),
        ],
        told_forward(parts),
        told_backward(parts),
        "c",
        "dc",
        factor=(F, 26),
        gain=(435, 56),
    )


def _gates(parts: Parts, symbols: Symbols) -> list[Operation]:
    output = (Case(MEANS["output"], insert=symbols.said),)
    boxes: list[tuple[str, float, str, Words]] = [
        ("forget", F, N_("forget f"), KEPT_BEFORE_ZONEOUT if parts.zoneout else MEANS["forget"]),
        ("input", I, N_("input i"), MEANS["input"]),
        ("output", O, N_("output o"), output),
    ]
    gates = {gate.name: gate for gate in (FORGET, INPUT, OUTPUT)}
    found = []
    for name, x, said, means in boxes:
        if parts.has(name):
            found.append(sigma_gate(gates[name], x, means, said, terms_of(name, parts)))
        elif name == "input" and parts.coupled:
            found.append(missing_gate(INPUT, x, said, COUPLED))
        else:
            found.append(missing_gate(gates[name], x, said))
    g, terms = MEANS["candidate"], terms_of("candidate", parts)
    linear = not parts.input_activation
    found.insert(2, tanh_gate(CANDIDATE, G, g, N_("candidate g"), terms, linear=linear))
    if parts.coupled:
        found.append(
            Operation(
                "turn",
                "1−",
                (I, MIDDLE),
                Telling("i_t = 1 − f_t", "1 − {forget} = {input}", COUPLED),
                Telling("−dL/di_t", "−({d.input})", SIGN),
                look="forget",
            )
        )
    return found


def _path(parts: Parts, symbols: Symbols) -> list[Operation]:
    """The path of the cell state: what is kept, what is added, where it parts."""
    c, f = symbols.c, "f_t·" if parts.forget_gate else ""
    i = "i_t·" if parts.input_gate else ""
    later = ("f_{t+1}·" if parts.forget_gate else "") + f"dL/d{c.replace('_t', '_{t+1}')}"
    if parts.peepholes and (parts.has("input") or parts.forget_gate):
        later += " + p·dL/da_{t+1}"
    later = "(1 − k)·dL/dc_t" if parts.zoneout else later
    here = parts.peepholes and parts.output_gate
    meet = f"dL/d{c} = {later} + dL/d{symbols.h}·∂{symbols.h}/∂{c}"
    back = "dL/dh_{t−1} = Uᵀ·dL/da_t" + (" + k·dL/dh_t" if parts.zoneout else "")
    return [
        Operation(
            "keep",
            "×",
            (F, BELT),
            Telling(f"{f}c_{{t−1}}", "{forget} · {c_before} = {kept}", N_("Kept part of c.")),
            Telling(f"dL/dc_{{t−1}} ← {f}dL/d{c}", "{forget} · {dc} = {carry}", PATH),
            look="forget",
        ),
        Operation(
            "write",
            "×",
            (G, MIDDLE),
            Telling(f"{i}g_t", "{input} · {candidate} = {added}", N_("Added part of g.")),
            Telling(
                f"dL/di_t = dL/d{c}·g_t,  dL/dg_t = dL/d{c}·i_t" if i else f"dL/dg_t = dL/d{c}",
                ("{dc} · {candidate} = {d.input},  " if i else "")
                + "{dc} · {input} = {d.candidate}",
                EACH_FACTOR,
            ),
            look="input",
        ),
        Operation(
            "add",
            "+",
            (G, BELT),
            Telling(f"{c} = {f}c_{{t−1}} + {i}g_t", "{kept + added = c_new}",
                    N_("The new cell state: what is kept and what is added.")),
            Telling(f"dL/d{c}", "{dc} → {dc}, {dc}", SUM),
            look="cell",
        ),
        Operation(
            "fork",
            "",
            (SHOW, BELT),
            Telling(c, "{c_new}", N_("c goes to the next step and to the output.")),
            Telling(
                meet + (" + p·dL/da_o" if here else ""),
                "{from_later + via_h" + (" + peep_here" if here else "") + " = dc}",
                N_("The gradients that arrive here add up."),
            ),
            shape="dot",
            look="cell",
        ),
        Operation(
            "bus",
            "",
            (116, BUS),
            Telling("x_t, h_{t−1}", "", NORMED if parts.layer_norm else READ),
            Telling(
                back,
                "{gates_back + skip_h = back}" if parts.zoneout else "{back}",
                N_("What the gates of all units send back to this unit's h."),
            ),
            shape="dot",
            look="hidden",
        ),
    ]  # fmt: skip


def _output(parts: Parts, symbols: Symbols) -> list[Operation]:
    inside = symbols.shown.removeprefix("tanh") if parts.output_activation else symbols.shown
    dh = f"dL/d{symbols.h}"
    gated = f"{dh}·o_t" if parts.output_gate else dh
    slope: Words = (Case(SLOPE_OF_TANH, insert={"slope": "slope.tanh_c"}),)
    found = [
        Operation(
            "squash",
            "tanh",
            (SHOW, 205 if parts.layer_norm else 190),
            Telling(
                symbols.shown,
                "tanh({shown}) = {tanh_c}" if parts.output_activation else "{tanh_c}",
                N_("The cell state between -1 and 1.") if parts.output_activation else NO_TANH,
            ),
            Telling(
                f"{gated} · (1 − tanh²{inside})" if parts.output_activation else gated,
                "{d.tanh_c} · {slope.tanh_c} = {d.shown}",
                slope if parts.output_activation else NO_TANH,
            ),
            shape="pill",
            look="cell",
            missing="" if parts.output_activation else NO_TANH,
        ),
        Operation(
            "show",
            "×",
            (SHOW, ROW),
            Telling(f"{symbols.h} = {symbols.gated}", "{output} · {tanh_c} = {h_new}",
                    N_("The output: what the gate lets through.")),
            Telling(
                f"dL/do_t = {dh}·{symbols.shown},  {gated}" if parts.output_gate else dh,
                ("{dh_new} · {tanh_c} = {d.output},  " if parts.output_gate else "")
                + "{dh_new} · {output} = {d.tanh_c}",
                EACH_FACTOR,
            ),
            look="output",
        ),
        Operation(
            "fork_h",
            "",
            (1040, ROW),
            Telling("h_t", "{h}", N_("h goes to the gates of the next step and out.")),
            Telling(
                "dL/dh_t = dL/dy·dy/dh_t + Uᵀ·dL/da_{t+1}"
                + (" + k·dL/dh_{t+1}" if parts.zoneout else ""),
                "{direct + later = dh}",
                N_("The gradients that arrive here add up."),
            ),
            shape="dot",
            look="hidden",
        ),
    ]  # fmt: skip
    if parts.layer_norm:
        forward = Telling(f"LN({symbols.c})", "{c_new} → {shown}", NORMED_CELL)
        backward = Telling(f"dL/dLN({symbols.c}) → {dh}·∂{symbols.h}/∂{symbols.c}",
                           "{d.shown} → {via_h}", NORMED_CELL)  # fmt: skip
        place = (SHOW, 138)
        found.append(Operation("norm", "LN", place, forward, backward, shape="pill", look="cell"))
    return found


def _mixtures(parts: Parts, symbols: Symbols) -> list[Operation]:
    """Zoneout keeps a share k of the old h and c; the trace takes the mixture one expects."""
    if not parts.zoneout:
        return []
    k, hats = symbols.k, {"c": "ĉ", "h": "ĥ"}
    places = {"c": (1012, BELT), "h": (992, ROW)}
    passed = {"c": "{dc_state} = {from_later}", "h": "{dh} = {dh_new}"}
    return [
        Operation(
            "mix" if s == "c" else "mix_h",
            "≈",
            places[s],
            Telling(
                f"{s}_t = k·{s}_{{t−1}} + (1 − k)·{hats[s]}_t",
                f"{k} · {{{s}_before}} + (1 − {k}) · {{{s}_new}} = {{{s}}}",
                ZONEOUT,
            ),
            Telling(f"(1 − k)·dL/d{s}_t", f"(1 − {k}) · {passed[s]}", ZONEOUT),
            look=look,
        )
        for s, look in (("c", "cell"), ("h", "hidden"))
    ]
