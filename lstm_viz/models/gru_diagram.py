"""The diagram of the gated recurrent unit, as PyTorch computes it."""

from lstm_viz.models.diagram import (
    BELT,
    BUS,
    EACH_FACTOR,
    PATH,
    REMAINS,
    ROW,
    SIGN,
    SLOPE_OF_TANH,
    SUM,
    Case,
    Diagram,
    Operation,
    Port,
    Telling,
    Way,
    added,
    fork_of_h,
    sigma_gate,
)
from lstm_viz.models.options import Gate
from lstm_viz.words import N_

Z, R, N = 340, 490, 860
PAST = 665
MIDDLE = 200


def gru(reset: Gate, update: Gate) -> Diagram:
    """h_t = z h_{t-1} + (1 - z) n, with n = tanh(W x_t + b + r (U h_{t-1} + b_h))."""
    return Diagram(
        N_("Gated recurrent unit (GRU)"),
        [
            sigma_gate(update, Z, N_("Share of the old h that is kept."), N_("update z")),
            sigma_gate(reset, R, N_("Share of U h that the candidate sees."), N_("reset r")),
            _candidate(),
            *_path(),
            *_inner(),
        ],
        [*_path_ways(), *_gate_ways()],
        [
            Port("h_before", "h_{t−1}", (52, BELT), "hidden"),
            Port("x", "x_t", (220, 474)),
            Port("h", "h_t", (1128, BELT), "hidden"),
            Port("out", N_("out"), (1010, 200)),
        ],
        [
            N_("Kept: {update%} of h = {h_before}."),
            added("added"),
            N_("New: h = {h}."),
        ],
        [
            N_("dL/dh = {dh}: {direct} from outside, {later} from the next step."),
            N_("Back to the previous h go {back}: {carry} along h, {gates_back} through the "
               "gates."),
            REMAINS,
        ],
        "h",
        "dh",
        factor=(Z, 26),
        gain=(600, 56),
    )  # fmt: skip


def _candidate() -> Operation:
    return Operation(
        "candidate",
        "tanh",
        (N, ROW),
        Telling(
            "n_t = tanh(w·x_t + b + r_t·(u·h_{t−1} + b_h))",
            "tanh({candidate.x + candidate.b + past}) = {candidate}",
            N_("New content, between -1 and 1."),
        ),
        Telling(
            "dL/da_n = dL/dn_t · (1 − n²)",
            "{d.candidate} · {slope.candidate} = {da.candidate}",
            (Case(SLOPE_OF_TANH, insert={"slope": "slope.candidate"}),),
        ),
        N_("candidate n"),
        "gate",
        "candidate",
    )


def _path() -> list[Operation]:
    """The path of h: what is kept, what is added, where it parts."""
    return [
        Operation(
            "kept",
            "×",
            (Z, BELT),
            Telling("z_t·h_{t−1}", "{update} · {h_before} = {kept}", N_("Kept part of h.")),
            Telling("dL/dh_{t−1} ← z_t·dL/dh_t", "{update} · {dh} = {carry}", PATH),
        ),
        Operation(
            "sum",
            "+",
            (N, BELT),
            Telling("h_t = z_t·h_{t−1} + (1 − z_t)·n_t", "{kept + added = h}",
                    N_("The new h: what is kept and what is added.")),
            Telling("dL/dh_t", "{dh} → {dh}, {dh}", SUM),
        ),
        fork_of_h((1010, BELT)),
        Operation(
            "tap",
            "",
            (140, BELT),
            Telling("h_{t−1}", "{h_before}", N_("The previous h goes on, and to all gates.")),
            Telling(
                "dL/dh_{t−1} = z_t·dL/dh_t + Uᵀ·dL/da_t",
                "{carry + gates_back = back}",
                N_("The gradients that arrive here add up."),
            ),
            shape="dot",
            look="hidden",
        ),
    ]  # fmt: skip


