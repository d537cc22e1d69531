"""The diagram of the simple recurrent network."""

from lstm_viz.models.diagram import Clause, Diagram, Operation, Port, Telling, Way
from lstm_viz.words import N_

Y = 250


def rnn(function: str = "tanh") -> Diagram:
    """h_t = tanh(W x_t + U h_{t-1} + b), or relu in the place of tanh."""
    slope = "(1 − h_t²)" if function == "tanh" else N_("slope")
    return Diagram(
        N_("Simple recurrent network"),
        [
            Operation(
                "hear",
                "U",
                (270, Y),
                Telling(
                    "u·h_{t−1}",
                    "{candidate.u}",
                    N_("What all units showed one step ago, weighed by this unit."),
                ),
                Telling(
                    "dL/dh_{t−1} = Uᵀ·dL/da_t",
                    "{back}",
                    N_(
                        "What goes back to this unit's h: every unit sends its gradient along its "
                        "own weight, and they add up."
                    ),
                ),
                shape="pill",
            ),
            Operation(
                "read",
                "W",
                (520, 370),
                Telling("w·x_t", "{candidate.x}", N_("What it reads now, weighed by this unit.")),
                Telling("Wᵀ·dL/da_t", "", N_("Towards the layer below, if there is one.")),
                shape="pill",
            ),
            Operation(
                "sum",
                "+",
                (520, Y),
                Telling(
                    "a_t = w·x_t + u·h_{t−1} + b",
                    "{candidate.x + candidate.u + candidate.b = candidate.a}",
                    N_("New and old are simply added: no gate decides what is kept."),
                ),
                Telling(
                    "dL/da_t",
                    "{da.candidate} → {da.candidate}, {da.candidate}, {da.candidate}",
                    N_("A plus hands the gradient on unchanged, to all sides."),
                ),
            ),
            Operation(
                "new",
                function,
                (740, Y),
                Telling(
                    f"h_t = {function}(a_t)",
                    f"{function}({{candidate.a}}) = {{h}}",
                    N_("Squashed to between -1 and 1, and shown to the next step.")
                    if function == "tanh"
                    else N_("What is below 0 is cut off, the rest shown to the next step."),
                ),
                Telling(
                    f"dL/da_t = dL/dh_t · {slope}",
                    "{dh} · {slope.candidate} = {da.candidate}",
                    N_(
                        "Every step back multiplies by this slope, at most 1, and by the weights: "
                        "over many steps the product vanishes or explodes."
                    ),
                ),
                shape="pill",
                look="hidden",
            ),
            Operation(
                "fork",
                "",
                (960, Y),
                Telling("h_t", "{h}", N_("The same value goes on to the next step and out.")),
                Telling(
                    "dL/dh_t = dL/dy · dy/dh_t + Uᵀ·dL/da_{t+1}",
                    "{direct + later = dh}",
                    N_("Two paths meet and add: from the output, and from the next step."),
                ),
                shape="dot",
                look="hidden",
            ),
        ],
        [
            Way("before", [(96, Y), (228, Y)], "h_before", "back", "hidden", "grad_hidden",
                (162, Y - 22), "middle", belt=True),
            Way("heard", [(312, Y), (496, Y)], "candidate.u", "da.candidate", "hidden",
                "grad_hidden", (404, Y - 22), "middle", belt=True),
            Way("x", [(520, 448), (520, 392)], ""),
            Way("seen", [(520, 348), (520, Y + 24)], "candidate.x", "da.candidate", "series",
                "grad_hidden", (534, Y + 62)),
            Way("bias", [(520, 148), (520, Y - 24)], "candidate.b", "da.candidate", "series",
                "grad_hidden", (534, Y - 58)),
            Way("a", [(544, Y), (698, Y)], "candidate.a", "da.candidate", "hidden", "grad_hidden",
                (621, Y - 22), "middle", belt=True),
            Way("h", [(782, Y), (953, Y)], "h", "dh", "hidden", "grad_hidden",
                (867, Y - 22), "middle", belt=True),
            Way("on", [(967, Y), (1084, Y)], "h", "later", "hidden", "grad_hidden",
                (1046, Y - 46), "middle", "backward", belt=True),
            Way("out", [(960, Y + 7), (960, 388)], "h", "direct", "hidden", "grad_hidden",
                (974, Y + 76), said="backward"),
        ],
        [
            Port("h_before", "h_{t−1}", (52, Y), "hidden"),
            Port("x", "x_t", (520, 470)),
            Port("bias", "b", (520, 126)),
            Port("h", "h_t", (1128, Y), "hidden"),
            Port("out", N_("out"), (960, 410)),
        ],
        [
            Clause(N_("hears {candidate.u} from all units' last values")),
            Clause(N_("reads {candidate.x} from the input")),
            Clause(N_("shows h = {h}")),
        ],
        [
            Clause(N_("dL/dh is {dh}: {direct} from the output, {later} from the next step")),
            Clause(N_("through its own weight it goes back times {factor}")),
            Clause(N_("of 1 at the last step, that way leaves {gain} here")),
        ],
        "h",
        "dh",
        factor=(270, Y + 50),
        gain=(270, Y + 86),
    )  # fmt: skip
