"""The diagram of the gated recurrent unit, as PyTorch computes it."""

from lstm_viz.models.diagram import (
    BELT,
    BUS,
    ROW,
    Clause,
    Diagram,
    Operation,
    Port,
    Telling,
    Way,
    gate,
)
from lstm_viz.words import N_

Z, R, N = 340, 490, 860
HEARD = 665
MIDDLE = 200


def gru() -> Diagram:
    """h_t = z h_{t-1} + (1 - z) n, with n = tanh(W x_t + b + r (U h_{t-1} + b_h))."""
    return Diagram(
        N_("Gated recurrent unit (GRU)"),
        [
            gate("update", "z", N_("update z"), Z, "update",
                 N_("How much of what it showed the unit keeps: 1 keeps all, 0 renews it.")),
            gate("reset", "r", N_("reset r"), R, "reset",
                 N_("How much of the past the new value may look at.")),
            Operation(
                "candidate",
                "tanh",
                (N, ROW),
                Telling(
                    "n_t = tanh(w·x_t + b + r_t·(u·h_{t−1} + b_h))",
                    "tanh({candidate.x + candidate.b + heard}) = {candidate}",
                    N_("The new value it could take, between -1 and 1."),
                ),
                Telling(
                    "dL/da_n = dL/dn_t · (1 − n²)",
                    "{d.candidate} · {slope.candidate} = {da.candidate}",
                    N_("The slope of tanh is 1 in the middle and 0 at both ends."),
                ),
                N_("candidate n"),
                "gate",
                "candidate",
            ),
            Operation(
                "kept",
                "×",
                (Z, BELT),
                Telling("z_t·h_{t−1}", "{update} · {h_before} = {kept}",
                        N_("What is left of the old value.")),
                Telling(
                    "dL/dh_{t−1} ← z_t·dL/dh_t",
                    "{update} · {dh} = {carry}",
                    N_(
                        "Along the belt the gradient is multiplied by the update gate alone: near "
                        "1 it survives."
                    ),
                ),
            ),
            Operation(
                "fresh",
                "1−",
                (R, MIDDLE),
                Telling("1 − z_t", "1 − {update} = {fresh}",
                        N_("What is not kept is renewed: the two shares make 1.")),
                Telling("−dL/d(1 − z_t)", "−({d.fresh})",
                        N_("The gradient turns its sign here.")),
            ),
            Operation(
                "added",
                "×",
                (N, MIDDLE),
                Telling("(1 − z_t)·n_t", "{fresh} · {candidate} = {added}",
                        N_("What is new in this step.")),
                Telling(
                    "dL/dn_t = dL/dh_t·(1 − z_t), dL/d(1 − z_t) = dL/dh_t·n_t",
                    "{dh} · {fresh} = {d.candidate},  {dh} · {candidate} = {d.fresh}",
                    N_("Each factor gets the gradient times the other."),
                ),
            ),
            Operation(
                "heard",
                "×",
                (HEARD, ROW),
                Telling("r_t·(u·h_{t−1} + b_h)", "{reset} · {candidate.u} = {heard}",
                        N_("What the new value hears of the past.")),
                Telling(
                    "dL/dr_t = dL/da_n·(u·h_{t−1} + b_h)",
                    "{d.heard} · {candidate.u} = {d.reset},  {d.heard} · {reset} = {d.u}",
                    N_("Each factor gets the gradient times the other."),
                ),
            ),
            Operation(
                "sum",
                "+",
                (N, BELT),
                Telling("h_t = z_t·h_{t−1} + (1 − z_t)·n_t", "{kept + added = h}",
                        N_("Old and new, in shares that make 1.")),
                Telling("dL/dh_t", "{dh} → {dh}, {dh}",
                        N_("A plus hands the gradient on unchanged, to both sides.")),
            ),
            Operation(
                "fork",
                "",
                (1010, BELT),
                Telling("h_t", "{h}", N_("The same value goes on to the next step and out.")),
                Telling(
                    "dL/dh_t = dL/dy · dy/dh_t + dL/dh_{t+1} · dh_{t+1}/dh_t",
                    "{direct + later = dh}",
                    N_("Two paths meet and add: from the output, and from the next step."),
                ),
                shape="dot",
                look="hidden",
            ),
            Operation(
                "tap",
                "",
                (140, BELT),
                Telling("h_{t−1}", "{h_before}",
                        N_("What it showed one step ago goes along the belt and to the gates.")),
                Telling(
                    "dL/dh_{t−1} = z_t·dL/dh_t + Uᵀ·dL/da_t",
                    "{carry + gates_back = back}",
                    N_("Two paths meet and add: along the belt, and through all units' gates."),
                ),
                shape="dot",
                look="hidden",
            ),
        ],
        [
            Way("before", [(96, BELT), (133, BELT)], "h_before", "back", "hidden", "grad_hidden",
                (52, 128), "middle", belt=True),
            Way("old", [(147, BELT), (Z - 24, BELT)], "h_before", "carry", "hidden", "grad_hidden",
                (232, 58), "middle", "backward", belt=True),
            Way("kept", [(Z + 24, BELT), (N - 24, BELT)], "kept", "dh", "hidden", "grad_hidden",
                (590, 58), "middle", "forward", belt=True),
            Way("h", [(N + 24, BELT), (1003, BELT)], "h", "dh", "hidden", "grad_hidden",
                (962, 58), "middle", belt=True),
            Way("on", [(1017, BELT), (1084, BELT)], "h", "later", "hidden", "grad_hidden",
                (1064, 24), "middle", "backward", belt=True),
            Way("out", [(1010, 87), (1010, 178)], "h", "direct", "hidden", "grad_hidden",
                (1024, 140), said="backward"),
            Way("bus", [(140, 87), (140, BUS), (N, BUS)], "h_before", "gates_back", "hidden",
                "grad_hidden", (152, 250), said="backward"),
            Way("x", [(220, 452), (220, BUS + 3)], ""),
            Way("update.a", [(Z, BUS), (Z, 352)], "update.a", "da.update", "update", "grad_hidden",
                (Z + 12, 394)),
            Way("reset.a", [(R, BUS), (R, 352)], "reset.a", "da.reset", "reset", "grad_hidden",
                (R + 12, 394)),
            Way("heard.u", [(HEARD, BUS), (HEARD, 344)], "candidate.u", "d.u", "hidden",
                "grad_hidden", (HEARD + 12, 394)),
            Way("candidate.x", [(N, BUS), (N, 352)], "candidate.x", "da.candidate", "series",
                "grad_hidden", (N + 12, 394)),
            Way("update", [(Z, 288), (Z, BELT + 24)], "update", "d.update", "update",
                "grad_hidden", (Z + 12, 150)),
            Way("turn", [(Z, MIDDLE), (R - 24, MIDDLE)], "update", "d.fresh", "update",
                "grad_hidden"),
            Way("fresh", [(R + 24, MIDDLE), (N - 24, MIDDLE)], "fresh", "d.fresh", "update",
                "grad_hidden", (HEARD, MIDDLE - 20), "middle"),
            Way("reset", [(R + 60, ROW), (HEARD - 24, ROW)], "reset", "d.reset", "reset",
                "grad_hidden", (R + 110, 272), "middle"),
            Way("heard", [(HEARD + 24, ROW), (N - 60, ROW)], "heard", "d.heard", "hidden",
                "grad_hidden", (HEARD + 72, 272), "middle"),
            Way("candidate", [(N, 288), (N, MIDDLE + 24)], "candidate", "d.candidate",
                "candidate", "grad_hidden", (N + 12, 262)),
            Way("added", [(N, MIDDLE - 24), (N, BELT + 24)], "added", "dh", "candidate",
                "grad_hidden", (N + 12, 146), said="forward"),
        ],
        [
            Port("h_before", "h_{t−1}", (52, BELT), "hidden"),
            Port("x", "x_t", (220, 474)),
            Port("h", "h_t", (1128, BELT), "hidden"),
            Port("out", N_("out"), (1010, 200)),
        ],
        [
            Clause(N_("keeps {update%} of the {h_before} it showed")),
            Clause(N_("renews {fresh%} with the new value {candidate}")),
            Clause(N_("shows h = {h}")),
        ],
        [
            Clause(N_("dL/dh is {dh}: {direct} from the output, {later} from the next step")),
            Clause(N_("{update%} of it goes back along the belt, {gates_back} through gates")),
            Clause(N_("of 1 at the last step, the belt leaves {gain} here")),
        ],
        "h",
        "dh",
        factor=(Z, 26),
        gain=(600, 56),
    )  # fmt: skip