def _inner() -> list[Operation]:
    return [
        Operation(
            "fresh",
            "1−",
            (R, MIDDLE),
            Telling("1 − z_t", "1 − {update} = {fresh}", N_("What is not kept is renewed.")),
            Telling("−dL/d(1 − z_t)", "−({d.fresh})", SIGN),
        ),
        Operation(
            "added",
            "×",
            (N, MIDDLE),
            Telling("(1 − z_t)·n_t", "{fresh} · {candidate} = {added}", N_("Added part of n.")),
            Telling(
                "dL/dn_t = dL/dh_t·(1 − z_t), dL/d(1 − z_t) = dL/dh_t·n_t",
                "{dh} · {fresh} = {d.candidate},  {dh} · {candidate} = {d.fresh}",
                EACH_FACTOR,
            ),
        ),
        Operation(
            "past",
            "×",
            (PAST, ROW),
            Telling("r_t·(u·h_{t−1} + b_h)", "{reset} · {candidate.u} = {past}",
                    N_("What the candidate sees of the previous h.")),
            Telling(
                "dL/dr_t = dL/da_n·(u·h_{t−1} + b_h)",
                "{d.past} · {candidate.u} = {d.reset},  {d.past} · {reset} = {d.u}",
                EACH_FACTOR,
            ),
        ),
    ]  # fmt: skip


def _path_ways() -> list[Way]:
    look = "hidden", "grad_hidden"
    return [
        Way("before", [(96, BELT), (133, BELT)], "h_before", "back", *look,
            (52, 128), "middle", belt=True),
        Way("old", [(147, BELT), (Z - 24, BELT)], "h_before", "carry", *look,
            (232, 58), "middle", "backward", belt=True),
        Way("kept", [(Z + 24, BELT), (N - 24, BELT)], "kept", "dh", *look,
            (590, 58), "middle", "forward", belt=True),
        Way("h", [(N + 24, BELT), (1003, BELT)], "h", "dh", *look,
            (962, 58), "middle", belt=True),
        Way("on", [(1017, BELT), (1084, BELT)], "h", "later", *look,
            (1064, 24), "middle", "backward", belt=True),
        Way("out", [(1010, 87), (1010, 178)], "h", "direct", *look, (1024, 140), said="backward"),
        Way("bus", [(140, 87), (140, BUS), (N, BUS)], "h_before", "gates_back", *look,
            (152, 250), said="backward"),
        Way("x", [(220, 452), (220, BUS + 3)], ""),
    ]  # fmt: skip


def _gate_ways() -> list[Way]:
    grad = "grad_hidden"
    return [
        Way("update.a", [(Z, BUS), (Z, 352)], "update.a", "da.update", "update", grad,
            (Z + 12, 394)),
        Way("reset.a", [(R, BUS), (R, 352)], "reset.a", "da.reset", "reset", grad, (R + 12, 394)),
        Way("past.u", [(PAST, BUS), (PAST, 344)], "candidate.u", "d.u", "hidden", grad,
            (PAST + 12, 394)),
        Way("candidate.x", [(N, BUS), (N, 352)], "candidate.x", "da.candidate", "series", grad,
            (N + 12, 394)),
        Way("update", [(Z, 288), (Z, BELT + 24)], "update", "d.update", "update", grad,
            (Z + 12, 150)),
        Way("turn", [(Z, MIDDLE), (R - 24, MIDDLE)], "update", "d.fresh", "update", grad),
        Way("fresh", [(R + 24, MIDDLE), (N - 24, MIDDLE)], "fresh", "d.fresh", "update", grad,
            (PAST, MIDDLE - 20), "middle"),
        Way("reset", [(R + 60, ROW), (PAST - 24, ROW)], "reset", "d.reset", "reset", grad,
            (R + 110, 272), "middle"),
        Way("past", [(PAST + 24, ROW), (N - 60, ROW)], "past", "d.past", "hidden", grad,
            (PAST + 72, 272), "middle"),
        Way("candidate", [(N, 288), (N, MIDDLE + 24)], "candidate", "d.candidate", "candidate",
            grad, (N + 12, 262)),
        Way("added", [(N, MIDDLE - 24), (N, BELT + 24)], "added", "dh", "candidate", grad,
            (N + 12, 146), said="forward"),
    ]  # fmt: skip
